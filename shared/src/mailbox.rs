//! Mailboxes (the interface says "folders"): names, roles, rights and counts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::State;

/// An opaque, URL-safe name of a mailbox. Stable until the mailbox is renamed.
/// Only the server makes and reads it; the browser passes it on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MailboxId(pub String);

impl fmt::Display for MailboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a mailbox is for (RFC 6154, RFC 8621 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Where new mail arrives.
    Inbox,
    /// Letters being written.
    Drafts,
    /// Copies of what was sent.
    Sent,
    /// A server-made view of flagged messages.
    Flagged,
    /// Kept, out of the way.
    Archive,
    /// Unwanted.
    Junk,
    /// Thrown away, not yet for ever.
    Trash,
    /// A server-made view of everything.
    All,
}

/// What the account may do with a mailbox (RFC 8621 §2, RFC 4314).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rights {
    /// It can be opened; false for a mere parent (`\Noselect`).
    pub may_read_items: bool,
    /// Messages can be put into it.
    pub may_add_items: bool,
    /// Messages can be taken out of it.
    pub may_remove_items: bool,
    /// Mailboxes can be made below it.
    pub may_create_child: bool,
    /// It can get another name.
    pub may_rename: bool,
    /// It can be deleted.
    pub may_delete: bool,
}

/// One mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mailbox {
    /// Its opaque id.
    pub id: MailboxId,
    /// The mailbox above it, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<MailboxId>,
    /// The last part of its name, decoded, as shown.
    pub name: String,
    /// Its role, if it has one. At most one mailbox has a given role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Place among its siblings: roles first, then by name.
    pub sort_order: u32,
    /// All messages in it.
    pub total_emails: u32,
    /// Messages without `$seen`.
    pub unread_emails: u32,
    /// Shown in mail programs that show subscribed folders only.
    pub is_subscribed: bool,
    /// What may be done with it.
    pub my_rights: Rights,
    /// What it looked like when the counts were taken; `None` where it cannot be opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
}

/// All mailboxes, parents before children, siblings by `sort_order`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailboxList {
    /// The mailboxes.
    pub mailboxes: Vec<Mailbox>,
    /// New mailboxes can be made at the top.
    pub may_create_top_level: bool,
}
