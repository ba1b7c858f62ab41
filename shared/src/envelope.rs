//! One row of a list.

use serde::{Deserialize, Serialize};

use crate::{Address, Keywords, Uid};

/// What a list shows of a message without opening it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// Its UID in the mailbox that was asked.
    pub uid: Uid,
    /// What it is marked with.
    #[serde(default)]
    pub keywords: Keywords,
    /// `From`, decoded; empty if missing or unreadable.
    #[serde(default)]
    pub from: Vec<Address>,
    /// `To`, decoded, at most ten; shown instead of `from` in Sent and Drafts.
    #[serde(default)]
    pub to: Vec<Address>,
    /// `Subject`, decoded; empty if missing.
    #[serde(default)]
    pub subject: String,
    /// When it arrived (INTERNALDATE): seconds since the Unix epoch, UTC; 0 if the server lied.
    pub received_at: i64,
    /// The `Date` header: seconds since the Unix epoch, UTC; `None` if missing or unreadable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<i64>,
    /// RFC822.SIZE in bytes.
    pub size: u64,
    /// It carries files.
    #[serde(default)]
    pub has_attachment: bool,
    /// The beginning of its text, one line; `None` where the server cannot say (no PREVIEW, RFC 8970).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
}
