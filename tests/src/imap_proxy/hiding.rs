//! What it means that a server does not know an extension: its words are not among the capabilities, every
//! command and option of it is BAD, and its response codes and attributes do not come.

use std::borrow::Cow;

/// An extension that can be taken away, with what rests on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extension {
    /// CONDSTORE and QRESYNC (RFC 7162).
    Condstore,
    /// QRESYNC alone: CONDSTORE stays (RFC 7162).
    Qresync,
    /// UIDPLUS (RFC 4315).
    UidPlus,
    /// MOVE (RFC 6851).
    Move,
    /// SORT and THREAD (RFC 5256).
    SortThread,
    /// ESEARCH and what builds on it (RFC 4731).
    Esearch,
    /// IDLE (RFC 2177).
    Idle,
    /// NOTIFY (RFC 5465).
    Notify,
    /// SPECIAL-USE and CREATE-SPECIAL-USE (RFC 6154).
    SpecialUse,
    /// LIST-STATUS (RFC 5819).
    ListStatus,
    /// LIST-EXTENDED (RFC 5258).
    ListExtended,
    /// LITERAL+ (RFC 7888).
    LiteralPlus,
    /// All others that Dovecot has: ENABLE, UNSELECT, NAMESPACE, ID, QUOTA, STATUS=SIZE, PREVIEW, SASL-IR, …
    Small,
}

/// Servers that lack something, by the name that `WHIMBREL_DIALECT` takes.
pub const DIALECTS: [(&str, &[Extension]); 11] = [
    ("without-condstore", &[Extension::Condstore]),
    ("without-qresync", &[Extension::Qresync]),
    ("without-uidplus", &[Extension::UidPlus]),
    ("without-move", &[Extension::Move]),
    ("without-sort", &[Extension::SortThread]),
    ("without-esearch", &[Extension::Esearch]),
    ("without-idle", &[Extension::Idle]),
    ("without-notify", &[Extension::Notify]),
    ("without-special-use", &[Extension::SpecialUse]),
    ("without-list-status", &[Extension::ListStatus]),
    ("bare", &Extension::ALL),
];

impl Extension {
    /// Every extension: what is left is `IMAP4rev1` as of 2003.
    pub const ALL: [Self; 13] = [
        Self::Condstore,
        Self::Qresync,
        Self::UidPlus,
        Self::Move,
        Self::SortThread,
        Self::Esearch,
        Self::Idle,
        Self::Notify,
        Self::SpecialUse,
        Self::ListStatus,
        Self::ListExtended,
        Self::LiteralPlus,
        Self::Small,
    ];

    fn has_word(self, word: &str) -> bool {
        let begins = |starts: &[&str]| starts.iter().any(|start| word.starts_with(start));
        match self {
            Self::Condstore => begins(&["CONDSTORE", "QRESYNC"]),
            Self::Qresync => begins(&["QRESYNC"]),
            Self::UidPlus => begins(&["UIDPLUS"]),
            Self::Move => begins(&["MOVE"]),
            Self::SortThread => begins(&["SORT", "THREAD=", "ESORT"]),
            Self::Esearch => begins(&["ESEARCH", "ESORT", "SEARCHRES", "CONTEXT="]),
            Self::Idle => begins(&["IDLE"]),
            Self::Notify => begins(&["NOTIFY"]),
            Self::SpecialUse => begins(&["SPECIAL-USE", "CREATE-SPECIAL-USE"]),
            Self::ListStatus => begins(&["LIST-STATUS"]),
            Self::ListExtended => begins(&["LIST-EXTENDED"]),
            Self::LiteralPlus => begins(&["LITERAL"]),
            Self::Small => {
                !begins(&["IMAP4REV1", "AUTH=", "STARTTLS", "LOGINDISABLED"])
                    && !Self::ALL
                        .into_iter()
                        .any(|other| other != Self::Small && other.has_word(word))
            }
        }
    }

    /// Whether a command needs it. `text` is in upper case, without tag, strings and literals.
    fn is_needed_by(self, text: &str) -> bool {
        let text = text.strip_prefix("UID ").unwrap_or(text);
        let command = text.split(' ').next().unwrap_or_default();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        match self {
            Self::Condstore => {
                command == "ENABLE" || has(&["CHANGEDSINCE", "(CONDSTORE)", "(QRESYNC", "MODSEQ"])
            }
            Self::Qresync => has(&["ENABLE QRESYNC", "(QRESYNC", "VANISHED"]),
            Self::UidPlus => command == "EXPUNGE" && text.len() > "EXPUNGE".len(),
            Self::Move => command == "MOVE",
            Self::SortThread => matches!(command, "SORT" | "THREAD"),
            Self::Esearch => command == "SEARCH" && has(&["RETURN"]),
            Self::Idle => command == "IDLE",
            Self::Notify => command == "NOTIFY",
            Self::SpecialUse => has(&["SPECIAL-USE", "(USE"]),
            Self::ListStatus => command == "LIST" && has(&["STATUS ("]),
            Self::ListExtended => command == "LIST" && has(&["RETURN", "LIST ("]),
            Self::LiteralPlus => has(&["+}"]),
            Self::Small => {
                matches!(
                    command,
                    "ENABLE"
                        | "UNSELECT"
                        | "NAMESPACE"
                        | "ID"
                        | "COMPRESS"
                        | "GETQUOTAROOT"
                        | "GETQUOTA"
                        | "SETQUOTA"
                ) || (command == "STATUS" && has(&["SIZE"]))
                    || (command == "AUTHENTICATE" && text.split(' ').count() > 2)
                    || has(&["PREVIEW", "BINARY"])
            }
        }
    }
}

