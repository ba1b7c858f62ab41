//! One line of plain text as markup, its links and addresses as links. Every piece is escaped on its
//! own; a link is never made of what could read as something else than it is.

use linkify::{LinkFinder, LinkKind};

use crate::message::sanitize::entities::escape;

/// Bytes of a word that is looked at as the name of a web site: the finder is not linear there.
const LONGEST_NAME: usize = 512;

/// Finds links; made once for a text.
pub(super) struct Links {
    /// Addresses with their scheme, and those of mail.
    whole: LinkFinder,
    /// Also names without a scheme.
    bare: LinkFinder,
}

impl Links {
    pub(super) fn new() -> Self {
        let mut whole = LinkFinder::new();
        whole.kinds(&[LinkKind::Url, LinkKind::Email]);
        let mut bare = LinkFinder::new();
        bare.kinds(&[LinkKind::Url]).url_must_have_scheme(false);
        Self { whole, bare }
    }

    /// Writes one line.
    pub(super) fn write(&self, line: &str, markup: &mut String) {
        if line.contains(is_override) {
            return escape(line, markup);
        }
        for span in self.whole.spans(line) {
            match span.kind() {
                Some(kind) => write_link(kind, span.as_str(), markup),
                None => self.write_names(span.as_str(), markup),
            }
        }
    }

    /// Writes text whose only links can be names such as `www.mudflat.example`.
    fn write_names(&self, text: &str, markup: &mut String) {
        for word in text.split_inclusive(char::is_whitespace) {
            let name = word.trim_start_matches(|c: char| !c.is_alphanumeric());
            if word.len() > LONGEST_NAME || !is_web_name(name) {
                escape(word, markup);
                continue;
            }
            for span in self.bare.spans(word) {
                match span.kind() {
                    Some(kind) => write_link(kind, span.as_str(), markup),
                    None => escape(span.as_str(), markup),
                }
            }
        }
    }
}

fn write_link(kind: &LinkKind, text: &str, markup: &mut String) {
    let end = text.find(is_foreign_end).unwrap_or(text.len());
    let (text, after) = text.split_at_checked(end).unwrap_or((text, ""));
    match target(kind, text) {
        Some(target) => {
            markup.push_str("<a href=\"");
            escape(&target, markup);
            markup.push_str("\">");
            escape(text, markup);
            markup.push_str("</a>");
        }
        None => escape(text, markup),
    }
    escape(after, markup);
}

fn target(kind: &LinkKind, text: &str) -> Option<String> {
    if text.contains(is_unseen) {
        return None;
    }
    match kind {
        LinkKind::Email => Some(format!("mailto:{text}")),
        LinkKind::Url if text.contains("://") => Some(text.to_owned()),
        LinkKind::Url if is_web_name(text) => Some(format!("https://{text}")),
        _ => None,
    }
}

/// Without a scheme only what is plainly meant as a link: `readme.md` is no country's site.
fn is_web_name(text: &str) -> bool {
    text.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("www."))
}

/// Characters that turn the letters of the rest of their line around.
fn is_override(c: char) -> bool {
    matches!(c, '\u{202d}' | '\u{202e}')
}

/// Characters that nobody sees, or that change the order of others.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}')
}

/// Punctuation that ends a link in scripts that write no space after it.
fn is_foreign_end(c: char) -> bool {
    "。，、；：？！（）【】「」『』《》〈〉“”„«»…".contains(c)
}

#[cfg(test)]
mod tests {
    use super::Links;

    fn markup(line: &str) -> String {
        let mut markup = String::new();
        Links::new().write(line, &mut markup);
        markup
    }

    #[test]
    fn links_end_where_they_are_meant_to() {
        for (line, link) in [
            ("<https://a.example/x>", "https://a.example/x"),
            ("(see https://a.example/x)", "https://a.example/x"),
            ("https://a.example/x_(y).", "https://a.example/x_(y)"),
            ("\"https://a.example/x\",", "https://a.example/x"),
            ("https://a.example/x!", "https://a.example/x"),
            ("见https://a.example/x。谢谢", "https://a.example/x"),
            ("“https://a.example/x”", "https://a.example/x"),
            ("<URL:https://a.example/x>", "https://a.example/x"),
            ("mail <ada@a.example>.", "mailto:ada@a.example"),
            ("WWW.a.example,", "https://WWW.a.example"),
        ] {
            let markup = markup(line);
            assert!(
                markup.contains(&format!("<a href=\"{link}\">")),
                "{line} -> {markup}"
            );
        }
    }

    #[test]
    fn no_link_hides_what_it_is() {
        for line in [
            "https://a.example/\u{202e}gpj.exe",
            "\u{202e}https://a.example/x",
            "https://a.exa\u{200b}mple/x",
            "https://a.example/\u{2066}x",
            "ada\u{200f}@a.example",
        ] {
            let markup = markup(line);
            assert!(!markup.contains("<a "), "{line:?} -> {markup}");
        }
    }
}
