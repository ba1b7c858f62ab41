//! A lenient, strictly linear HTML lexer for hostile mail. It decides nothing: what it yields is written
//! anew, escaped and balanced, by [`super::balance`]. (html5ever's own tokenizer is quadratic in
//! the attributes of one tag, so mail must not reach it raw.)

mod ends;

use super::entities;
use ends::{comment_end, next_markup, position, raw_end};

/// One piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Text between tags, character references not yet decoded; may hold a bare `<`.
    Text(&'a str),
    /// A start tag; the name is lower-case.
    Start(String, Vec<Attribute<'a>>),
    /// An end tag; the name is lower-case.
    End(String),
    /// The raw text of `style`, `script`, `title` and their like, with that name.
    Raw(String, &'a str),
}

/// One attribute.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    /// Lower-case.
    pub(crate) name: String,
    raw: &'a str,
}

impl Attribute<'_> {
    /// The value with character references decoded.
    pub(crate) fn value(&self) -> String {
        entities::decode(self.raw)
    }
}

/// Attributes of one tag beyond this are left out.
const MAX_ATTRIBUTES: usize = 60;
/// Names longer than this are no HTML.
const MAX_NAME: usize = 40;

/// Elements whose content is not markup.
const RAW: [&str; 9] = [
    "script",
    "style",
    "title",
    "textarea",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "plaintext",
];

/// Yields the pieces of `html` in order.
pub(crate) struct Lexer<'a> {
    rest: &'a str,
    /// The raw-text element whose start tag was just yielded, and whether that tag says that it is empty.
    raw: Option<(&'static str, bool)>,
    /// Of raw-text elements, comments and their like: those of which no end is in the rest, so that none is looked
    /// for twice.
    endless: Vec<&'static str>,
}

impl<'a> Lexer<'a> {
    /// A lexer at the beginning of `html`.
    pub(crate) fn new(html: &'a str) -> Self {
        Self {
            rest: html,
            raw: None,
            endless: Vec::new(),
        }
    }

    /// Steps over `bytes` of the rest and returns them.
    fn step(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Steps behind the first `mark`, or to the end.
    fn skip_behind(&mut self, mark: &str) {
        let at = self
            .rest
            .find(mark)
            .map_or(self.rest.len(), |at| at + mark.len());
        self.step(at);
    }

    /// Steps by what `end` finds in the rest; `None` if there is no such end. It must not look behind the first.
    fn step_to(
        &mut self,
        what: &'static str,
        end: impl Fn(&str) -> Option<usize>,
    ) -> Option<&'a str> {
        if self.endless.contains(&what) {
            return None;
        }
        let found = end(self.rest);
        if found.is_none() {
            self.endless.push(what);
        }
        found.map(|bytes| self.step(bytes))
    }

    /// The text up to the end tag. Without one a browser shows nothing of all that follows; here only what is no
    /// markup goes, if it is code.
    fn raw_text(&mut self, name: &'static str, is_empty: bool) -> &'a str {
        if let Some(text) = self.step_to(name, |rest| raw_end(rest, name)) {
            return text;
        }
        if is_empty || !matches!(name, "script" | "style") {
            return "";
        }
        let code = next_markup(self.rest).unwrap_or(self.rest.len());
        self.step(code)
    }

    /// Without its end, a comment is a tag.
    fn comment(&mut self) {
        self.step("<!--".len());
        let is_empty = self.rest.starts_with('>') || self.rest.starts_with("->");
        if is_empty || self.step_to("!--", comment_end).is_none() {
            self.skip_behind(">");
        }
    }

    /// A declaration, or what is like one. Only a document type with entities of its own holds others.
    fn declaration(&mut self) {
        let length = self.until(|byte| byte == b'>');
        let head = self.rest.get(..length).unwrap_or_default();
        let kind = head.get(.."<!doctype".len()).unwrap_or_default();
        let is_list = kind.eq_ignore_ascii_case("<!doctype") && head.contains('[');
        let list_end = |rest: &str| rest.find("]>").map(|at| at + "]>".len());
        if !is_list || self.step_to("]", list_end).is_none() {
            self.skip_behind(">");
        }
    }

    /// What looks like a tag and is an address in angle brackets, as in a text that was never made HTML.
    fn address(&mut self) -> Option<Token<'a>> {
        let inner = self.rest.get(1..)?;
        let inner = inner.get(..position(inner, |byte| b"<>".contains(&byte)))?;
        let name = inner
            .get(..position(inner, |byte| b" \t\r\n/".contains(&byte)))?
            .to_ascii_lowercase();
        let is_address = name.contains('@') || matches!(name.as_str(), "http:" | "https:");
        let has_end = self.rest.as_bytes().get(inner.len() + 1) == Some(&b'>');
        is_address.then(|| Token::Text(self.step(inner.len() + 1 + usize::from(has_end))))
    }