/// A literal that a line announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Literal {
    /// Bytes.
    pub length: usize,
    /// It follows without waiting for permission.
    pub is_unasked: bool,
}

/// The literal announced at the end of a line.
#[must_use]
pub fn literal_at_end(line: &[u8]) -> Option<Literal> {
    let line = std::str::from_utf8(line.get(line.len().saturating_sub(32)..)?).ok()?;
    let (_, marker) = line.trim_end_matches(['\r', '\n']).rsplit_once('{')?;
    let marker = marker.strip_suffix('}')?;
    let digits = marker.strip_suffix('+').unwrap_or(marker);
    Some(Literal {
        length: digits.parse().ok()?,
        is_unasked: digits.len() < marker.len(),
    })
}

/// What a server without these says to a command that needs one of them.
#[must_use]
pub fn refusal(line: &[u8], hidden: &[Extension]) -> Option<String> {
    let line = String::from_utf8_lossy(line);
    let (tag, text) = line.trim_end().split_once(' ')?;
    let text = without_strings(text).to_uppercase();
    hidden
        .iter()
        .any(|extension| extension.is_needed_by(&text))
        .then(|| format!("{tag} BAD Unknown command or option\r\n"))
}

fn without_strings(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in text.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            c => left.push(c),
        }
    }
    left
}

/// A line of the server as one without these would say it.
#[must_use]
pub fn without<'a>(line: &'a [u8], hidden: &[Extension]) -> Cow<'a, [u8]> {
    let has = |extension: Extension| hidden.contains(&extension);
    let Ok(text) = std::str::from_utf8(line) else {
        return line.into();
    };
    let mut text = Cow::Borrowed(text);
    for (extension, codes) in [
        (Extension::UidPlus, &["[APPENDUID ", "[COPYUID "][..]),
        (Extension::Condstore, &["[HIGHESTMODSEQ ", "[NOMODSEQ"]),
    ] {
        if has(extension) && (text.contains(" OK ")) {
            for code in codes {
                text = without_code(text, code);
            }
        }
    }
    if has(Extension::SpecialUse) && text.starts_with("* LIST (") {
        text = without_uses(&text).into();
    }
    if text.starts_with("* CAPABILITY ") || text.contains("[CAPABILITY ") {
        text = without_words(&text, hidden).into();
    }
    text.into_owned().into_bytes().into()
}

fn without_code<'a>(text: Cow<'a, str>, code: &str) -> Cow<'a, str> {
    let cut = text.find(code).and_then(|start| {
        let end = text[start..].find("] ")?;
        Some(format!("{}{}", &text[..start], &text[start + end + 2..]))
    });
    cut.map_or(text, Cow::Owned)
}

fn without_uses(text: &str) -> String {
    const USES: [&str; 8] = [
        "\\All",
        "\\Archive",
        "\\Drafts",
        "\\Flagged",
        "\\Important",
        "\\Junk",
        "\\Sent",
        "\\Trash",
    ];
    let Some((attributes, rest)) = text.split_once(')') else {
        return text.to_owned();
    };
    let attributes = attributes.trim_start_matches("* LIST (");
    let left: Vec<&str> = attributes
        .split(' ')
        .filter(|word| !USES.contains(word))
        .collect();
    format!("* LIST ({}){rest}", left.join(" "))
}

fn without_words(text: &str, hidden: &[Extension]) -> String {
    let shown = |word: &&str| {
        let bare = word
            .trim_end_matches(|c: char| c.is_ascii_whitespace() || c == ']')
            .to_uppercase();
        !hidden.iter().any(|extension| extension.has_word(&bare))
    };
    let (start, rest) = text.split_once("CAPABILITY ").unwrap_or(("", text));
    let (words, end) = match rest.split_once(']') {
        Some((words, end)) if start.ends_with('[') => (words, format!("]{end}")),
        _ => (rest.trim_end(), "\r\n".to_owned()),
    };
    let left: Vec<&str> = words.split(' ').filter(shown).collect();
    format!("{start}CAPABILITY {}{end}", left.join(" "))
}

#[cfg(test)]
mod tests;
