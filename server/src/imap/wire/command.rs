//! Builds commands. Syntax is `&'static str`; whatever comes from people or servers goes through a
//! method that makes it an atom, a quoted string or a literal by its content, and never into syntax.

use std::{fmt::Write as _, time::Duration};

use bytes::Bytes;
use whimbrel_shared::UidSet;

use crate::imap::{Error, Result};

/// How long an answer may take, counted from the end of the command or from the last sign of life
/// while a long literal is sent.
pub(crate) const PATIENCE: Duration = Duration::from_secs(25);
/// Bytes of a set in one command; servers accept lines of 8 KiB at least (RFC 7162 §4).
const SET_LIMIT: usize = 7_000;
/// Messages moved or removed by one command.
const BATCH: usize = 1000;
/// A quoted string beyond this travels as a literal.
const QUOTED_LIMIT: usize = 900;

/// What a command is to the connection's idea of what is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Rows with a UID that arrive are its answer.
    Fetch,
    /// Search results that arrive are its answer.
    Search,
    /// Opens the mailbox of this wire name.
    Select(Bytes),
    /// Leaves the mailbox.
    Deselect,
    /// Marks that arrive are news.
    Other,
}

/// A command without its tag: text with literals between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// What it is to the connection.
    pub(crate) kind: Kind,
    /// How long the answer may take.
    pub(crate) patience: Duration,
    /// Text before each literal, and the literal.
    pub(crate) literals: Vec<(String, Bytes)>,
    /// Text after the last literal.
    pub(crate) text: String,
}

impl Command {
    /// A command that begins with these words.
    pub(crate) fn new(words: &'static str) -> Self {
        Self {
            kind: Kind::Other,
            patience: PATIENCE,
            literals: Vec::new(),
            text: words.to_owned(),
        }
    }

    /// The same as another kind.
    pub(crate) fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// The same with more time for its answer.
    pub(crate) fn patient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Words of the grammar, parentheses included.
    pub(crate) fn words(mut self, words: &'static str) -> Self {
        self.separate();
        self.text.push_str(words);
        self
    }

    /// The end of a list that [`Self::words`] began.
    pub(crate) fn close(mut self) -> Self {
        self.text.push(')');
        self
    }

    /// A set of UIDs or sequence numbers.
    pub(crate) fn set(mut self, set: &Set) -> Self {
        self.separate();
        self.text.push_str(&set.0);
        self
    }

    /// A number.
    pub(crate) fn number(mut self, number: u64) -> Self {
        self.separate();
        let _ = write!(self.text, "{number}");
        self
    }

    /// `BODY.PEEK[section]<offset.length>`; an empty section: the whole message. What can stand in no section
    /// is left out.
    pub(crate) fn body(mut self, section: &str, offset: u64, length: u64) -> Self {
        self.separate();
        let is_of_section = |c: &char| c.is_ascii_alphanumeric() || *c == '.';
        let section: String = section.chars().filter(is_of_section).collect();
        let _ = write!(self.text, "BODY.PEEK[{section}]<{offset}.{length}>");
        self
    }

    /// A list of flags; each is checked to be one atom, with or without a backslash.
    pub(crate) fn flags(mut self, flags: &[String]) -> Result<Self> {
        if let Some(flag) = flags.iter().find(|flag| !is_flag(flag)) {
            return Err(Error::Unsupported(format!("the mark {flag:?}")));
        }
        self.separate();
        let _ = write!(self.text, "({})", flags.join(" "));
        Ok(self)
    }

    /// A string of any content but NUL.
    pub(crate) fn string(mut self, bytes: &[u8]) -> Result<Self> {
        match form(bytes) {
            Form::Refused => return Err(Error::InvalidName("it holds a NUL".to_owned())),
            Form::Literal => return Ok(self.literal(Bytes::copy_from_slice(bytes))),
            Form::Quoted => {
                self.separate();
                self.text.push('"');
                for &byte in bytes {
                    if matches!(byte, b'"' | b'\\') {
                        self.text.push('\\');
                    }
                    self.text.push(char::from(byte)); // ASCII, or it would be a literal
                }
                self.text.push('"');
            }
            Form::Atom => {
                self.separate();
                self.text.extend(bytes.iter().copied().map(char::from));
            }
        }
        Ok(self)
    }

    /// A literal.
    pub(crate) fn literal(mut self, bytes: Bytes) -> Self {
        self.separate();
        let before = std::mem::take(&mut self.text);
        self.literals.push((before, bytes));
        self
    }

    fn separate(&mut self) {
        if !self.text.ends_with('(') {
            self.text.push(' ');
        }
    }
}

/// A set as it goes into one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Set(String);

impl Set {
    /// Sequence numbers `low` to `high`.
    pub(crate) fn sequence(low: u32, high: u32) -> Self {
        Self(format!("{low}:{high}"))
    }

    /// Every message.
    pub(crate) fn all() -> Self {
        Self("1:*".to_owned())
    }

    /// This UID and all above it.
    pub(crate) fn from(uid: u32) -> Self {
        Self(format!("{uid}:*"))
    }

    /// One UID.
    pub(crate) fn one(uid: u32) -> Self {
        Self(uid.to_string())
    }

    /// `uids` in as many sets as it takes to keep each command short.
    pub(crate) fn of(uids: &UidSet) -> Vec<Self> {
        split(uids, usize::MAX)
    }

    /// The same, and few enough messages in each to be moved within one command's time.
    pub(crate) fn batches(uids: &UidSet) -> Vec<Self> {
        split(uids, BATCH)
    }
}

fn split(uids: &UidSet, most: usize) -> Vec<Set> {
    let mut sets = Vec::new();
    let (mut text, mut count) = (String::new(), 0);
    for range in uids.ranges() {
        let (mut start, end) = (*range.start(), *range.end());
        loop {
            if text.len() > SET_LIMIT || count >= most {
                sets.push(Set(std::mem::take(&mut text)));
                count = 0;
            }
            let room = u32::try_from(most - count).unwrap_or(u32::MAX);
            let stop = end.min(start.saturating_add(room - 1));
            let comma = if text.is_empty() { "" } else { "," };
            let _ = if start == stop {
                write!(text, "{comma}{start}")
            } else {
                write!(text, "{comma}{start}:{stop}")
            };
            count = count
                .saturating_add((stop - start) as usize)
                .saturating_add(1);
            if stop == end {
                break;
            }
            start = stop + 1;
        }
    }
    if !text.is_empty() {
        sets.push(Set(text));
    }
    sets
}

enum Form {
    Atom,
    Quoted,
    Literal,
    Refused,
}

fn form(bytes: &[u8]) -> Form {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./".contains(byte);
    let needs_literal = |byte: &u8| !byte.is_ascii() || byte.is_ascii_control();
    if bytes.contains(&0) {
        Form::Refused
    } else if bytes.len() > QUOTED_LIMIT || bytes.iter().any(needs_literal) {
        Form::Literal
    } else if !bytes.is_empty() && bytes.iter().all(is_plain) && !bytes.eq_ignore_ascii_case(b"NIL")
    {
        Form::Atom
    } else {
        Form::Quoted
    }
}

fn is_flag(flag: &str) -> bool {
    let atom = flag.strip_prefix('\\').unwrap_or(flag);
    !atom.is_empty()
        && atom.len() <= 255
        && atom
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"(){%*\"\\]".contains(&byte))
}
