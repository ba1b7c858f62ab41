//! News pushed to the browser.

use serde::{Deserialize, Serialize};

use crate::{MailboxId, MailboxList, State};

/// One piece of news. Losing one is harmless: after a gap the browser asks for the mailboxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum Event {
    /// The stream begins (also after a gap): ask what changed.
    Hello,
    /// A mailbox looks different now: ask for its changes.
    MailboxChanged {
        /// Which.
        mailbox_id: MailboxId,
        /// What it looks like now, if known.
        #[serde(default)]
        state: Option<State>,
    },
    /// Folders or their counts changed: the whole list as it is now.
    Mailboxes {
        /// The list.
        list: MailboxList,
    },
    /// The mail server is out of reach; Whimbrel goes on trying.
    MailServerLost,
    /// The mail server answers again.
    MailServerBack,
    /// Words of the mail server's administrator (`[ALERT]`), to be shown once, as text.
    Alert {
        /// The words.
        text: String,
    },
    /// The session ended.
    SessionEnded {
        /// How.
        #[serde(default)]
        reason: SessionEnd,
    },
}

/// How a session ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SessionEnd {
    /// A person signed out: nothing of the account stays on any screen.
    SignedOut,
    /// By itself, or the mail server refuses the password by now: ask for the password.
    #[default]
    #[serde(other)]
    Expired,
}
