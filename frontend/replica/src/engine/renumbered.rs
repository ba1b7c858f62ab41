//! Operations about messages of a mailbox that was renumbered in the meantime. The server did nothing; once
//! the mailbox is known anew, the messages are looked for by what is known of them, and the operation goes
//! on with their new UIDs. What cannot be found for sure is refused: never done to another message.

use std::rc::Rc;

use whimbrel_shared::{
    Action, Envelope, MailboxId, Operation, OperationId, Uid, UidSet, UidValidity,
};

use super::Engine;
use crate::{
    folder::{Mirror, Wish},
    question::Moment,
    queue::Entry,
    rewrite,
    sorted_map::SortedMap,
    store::Write,
    words,
};

/// An operation that waits for its mailbox to be known anew.
#[derive(Debug)]
pub(super) struct Lost {
    told: Moment,
    mailbox: MailboxId,
    entry: Entry,
}

/// What was known of a mailbox before it was renumbered, as far as operations are about it.
#[derive(Debug)]
pub(crate) struct Former {
    uidvalidity: UidValidity,
    rows: SortedMap<Uid, Rc<Envelope>>,
}

impl Engine {
    /// The server said that the messages of this operation have other UIDs by now. False if nothing will
    /// be known of the mailbox.
    pub(super) fn lose(&mut self, entry: &Entry) -> bool {
        let Some((mailbox, uidvalidity, _)) = entry.operation.action.rows() else {
            return false;
        };
        let mailbox = mailbox.clone();
        if self.is_renumbered(&mailbox, uidvalidity) {
            self.find_or_refuse(entry.clone());
            return true;
        }
        let told = self.tick();
        match self.folders.get_mut(&mailbox) {
            Some(folder) if folder.is_asked() => folder.wish(Wish::Unknown),
            _ => return false,
        }
        let entry = entry.clone();
        self.lost.push(Lost {
            told,
            mailbox,
            entry,
        });
        true
    }

    /// The mailbox was asked at `asked` and is known now.
    pub(super) fn find_lost(&mut self, mailbox: &MailboxId, asked: Moment) {
        let is_meant = |lost: &mut Lost| lost.mailbox == *mailbox && lost.told < asked;
        let lost: Vec<Lost> = self.lost.extract_if(.., is_meant).collect();
        for Lost { entry, .. } in lost {
            self.find_or_refuse(entry);
        }
    }

    /// Operations that wait for nobody knows what, when everything is forgotten.
    pub(super) fn lost_ids(&self) -> Vec<OperationId> {
        let ids = self.lost.iter().map(|lost| lost.entry.operation.id.clone());
        ids.collect()
    }

    /// A mailbox has another id.
    pub(super) fn rename_lost(&mut self, old: &MailboxId, new: &MailboxId) {
        for lost in &mut self.lost {
            rewrite::mailbox(&mut lost.entry.operation.action, old, new);
            if lost.mailbox == *old {
                lost.mailbox = new.clone();
            }
        }
    }

    /// Goes on with the messages where they are now, or tells that they cannot be told apart.
    pub(super) fn find_or_refuse(&mut self, entry: Entry) {
        let found = self.found_again(&entry.operation.action);
        self.leave(&entry);
        let Operation { id, action } = entry.operation.clone();
        let Some(action) = found else {
            return self.refuse(id, action, words::renumbered());
        };
        let operation = Operation { id, action };
        self.queue.put_back(&entry, operation.clone());
        self.show(&operation);
        // What was done later is shown over it.
        let later = self.queue.entries().filter(|one| one.number > entry.number);
        let later: Vec<Operation> = later.map(|one| one.operation.clone()).collect();
        for one in later {
            self.overlay.drop_operation(&one.id);
            self.lay_effects(&one);
        }
        let write = Write::Operation(entry.number, operation);
        self.out.writes.push(write);
    }

    /// The same about the messages as they are numbered now; `None` unless each of them was found.
    fn found_again(&self, action: &Action) -> Option<Action> {
        let (mailbox, uidvalidity, uids) = action.rows()?;
        let folder = self.folders.get(mailbox)?;
        let mirror = folder.mirror.as_ref()?;
        let former = folder.former.as_ref()?;
        if former.uidvalidity != uidvalidity || mirror.uidvalidity == uidvalidity {
            return None;
        }
        let now = uids.iter().map(|uid| {
            let row = former.rows.get(&uid)?;
            the_one(mirror, row)
        });
        let now = now.collect::<Option<UidSet>>()?;
        let mut action = action.clone();
        (now.len() == uids.len()).then(|| {
            rewrite::rows(&mut action, mirror.uidvalidity, now);
            action
        })
    }

    /// Keeps what operations may need of the mailbox, before all of it is forgotten.
    pub(super) fn keep_former(&mut self, mailbox: &MailboxId) {
        let waiting = self.queue.entries().map(|entry| &entry.operation.action);
        let lost = self.lost.iter().map(|lost| &lost.entry.operation.action);
        let wanted: Vec<(UidValidity, UidSet)> = waiting
            .chain(lost)
            .filter_map(Action::rows)
            .filter(|(at, ..)| *at == mailbox)
            .map(|(_, uidvalidity, uids)| (uidvalidity, uids.clone()))
            .collect();
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return;
        };
        let Some(mirror) = &folder.mirror else {
            return;
        };
        let wanted = wanted.iter().filter(|(at, _)| *at == mirror.uidvalidity);
        let uids = wanted.fold(UidSet::new(), |all, (_, uids)| all.union(uids));
        let mut rows = SortedMap::default();
        for uid in uids.iter() {
            if let Some(known) = mirror.known.get(&uid) {
                rows.insert(uid, Rc::clone(&known.envelope));
            }
        }
        folder.former = Some(Former {
            uidvalidity: mirror.uidvalidity,
            rows,
        });
    }
}

/// The only message that looks like this one, keywords aside.
fn the_one(mirror: &Mirror, row: &Envelope) -> Option<Uid> {
    let mut alike = mirror.known.iter().filter(|(_, known)| {
        let it = &known.envelope;
        it.received_at == row.received_at
            && it.size == row.size
            && it.sent_at == row.sent_at
            && it.subject == row.subject
            && it.from == row.from
    });
    let first = alike.next()?;
    alike.next().is_none().then_some(*first.0)
}
