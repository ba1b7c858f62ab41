//! `text/enriched` (RFC 1896) and `text/richtext` (RFC 1341 §7.1.3) as plain text: the words stay, with their quotes
//! and line breaks; the marks of how they looked go. Linear.

/// What kind of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 1896: `<<` is a bracket, an empty line a line break.
    Enriched,
    /// RFC 1341: `<lt>` is a bracket, `<nl>` a line break.
    Richtext,
}

/// Bytes of a mark (RFC 1896: sixty characters); what is longer is text.
const MAX_MARK: usize = 62;

/// Quotes within each other; each costs a character on every line.
const MOST_QUOTES: usize = 10;

/// Whether a text that claims to be HTML has any of it.
#[must_use]
pub(in crate::message) fn is_html(text: &str) -> bool {
    let after = |mark: char| text.split(mark).skip(1);
    let is_letter = |c: char| c.is_ascii_alphabetic();
    after('<').any(|rest| rest.starts_with(|c| is_letter(c) || "/!?".contains(c)))
        || after('&').any(|rest| rest.starts_with(|c| is_letter(c) || c == '#'))
}

/// The text without its marks, quotes as `> `.
#[must_use]
pub(in crate::message) fn plain(text: &str, dialect: Dialect) -> String {
    let mut writer = Writer {
        dialect,
        plain: String::with_capacity(text.len()),
        breaks: 0,
        quotes: 0,
        hidden: 0,
        unfilled: 0,
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = match mark(rest) {
            Some((_, after)) if rest.starts_with("<<") && dialect == Dialect::Enriched => {
                writer.character('<');
                after
            }
            Some((name, after)) => {
                writer.mark(&name.to_ascii_lowercase());
                after
            }
            None => {
                writer.character(c);
                after
            }
        };
    }
    writer.plain
}

/// The name in the mark that begins here, and what follows it; `<<` is one without a name.
fn mark(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('<')?;
    if let Some(after) = inner.strip_prefix('<') {
        return Some(("", after));
    }
    let end = inner.bytes().take(MAX_MARK).position(|byte| byte == b'>')?;
    let name = inner.get(..end)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-/".contains(c);
    let after = inner.get(end + 1..)?;
    (!name.is_empty() && name.chars().all(is_name)).then_some((name, after))
}

struct Writer {
    dialect: Dialect,
    plain: String,
    /// Line breaks of the source that wait for what follows.
    breaks: usize,
    quotes: usize,
    hidden: usize,
    unfilled: usize,
}

impl Writer {
    fn mark(&mut self, name: &str) {
        let (name, opens) = match name.strip_prefix('/') {
            Some(name) => (name, false),
            None => (name, true),
        };
        let step = |depth: &mut usize| {
            *depth = if opens {
                *depth + 1
            } else {
                depth.saturating_sub(1)
            };
        };
        match name {
            _ if self.hidden > 0 && !matches!(name, "param" | "comment") => {}
            "param" | "comment" => step(&mut self.hidden),
            "nofill" | "verbatim" => {
                self.flush();
                step(&mut self.unfilled);
            }
            "excerpt" => {
                self.block();
                step(&mut self.quotes);
            }
            "nl" if opens => self.line(),
            "np" if opens => self.block(),
            "paragraph" | "center" | "heading" | "footing" => self.block(),
            "lt" if opens => self.character('<'),
            _ => {}
        }
    }

    fn character(&mut self, c: char) {
        match c {
            _ if self.hidden > 0 => {}
            '\r' => {}
            '\n' if self.unfilled > 0 => self.line(),
            '\n' => self.breaks += 1,
            c => {
                self.flush();
                if self.plain.ends_with('\n') || self.plain.is_empty() {
                    let quotes = std::iter::repeat_n('>', self.quotes.min(MOST_QUOTES));
                    self.plain.extend(quotes);
                    self.plain.extend((self.quotes > 0).then_some(' '));
                }
                self.plain.push(c);
            }
        }
    }

    /// One line break of the source is a space, more are one less (RFC 1896 §3).
    fn flush(&mut self) {
        let breaks = std::mem::take(&mut self.breaks);
        match breaks {
            0 => {}
            _ if breaks > 1 && self.dialect == Dialect::Enriched => {
                self.plain.extend(std::iter::repeat_n('\n', breaks - 1));
            }
            _ if self.plain.ends_with(['\n', ' ']) || self.plain.is_empty() => {}
            _ => self.plain.push(' '),
        }
    }

    fn line(&mut self) {
        self.breaks = 0;
        self.plain.push('\n');
    }

    fn block(&mut self) {
        self.breaks = 0;
        if !self.plain.is_empty() && !self.plain.ends_with('\n') {
            self.plain.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Dialect, is_html, plain};

    #[test]
    fn words_stay_and_marks_go() {
        for (text, expected) in [
            (
                "<bold>Now</bold> is\nthe\n\ntime <<now>",
                "Now is the\ntime <now>",
            ),
            ("a<color><param>red</param>b</color>", "ab"),
            (
                "x\n<excerpt>was it\nso?</excerpt>\nno",
                "x\n> was it so?\nno",
            ),
            ("<nofill>a\n b\n</nofill>c", "a\n b\nc"),
            ("1 < 2 and <a long way", "1 < 2 and <a long way"),
        ] {
            assert_eq!(
                plain(text, Dialect::Enriched).trim_end(),
                expected,
                "{text}"
            );
        }
        let rich = "a<nl>b\nc<comment>x<nl></comment> <lt>d><paragraph>e</paragraph>f";
        assert_eq!(
            plain(rich, Dialect::Richtext).replace('\n', "|"),
            "a|b c <d>|e|f"
        );
    }

    #[test]
    fn deep_quotes_cost_little() {
        let lines = "a\n".repeat(64_000);
        let text = format!("{}<nofill>{lines}", "<excerpt>".repeat(14_000));
        assert!(plain(&text, Dialect::Enriched).len() < 20 * lines.len());
    }

    #[test]
    fn html_without_any_is_told() {
        assert!(is_html("a <b>c") && is_html("a &nbsp;") && is_html("<!DOCTYPE"));
        assert!(!is_html("Dear Ivo,\n1 < 2 & 3 > 2"));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,60}", marks in "(<|<<|>|/|nl|excerpt|param|nofill|é|\n){0,30}") {
            for text in [text, marks] {
                let _ = (plain(&text, Dialect::Enriched), plain(&text, Dialect::Richtext), is_html(&text));
            }
        }
    }
}
