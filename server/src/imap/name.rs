//! Mailbox names: the bytes on the wire, kept exactly, and how they read on screen.
//! Non-ASCII travels as modified UTF-7 (RFC 3501 §5.1.3).

use std::fmt;

use bytes::Bytes;

use super::{Error, Result};

mod utf7;

/// Bytes of a whole name; beyond it no server is known to agree.
const MAX_BYTES: usize = 1000;

/// A mailbox name as the server gave it. Only INBOX, which is case-insensitive, is normalized.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailboxName(Bytes);

impl MailboxName {
    /// The name of these bytes.
    #[must_use]
    pub fn from_wire(wire: &[u8]) -> Self {
        if wire.eq_ignore_ascii_case(b"INBOX") {
            return Self::inbox();
        }
        Self(Bytes::copy_from_slice(wire))
    }

    /// Where new mail arrives.
    #[must_use]
    pub fn inbox() -> Self {
        Self(Bytes::from_static(b"INBOX"))
    }

    /// Whether this is INBOX.
    #[must_use]
    pub fn is_inbox(&self) -> bool {
        &*self.0 == b"INBOX"
    }

    /// The bytes on the wire.
    #[must_use]
    pub fn wire(&self) -> &[u8] {
        &self.0
    }

    /// The whole name for people; what is not modified UTF-7 stands as it is, lossily.
    #[must_use]
    pub fn decoded(&self) -> String {
        utf7::decode(&self.0)
    }

    /// The name of a mailbox called `name`, as typed, below `parent` or at the top.
    /// `delimiter` is what the server puts between levels; `None` if it has no levels.
    ///
    /// # Errors
    /// [`Error::InvalidName`] if `name` cannot be one level of a name.
    pub fn child(parent: Option<&Self>, name: &str, delimiter: Option<u8>) -> Result<Self> {
        let refuse = |why: &str| Err(Error::InvalidName(why.to_owned()));
        if name.trim().is_empty() {
            return refuse("it is empty");
        }
        if name.chars().any(char::is_control) {
            return refuse("it holds a control character");
        }
        if delimiter.is_some_and(|delimiter| name.contains(char::from(delimiter))) {
            return refuse("it holds the character that stands between folders");
        }
        let mut wire = match (parent, delimiter) {
            (None, _) => Vec::new(),
            (Some(_), None) => return refuse("this server has no folders within folders"),
            (Some(parent), Some(delimiter)) => [parent.wire(), &[delimiter]].concat(),
        };
        wire.extend(utf7::encode(name));
        if wire.len() > MAX_BYTES {
            return refuse("it is too long");
        }
        Ok(Self::from_wire(&wire))
    }

    /// The levels above, nearest last, each as a name of its own; then the last level, decoded.
    #[must_use]
    pub fn levels(&self, delimiter: Option<u8>) -> (Option<Self>, String) {
        let split = delimiter.and_then(|delimiter| {
            let at = self.0.iter().rposition(|&byte| byte == delimiter)?;
            let last = self.0.get(at + 1..).filter(|last| !last.is_empty())?;
            let above = self.0.get(..at).filter(|above| !above.is_empty())?;
            Some((Self::from_wire(above), utf7::decode(last)))
        });
        match split {
            Some((above, last)) => (Some(above), last),
            None => (None, self.decoded()),
        }
    }
}

impl fmt::Debug for MailboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailboxName({})", self.0.escape_ascii())
    }
}

#[cfg(test)]
mod tests;
