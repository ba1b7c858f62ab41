//! The value of a field such as `Content-Type` and its parameters (RFC 2045 §5.1), with what senders forget or add.

use compact_str::CompactString;

/// `multipart/mixed; boundary="x y"; …`, value and names lower-case.
pub(super) fn value_and_parameters(
    field: &str,
) -> (CompactString, Vec<(CompactString, CompactString)>) {
    let mut pieces = split_outside_quotes(field).into_iter();
    let first = without_comments(pieces.next().unwrap_or_default());
    let (value, forgotten) = value_before(&first);
    let parameters = Some(forgotten).into_iter().chain(pieces);
    let parameters = parameters.filter_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        let name = name.trim().to_ascii_lowercase();
        Some((name.into(), unquoted(value.trim()).into()))
    });
    (value.to_ascii_lowercase().into(), parameters.collect())
}

/// The value before the first semicolon, and a parameter behind it, or alone, where the semicolon was forgotten.
fn value_before(piece: &str) -> (String, &str) {
    let piece = piece.trim();
    let assigned = piece.find('=').unwrap_or(piece.len());
    let before = piece.get(..assigned).unwrap_or_default();
    if assigned == piece.len() {
        let value = piece.trim_matches('"').split_whitespace().collect();
        return (value, "");
    }
    let end = before
        .trim_end()
        .rfind([' ', '\t', ','])
        .map_or(0, |at| at + 1);
    let (value, parameter) = piece.split_at_checked(end).unwrap_or_default();
    let value = value.split(',').next().unwrap_or_default();
    (
        value.trim_matches('"').split_whitespace().collect(),
        parameter,
    )
}

/// Without comments (RFC 822 §3.4.3).
fn without_comments(text: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

fn split_outside_quotes(field: &str) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    field
        .split(|c: char| {
            let ends = c == ';' && !is_quoted;
            if c == '"' && !is_escaped {
                is_quoted = !is_quoted;
            }
            is_escaped = c == '\\' && is_quoted && !is_escaped;
            ends
        })
        .collect()
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut is_escaped = false;
    inner
        .chars()
        .filter(|&c| {
            is_escaped = c == '\\' && !is_escaped;
            !is_escaped
        })
        .collect()
}
