//! The folders as shown: the last list of the server, with the queue's making, renaming and deleting of
//! mailboxes and its shifts of counts on top. A list that the server may have made before or after an
//! operation that is on its way cannot say what that operation did to the counts; those are kept.

use std::{collections::BTreeMap, rc::Rc};

use whimbrel_shared::{Action, Mailbox, MailboxId, MailboxList, OperationId, Role};

use crate::question::{Moment, Pace};
use crate::sorted_map::SortedMap;

mod shape;

/// The folders, and how far asking has come.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// The last known server state; `None` until the first answer.
    base: Option<Rc<MailboxList>>,
    changes: Vec<Change>,
    shifts: Vec<Shift>,
    view: Rc<MailboxList>,
    /// Where each mailbox is in the view.
    places: BTreeMap<MailboxId, usize>,
    /// There is reason to ask for the list again: counts of a list could not be taken, or something was
    /// otherwise than it was shown.
    pub(crate) is_doubtful: bool,
    /// Where renamed mailboxes went, and what the server called those made under a makeshift id.
    aliases: SortedMap<MailboxId, MailboxId>,
    /// To be asked as soon as nothing is on its way.
    pub(crate) wish: bool,
    /// On its way.
    pub(crate) asked: Option<Moment>,
    /// The server pushed a list meanwhile, which may be newer than the answer.
    pub(crate) is_overtaken: bool,
    /// After failures.
    pub(crate) pace: Pace,
    /// A moment of quiet before the counts are confirmed.
    pub(crate) confirming: Option<Moment>,
}

/// A change of the tree itself.
#[derive(Debug)]
struct Change {
    id: OperationId,
    applied: Option<Moment>,
    /// The id of the mailbox that was made or renamed, once the server said so.
    result: Option<MailboxId>,
    /// The mailboxes below it, by their old and their new ids.
    below: Vec<(MailboxId, MailboxId)>,
    action: Action,
}

/// How an operation shifts the counts of a mailbox.
#[derive(Debug, Clone)]
pub(crate) struct Shift {
    /// The operation.
    pub(crate) id: OperationId,
    /// When the server said that it is applied.
    pub(crate) applied: Option<Moment>,
    /// The mailbox.
    pub(crate) mailbox: MailboxId,
    /// By how many all messages.
    pub(crate) total: i64,
    /// By how many those without `$seen`.
    pub(crate) unread: i64,
}

/// Where a list of the server comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// It was asked for at that moment.
    Asked(Moment),
    /// It was pushed, and may have been made at any time before.
    Pushed,
    /// It was kept by the store: good until something better comes.
    Kept,
}

impl Tree {
    /// The folders as shown.
    pub(crate) fn view(&self) -> Rc<MailboxList> {
        Rc::clone(&self.view)
    }

    /// The last known server state.
    pub(crate) fn base(&self) -> Option<&Rc<MailboxList>> {
        self.base.as_ref()
    }

    /// One folder as shown.
    pub(crate) fn find(&self, mailbox: &MailboxId) -> Option<&Mailbox> {
        self.view.mailboxes.get(*self.places.get(mailbox)?)
    }

    /// The folder of this role, as shown.
    pub(crate) fn of_role(&self, role: Role) -> Option<&Mailbox> {
        self.view.mailboxes.iter().find(|m| m.role == Some(role))
    }

    /// The id a mailbox has now.
    pub(crate) fn current_id(&self, mailbox: &MailboxId) -> MailboxId {
        let mut id = mailbox;
        for _ in 0..16 {
            match self.aliases.get(id) {
                Some(next) if self.find(id).is_none() => id = next,
                _ => break,
            }
        }
        id.clone()
    }

    /// The makeshift id of the mailbox that this operation makes.
    pub(crate) fn makeshift_id(operation: &OperationId) -> MailboxId {
        MailboxId(format!("new-{}", operation.0))
    }

    /// Whether the mailbox is still to be made by the server.
    pub(crate) fn is_makeshift(&self, mailbox: &MailboxId) -> bool {
        let waits = |change: &&Change| {
            change.result.is_none() && matches!(change.action, Action::CreateMailbox { .. })
        };
        let mut waiting = self.changes.iter().filter(waits);
        waiting.any(|change| Self::makeshift_id(&change.id) == *mailbox)
    }

    /// An operation was queued.
    pub(crate) fn queue(&mut self, id: &OperationId, action: &Action, shifts: Vec<Shift>) {
        if shape::is_about_the_tree(action) {
            self.changes.push(Change {
                id: id.clone(),
                applied: None,
                result: None,
                below: Vec::new(),
                action: action.clone(),
            });
        }
        self.shifts.extend(shifts);
        self.refresh();
    }

    /// An operation was not done.
    pub(crate) fn drop_operation(&mut self, id: &OperationId) {
        self.changes.retain(|change| change.id != *id);
        self.shifts.retain(|shift| shift.id != *id);
        self.refresh();
    }

