//! The line between a replica and Whimbrel's server: its questions as requests, some of which are lost on the
//! way while the weather is bad, and some of whose answers are.

use std::{cell::Cell, rc::Rc, time::Duration};

use serde::de::DeserializeOwned;
use whimbrel_replica::transport::Transport;
use whimbrel_shared::{
    ApiError, Changes, Envelopes, ErrorCode, MailboxId, MailboxList, MailboxSnapshot, Message,
    MessageKey, Operation, OperationId, Outcome, SearchResult, State, UidSet, UidValidity, path,
};
use whimbrel_tests::client::{Response, TestClient};

use crate::dice::Dice;

pub(crate) struct Wire {
    pub(crate) client: TestClient,
    pub(crate) dice: Dice,
    pub(crate) is_bad: Rc<Cell<bool>>,
    pub(crate) name: String,
    pub(crate) operations: Cell<u32>,
}

impl Wire {
    fn loses(&self) -> Result<(), ApiError> {
        if self.is_bad.get() && self.dice.one_in(10) {
            return Err(ApiError::new(ErrorCode::Offline, "No line.", "Try again."));
        }
        Ok(())
    }

    async fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T, ApiError> {
        self.loses()?;
        let response = self.client.get(url).await;
        self.loses()?;
        read(&response)
    }
}

fn read<T: DeserializeOwned>(response: &Response) -> Result<T, ApiError> {
    if response.status().is_success() {
        Ok(response.json())
    } else {
        Err(response.error())
    }
}

impl Transport for Wire {
    async fn mailboxes(&self) -> Result<MailboxList, ApiError> {
        self.get(path::MAILBOXES).await
    }

    async fn snapshot(
        &self,
        mailbox: &MailboxId,
        window: u32,
    ) -> Result<MailboxSnapshot, ApiError> {
        self.get(&path::mailbox(mailbox, window)).await
    }

    async fn changes(
        &self,
        mailbox: &MailboxId,
        since: &State,
        shown: &UidSet,
    ) -> Result<Changes, ApiError> {
        self.get(&path::changes(mailbox, since, shown)).await
    }

    async fn envelopes(
        &self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        uids: &UidSet,
    ) -> Result<Envelopes, ApiError> {
        self.get(&path::envelopes(mailbox, uidvalidity, uids)).await
    }

    async fn search(&self, mailbox: &MailboxId, text: &str) -> Result<SearchResult, ApiError> {
        self.get(&path::search(mailbox, text)).await
    }

    async fn message(&self, mailbox: &MailboxId, key: MessageKey) -> Result<Message, ApiError> {
        self.get(&path::message(mailbox, key)).await
    }

    async fn operations(&self, operations: &[Operation]) -> Result<Vec<Outcome>, ApiError> {
        self.loses()?;
        let response = self.client.post(path::OPERATIONS, &operations).await;
        self.loses()?;
        read(&response)
    }

    fn new_operation_id(&self) -> OperationId {
        self.operations.set(self.operations.get() + 1);
        OperationId(format!("{}-{}", self.name, self.operations.get()))
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
