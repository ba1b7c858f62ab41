//! What the replica tells the user interface. Told after the state is consistent, so that whoever
//! listens may read and change at once; equal notices of one turn are told once.

use whimbrel_shared::{Action, MailboxId, MessageKey, MovedKey, OperationId, RefusedRecipient};

use crate::list::ListKey;

/// One piece of news of the replica.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Folders or their counts look different.
    Mailboxes,
    /// A list has other rows, another length or another phase.
    List(ListKey),
    /// Rows of a list show something else; which rows are in it did not change.
    Rows(ListKey),
    /// A message arrived, or its keywords look different.
    Message(MailboxId, MessageKey),
    /// The queue is longer or shorter.
    Queue,
    /// An operation was not done, and the screen went back. What and why stands in
    /// [`crate::replica::Replica::could_not_apply`], unless somebody waited for the outcome.
    Refused {
        /// Which.
        id: OperationId,
    },
    /// What an operation was about was gone already; nothing was done. If it was to be moved or copied,
    /// that stands in [`crate::replica::Replica::could_not_apply`].
    Gone {
        /// Which.
        id: OperationId,
    },
    /// An operation was done. Messages that were to be moved or copied and were gone stand in
    /// [`crate::replica::Replica::could_not_apply`].
    Applied {
        /// Which.
        id: OperationId,
        /// What was meant.
        action: Action,
        /// Where moved, copied or saved messages are now, if the server says.
        moved: Vec<MovedKey>,
        /// The mailbox that was made or renamed.
        mailbox_id: Option<MailboxId>,
        /// Recipients that were refused while others were accepted (sending only).
        refused_recipients: Vec<RefusedRecipient>,
        /// Something beside the main thing failed, in plain words.
        warning: Option<String>,
    },
    /// A mailbox was found to differ from what the server has, though nobody told of a change: it starts over.
    Mismatch(MailboxId),
    /// [`crate::replica::Replica::is_connected`] answers differently.
    Connection,
    /// The session ended: nothing is sent until
    /// [`crate::replica::Replica::signed_in_again`].
    SignedOut,
    /// Words of the mail server's administrator, to be shown once, as text.
    Alert(String),
}
