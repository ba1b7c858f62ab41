//! Which messages an action is about.

use leptos::prelude::*;
use whimbrel_shared::{MailboxId, MessageKey, UidSet, UidValidity};

use super::App;

/// Messages of one mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// Where they are.
    pub mailbox_id: MailboxId,
    /// The UIDVALIDITY of `uids`.
    pub uidvalidity: UidValidity,
    /// Which; never empty when made by [`App::targets`].
    pub uids: UidSet,
}

impl Targets {
    /// One message.
    #[must_use]
    pub fn one(mailbox_id: MailboxId, key: MessageKey) -> Self {
        Self {
            mailbox_id,
            uidvalidity: key.uidvalidity,
            uids: UidSet::one(key.uid),
        }
    }
}

impl App {
    /// What an action without further words is about: the ticked messages, else the open one,
    /// else the one under the cursor. Does not track.
    #[must_use]
    pub fn targets(self) -> Option<Targets> {
        untrack(|| {
            let mailbox_id = self.navigation.mailbox.get()?;
            if !self.selection.is_empty() {
                return Some(Targets {
                    mailbox_id,
                    uidvalidity: self.selection.uidvalidity(),
                    uids: self.selection.uids(),
                });
            }
            let open = self.navigation.message.get().map(|(_, key)| key);
            let key = open.or_else(|| self.cursor.key.get())?;
            Some(Targets::one(mailbox_id, key))
        })
    }

    /// What dragging a row, or an action of a row, is about: all ticked messages if it is among
    /// them, else that row alone.
    #[must_use]
    pub fn targets_of_row(self, key: MessageKey) -> Option<Targets> {
        if untrack(|| self.selection.contains(key)) {
            return self.targets();
        }
        let mailbox_id = self.navigation.mailbox.get_untracked()?;
        Some(Targets::one(mailbox_id, key))
    }

    /// The open message alone, for the toolbar of the message.
    #[must_use]
    pub fn open_target(self) -> Option<Targets> {
        let (mailbox_id, key) = self.navigation.message.get_untracked()?;
        Some(Targets::one(mailbox_id, key))
    }
}
