//! What stands before the `@` of an address (RFC 5322 §3.4.1) where it is quoted or, against the rules, an encoded
//! word. A parser takes both for names, and what is left out of one names another mailbox.

use super::addresses;
use crate::message::encoded_word;

/// Around the number of a local part that was taken out of a line; nothing that people write.
const MARKS: [char; 2] = ['\u{e000}', '\u{e001}'];

/// The local parts taken out of one line, as they read.
#[derive(Default)]
pub(super) struct Taken(Vec<String>);

impl Taken {
    /// The line with a mark in the place of each local part that is quoted or an encoded word.
    pub(super) fn out_of(line: &str) -> (Self, String) {
        let mut taken = Self::default();
        if !line.contains(['"', '=']) {
            return (taken, line.to_owned());
        }
        let mut out = String::with_capacity(line.len());
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let (piece, text) = match c {
                '"' => quoted(rest),
                '=' => word(rest),
                '(' => (comment(rest), None),
                c => (c.len_utf8(), None),
            };
            let (piece, after) = rest.split_at_checked(piece).unwrap_or((rest, ""));
            rest = after;
            match text.filter(|_| after.trim_start().starts_with('@') && !out.ends_with('.')) {
                Some(text) => {
                    let [before, behind] = MARKS;
                    out.push_str(&format!("{before}{}{behind}", taken.0.len()));
                    taken.0.push(text);
                    rest = after.trim_start();
                }
                None => out.extend(piece.chars().filter(|c| !MARKS.contains(c))),
            }
        }
        (taken, out)
    }

    /// A name with its own text again.
    pub(super) fn back_in_name(&self, name: &str) -> String {
        self.back(name, str::to_owned)
    }

    /// An address with its local part again, quoted where it has to be.
    pub(super) fn back_in_address(&self, email: &str) -> String {
        self.back(email, written)
    }

    fn back(&self, text: &str, write: impl Fn(&str) -> String) -> String {
        let mut pieces = text.split(MARKS);
        let mut whole = pieces.next().unwrap_or_default().to_owned();
        while let Some(number) = pieces.next() {
            let found = number.parse::<usize>().ok();
            if let Some(local) = found.and_then(|number| self.0.get(number)) {
                whole.push_str(&write(local));
            }
            whole.push_str(pieces.next().unwrap_or_default());
        }
        whole
    }
}

/// How long the quoted text is that the line begins with, and what it says.
fn quoted(line: &str) -> (usize, Option<String>) {
    let mut is_escaped = false;
    let mut text = String::new();
    for (at, c) in line.char_indices().skip(1) {
        match c {
            _ if is_escaped => {}
            '"' => return (at + 1, Some(seen(&text))),
            '\\' => {
                is_escaped = true;
                continue;
            }
            _ => {}
        }
        is_escaped = false;
        text.push(c);
    }
    (line.len(), None)
}

/// What cannot be seen is a space, which no letter is sent to.
fn seen(text: &str) -> String {
    let seen = |c: char| {
        if c.is_control() || encoded_word::is_direction_override(c) {
            ' '
        } else {
            c
        }
    };
    text.replace("=?", "= ?").chars().map(seen).collect()
}

/// How long the encoded word is that the line begins with, and what it says.
fn word(line: &str) -> (usize, Option<String>) {
    let begin = "=?UTF-8?B?"; // as a line is normalised
    let found = line.strip_prefix(begin).and_then(|rest| rest.find("?="));
    let Some(end) = found.map(|end| begin.len() + end + 2) else {
        return (1, None);
    };
    let word = line.get(..end).unwrap_or_default();
    (end, Some(encoded_word::decode(word.as_bytes())))
}

/// How long the comment is that the line begins with.
fn comment(line: &str) -> usize {
    let (mut depth, mut is_escaped) = (0_usize, false);
    for (at, c) in line.char_indices() {
        match c {
            _ if is_escaped => {}
            '(' => depth += 1,
            ')' if depth == 1 => return at + 1,
            ')' => depth -= 1,
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    line.len()
}

/// Quoted if it has to be.
fn written(local: &str) -> String {
    let is_plain = |c: char| !c.is_ascii() && !c.is_whitespace() || is_word(c);
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_plain);
    if local.split('.').all(is_atom) {
        return local.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in local.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// What may stand in an atom.
fn is_word(c: char) -> bool {
    c != '.' && u8::try_from(c).is_ok_and(addresses::is_word)
}
