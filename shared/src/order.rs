//! Other orders of a mailbox than that of arrival, and its conversations: compact vectors of UIDs,
//! with the state they belong to.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{State, Uid, UidSet, UidValidity};

/// What the messages of a mailbox can be ordered by (RFC 5256 §3). Equal ones stand by UID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OrderBy {
    /// When they arrived (INTERNALDATE).
    ReceivedAt,
    /// The `Date` header; when they arrived if it is missing or unreadable.
    SentAt,
    /// The name of the first sender, or the address where there is no name.
    From,
    /// The name of the first recipient, or the address where there is no name.
    To,
    /// The subject without `Re:`, `Fwd:`, list tags and the like (RFC 5256 §2.1).
    Subject,
    /// RFC822.SIZE.
    Size,
}

impl OrderBy {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ReceivedAt,
        Self::SentAt,
        Self::From,
        Self::To,
        Self::Subject,
        Self::Size,
    ];
}

impl fmt::Display for OrderBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReceivedAt => "receivedAt",
            Self::SentAt => "sentAt",
            Self::From => "from",
            Self::To => "to",
            Self::Subject => "subject",
            Self::Size => "size",
        })
    }
}

/// UIDs in an order of their own. Text form: `7,3:5,2`; a run counts up by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UidList(pub Vec<Uid>);

impl fmt::Display for UidList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = self
            .0
            .chunk_by(|uid, next| uid.checked_add(1) == Some(*next));
        for (i, run) in runs.enumerate() {
            let comma = if i > 0 { "," } else { "" };
            match run {
                [first, .., last] => write!(f, "{comma}{first}:{last}")?,
                [only] => write!(f, "{comma}{only}")?,
                [] => {}
            }
        }
        Ok(())
    }
}

/// The text is no list of UIDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAUidList;

impl fmt::Display for NotAUidList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of UIDs looks like 7,3:5,2")
    }
}

impl std::error::Error for NotAUidList {}

impl FromStr for UidList {
    type Err = NotAUidList;

    fn from_str(text: &str) -> Result<Self, NotAUidList> {
        /// More UIDs than any mailbox has: a short text must not become a large list.
        const MOST: usize = 10_000_000;
        let number = |text: &str| text.parse::<Uid>().map_err(|_| NotAUidList);
        let mut uids = Vec::new();
        for item in text.split(',').filter(|_| !text.is_empty()) {
            let (start, end) = item.split_once(':').unwrap_or((item, item));
            let (start, end) = (number(start)?, number(end)?);
            let length = end.checked_sub(start).ok_or(NotAUidList)? as usize;
            if start == 0 || uids.len().saturating_add(length) > MOST {
                return Err(NotAUidList);
            }
            uids.extend(start..=end);
        }
        Ok(Self(uids))
    }
}

impl Serialize for UidList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UidList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A mailbox in some order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailboxOrder {
    /// What the mailbox looked like.
    pub state: State,
    /// The UIDVALIDITY the UIDs belong to.
    pub uidvalidity: UidValidity,
    /// Every message once, ascending: the reverse is read from the end.
    pub uids: UidList,
}

/// The conversations of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailboxThreads {
    /// What the mailbox looked like.
    pub state: State,
    /// The UIDVALIDITY the UIDs belong to.
    pub uidvalidity: UidValidity,
    /// Every message that was looked at.
    pub uids: UidSet,
    /// Messages that belong together: threads of two and more, by their newest message, oldest thread
    /// first. A message of `uids` that is in none stands alone.
    pub threads: Vec<UidSet>,
}

#[cfg(test)]
mod tests {
    use super::{OrderBy, UidList};

    #[test]
    fn a_list_keeps_its_order_in_few_bytes() {
        for text in ["", "7", "7,3:5,2", "5,4,3", "4294967295"] {
            let list: UidList = text.parse().unwrap();
            assert_eq!(list.to_string(), text);
        }
        assert_eq!("7,3:5,2".parse::<UidList>().unwrap().0, [7, 3, 4, 5, 2]);
        for wrong in ["0", "5:3", "1:", "a", "1,,2", "1:4294967295"] {
            assert!(wrong.parse::<UidList>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_order_is_called_the_same_in_urls_and_json() {
        for by in OrderBy::ALL {
            assert_eq!(serde_json::to_string(&by).unwrap(), format!("\"{by}\""));
        }
    }
}
