//! What became of operations: they leave the queue, what they did stays on screen until the server's own
//! answers show it, and what was refused goes back.

use whimbrel_shared::{
    Action, ApiError, ErrorCode, Keyword, MailboxId, MovedKey, Operation, OperationId, Outcome,
    OutcomeKind, Role, UidSet,
};

use super::Engine;
use crate::{
    folder::{Folder, Wish},
    notice::Notice,
    overlay::Effect,
    question::{Moment, Timer},
    queue::Entry,
    refusals::Refusal,
    rewrite,
    sorted_map::SortedMap,
    store::Write,
    tree::Tree,
    words,
};

/// An operation whose messages are said to be gone.
#[derive(Debug)]
pub(super) struct Gone {
    told: Moment,
    mailbox: MailboxId,
    id: OperationId,
    action: Action,
}

impl Engine {
    /// The server answered operations, or could not.
    pub(super) fn operations_came(
        &mut self,
        asked: Moment,
        answer: Result<Vec<Outcome>, ApiError>,
    ) {
        let Some(verdict) = self.queue.land(asked, answer) else {
            return;
        };
        for (entry, outcome) in verdict.done {
            self.done(&entry, outcome);
        }
        if verdict.signed_out {
            self.sign_out(asked);
        }
        if verdict.must_wait {
            self.rest(Timer::Queue, |engine| Some(&mut engine.queue.pace));
        }
    }

    fn done(&mut self, entry: &Entry, outcome: OutcomeKind) {
        let is_renumbered = matches!(&outcome, OutcomeKind::Refused { error, .. }
            if error.code == ErrorCode::MessageGone);
        if is_renumbered && self.lose(entry) {
            return;
        }
        let Operation { id, action } = entry.operation.clone();
        self.confirm_later(&action);
        let is_as_shown = matches!(outcome, OutcomeKind::Applied { .. }) && !is_letter(&action);
        self.tree.is_doubtful |= !is_as_shown;
        match outcome {
            OutcomeKind::Applied { .. } => self.applied(entry, outcome),
            OutcomeKind::Gone => self.gone(entry),
            OutcomeKind::Refused {
                error,
                refused_recipients,
            } => {
                self.leave(entry);
                let makeshift = Tree::makeshift_id(&id);
                let outcome = OutcomeKind::Refused {
                    error: error.clone(),
                    refused_recipients,
                };
                self.out.outcomes.push((id.clone(), outcome));
                self.tell_refusal(Refusal { id, action, error });
                self.refuse_all(
                    &|action| rewrite::names(action, &makeshift),
                    &words::not_made(),
                );
            }
        }
    }

    /// What it was about was gone; if only because the mailbox was renumbered, nothing was done.
    fn gone(&mut self, entry: &Entry) {
        let Operation { id, action } = entry.operation.clone();
        let is_renumbered = action
            .rows()
            .is_some_and(|(mailbox, uidvalidity, _)| self.is_renumbered(mailbox, uidvalidity));
        if is_renumbered {
            self.leave(entry);
            return self.refuse(id, action, words::renumbered());
        }
        let now = self.tick();
        let before = self.tree.view();
        self.tree.drop_operation(&id);
        self.tell_tree(&before);
        self.overlay.drop_marks(&id);
        self.overlay.applied(&id, now);
        self.look_at(&touched(&action, &[]));
        self.out.writes.push(Write::RemoveOperation(id.clone()));
        self.out.tell(Notice::Queue);
        self.out.outcomes.push((id.clone(), OutcomeKind::Gone));
        let mailbox = action.rows().map(|(mailbox, ..)| mailbox.clone());
        let is_known = |id: &MailboxId| self.folders.get(id).is_some_and(Folder::is_asked);
        match mailbox.filter(is_known) {
            Some(mailbox) => self.gone.push(Gone {
                told: now,
                mailbox,
                id,
                action,
            }),
            None => self.tell_gone(id, action),
        }
    }

