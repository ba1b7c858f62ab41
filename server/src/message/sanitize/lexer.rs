//! A lenient, strictly linear HTML lexer for hostile mail. It decides nothing: what it yields is written
//! anew, escaped and balanced, by [`super::balance`]. (html5ever's own tokenizer is quadratic in
//! the attributes of one tag, so mail must not reach it raw.)

use super::entities;

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
    /// The raw-text element whose start tag was just yielded.
    raw: Option<&'static str>,
}

impl<'a> Lexer<'a> {
    /// A lexer at the beginning of `html`.
    pub(crate) fn new(html: &'a str) -> Self {
        Self {
            rest: html,
            raw: None,
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

    fn raw_text(&mut self, name: &'static str) -> &'a str {
        let mut from = 0;
        if name != "plaintext" {
            while let Some(at) = self.rest.get(from..).and_then(|rest| rest.find("</")) {
                let start = from + at;
                let after = self.rest.as_bytes().get(start + 2..).unwrap_or_default();
                let is_end = after
                    .get(..name.len())
                    .is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
                    && after
                        .get(name.len())
                        .is_none_or(|byte| byte.is_ascii_whitespace() || b"/>".contains(byte));
                if is_end {
                    return self.step(start);
                }
                from = start + 2;
            }
        }
        self.step(self.rest.len())
    }

    fn comment(&mut self) {
        self.step("<!--".len());
        if self.rest.starts_with('>') || self.rest.starts_with("->") {
            return self.skip_behind(">");
        }
        // `-->` or `--!>`, whichever comes first, found in one pass.
        let bytes = self.rest.as_bytes();
        let end = bytes
            .windows(4)
            .enumerate()
            .find_map(|(at, window)| match window {
                [b'-', b'-', b'>', _] => Some(at + 3),
                b"--!>" => Some(at + 4),
                _ => None,
            });
        self.step(end.unwrap_or(bytes.len()));
    }

    /// Reads a tag; the rest begins with `<` and a letter, or `</` and a letter.
    fn tag(&mut self) -> Option<Token<'a>> {
        let is_end = self.rest.starts_with("</");
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
        self.raw = RAW.into_iter().find(|raw| *raw == name);
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

fn position(text: &str, wanted: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(wanted).map_or(text.len(), |mut at| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    })
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.raw.take() {
            return Some(Token::Raw(name.to_owned(), self.raw_text(name)));
        }
        let mut text_end = 0;
        loop {
            let ahead = self.rest.get(text_end..).unwrap_or_default();
            let Some(at) = ahead.find('<') else {
                return (!self.rest.is_empty()).then(|| Token::Text(self.step(self.rest.len())));
            };
            let start = text_end + at;
            let after = self
                .rest
                .as_bytes()
                .get(start + 1)
                .copied()
                .unwrap_or_default();
            let opens = after.is_ascii_alphabetic() || matches!(after, b'/' | b'!' | b'?');
            if !opens {
                text_end = start + 1;
                continue;
            }
            if start > 0 {
                return Some(Token::Text(self.step(start)));
            }
            let second = self.rest.as_bytes().get(2).copied().unwrap_or_default();
            if self.rest.starts_with("<!--") {
                self.comment();
            } else if matches!(after, b'!' | b'?')
                || (after == b'/' && !second.is_ascii_alphabetic())
            {
                self.skip_behind(">");
            } else {
                return self.tag();
            }
            text_end = 0;
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
            ("x<a href='never", &["'x'"]),
            ("<é><a é=ü>", &["'<é>'", "<a é=ü>"]),
            ("</>x</ y>z", &["'x'", "'z'"]),
        ] {
            assert_eq!(lex(html), tokens, "{html}");
        }
    }
}
