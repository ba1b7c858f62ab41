//! Builds commands. Syntax is `&'static str`; whatever comes from people or servers goes through a
//! method that makes it an atom, a quoted string or a literal by its content, and never into syntax.

use std::{fmt::Write as _, time::Duration};

use bytes::Bytes;
use whimbrel_shared::{PartId, UidSet};

use crate::imap::{Error, Result};

/// How long an answer may take, counted from the end of the command or from the last sign of life
/// while a long literal is sent.
pub(crate) const PATIENCE: Duration = Duration::from_secs(25);
/// Bytes of a set in one command; servers accept lines of 8 KiB at least (RFC 7162 §4).
const SET_LIMIT: usize = 7_000;
/// A quoted string beyond this travels as a literal.
const QUOTED_LIMIT: usize = 900;

/// What a command is to the connection's idea of what is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Rows with a UID that arrive are its answer.
    Fetch,
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

    /// `BODY.PEEK[section]<offset.length>`; no section: the whole message.
    pub(crate) fn body(mut self, section: Option<&PartId>, offset: u64, length: u64) -> Self {
        self.separate();
        let section = section.map_or("", PartId::as_str);
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

    /// Bytes on the wire, roughly.
    pub(crate) fn len(&self) -> usize {
        let literals = self.literals.iter();
        literals
            .map(|(text, literal)| text.len() + literal.len() + 16)
            .sum::<usize>()
            + self.text.len()
            + 16
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

    /// One UID.
    pub(crate) fn one(uid: u32) -> Self {
        Self(uid.to_string())
    }

    /// `uids` in as many sets as it takes to keep each command short.
    pub(crate) fn of(uids: &UidSet) -> Vec<Self> {
        let mut sets = Vec::new();
        let mut text = String::new();
        for range in uids.ranges() {
            if text.len() > SET_LIMIT {
                sets.push(Self(std::mem::take(&mut text)));
            }
            if !text.is_empty() {
                text.push(',');
            }
            let _ = match (range.start(), range.end()) {
                (start, end) if start == end => write!(text, "{start}"),
                (start, end) => write!(text, "{start}:{end}"),
            };
        }
        if !text.is_empty() {
            sets.push(Self(text));
        }
        sets
    }
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
