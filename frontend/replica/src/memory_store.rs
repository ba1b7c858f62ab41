//! A store that forgets with the tab, for shared computers. Leaves nothing on disk.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use whimbrel_shared::{
    Envelope, KeywordChange, MailboxId, MailboxList, Message, MessageKey, Operation, UidSet,
    UidValidity,
};

use crate::{
    sorted_map::SortedMap,
    store::{Saved, SavedMailbox, Store, StoreError, Write},
};

/// Rows kept of all mailboxes together.
const ROWS: usize = 20_000;
/// Messages kept.
const MESSAGES: usize = 100;

/// Keeps everything in memory, rows and messages up to a limit.
#[derive(Debug, Default)]
pub struct MemoryStore(RefCell<Kept>);

type Name = (MailboxId, MessageKey);

#[derive(Debug, Default)]
struct Kept {
    mailboxes: Option<Rc<MailboxList>>,
    queue: SortedMap<u64, Operation>,
    folders: SortedMap<MailboxId, SavedMailbox>,
    rows: BTreeMap<Name, Rc<Envelope>>,
    messages: BTreeMap<Name, Rc<Message>>,
}

impl Store for MemoryStore {
    async fn load(&self) -> Result<Saved, StoreError> {
        let kept = self.0.borrow();
        Ok(Saved {
            mailboxes: kept.mailboxes.clone(),
            queue: kept.queue.clone().into_iter().collect(),
        })
    }

    async fn mailbox(&self, mailbox: &MailboxId) -> Result<Option<SavedMailbox>, StoreError> {
        Ok(self.0.borrow().folders.get(mailbox).cloned())
    }

    async fn envelopes(
        &self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        uids: &UidSet,
    ) -> Result<Vec<Rc<Envelope>>, StoreError> {
        let kept = self.0.borrow();
        let names = uids
            .iter()
            .map(|uid| (mailbox.clone(), MessageKey { uidvalidity, uid }));
        Ok(names
            .filter_map(|name| kept.rows.get(&name).cloned())
            .collect())
    }

    async fn message(
        &self,
        mailbox: &MailboxId,
        key: MessageKey,
    ) -> Result<Option<Rc<Message>>, StoreError> {
        let name = (mailbox.clone(), key);
        Ok(self.0.borrow().messages.get(&name).cloned())
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        let mut kept = self.0.borrow_mut();
        for write in writes {
            kept.write(write);
        }
        Ok(())
    }
}

impl Kept {
    fn write(&mut self, write: Write) {
        match write {
            Write::Mailboxes(list) => self.mailboxes = Some(list),
            Write::Mailbox(mailbox, saved) => self.mailbox(mailbox, saved),
            Write::RemoveMailbox(mailbox) => {
                self.folders.remove(&mailbox);
                self.forget(&mailbox, |_| true);
            }
            Write::Envelopes(mailbox, uidvalidity, rows) => {
                for row in rows {
                    let uid = row.uid;
                    let name = (mailbox.clone(), MessageKey { uidvalidity, uid });
                    self.rows.insert(name, row);
                }
                while self.rows.len() > ROWS {
                    self.rows.pop_first();
                }
            }
            Write::Keywords(mailbox, uidvalidity, changes) => {
                self.keywords(&mailbox, uidvalidity, &changes);
            }
            Write::Message(message) => {
                let name = (message.mailbox_id.clone(), message.key);
                self.messages.insert(name, message);
                while self.messages.len() > MESSAGES {
                    self.messages.pop_first();
                }
            }
            Write::ForgetMessages => self.messages.clear(),
            Write::Operation(number, operation) => {
                self.queue.insert(number, operation);
            }
            Write::RemoveOperation(id) => self.queue.retain(|_, operation| operation.id != id),
            Write::Clear => *self = Self::default(),
        }
    }

    fn mailbox(&mut self, mailbox: MailboxId, saved: SavedMailbox) {
        if let Some(old) = self.folders.get(&mailbox) {
            let uidvalidity = saved.uidvalidity;
            let gone = old.uids.difference(&saved.uids);
            if old.uidvalidity != uidvalidity {
                self.forget(&mailbox, |key| key.uidvalidity != uidvalidity);
            } else if !gone.is_empty() {
                self.forget(&mailbox, |key| gone.contains(key.uid));
            }
        }
        self.folders.insert(mailbox, saved);
    }

    fn keywords(
        &mut self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        changes: &[KeywordChange],
    ) {
        for change in changes {
            let uid = change.uid;
            let name = (mailbox.clone(), MessageKey { uidvalidity, uid });
            if let Some(row) = self.rows.get_mut(&name) {
                Rc::make_mut(row).keywords.clone_from(&change.keywords);
            }
            if let Some(message) = self.messages.get_mut(&name) {
                Rc::make_mut(message).keywords.clone_from(&change.keywords);
            }
        }
    }

    fn forget(&mut self, mailbox: &MailboxId, is_gone: impl Fn(&MessageKey) -> bool) {
        let stays = |name: &Name| name.0 != *mailbox || !is_gone(&name.1);
        self.rows.retain(|name, _| stays(name));
        self.messages.retain(|name, _| stays(name));
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryStore;

    #[tokio::test]
    async fn does_what_every_store_must() {
        crate::conformance::check(async || MemoryStore::default()).await;
    }
}
