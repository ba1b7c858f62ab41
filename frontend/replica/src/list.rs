//! A list on screen: its name, what is known of it, and its rows.

use std::rc::Rc;

use whimbrel_shared::{ApiError, Envelope, MailboxId, MessageKey, UidValidity};

/// Which list: a mailbox, or a search in one. Newest first by UID.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListKey {
    /// The mailbox.
    pub mailbox: MailboxId,
    /// The text searched for; `None` for the whole mailbox.
    pub search: Option<String>,
}

impl ListKey {
    /// The list of a whole mailbox.
    #[must_use]
    pub fn whole(mailbox: MailboxId) -> Self {
        Self {
            mailbox,
            search: None,
        }
    }
}

/// What is known of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListView {
    /// Whether there is something to show.
    pub phase: Phase,
    /// The UIDVALIDITY of the keys in it; `None` until it is known.
    pub uidvalidity: Option<UidValidity>,
    /// How many rows it has.
    pub total: usize,
}

/// Whether a list has something to show. A list that is shown and refreshed stays `Ready`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Nothing is known yet.
    Loading,
    /// Its rows are known, though perhaps not what is in each.
    Ready,
    /// Nothing is known, because of this. [`crate::replica::Replica::want_list`] tries again.
    Failed(ApiError),
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The message.
    pub key: MessageKey,
    /// What to show; `None` until it was fetched.
    pub envelope: Option<Rc<Envelope>>,
}
