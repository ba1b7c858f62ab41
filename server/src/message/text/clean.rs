//! Takes out of a line of plain text what a terminal would obey and nobody can read: escape sequences
//! and control characters. Leaves everything else as it is.

use std::borrow::Cow;

const ESCAPE: char = '\u{1b}';
/// "Control sequence introducer" as one character (ECMA-48).
const INTRODUCER: char = '\u{9b}';
/// Characters of one sequence that are looked at; real ones have some ten, titles of windows some hundred.
const MAX_SEQUENCE: usize = 256;

/// The line without escape sequences and control characters; tabs stay.
pub(super) fn line(raw: &str) -> Cow<'_, str> {
    if !raw.chars().any(is_rubbish) {
        return Cow::Borrowed(raw);
    }
    let mut cleaned = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = match c {
            ESCAPE => after_escape(after),
            INTRODUCER => after_control_sequence(after),
            // Word breaks a line with the first of these.
            '\u{b}' | '\u{c}' | '\u{85}' => {
                cleaned.push(' ');
                after
            }
            c if is_rubbish(c) => after,
            c => {
                cleaned.push(c);
                after
            }
        };
    }
    Cow::Owned(cleaned)
}

fn is_rubbish(c: char) -> bool {
    c.is_control() && c != '\t'
}

/// What follows a sequence whose escape character was read.
fn after_escape(rest: &str) -> &str {
    match rest.chars().next() {
        Some('[') => after_control_sequence(rest.get(1..).unwrap_or_default()),
        Some(']' | 'P' | 'X' | '^' | '_') => after_string(rest.get(1..).unwrap_or_default()),
        Some('#' | '%' | '('..='+') => after_one(rest.get(1..).unwrap_or_default()),
        // A letter may as well be the first of a word.
        Some('0'..='?') => rest.get(1..).unwrap_or_default(),
        _ => rest,
    }
}

/// `[` was read: numbers, then one letter. Without the letter it is no sequence, and is read as text.
fn after_control_sequence(rest: &str) -> &str {
    let is_inside = |c: char| (' '..='?').contains(&c);
    let length = rest
        .chars()
        .take(MAX_SEQUENCE)
        .take_while(|&c| is_inside(c))
        .count();
    let after = rest.get(length..).unwrap_or_default();
    match after.chars().next() {
        Some('@'..='~') => after.get(1..).unwrap_or_default(),
        _ => rest,
    }
}

/// The title of a window and the like, up to its end; without an end it is read as text.
fn after_string(rest: &str) -> &str {
    let end = rest
        .char_indices()
        .take(MAX_SEQUENCE)
        .find(|&(_, c)| matches!(c, '\u{7}' | '\u{9c}' | ESCAPE));
    match end {
        Some((at, ESCAPE)) => after_one(rest.get(at + 1..).unwrap_or_default()),
        Some((at, end)) => rest.get(at + end.len_utf8()..).unwrap_or_default(),
        None => rest,
    }
}

fn after_one(rest: &str) -> &str {
    let mut chars = rest.chars();
    chars.next();
    chars.as_str()
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn what_terminals_obey_goes_and_the_words_stay() {
        for (raw, cleaned) in [
            ("plain\ttext – ünïcode", "plain\ttext – ünïcode"),
            ("\u{1b}[1;31merror\u{1b}[0m: no", "error: no"),
            ("\u{1b}[?25lx\u{1b}[2K", "x"),
            ("\u{1b}]0;title\u{7}text", "text"),
            (
                "\u{1b}]8;;https://x.example\u{1b}\\link\u{1b}]8;;\u{1b}\\",
                "link",
            ),
            ("\u{1b}(Bx\u{1b}=y", "xy"),
            ("\u{9b}31mred", "red"),
            ("a\u{8}b\u{c}c\u{0}d\u{7f}e\u{85}", "ab cde "),
            ("\u{1b}", ""),
            ("\u{1b}[12", "12"),
            ("\u{1b}]no end", "no end"),
            ("\u{1b}\u{1b}[0m[1m", "[1m"),
            ("\u{1b}日本", "日本"),
            ("\u{1b}word", "word"),
        ] {
            assert_eq!(line(raw), cleaned, "{raw:?}");
            assert_eq!(line(cleaned), cleaned);
        }
    }
}
