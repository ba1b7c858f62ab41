//! How full an account is, and what fills it.

use serde::{Deserialize, Serialize};

use crate::MailboxId;

/// The room of an account, where the mail server sets a limit. Bytes, at most 2^53 - 1: more than
/// that the browser does not count exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// What is taken.
    pub used: u64,
    /// What there is; never zero.
    pub limit: u64,
}

/// How much of the account a mailbox takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FolderSize {
    /// Which.
    pub mailbox_id: MailboxId,
    /// All messages in it.
    pub messages: u32,
    /// Their bytes together, if the mail server says so (RFC 8438).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}
