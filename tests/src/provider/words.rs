//! The words of an IMAP command, and sets of numbers, as far as a well-behaved client writes them.

/// Atoms, strings without their quotes, literals, and lists in parentheses as one word each.
pub(super) fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = command.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '"' => quoted(rest),
            '(' => list(rest),
            '{' => literal(rest),
            _ => {
                let end = end_of_atom(rest);
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        words.push(word);
        rest = after.trim_start();
    }
    words
}

/// The words within a list.
pub(super) fn within(list: &str) -> Vec<String> {
    words(list.trim_start_matches('(').trim_end_matches(')'))
}

// `BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.100>` is one atom.
fn end_of_atom(text: &str) -> usize {
    let mut is_section = false;
    for (at, c) in text.char_indices() {
        match c {
            '[' => is_section = true,
            ']' => is_section = false,
            ' ' if !is_section => return at,
            _ => {}
        }
    }
    text.len()
}

fn quoted(text: &str) -> (String, &str) {
    let mut word = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (word, &text[at + 1..]),
            '\\' => word.extend(chars.next().map(|(_, c)| c)),
            c => word.push(c),
        }
    }
    (word, "")
}

fn list(text: &str) -> (String, &str) {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (text[..=at].to_owned(), &text[at + 1..]);
        }
    }
    (text.to_owned(), "")
}

fn literal(text: &str) -> (String, &str) {
    let (length, rest) = text[1..].split_once("}\r\n").unwrap_or_default();
    let length = length.trim_end_matches('+').parse().unwrap_or(0);
    let length = rest.len().min(length);
    (rest[..length].to_owned(), &rest[length..])
}

/// Which of `all` (ascending) a set such as `1:3,7,9:*` names.
pub(super) fn members(set: &str, all: &[u32]) -> Vec<u32> {
    let last = all.last().copied().unwrap_or(0);
    let number = |text: &str| match text {
        "*" => last,
        digits => digits.parse().unwrap_or(0),
    };
    let ranges: Vec<(u32, u32)> = set
        .split(',')
        .map(|range| {
            let (a, b) = range.split_once(':').unwrap_or((range, range));
            let (a, b) = (number(a), number(b));
            (a.min(b), a.max(b))
        })
        .collect();
    let is_in = |n: &&u32| ranges.iter().any(|(low, high)| (low..=high).contains(n));
    all.iter().filter(is_in).copied().collect()
}
