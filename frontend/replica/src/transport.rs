//! What the replica needs of the network: one method a call of the sync contract, and a clock.
//! Every call must end by itself (with a deadline); the replica retries, the transport never does.

use std::{future::Future, time::Duration};

use whimbrel_shared::{
    ApiError, Changes, Envelopes, MailboxId, MailboxList, MailboxSnapshot, Message, MessageKey,
    Operation, OperationId, Outcome, SearchResult, State, UidSet, UidValidity,
};

/// The line to Whimbrel's server. Implement the methods as `async fn`.
/// No line at all is an [`ApiError`] of code `Offline`.
pub trait Transport: 'static {
    /// All mailboxes ([`whimbrel_shared::path::MAILBOXES`]).
    fn mailboxes(&self) -> impl Future<Output = Result<MailboxList, ApiError>>;

    /// A mailbox as a whole with its `window` newest rows ([`whimbrel_shared::path::MAILBOX`]).
    fn snapshot(
        &self,
        mailbox: &MailboxId,
        window: u32,
    ) -> impl Future<Output = Result<MailboxSnapshot, ApiError>>;

    /// What happened since `since` ([`whimbrel_shared::path::CHANGES`]).
    fn changes(
        &self,
        mailbox: &MailboxId,
        since: &State,
        shown: &UidSet,
    ) -> impl Future<Output = Result<Changes, ApiError>>;

    /// Rows, at most 200 ([`whimbrel_shared::path::ENVELOPES`]).
    fn envelopes(
        &self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        uids: &UidSet,
    ) -> impl Future<Output = Result<Envelopes, ApiError>>;

    /// The messages with `text` in them ([`whimbrel_shared::path::SEARCH`]).
    fn search(
        &self,
        mailbox: &MailboxId,
        text: &str,
    ) -> impl Future<Output = Result<SearchResult, ApiError>>;

    /// One message, parsed ([`whimbrel_shared::path::MESSAGE`]).
    fn message(
        &self,
        mailbox: &MailboxId,
        key: MessageKey,
    ) -> impl Future<Output = Result<Message, ApiError>>;

    /// Applies operations in order ([`whimbrel_shared::path::OPERATIONS`]).
    fn operations(
        &self,
        operations: &[Operation],
    ) -> impl Future<Output = Result<Vec<Outcome>, ApiError>>;

    /// An id never given before, by no tab of no computer.
    fn new_operation_id(&self) -> OperationId;

    /// Waits.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()>;
}
