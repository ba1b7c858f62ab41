//! What names a message for ever: its mailbox's UIDVALIDITY and its UID (RFC 9051 §2.3.1.1).

use std::{fmt, num::NonZeroU32, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The UID of a message within one UIDVALIDITY of its mailbox.
pub type Uid = u32;

/// The UIDVALIDITY of a mailbox: when it changes, no UID means what it meant.
pub type UidValidity = u32;

/// `uidvalidity.uid` within a mailbox; can never come to mean another message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey {
    /// The UIDVALIDITY under which `uid` was given.
    pub uidvalidity: UidValidity,
    /// Never zero.
    pub uid: Uid,
}

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.uidvalidity, self.uid)
    }
}

/// The text is not `uidvalidity.uid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAKey;

impl fmt::Display for NotAKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message key is two numbers with a dot between")
    }
}

impl std::error::Error for NotAKey {}

impl FromStr for MessageKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (uidvalidity, uid) = text.split_once('.').ok_or(NotAKey)?;
        let uid: NonZeroU32 = uid.parse().map_err(|_| NotAKey)?;
        Ok(Self {
            uidvalidity: uidvalidity.parse().map_err(|_| NotAKey)?,
            uid: uid.get(),
        })
    }
}

impl Serialize for MessageKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MessageKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
