//! `Re:` and `Fwd:` before a subject, once, whatever other programs and languages put there.

/// What other programs write for "Re". The case of Latin letters does not matter.
const REPLY: &[&str] = &[
    "re", "aw", "antw", "antwort", "sv", "vs", "odp", "res", "rif", "ynt", "vá", "vÁ", "atb",
    "σχετ", "Σχετ", "ΣΧΕΤ", "απ", "Απ", "ΑΠ", "отв", "Отв", "ОТВ", "回复", "回覆", "答复", "返信",
    "회신",
];

/// What other programs write for "Fwd". The case of Latin letters does not matter.
const FORWARD: &[&str] = &[
    "fwd",
    "fw",
    "wg",
    "tr",
    "rv",
    "vb",
    "vl",
    "pd",
    "enc",
    "doorst",
    "ilt",
    "i̇lt",
    "İlt",
    "továbbítás",
    "πρθ",
    "ΠΡΘ",
    "пересл",
    "Пересл",
    "转发",
    "轉寄",
    "転送",
    "전달",
];

/// The subject of an answer: `Re: ` and the subject without any `Re:` it began with.
#[must_use]
pub fn of_reply(subject: &str) -> String {
    format!("Re: {}", without(subject, REPLY))
        .trim_end()
        .to_owned()
}

/// The subject of a letter that passes a message on: `Fwd: ` and the subject without any `Fwd:` it began with.
#[must_use]
pub fn of_forward(subject: &str) -> String {
    format!("Fwd: {}", without(subject, FORWARD))
        .trim_end()
        .to_owned()
}

/// `subject` without the prefixes of `kind` it begins with.
fn without<'a>(subject: &'a str, kind: &[&str]) -> &'a str {
    let mut rest = subject.trim();
    while let Some(after) = after_prefix(rest, kind) {
        rest = after.trim_start();
    }
    rest
}

/// What follows a prefix such as `Re:`, `RE :`, `Re[2]:`, `Re(3):`, `Re^2:` or `回复：`.
fn after_prefix<'a>(subject: &'a str, kind: &[&str]) -> Option<&'a str> {
    let (prefix, after) = subject.split_once([':', '：'])?;
    let word = prefix
        .trim_end()
        .trim_end_matches([']', ')'])
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches(['[', '(', '^'])
        .trim_end();
    kind.iter()
        .any(|known| known.eq_ignore_ascii_case(word))
        .then_some(after)
}

#[cfg(test)]
mod tests {
    use super::{of_forward, of_reply};

    #[test]
    fn answers_once() {
        for subject in [
            "Transects",
            "Re: Transects",
            "RE: re: Transects",
            "Re[2]: Transects",
            "Re (3) : Transects",
            "AW: Transects",
            "SV: Re: AW: Transects",
            "回复：Transects",
            "Re^2: Transects",
            "  re:Transects ",
        ] {
            assert_eq!(of_reply(subject), "Re: Transects", "{subject}");
        }
    }

    #[test]
    fn passes_on_once() {
        for subject in [
            "Transects",
            "Fwd: Transects",
            "FW: fwd: Transects",
            "WG: Transects",
        ] {
            assert_eq!(of_forward(subject), "Fwd: Transects", "{subject}");
        }
    }

    #[test]
    fn keeps_what_the_other_prefix_says() {
        assert_eq!(of_reply("Fwd: Re: Transects"), "Re: Fwd: Re: Transects");
        assert_eq!(of_forward("Re: Transects"), "Fwd: Re: Transects");
    }

    #[test]
    fn takes_no_word_for_a_prefix() {
        assert_eq!(of_reply("Report: week 48"), "Re: Report: week 48");
        assert_eq!(of_reply("Lunch at 12:30"), "Re: Lunch at 12:30");
        assert_eq!(of_reply(": odd"), "Re: : odd");
        assert_eq!(of_reply(""), "Re:");
        assert_eq!(of_forward("   "), "Fwd:");
    }
}
