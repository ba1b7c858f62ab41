//! What is left of a subject without what mail programs put around it (RFC 5256 §2.1), to sort by.
//! Pure; never for showing.

/// The base subject of a decoded subject, folded so that case does not matter.
#[must_use]
pub fn base_subject(subject: &str) -> String {
    let words: Vec<&str> = subject.split_whitespace().collect();
    let subject = words.join(" ").to_lowercase();
    let mut rest = subject.as_str();
    loop {
        rest = without_trailers(rest);
        rest = without_leaders(rest);
        // `[fwd: a subject]`
        let inner = rest
            .strip_prefix("[fwd:")
            .and_then(|rest| rest.strip_suffix(']'));
        match inner {
            Some(inner) => rest = inner,
            None => return rest.to_owned(),
        }
    }
}

/// Without `(fwd)` at the end, as often as it is there.
fn without_trailers(mut rest: &str) -> &str {
    loop {
        rest = rest.trim_end();
        match rest.strip_suffix("(fwd)") {
            Some(before) => rest = before,
            None => return rest,
        }
    }
}

/// Without `re:`, `fwd [tag]:` and `[tag]` at the beginning, as often as they are there. A subject that
/// is nothing but a tag keeps it.
fn without_leaders(mut rest: &str) -> &str {
    loop {
        rest = rest.trim_start();
        if let Some(after) = without_reply(rest) {
            rest = after;
        } else if let Some(after) = without_tag(rest).filter(|after| !after.is_empty()) {
            rest = after;
        } else {
            return rest;
        }
    }
}

/// What follows `re:`, `re [tag]:` or the same after tags.
fn without_reply(rest: &str) -> Option<&str> {
    let mut rest = rest;
    while let Some(after) = without_tag(rest) {
        rest = after;
    }
    let mut after = ["re", "fwd", "fw"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))?
        .trim_start();
    if let Some(untagged) = without_tag(after) {
        after = untagged;
    }
    after.strip_prefix(':')
}

/// What follows `[tag]`.
fn without_tag(rest: &str) -> Option<&str> {
    let (tag, after) = rest.strip_prefix('[')?.split_once(']')?;
    (!tag.contains('[')).then(|| after.trim_start())
}

#[cfg(test)]
mod tests {
    use super::base_subject;

    #[test]
    fn what_programs_put_around_a_subject_is_nothing() {
        for (subject, base) in [
            ("Lunch", "lunch"),
            ("Re: Lunch", "lunch"),
            ("RE: AW: Lunch", "aw: lunch"), // the RFC knows English
            ("Fwd: re: FW: Lunch (fwd) (fwd)", "lunch"),
            ("[waders] Re: [waders]  Lunch", "lunch"),
            ("Re [waders]: Lunch", "lunch"),
            ("[Fwd: Re: Lunch]", "lunch"),
            ("[waders]", "[waders]"),
            ("Re: [waders]", "[waders]"),
            ("Regards", "regards"),
            ("Re\u{301}sume\u{301}: Über", "re\u{301}sume\u{301}: über"),
            ("", ""),
            ("Re:", ""),
            ("[[a] b", "[[a] b"),
        ] {
            assert_eq!(base_subject(subject), base, "{subject:?}");
        }
    }
}