    /// Reads a tag; the rest begins with `<` and a letter, or `</` and a letter.
    fn tag(&mut self) -> Option<Token<'a>> {
        let is_end = self.rest.starts_with("</");
        let source = self.rest;
        self.step(if is_end { 2 } else { 1 });
        let length = self.until(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
        let name = self.step(length);
        let attributes = self.attributes()?;
        if name.len() > MAX_NAME {
            return Some(Token::Text(""));
        }
        let name = name.to_ascii_lowercase();
        if is_end {
            return Some(Token::End(name));
        }
        let source = source.get(..source.len() - self.rest.len());
        let is_empty = source.is_some_and(|tag| tag.ends_with("/>"));
        let raw = RAW.into_iter().find(|raw| *raw == name);
        self.raw = raw.map(|raw| (raw, is_empty));
        Some(Token::Start(name, attributes))
    }

    /// Attributes up to and with `>`; `None` if the text ends first: then there is no tag.
    fn attributes(&mut self) -> Option<Vec<Attribute<'a>>> {
        let mut attributes = Vec::new();
        loop {
            let gap = self.until(|byte| !byte.is_ascii_whitespace() && byte != b'/');
            self.step(gap);
            if self.rest.starts_with('>') {
                self.step(1);
                return Some(attributes);
            }
            if self.rest.is_empty() {
                return None;
            }
            // A name may begin with `=`, but with nothing else of these.
            let first = usize::from(self.rest.starts_with('='));
            let name_end = first
                + self.rest.get(first..).map_or(0, |rest| {
                    position(rest, |b| b.is_ascii_whitespace() || b"/>=".contains(&b))
                });
            let name = self.step(name_end);
            let gap = self.until(|byte| !byte.is_ascii_whitespace());
            let has_value = self.rest.as_bytes().get(gap) == Some(&b'=');
            let raw = if has_value {
                self.step(gap + 1);
                self.attribute_value()
            } else {
                ""
            };
            if attributes.len() < MAX_ATTRIBUTES && name.len() <= MAX_NAME {
                attributes.push(Attribute {
                    name: name.to_ascii_lowercase(),
                    raw,
                });
            }
        }
    }

    fn attribute_value(&mut self) -> &'a str {
        let gap = self.until(|byte| !byte.is_ascii_whitespace());
        self.step(gap);
        match self.rest.as_bytes().first() {
            Some(&quote @ (b'"' | b'\'')) => {
                self.step(1);
                let length = self.until(|byte| byte == quote);
                let value = self.step(length);
                self.step(1);
                value
            }
            _ => {
                let length = self.until(|byte| byte.is_ascii_whitespace() || byte == b'>');
                self.step(length)
            }
        }
    }

    /// Where the first ASCII byte that `wanted` accepts is, or the length of the rest.
    fn until(&self, wanted: impl Fn(u8) -> bool) -> usize {
        position(self.rest, wanted)
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some((name, is_empty)) = self.raw.take() {
            return Some(Token::Raw(name.to_owned(), self.raw_text(name, is_empty)));
        }
        loop {
            let start = next_markup(self.rest).unwrap_or(self.rest.len());
            if start > 0 {
                return Some(Token::Text(self.step(start)));
            }
            let mut bytes = self.rest.bytes().skip(1);
            let after = bytes.next()?;
            let second = bytes.next().unwrap_or_default();
            if self.rest.starts_with("<!--") {
                self.comment();
            } else if matches!(after, b'!' | b'?')
                || (after == b'/' && !second.is_ascii_alphabetic())
            {
                self.declaration();
            } else {
                return self.address().or_else(|| self.tag());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Token};

    fn lex(html: &str) -> Vec<String> {
        Lexer::new(html)
            .map(|token| match token {
                Token::Text(text) => format!("'{text}'"),
                Token::Start(name, attributes) => {
                    let list = attributes
                        .iter()
                        .map(|a| format!(" {}={}", a.name, a.value()))
                        .collect::<String>();
                    format!("<{name}{list}>")
                }
                Token::End(name) => format!("</{name}>"),
                Token::Raw(name, text) => format!("{name}[{text}]"),
            })
            .collect()
    }

    #[test]
    fn reads_markup_as_browsers_do() {
        for (html, tokens) in [
            ("a<b>c</b>", &["'a'", "<b>", "'c'", "</b>"][..]),
            ("1 < 2 <3", &["'1 < 2 <3'"]),
            ("<A HREF = 'x&amp;y' b=c/ d>", &["<a href=x&y b=c/ d=>"]),
            ("<img/src=x>", &["<img src=x>"]),
            (
                "<!-- <b> -->t<!-->u<!--->v<!-- x --!>w",
                &["'t'", "'u'", "'v'", "'w'"],
            ),
            (
                "<!DOCTYPE html [<!ENTITY a \"b\"><!ENTITY c \"d\">]><p>x",
                &["<p>", "'x'"],
            ),
            ("<!doctype html [>x", &["'x'"]),
            ("<![if !mso]>x<![endif]><?php ?>", &["'x'"]),
            (
                "<STYLE>a<b</style x>c",
                &["<style>", "style[a<b]", "</style>", "'c'"],
            ),
            (
                "<title></titlex></title>",
                &["<title>", "title[</titlex>]", "</title>"],
            ),
            ("<script>", &["<script>", "script[]"]),
            ("<b><!-- <i>x</i> -->", &["<b>"]),
            ("x<a href='never", &["'x'"]),
            ("<é><a é=ü>", &["'<é>'", "<a é=ü>"]),
            ("</>x</ y>z", &["'x'", "'z'"]),
            (
                "<bob@x.example>\n<https://x.example/a?b=\"c> <mailto:a@b<i>",
                &[
                    "'<bob@x.example>'",
                    "'\n'",
                    "'<https://x.example/a?b=\"c>'",
                    "' '",
                    "'<mailto:a@b'",
                    "<i>",
                ],
            ),
            (
                "<a @click='x'>y</a></bob@x>",
                &["<a @click=x>", "'y'", "</a>", "</bob@x>"],
            ),
        ] {
            assert_eq!(lex(html), tokens, "{html}");
        }
    }

    #[test]
    fn what_never_ends_hides_nothing_behind_it() {
        for (html, tokens) in [
            (
                "<title/></head>x",
                &["<title>", "title[]", "</head>", "'x'"][..],
            ),
            (
                "<script src='a'/>x<script/>y",
                &[
                    "<script src=a>",
                    "script[]",
                    "'x'",
                    "<script>",
                    "script[]",
                    "'y'",
                ],
            ),
            (
                "<title/>x</title>y",
                &["<title>", "title[x]", "</title>", "'y'"],
            ),
            (
                "<style>a{} b<1<p>x</styles>",
                &["<style>", "style[a{} b<1]", "<p>", "'x'", "</styles>"],
            ),
            ("<iframe src=a>x", &["<iframe src=a>", "iframe[]", "'x'"]),
            ("<!-- a>x<!-- b>y", &["'x'", "'y'"]),
            ("<!--[if mso]>x<b>y</b>", &["'x'", "<b>", "'y'", "</b>"]),
        ] {
            assert_eq!(lex(html), tokens, "{html}");
        }
    }
}
