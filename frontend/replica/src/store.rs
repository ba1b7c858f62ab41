//! Where the replica keeps what it knows between two visits. Small mutable data (keywords, UID lists)
//! is written apart from immutable content (envelopes, messages). No policy here: what to keep and
//! when to ask the server is the engine's business.

use std::{future::Future, rc::Rc};

use whimbrel_shared::{
    Envelope, KeywordChange, MailboxId, MailboxList, Message, MessageKey, Operation, OperationId,
    State, UidSet, UidValidity,
};

/// A place to keep the replica. A message or row that was written may be missing later (space);
/// mailboxes and operations may not.
pub trait Store: 'static {
    /// The mailbox list, and the queue in order.
    fn load(&self) -> impl Future<Output = Result<Saved, StoreError>>;

    /// What a mailbox looked like; `None` if it was never written.
    fn mailbox(
        &self,
        mailbox: &MailboxId,
    ) -> impl Future<Output = Result<Option<SavedMailbox>, StoreError>>;

    /// Those rows of `uids` that are kept, with the keywords written last.
    fn envelopes(
        &self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        uids: &UidSet,
    ) -> impl Future<Output = Result<Vec<Rc<Envelope>>, StoreError>>;

    /// A message, if it is kept, with the keywords written last.
    fn message(
        &self,
        mailbox: &MailboxId,
        key: MessageKey,
    ) -> impl Future<Output = Result<Option<Rc<Message>>, StoreError>>;

    /// Writes all of `writes` in order, or none of them.
    fn write(&self, writes: Vec<Write>) -> impl Future<Output = Result<(), StoreError>>;
}

/// What is read when the replica starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saved {
    /// The mailbox list; `None` if it was never written.
    pub mailboxes: Option<Rc<MailboxList>>,
    /// Operations that wait, by their number, ascending.
    pub queue: Vec<(u64, Operation)>,
}

/// What a mailbox looked like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedMailbox {
    /// Its state.
    pub state: State,
    /// Its UIDVALIDITY.
    pub uidvalidity: UidValidity,
    /// Every UID in it.
    pub uids: UidSet,
}

/// One change of what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// The mailbox list.
    Mailboxes(Rc<MailboxList>),
    /// What a mailbox looks like. Rows and messages that are not of this UIDVALIDITY or not among
    /// these UIDs need not be kept.
    Mailbox(MailboxId, SavedMailbox),
    /// A mailbox is gone, with all that was in it.
    RemoveMailbox(MailboxId),
    /// Rows of a mailbox.
    Envelopes(MailboxId, UidValidity, Vec<Rc<Envelope>>),
    /// Keywords of rows and messages that may or may not be kept.
    Keywords(MailboxId, UidValidity, Vec<KeywordChange>),
    /// A message.
    Message(Rc<Message>),
    /// Every message is to be forgotten.
    ForgetMessages,
    /// An operation at its place in the queue; an operation with that number is replaced.
    Operation(u64, Operation),
    /// An operation left the queue.
    RemoveOperation(OperationId),
    /// Everything is to be forgotten.
    Clear,
}

/// The store failed, in the words of its maker. The replica goes on without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the browser's store failed: {}", self.0)
    }
}

impl std::error::Error for StoreError {}
