//! What operations do to the rows of mailboxes, laid over what the server last said. An effect stays
//! from the click until the mailbox was asked for its changes after the operation was applied, so that
//! nothing flickers back; it never alters what is known of the server, so a wrong guess heals.

use std::rc::Rc;

use whimbrel_shared::{
    Action, Envelope, Keyword, Keywords, MailboxId, OperationId, Uid, UidSet, UidValidity,
};

use crate::{question::Moment, sorted_map::SortedMap};

/// The effects of all operations, by mailbox, in the order of the operations.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    by_mailbox: SortedMap<MailboxId, Vec<Placed>>,
}

#[derive(Debug)]
struct Placed {
    id: OperationId,
    /// When the server said that it is applied; `None` while it waits.
    applied: Option<Moment>,
    effect: Effect,
}

/// What one operation does to the rows of one mailbox.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effect {
    /// The UIDVALIDITY it is about; under another one it does nothing.
    pub(crate) uidvalidity: UidValidity,
    /// Rows that go.
    pub(crate) hide: UidSet,
    /// Rows that come.
    pub(crate) appear: SortedMap<Uid, Option<Rc<Envelope>>>,
    /// Rows whose keywords change.
    pub(crate) mark: UidSet,
    /// Keywords they get.
    pub(crate) add: Vec<Keyword>,
    /// Keywords they lose.
    pub(crate) remove: Vec<Keyword>,
}

impl Effect {
    /// What `action` does to rows before the server has answered. `drafts` is the Drafts mailbox.
    pub(crate) fn of(action: &Action, drafts: Option<&MailboxId>) -> Vec<(MailboxId, Self)> {
        match action {
            Action::SetKeywords {
                mailbox_id,
                uidvalidity,
                uids,
                add,
                remove,
            } => vec![(
                mailbox_id.clone(),
                Self {
                    uidvalidity: *uidvalidity,
                    mark: uids.clone(),
                    add: add.clone(),
                    remove: remove.clone(),
                    ..Self::default()
                },
            )],
            Action::Move {
                mailbox_id,
                uidvalidity,
                uids,
                to,
                ..
            } if mailbox_id != to => {
                vec![(mailbox_id.clone(), Self::hiding(*uidvalidity, uids.clone()))]
            }
            Action::Destroy {
                mailbox_id,
                uidvalidity,
                uids,
            } => vec![(mailbox_id.clone(), Self::hiding(*uidvalidity, uids.clone()))],
            Action::Send { draft, replaces } => {
                let mut effects = Vec::new();
                if let (Some(drafts), Some(key)) = (drafts, replaces) {
                    let hidden = Self::hiding(key.uidvalidity, UidSet::one(key.uid));
                    effects.push((drafts.clone(), hidden));
                }
                if let Some(related) = &draft.related {
                    let keyword = match related.relation {
                        whimbrel_shared::Relation::Reply => Keyword::ANSWERED,
                        whimbrel_shared::Relation::Forward => Keyword::FORWARDED,
                    };
                    let effect = Self {
                        uidvalidity: related.key.uidvalidity,
                        mark: UidSet::one(related.key.uid),
                        add: vec![Keyword::new(keyword)],
                        ..Self::default()
                    };
                    effects.push((related.mailbox_id.clone(), effect));
                }
                effects
            }
            _ => Vec::new(),
        }
    }

    /// Rows that go.
    pub(crate) fn hiding(uidvalidity: UidValidity, uids: UidSet) -> Self {
        Self {
            uidvalidity,
            hide: uids,
            ..Self::default()
        }
    }

    fn alter(&self, keywords: &mut Keywords) {
        keywords.change(&self.remove, &self.add);
    }
}

impl Overlay {
    /// Lays an effect over a mailbox.
    pub(crate) fn lay(
        &mut self,
        mailbox: MailboxId,
        id: OperationId,
        applied: Option<Moment>,
        effect: Effect,
    ) {
        let placed = Placed {
            id,
            applied,
            effect,
        };
        self.by_mailbox
            .get_or_insert_with(mailbox, Vec::new)
            .push(placed);
    }

    /// The operation was not done: its effects go.
    pub(crate) fn drop_operation(&mut self, id: &OperationId) {
        self.keep(|placed| placed.id != *id);
    }

