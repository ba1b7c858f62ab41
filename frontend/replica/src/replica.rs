//! What the user interface sees: reads are synchronous, wants start fetching, changes go through the queue.
//! Single-threaded; no borrow of the state is ever held across an await or while a listener runs.

use std::{future::Future, ops::Range, pin::Pin, rc::Rc};

use whimbrel_shared::{
    Action, ApiError, Envelope, ErrorCode, Event, Mailbox, MailboxId, MailboxList, Message,
    MessageKey, OperationId, OutcomeKind, Role, UidSet,
};

use crate::{
    list::{ListKey, ListView, Phase, Row},
    notice::Notice,
    store::Store,
    transport::Transport,
};

/// Work the replica wants done beside the caller's.
pub type LocalFuture = Pin<Box<dyn Future<Output = ()>>>;

/// The browser's copy of the mail. Cloning gives another handle to the same copy.
pub struct Replica<T, S>(Rc<(T, S)>);

impl<T, S> Clone for Replica<T, S> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: Transport, S: Store> Replica<T, S> {
    /// A replica that starts from what `store` kept. `spawn` runs a future beside the caller;
    /// `listener` is told what changed, from a future of its own, never from within a call.
    pub fn new(
        transport: T,
        store: S,
        spawn: impl Fn(LocalFuture) + 'static,
        listener: impl Fn(&Notice) + 'static,
    ) -> Self {
        let _ = (spawn, listener);
        Self(Rc::new((transport, store)))
    }

    /// All folders; empty until they are known.
    #[must_use]
    pub fn mailboxes(&self) -> Rc<MailboxList> {
        Rc::default()
    }

    /// One folder.
    #[must_use]
    pub fn mailbox(&self, _mailbox: &MailboxId) -> Option<Mailbox> {
        None
    }

    /// The folder that has this role.
    #[must_use]
    pub fn mailbox_of_role(&self, _role: Role) -> Option<Mailbox> {
        None
    }

    /// The id a folder has now: its own, unless it was renamed, or made under a makeshift id
    /// (`new-…`) that the server has replaced since. Every method takes old ids as well.
    #[must_use]
    pub fn current_id(&self, mailbox: &MailboxId) -> MailboxId {
        mailbox.clone()
    }

    /// What is known of a list.
    #[must_use]
    pub fn list(&self, _list: &ListKey) -> ListView {
        ListView {
            phase: Phase::Loading,
            uidvalidity: None,
            total: 0,
        }
    }

    /// The message of a row; `None` beyond the end.
    #[must_use]
    pub fn key_at(&self, _list: &ListKey, _index: usize) -> Option<MessageKey> {
        None
    }

    /// The row of a message; `None` if it is not in the list.
    #[must_use]
    pub fn index_of(&self, _list: &ListKey, _key: MessageKey) -> Option<usize> {
        None
    }

    /// A row; `None` beyond the end.
    #[must_use]
    pub fn row(&self, _list: &ListKey, _index: usize) -> Option<Row> {
        None
    }

    /// Every UID of a list, to select all.
    #[must_use]
    pub fn keys(&self, _list: &ListKey) -> UidSet {
        UidSet::new()
    }

    /// What a list would show of a message; `None` unless it was fetched.
    #[must_use]
    pub fn envelope(&self, _mailbox: &MailboxId, _key: MessageKey) -> Option<Rc<Envelope>> {
        None
    }

    /// A message; `None` unless it was fetched.
    #[must_use]
    pub fn message(&self, _mailbox: &MailboxId, _key: MessageKey) -> Option<Rc<Message>> {
        None
    }

    /// How many operations the server has not answered.
    #[must_use]
    pub fn queue_len(&self) -> usize {
        0
    }

    /// Whether the line stands, as far as is known, up to the mail server.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        true
    }

    /// Fetches the folders anew.
    pub fn want_mailboxes(&self) {}

    /// This list is on screen from now on (and the one before is not): fetches it, or what changed in it.
    pub fn want_list(&self, _list: &ListKey) {}

    /// These rows are on screen: fetches what is missing of them and, after them, of their neighbours.
    /// Only the latest range counts, so it may be called at every scroll step.
    pub fn want_rows(&self, _list: &ListKey, _rows: Range<usize>) {}

    /// The message, fetched unless it is there.
    ///
    /// # Errors
    /// What kept it from coming; nothing is tried again by itself.
    pub async fn open_message(
        &self,
        _mailbox: &MailboxId,
        _key: MessageKey,
    ) -> Result<Rc<Message>, ApiError> {
        std::future::ready(Err(ApiError::new(ErrorCode::Offline, "", ""))).await
    }

    /// Fetches a message that is likely to be opened next, when nothing else is being fetched.
    pub fn prefetch_message(&self, _mailbox: &MailboxId, _key: MessageKey) {}

    /// Does what a person meant: shown at once, queued, sent in order, again when the line is back.
    /// What becomes of it is told as [`Notice::Applied`], [`Notice::Gone`] or [`Notice::Refused`].
    pub fn perform(&self, _action: Action) -> OperationId {
        self.0.0.new_operation_id()
    }

    /// [`Self::perform`], and waits for what becomes of it, off-line for ever.
    pub async fn perform_and_wait(&self, action: Action) -> OutcomeKind {
        self.perform(action);
        std::future::pending().await
    }

    /// Takes back an operation that was not sent yet. False if it is too late.
    pub fn withdraw(&self, _id: &OperationId) -> bool {
        false
    }

    /// News of the server.
    pub fn receive(&self, _event: Event) {}

    /// The event stream stands, or broke.
    pub fn set_connected(&self, _connected: bool) {}

    /// The person gave the password again: goes on where [`Notice::SignedOut`] stopped it.
    pub fn signed_in_again(&self) {}

    /// Signing out: forgets all mail and the queue, here and in the store.
    pub fn forget_everything(&self) {}
}
