//! What `SEARCH` and `ESEARCH` tell, and sets of UIDs as servers write them. Long lists are read in linear time
//! and kept as ranges.

use whimbrel_shared::UidSet;

use super::lexer::Lexer;

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The messages.
    pub(crate) uids: UidSet,
    /// How many, if asked.
    pub(crate) count: Option<u32>,
}

/// Reads `SEARCH` (RFC 9051 §7.3.4) from its first number on.
pub(super) fn search(lexer: &mut Lexer<'_>) -> Found {
    let mut ranges = Vec::new();
    while lexer.peek().is_some_and(|byte| byte != b'(') {
        let Some(uid) = lexer.number::<u32>() else {
            if lexer.skip() {
                continue;
            }
            break;
        };
        push_uid(&mut ranges, uid);
    }
    Found {
        uids: UidSet::from_ranges(ranges),
        count: None,
    }
}

/// Keeps runs of UIDs as ranges while they are read: a full folder stays a few bytes.
fn push_uid(ranges: &mut Vec<(u32, u32)>, uid: u32) {
    match ranges.last_mut() {
        Some(last) if last.1.checked_add(1) == Some(uid) => last.1 = uid,
        _ => ranges.push((uid, uid)),
    }
}

/// Reads `ESEARCH` (RFC 4731 §3.1).
pub(super) fn esearch(lexer: &mut Lexer<'_>) -> Found {
    let mut found = Found::default();
    if lexer.peek() == Some(b'(') {
        lexer.skip(); // (TAG "A1")
    }
    lexer.eat_word("UID");
    while lexer.peek().is_some() {
        match &*lexer.atom().to_ascii_uppercase() {
            b"ALL" => found.uids = uid_set(lexer.atom()).unwrap_or_default(),
            b"COUNT" => found.count = lexer.number(),
            _ => {
                if !lexer.skip() {
                    break;
                }
            }
        }
    }
    found
}

/// A set of UIDs, leniently: what is no range is left out; `None` if it holds `*`.
pub(crate) fn uid_set(text: &[u8]) -> Option<UidSet> {
    let text = std::str::from_utf8(text).ok()?;
    uid_ranges(text).map(UidSet::from_ranges)
}

/// The ranges of a set of UIDs in the order written.
pub(crate) fn uid_ranges(text: &str) -> Option<Vec<(u32, u32)>> {
    let mut ranges = Vec::new();
    for item in text.split(',') {
        let (start, end) = item.split_once(':').unwrap_or((item, item));
        ranges.push((start.trim().parse().ok()?, end.trim().parse().ok()?));
    }
    Some(ranges)
}