    /// The mailbox was asked at `asked` and is still the same: what was gone before, is gone.
    pub(super) fn gone_indeed(&mut self, mailbox: &MailboxId, asked: Moment) {
        self.find_lost(mailbox, asked);
        let is_meant = |gone: &mut Gone| gone.mailbox == *mailbox && gone.told < asked;
        let gone: Vec<Gone> = self.gone.extract_if(.., is_meant).collect();
        for Gone { id, action, .. } in gone {
            let is_renumbered = action
                .rows()
                .is_some_and(|(_, uidvalidity, _)| self.is_renumbered(mailbox, uidvalidity));
            if is_renumbered {
                self.refuse(id, action, words::renumbered());
            } else {
                self.tell_gone(id, action);
            }
        }
    }

    fn applied(&mut self, entry: &Entry, outcome: OutcomeKind) {
        let Operation { id, action } = entry.operation.clone();
        self.out.outcomes.push((id.clone(), outcome.clone()));
        let OutcomeKind::Applied {
            moved,
            gone,
            mailbox_id,
            below,
            refused_recipients,
            warning,
            ..
        } = outcome
        else {
            return;
        };
        let now = self.tick();
        let before = self.tree.view();
        self.tree.applied(&id, now, mailbox_id.as_ref(), &below);
        self.overlay.applied(&id, now);
        self.lay_moved(&id, now, &action, &moved);
        if let Some(new) = &mailbox_id {
            self.rename(&id, &action, new);
        }
        for (old, new) in &below {
            self.rename_mailbox(old, new);
        }
        if let Action::DeleteMailbox { mailbox_id } = &action {
            self.mailbox_is_gone(mailbox_id, words::mailbox_gone());
        }
        self.tell_tree(&before);
        self.follow_draft(&action, &moved);
        let mut mailboxes = touched(&action, &moved);
        if is_letter(&action) {
            let roles = [Role::Drafts, Role::Sent].into_iter();
            let ids = roles.filter_map(|role| self.tree.of_role(role).map(|m| m.id.clone()));
            mailboxes.extend(ids);
        }
        self.look_at(&mailboxes);
        self.out.writes.push(Write::RemoveOperation(id.clone()));
        self.out.tell(Notice::Queue);
        if let Some((_, uidvalidity, _)) = action.rows().filter(|_| !gone.is_empty()) {
            let mut undone = action.clone();
            rewrite::rows(&mut undone, uidvalidity, gone);
            self.keep_gone(&id, undone);
        }
        self.out.notices.push(Notice::Applied {
            id,
            action,
            moved,
            mailbox_id,
            refused_recipients,
            warning,
        });
    }

    /// Messages that are said to be in a mailbox now are shown there before it was asked.
    fn lay_moved(&mut self, id: &OperationId, now: Moment, action: &Action, moved: &[MovedKey]) {
        let mut effects: SortedMap<(MailboxId, u32), Effect> = SortedMap::default();
        for MovedKey {
            from,
            mailbox_id,
            key,
        } in moved
        {
            let envelope = self.arriving(action, *from).map(|mut envelope| {
                envelope.uid = key.uid;
                std::rc::Rc::new(envelope)
            });
            let place = (mailbox_id.clone(), key.uidvalidity);
            let effect = effects.get_or_insert_with(place, || Effect {
                uidvalidity: key.uidvalidity,
                ..Effect::default()
            });
            effect.appear.insert(key.uid, envelope);
        }
        if let Action::SaveDraft { replaces, .. } = action
            && let (Some(key), false) = (replaces, moved.is_empty())
            && let Some(drafts) = self.tree.of_role(Role::Drafts)
        {
            let place = (drafts.id.clone(), key.uidvalidity);
            let effect = effects.get_or_insert_with(place, || Effect {
                uidvalidity: key.uidvalidity,
                ..Effect::default()
            });
            effect.hide = UidSet::one(key.uid);
        }
        for ((mailbox, _), effect) in effects {
            self.overlay.lay(mailbox, id.clone(), Some(now), effect);
        }
    }

    /// The row of a message that was moved or copied, as it is at its new place.
    fn arriving(&self, action: &Action, from: u32) -> Option<whimbrel_shared::Envelope> {
        let (mailbox, uidvalidity, _) = action.rows()?;
        let key = whimbrel_shared::MessageKey {
            uidvalidity,
            uid: from,
        };
        let mut envelope = self.envelope(mailbox, key).as_deref().cloned()?;
        if let Action::Move { add, remove, .. } = action {
            envelope.keywords.change(remove, add);
        }
        Some(envelope)
    }

