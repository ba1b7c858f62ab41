//! What the user interface sees: reads are synchronous, wants start fetching, changes go through the queue.
//! Single-threaded; no borrow of the state is ever held across an await or while a listener runs.

use std::{future::Future, ops::Range, pin::Pin, rc::Rc};

use whimbrel_shared::{
    Action, ApiError, Envelope, Event, Mailbox, MailboxId, MailboxList, Message, MessageKey,
    OperationId, OutcomeKind, Role, UidSet,
};

use crate::{
    driver::Driver,
    engine::Engine,
    list::{ListKey, ListView, Row},
    notice::Notice,
    refusals::Refusal,
    store::Store,
    transport::Transport,
};

/// Work the replica wants done beside the caller's.
pub type LocalFuture = Pin<Box<dyn Future<Output = ()>>>;

/// The browser's copy of the mail. Cloning gives another handle to the same copy.
pub struct Replica<T, S>(Rc<Driver<T, S>>);

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
        Self(Driver::start(
            transport,
            store,
            Box::new(spawn),
            Box::new(listener),
        ))
    }

    /// All folders; empty until they are known.
    #[must_use]
    pub fn mailboxes(&self) -> Rc<MailboxList> {
        self.0.read(|engine| engine.tree().view())
    }

    /// One folder.
    #[must_use]
    pub fn mailbox(&self, mailbox: &MailboxId) -> Option<Mailbox> {
        self.0.read(|engine| {
            let mailbox = engine.current_id(mailbox);
            engine.tree().find(&mailbox).cloned()
        })
    }

    /// The folder that has this role.
    #[must_use]
    pub fn mailbox_of_role(&self, role: Role) -> Option<Mailbox> {
        self.0.read(|engine| engine.tree().of_role(role).cloned())
    }

    /// The id a folder has now: its own, unless it was renamed, or made under a makeshift id
    /// (`new-…`) that the server has replaced since. Every method takes old ids as well.
    #[must_use]
    pub fn current_id(&self, mailbox: &MailboxId) -> MailboxId {
        self.0.read(|engine| engine.current_id(mailbox))
    }

    /// What is known of a list.
    #[must_use]
    pub fn list(&self, list: &ListKey) -> ListView {
        self.0
            .read(|engine| engine.list(&engine.current_list(list)))
    }

    /// Whether the list was learnt since it was last wanted: nothing of it is to be asked or on its way.
    #[must_use]
    pub fn is_fresh(&self, list: &ListKey) -> bool {
        self.0
            .read(|engine| engine.is_fresh(&engine.current_list(list)))
    }

    /// The message of a row; `None` beyond the end.
    #[must_use]
    pub fn key_at(&self, list: &ListKey, index: usize) -> Option<MessageKey> {
        self.0
            .read(|engine| engine.key_at(&engine.current_list(list), index))
    }

    /// The row of a message; `None` if it is not in the list.
    #[must_use]
    pub fn index_of(&self, list: &ListKey, key: MessageKey) -> Option<usize> {
        self.0.read(|engine| {
            let list = engine.current_list(list);
            let is_its = engine.list(&list).uidvalidity == Some(key.uidvalidity);
            let index = engine.order(&list)?.index_of(key.uid);
            index.filter(|_| is_its)
        })
    }

    /// A row; `None` beyond the end.
    #[must_use]
    pub fn row(&self, list: &ListKey, index: usize) -> Option<Row> {
        self.0
            .read(|engine| engine.row(&engine.current_list(list), index))
    }

    /// Every UID of a list, to select all.
    #[must_use]
    pub fn keys(&self, list: &ListKey) -> UidSet {
        self.0.read(|engine| {
            let order = engine.order(&engine.current_list(list));
            order.map_or_else(UidSet::new, |order| order.uids().clone())
        })
    }

    /// What a list would show of a message; `None` unless it was fetched.
    #[must_use]
    pub fn envelope(&self, mailbox: &MailboxId, key: MessageKey) -> Option<Rc<Envelope>> {
        self.0
            .read(|engine| engine.envelope(&engine.current_id(mailbox), key))
    }

    /// A message; `None` unless it was fetched.
    #[must_use]
    pub fn message(&self, mailbox: &MailboxId, key: MessageKey) -> Option<Rc<Message>> {
        self.0.read_message(&(self.current_id(mailbox), key))
    }

    /// How many operations the server has not answered.
    #[must_use]
    pub fn queue_len(&self) -> usize {
        self.0.read(Engine::queue_len)
    }

    /// Operations that were not done, oldest first, until [`Self::dismiss`]; without those for whose outcome
    /// somebody waited.
    #[must_use]
    pub fn could_not_apply(&self) -> Vec<Refusal> {
        self.0.read(Engine::could_not_apply)
    }

    /// The person has seen that this operation was not done, or has it tried again.
    pub fn dismiss(&self, id: &OperationId) {
        self.0.with(|engine| engine.dismiss(id));
    }

    /// Whether the line stands, as far as is known, up to the mail server.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.0.read(Engine::is_connected)
    }

    /// Fetches the folders anew.
    pub fn want_mailboxes(&self) {
        self.0.with(Engine::want_mailboxes);
    }

    /// This list is on screen from now on (and the one before is not): fetches it, or what changed in it.
    pub fn want_list(&self, list: &ListKey) {
        self.0
            .with(|engine| engine.want_list(&engine.current_list(list)));
    }

    /// These rows are on screen: fetches what is missing of them and, after them, of their neighbours.
    /// Only the latest range counts, so it may be called at every scroll step.
    pub fn want_rows(&self, list: &ListKey, rows: Range<usize>) {
        self.0
            .with(|engine| engine.want_rows(&engine.current_list(list), rows));
    }

    /// The message, fetched unless it is there.
    ///
    /// # Errors
    /// What kept it from coming; nothing is tried again by itself.
    pub async fn open_message(
        &self,
        mailbox: &MailboxId,
        key: MessageKey,
    ) -> Result<Rc<Message>, ApiError> {
        let name = (self.current_id(mailbox), key);
        if let Some(message) = self.0.read_message(&name) {
            return Ok(message);
        }
        let opened = self.0.with(|engine| {
            engine.open_message(&name)?;
            Ok(self.0.opened(name.clone()))
        })?;
        opened.await
    }

    /// What the server says of messages has changed: each is fetched anew when it is opened.
    pub fn forget_messages(&self) {
        self.0.with(Engine::forget_messages);
    }

    /// Fetches a message that is likely to be opened next, when nothing else is being fetched.
    pub fn prefetch_message(&self, mailbox: &MailboxId, key: MessageKey) {
        let name = (self.current_id(mailbox), key);
        self.0.with(|engine| engine.prefetch_message(name));
    }

    /// Does what a person meant: shown at once, queued, sent in order, again when the line is back.
    /// What becomes of it is told as [`Notice::Applied`], [`Notice::Gone`] or [`Notice::Refused`].
    pub fn perform(&self, action: Action) -> OperationId {
        let id = self.0.transport.new_operation_id();
        self.0.with(|engine| engine.perform(id.clone(), action));
        id
    }

    /// [`Self::perform`], and waits for what becomes of it, off-line for ever. Telling of a refusal is then
    /// the caller's.
    pub async fn perform_and_wait(&self, action: Action) -> OutcomeKind {
        let id = self.0.transport.new_operation_id();
        let outcome = self.0.outcome(id.clone());
        self.0.with(|engine| engine.perform(id, action));
        outcome.await
    }

    /// Takes back an operation that was not sent yet. False if it is too late.
    pub fn withdraw(&self, id: &OperationId) -> bool {
        self.0.with(|engine| engine.withdraw(id))
    }

    /// News of the server.
    pub fn receive(&self, event: Event) {
        self.0.with(|engine| engine.receive(event));
    }

    /// The event stream stands, or broke.
    pub fn set_connected(&self, connected: bool) {
        self.0.with(|engine| engine.set_connected(connected));
    }

    /// The person gave the password again: goes on where [`Notice::SignedOut`] stopped it.
    pub fn signed_in_again(&self) {
        self.0.with(Engine::signed_in_again);
    }

    /// Signing out: forgets all mail and the queue, here and in the store.
    pub fn forget_everything(&self) {
        self.0.with(Engine::forget_everything);
        self.0.turn_openers_away();
    }
}
