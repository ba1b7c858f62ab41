//! Where the pieces of HTML begin and end. Each looks at a text once, and decides nothing.

/// Where the first ASCII byte that `wanted` accepts is, or the length of the text.
pub(super) fn position(text: &str, wanted: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(wanted).map_or(text.len(), |mut at| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    })
}

/// Where the first `<` is with which markup begins.
pub(super) fn next_markup(text: &str) -> Option<usize> {
    let opens = |after: &u8| after.is_ascii_alphabetic() || b"/!?".contains(after);
    let after = |at: usize| text.as_bytes().get(at + 1);
    let mut found = text.match_indices('<').map(|(at, _)| at);
    found.find(|at| after(*at).is_some_and(opens))
}

/// Where the end tag of the raw-text element `name` begins.
pub(super) fn raw_end(text: &str, name: &str) -> Option<usize> {
    let is_end = |at: usize| {
        let after = text.as_bytes().get(at + 2..).unwrap_or_default();
        after
            .get(..name.len())
            .is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
            && after
                .get(name.len())
                .is_none_or(|byte| byte.is_ascii_whitespace() || b"/>".contains(byte))
    };
    let mut found = text.match_indices("</").map(|(at, _)| at);
    found.find(|at| is_end(*at))
}

/// How long a comment is with its `-->` or `--!>`, whichever comes first.
pub(super) fn comment_end(text: &str) -> Option<usize> {
    let mut ends = text.match_indices('>').map(|(at, _)| at);
    let is_end = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        before.ends_with("--") || before.ends_with("--!")
    };
    ends.find(|at| is_end(*at)).map(|at| at + 1)
}