    /// The mailbox that the action made or renamed got the id `new`.
    fn rename(&mut self, id: &OperationId, action: &Action, new: &MailboxId) {
        let old = match action {
            Action::CreateMailbox { .. } => Tree::makeshift_id(id),
            Action::RenameMailbox { mailbox_id, .. } => mailbox_id.clone(),
            _ => return,
        };
        self.rename_mailbox(&old, new);
    }

    /// What is known of a mailbox, and what waits for it, goes with it to its new id.
    fn rename_mailbox(&mut self, old: &MailboxId, new: &MailboxId) {
        if old == new {
            return;
        }
        self.tree.rename(old, new);
        self.overlay.rename(old, new);
        for gone in self.gone.iter_mut().filter(|gone| gone.mailbox == *old) {
            gone.mailbox = new.clone();
        }
        self.messages.rename(old, new);
        self.rename_lost(old, new);
        for entry in self
            .queue
            .rewrite(|action| rewrite::mailbox(action, old, new))
        {
            let write = Write::Operation(entry.number, entry.operation);
            self.out.writes.push(write);
        }
        if let Some(mut folder) = self.folders.remove(old) {
            self.tell_lists(old);
            folder.sync = crate::folder::Sync {
                skip_store: true,
                ..Default::default()
            };
            folder.wish(Wish::Unknown);
            folder.rows.cancel();
            for search in folder.searches.values_mut() {
                search.wish |= search.asked.take().is_some();
                search.pace.reset();
            }
            self.folders.insert(new.clone(), folder);
        }
        if let Some(shown) = self.shown.as_mut().filter(|shown| shown.mailbox == *old) {
            self.out.notices.push(Notice::List(shown.clone()));
            shown.mailbox = new.clone();
        }
        self.out.writes.push(Write::RemoveMailbox(old.clone()));
        self.tell_lists(new);
    }

    /// Later versions of a draft that was saved replace the saved one.
    fn follow_draft(&mut self, action: &Action, moved: &[MovedKey]) {
        let (Action::SaveDraft { .. }, [saved]) = (action, moved) else {
            return;
        };
        let key = saved.key;
        for entry in self
            .queue
            .rewrite(|later| rewrite::draft(later, action, key))
        {
            self.overlay.drop_operation(&entry.operation.id);
            let write = Write::Operation(entry.number, entry.operation.clone());
            self.out.writes.push(write);
            self.lay_effects(&entry.operation);
        }
    }

    /// Asks what changed in those of the mailboxes that are known; what the operation did to the others
    /// will be in the answer when they are opened.
    fn look_at(&mut self, mailboxes: &[MailboxId]) {
        for mailbox in mailboxes {
            match self.folders.get_mut(mailbox) {
                Some(folder) if folder.is_asked() => folder.wish(Wish::Unknown),
                _ => self.overlay.forget_applied(mailbox),
            }
            self.refresh_rows(mailbox);
            self.tell_rows(mailbox);
        }
    }

    /// Counts that the operation may have changed are asked again.
    fn confirm_later(&mut self, action: &Action) {
        let is_seen = |keyword: &Keyword| keyword.as_str() == Keyword::SEEN;
        let is_harmless = match action {
            Action::SetKeywords { add, remove, .. } => !add.iter().chain(remove).any(is_seen),
            _ => false,
        };
        if !is_harmless {
            self.confirm_counts();
        }
    }
}

/// The mailboxes whose rows the operation changed.
fn touched(action: &Action, moved: &[MovedKey]) -> Vec<MailboxId> {
    let mut mailboxes: Vec<MailboxId> = Vec::new();
    for MovedKey { mailbox_id, .. } in moved {
        if !mailboxes.contains(mailbox_id) {
            mailboxes.push(mailbox_id.clone());
        }
    }
    match action {
        Action::SaveDraft { .. } => {}
        Action::Send { draft, .. } => {
            mailboxes.extend(draft.related.as_ref().map(|r| r.mailbox_id.clone()));
        }
        _ => mailboxes.extend(rewrite::mailboxes(action)),
    }
    mailboxes
}

fn is_letter(action: &Action) -> bool {
    matches!(action, Action::SaveDraft { .. } | Action::Send { .. })
}
