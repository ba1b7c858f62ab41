//! The replica's way to the server: its questions as HTTP requests.

use std::time::Duration;

use whimbrel_replica::transport::Transport;
use whimbrel_shared::{
    ApiError, Changes, Envelopes, MailboxId, MailboxList, MailboxSnapshot, Message, MessageKey,
    Operation, OperationId, Outcome, SearchResult, State, UidSet, UidValidity, path,
};

use super::{fetch, ids, timers};
use crate::logic::percent;

/// Asks Whimbrel's server.
#[derive(Debug, Clone, Copy, Default)]
pub struct HttpTransport;

impl Transport for HttpTransport {
    async fn mailboxes(&self) -> Result<MailboxList, ApiError> {
        fetch::poll(path::MAILBOXES).await
    }

    async fn snapshot(
        &self,
        mailbox: &MailboxId,
        window: u32,
    ) -> Result<MailboxSnapshot, ApiError> {
        fetch::poll(&path::mailbox(mailbox, window)).await
    }

    async fn changes(
        &self,
        mailbox: &MailboxId,
        since: &State,
        shown: &UidSet,
    ) -> Result<Changes, ApiError> {
        fetch::poll(&path::changes(mailbox, since, shown)).await
    }

    async fn envelopes(
        &self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        uids: &UidSet,
    ) -> Result<Envelopes, ApiError> {
        fetch::poll(&path::envelopes(mailbox, uidvalidity, uids)).await
    }

    async fn search(&self, mailbox: &MailboxId, text: &str) -> Result<SearchResult, ApiError> {
        fetch::get(&path::search(mailbox, &percent::encode(text))).await
    }

    async fn message(&self, mailbox: &MailboxId, key: MessageKey) -> Result<Message, ApiError> {
        fetch::get(&path::message(mailbox, key)).await
    }

    async fn operations(&self, operations: &[Operation]) -> Result<Vec<Outcome>, ApiError> {
        fetch::post(path::OPERATIONS, &operations).await
    }

    fn new_operation_id(&self) -> OperationId {
        ids::operation_id()
    }

    async fn sleep(&self, duration: Duration) {
        timers::sleep(duration).await;
    }
}