    /// An operation was applied at `now`; `result` is the mailbox that it made or renamed, `below` what is
    /// below that.
    pub(crate) fn applied(
        &mut self,
        id: &OperationId,
        now: Moment,
        result: Option<&MailboxId>,
        below: &[(MailboxId, MailboxId)],
    ) {
        for shift in self.shifts.iter_mut().filter(|shift| shift.id == *id) {
            shift.applied = Some(now);
        }
        for change in self.changes.iter_mut().filter(|change| change.id == *id) {
            change.applied = Some(now);
            change.result = result.cloned();
            change.below = below.to_vec();
        }
        self.refresh();
    }

    /// A mailbox has another id from now on, in what is still queued as well.
    pub(crate) fn rename(&mut self, from: &MailboxId, to: &MailboxId) {
        self.aliases.remove(to);
        // The name in between may be given to another mailbox.
        for target in self.aliases.values_mut().filter(|target| *target == from) {
            *target = to.clone();
        }
        self.aliases.insert(from.clone(), to.clone());
        for shift in self.shifts.iter_mut().filter(|s| s.mailbox == *from) {
            shift.mailbox = to.clone();
        }
        for change in self.changes.iter_mut().filter(|c| c.applied.is_none()) {
            crate::rewrite::mailbox(&mut change.action, from, to);
        }
        self.refresh();
    }

    /// Takes a list of the server. `is_on_its_way` knows the operations that were sent and not answered.
    pub(crate) fn take(
        &mut self,
        mut list: MailboxList,
        source: Source,
        is_on_its_way: impl Fn(&OperationId) -> bool,
    ) {
        let asked = match source {
            Source::Asked(asked) => asked,
            Source::Pushed => 0,
            Source::Kept => Moment::MAX,
        };
        let unclear = self.unclear(&list, |shift| match shift.applied {
            Some(at) => at > asked,
            None => source != Source::Kept && is_on_its_way(&shift.id),
        });
        let base = self.base.as_ref().filter(|_| !unclear.is_empty());
        let old = base.iter().flat_map(|base| &base.mailboxes);
        let old: Vec<&Mailbox> = old.filter(|old| unclear.contains(&old.id)).collect();
        for mailbox in &mut list.mailboxes {
            if let Some(old) = old.iter().find(|old| old.id == mailbox.id) {
                mailbox.total_emails = old.total_emails;
                mailbox.unread_emails = old.unread_emails;
            }
        }
        self.is_doubtful = !old.is_empty() || (self.is_doubtful && source == Source::Pushed);
        self.shifts
            .retain(|shift| shift.applied.is_none() || unclear.contains(&shift.mailbox));
        self.changes
            .retain(|change| change.applied.is_none_or(|at| at > asked));
        self.base = Some(Rc::new(list));
        self.refresh();
    }

    /// The mailboxes whose counts in the list may or may not include shifts that `may_be` finds unclear.
    /// Where the list says what is shown, it confirms what was applied, whenever it was made.
    fn unclear(&self, list: &MailboxList, may_be: impl Fn(&Shift) -> bool) -> Vec<MailboxId> {
        let shifts = self.shifts.iter().filter(|shift| may_be(shift));
        let (applied, waiting): (Vec<&Shift>, Vec<&Shift>) =
            shifts.partition(|shift| shift.applied.is_some());
        let is_as_shown = |id: &MailboxId| {
            let shown = self.find(id).map(counts);
            let listed = list.mailboxes.iter().find(|m| m.id == *id);
            shown.is_some() && shown == listed.map(counts)
        };
        let mut unclear: Vec<MailboxId> = Vec::new();
        unclear.extend(applied.iter().map(|shift| shift.mailbox.clone()));
        let still_waits = |id: &MailboxId| {
            self.shifts
                .iter()
                .any(|s| s.applied.is_none() && s.mailbox == *id)
        };
        unclear.retain(|id| still_waits(id) || !is_as_shown(id));
        unclear.extend(waiting.iter().map(|shift| shift.mailbox.clone()));
        unclear
    }

    /// Whether counts or shape rest on what was applied and not yet confirmed.
    pub(crate) fn is_unconfirmed(&self) -> bool {
        self.is_doubtful
            || self.shifts.iter().any(|shift| shift.applied.is_some())
            || self.changes.iter().any(|change| change.applied.is_some())
    }

    fn refresh(&mut self) {
        let Some(base) = &self.base else {
            return;
        };
        let mut list = MailboxList::clone(base);
        for change in &self.changes {
            shape::apply(
                &mut list,
                &change.id,
                &change.action,
                change.result.as_ref(),
            );
            shape::follow(&mut list, &change.below);
        }
        for shift in &self.shifts {
            if let Some(mailbox) = list.mailboxes.iter_mut().find(|m| m.id == shift.mailbox) {
                mailbox.total_emails = shifted(mailbox.total_emails, shift.total);
                mailbox.unread_emails =
                    shifted(mailbox.unread_emails, shift.unread).min(mailbox.total_emails);
            }
        }
        if *self.view != list {
            let ids = list.mailboxes.iter().map(|m| m.id.clone());
            self.places.clear();
            self.places.extend(ids.zip(0..));
            self.view = Rc::new(list);
        }
    }
}

fn counts(mailbox: &Mailbox) -> (u32, u32) {
    (mailbox.total_emails, mailbox.unread_emails)
}

fn shifted(count: u32, by: i64) -> u32 {
    u32::try_from(i64::from(count).saturating_add(by).max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