    /// What the operation was about was gone: only what it hid stays hidden.
    pub(crate) fn drop_marks(&mut self, id: &OperationId) {
        self.keep(|placed| placed.id != *id || !placed.effect.hide.is_empty());
    }

    /// The operation was applied at `now`.
    pub(crate) fn applied(&mut self, id: &OperationId, now: Moment) {
        for placed in self.by_mailbox.values_mut().flatten() {
            if placed.id == *id {
                placed.applied = Some(now);
            }
        }
    }

    /// The mailbox was asked at `asked` and has answered: what was applied before is known to be in the
    /// answer, so its effects go. Returns the rows that had come by them; `None` if there were no effects.
    pub(crate) fn confirm(
        &mut self,
        mailbox: &MailboxId,
        asked: Moment,
    ) -> Option<SortedMap<Uid, Rc<Envelope>>> {
        let effects = self.by_mailbox.get_mut(mailbox)?;
        let is_in_it = |placed: &mut Placed| placed.applied.is_some_and(|at| at < asked);
        let confirmed: Vec<Placed> = effects.extract_if(.., is_in_it).collect();
        if effects.is_empty() {
            self.by_mailbox.remove(mailbox);
        }
        if confirmed.is_empty() {
            return None;
        }
        let appeared = confirmed
            .into_iter()
            .flat_map(|placed| placed.effect.appear);
        let mut rows = SortedMap::default();
        for (uid, row) in appeared {
            row.and_then(|row| rows.insert(uid, row));
        }
        Some(rows)
    }

    /// Nobody looks at this mailbox: what was applied there needs no confirmation.
    pub(crate) fn forget_applied(&mut self, mailbox: &MailboxId) {
        self.confirm(mailbox, Moment::MAX);
    }

    /// The mailbox has another id now.
    pub(crate) fn rename(&mut self, from: &MailboxId, to: &MailboxId) {
        if let Some(effects) = self.by_mailbox.remove(from) {
            self.by_mailbox
                .get_or_insert_with(to.clone(), Vec::new)
                .extend(effects);
        }
    }

    /// `uids` of the server as they are to be shown.
    pub(crate) fn uids(
        &self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        uids: &UidSet,
    ) -> UidSet {
        let mut ranges = Vec::new();
        let mut appeared = Vec::new();
        for effect in self.effects(mailbox, uidvalidity) {
            ranges.extend(
                effect
                    .hide
                    .ranges()
                    .map(|range| (*range.start(), *range.end())),
            );
            appeared.extend(effect.appear.keys().map(|&uid| (uid, uid)));
        }
        let hidden = UidSet::from_ranges(ranges);
        if appeared.is_empty() {
            return uids.difference(&hidden);
        }
        uids.union(&UidSet::from_ranges(appeared))
            .difference(&hidden)
    }

    /// `keywords` of the server as they are to be shown; `None` if they are shown as they are.
    pub(crate) fn keywords(
        &self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        uid: Uid,
        keywords: &Keywords,
    ) -> Option<Keywords> {
        let mut altered: Option<Keywords> = None;
        for effect in self.effects(mailbox, uidvalidity) {
            if effect.mark.contains(uid) {
                effect.alter(altered.get_or_insert_with(|| keywords.clone()));
            }
        }
        altered.filter(|altered| altered != keywords)
    }

    /// The row that came by an operation and is not confirmed yet.
    pub(crate) fn appeared(
        &self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        uid: Uid,
    ) -> Option<&Rc<Envelope>> {
        self.effects(mailbox, uidvalidity)
            .find_map(|effect| effect.appear.get(&uid)?.as_ref())
    }

    fn effects(
        &self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
    ) -> impl Iterator<Item = &Effect> {
        let placed = self.by_mailbox.get(mailbox).into_iter().flatten();
        placed
            .map(|placed| &placed.effect)
            .filter(move |effect| effect.uidvalidity == uidvalidity)
    }

    fn keep(&mut self, mut keep: impl FnMut(&Placed) -> bool) {
        self.by_mailbox.retain(|_, effects| {
            effects.retain(&mut keep);
            !effects.is_empty()
        });
    }
}
