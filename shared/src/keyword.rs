//! Keywords: what a message is marked with, by JMAP's lower-case names (RFC 8621 §4.1.1).

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

/// One keyword, lower-case. System flags are `$seen`, `$answered`, `$flagged`, `$draft`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Keyword(String);

/// The keywords of a message.
pub type Keywords = BTreeSet<Keyword>;

impl Keyword {
    /// It was read (IMAP `\Seen`).
    pub const SEEN: &'static str = "$seen";
    /// It was answered (IMAP `\Answered`).
    pub const ANSWERED: &'static str = "$answered";
    /// It was passed on (`$Forwarded`).
    pub const FORWARDED: &'static str = "$forwarded";
    /// It stands out (IMAP `\Flagged`).
    pub const FLAGGED: &'static str = "$flagged";
    /// It is being written (IMAP `\Draft`).
    pub const DRAFT: &'static str = "$draft";
    /// It is unwanted (`$Junk`).
    pub const JUNK: &'static str = "$junk";
    /// It is not unwanted (`$NotJunk`).
    pub const NOT_JUNK: &'static str = "$notjunk";

    /// A keyword of this name, in lower case; mail servers take ASCII letters only (RFC 9051, `atom`).
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.to_ascii_lowercase())
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Keyword {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
