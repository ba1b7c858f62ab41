//! Opened messages, kept up to a number of bytes; the ones not looked at for longest go first.

use std::rc::Rc;

use whimbrel_shared::{KeywordChange, MailboxId, Message, MessageKey, Uid, UidSet, UidValidity};

use crate::{question::Moment, sorted_map::SortedMap};

/// Bytes of messages kept, estimated.
const CAP: usize = 16 << 20;

/// A message by its mailbox and its key.
pub(crate) type Name = (MailboxId, MessageKey);

/// The messages that are known.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    kept: SortedMap<Name, Kept>,
    bytes: usize,
    /// On their way, since when.
    pub(crate) asked: SortedMap<Name, Moment>,
    /// To be fetched when nothing else is, the latest wish last.
    pub(crate) ahead: Vec<Name>,
}

#[derive(Debug)]
struct Kept {
    message: Rc<Message>,
    bytes: usize,
    used: Moment,
}

impl Messages {
    /// A message with the keywords last known.
    pub(crate) fn get(&mut self, name: &Name, now: Moment) -> Option<&mut Rc<Message>> {
        let kept = self.kept.get_mut(name)?;
        kept.used = now;
        Some(&mut kept.message)
    }

    /// Whether it is here.
    pub(crate) fn has(&self, name: &Name) -> bool {
        self.kept.contains_key(name)
    }

    /// The UID of the message of this mailbox that was looked at last: it may be on screen.
    pub(crate) fn latest(&self, mailbox: &MailboxId, uidvalidity: UidValidity) -> Option<Uid> {
        let latest = self.kept.iter().max_by_key(|(_, kept)| kept.used)?.0;
        (latest.0 == *mailbox && latest.1.uidvalidity == uidvalidity).then_some(latest.1.uid)
    }

    /// Keeps a message.
    pub(crate) fn keep(&mut self, name: Name, message: Rc<Message>, now: Moment) {
        let bytes = weight(&message);
        let kept = Kept {
            message,
            bytes,
            used: now,
        };
        self.bytes += bytes;
        if let Some(old) = self.kept.insert(name, kept) {
            self.bytes = self.bytes.saturating_sub(old.bytes);
        }
        while self.bytes > CAP && self.kept.len() > 1 {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.used);
            let Some(name) = oldest.map(|(name, _)| name.clone()) else {
                break;
            };
            self.remove(&name);
        }
    }

    /// Learns keywords.
    pub(crate) fn mark(
        &mut self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        changes: &[KeywordChange],
    ) {
        for change in changes {
            let uid = change.uid;
            let name = (mailbox.clone(), MessageKey { uidvalidity, uid });
            if let Some(kept) = self.kept.get_mut(&name)
                && kept.message.keywords != change.keywords
            {
                let message = Rc::make_mut(&mut kept.message);
                message.keywords.clone_from(&change.keywords);
            }
        }
    }

    /// The messages of a mailbox that are here.
    pub(crate) fn of(&self, mailbox: &MailboxId) -> Vec<MessageKey> {
        self.range(mailbox).map(|(_, key)| *key).collect()
    }

    /// Forgets messages of a mailbox that are gone; returns them.
    pub(crate) fn forget(
        &mut self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        gone: &UidSet,
    ) -> Vec<Name> {
        let is_gone = |name: &&Name| name.1.uidvalidity == uidvalidity && gone.contains(name.1.uid);
        let names: Vec<Name> = self.range(mailbox).filter(is_gone).cloned().collect();
        for name in &names {
            self.remove(name);
        }
        names
    }

    /// Forgets all messages.
    pub(crate) fn forget_all(&mut self) {
        self.kept = SortedMap::default();
        self.bytes = 0;
    }

    /// Forgets all messages of a mailbox.
    pub(crate) fn forget_mailbox(&mut self, mailbox: &MailboxId) {
        let names: Vec<Name> = self.range(mailbox).cloned().collect();
        for name in &names {
            self.remove(name);
        }
    }

    /// The mailbox has another id now.
    pub(crate) fn rename(&mut self, from: &MailboxId, to: &MailboxId) {
        let names: Vec<Name> = self.range(from).cloned().collect();
        for name in names {
            if let Some(mut kept) = self.kept.remove(&name) {
                Rc::make_mut(&mut kept.message).mailbox_id = to.clone();
                self.kept.insert((to.clone(), name.1), kept);
            }
        }
    }

    fn range(&self, mailbox: &MailboxId) -> impl Iterator<Item = &Name> {
        self.kept.keys().filter(move |name| name.0 == *mailbox)
    }

    fn remove(&mut self, name: &Name) {
        if let Some(kept) = self.kept.remove(name) {
            self.bytes = self.bytes.saturating_sub(kept.bytes);
        }
    }
}

fn weight(message: &Message) -> usize {
    let people = message.from.len() + message.to.len() + message.cc.len();
    1000 + message.text.len()
        + message.subject.len()
        + 100 * people
        + 200 * message.attachments.len()
}
