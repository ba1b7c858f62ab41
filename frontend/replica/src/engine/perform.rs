//! Doing what a person meant: shown at once, put into the queue, taken back or refused.

use whimbrel_shared::{
    Action, ApiError, MailboxId, Operation, OperationId, OutcomeKind, Role, UidSet, UidValidity,
};

use super::Engine;
use crate::{
    notice::Notice, overlay::Effect, queue::Entry, refusals::Refusal, rewrite, store::Write,
    tree::Tree, words,
};

impl Engine {
    /// Queues an action under this id and shows what it does.
    pub(crate) fn perform(&mut self, id: OperationId, mut action: Action) {
        self.follow_renames(&mut action);
        if let Some((mailbox, uidvalidity, uids)) = action.rows() {
            if uids.is_empty() {
                return self.nothing_to_do(id, action);
            }
            if self.is_renumbered(mailbox, uidvalidity) {
                return self.refuse(id, action, words::renumbered());
            }
        }
        let operation = Operation { id, action };
        let number = self.queue.push(operation.clone());
        self.show(&operation);
        if self.is_loaded {
            self.out.writes.push(Write::Operation(number, operation));
        }
        self.out.tell(Notice::Queue);
    }

    /// Takes back an operation that was never sent. False if it is too late.
    pub(crate) fn withdraw(&mut self, id: &OperationId) -> bool {
        let Some(entry) = self.queue.take_unsent(id) else {
            return false;
        };
        self.leave(&entry);
        self.out.outcomes.push((id.clone(), words::withdrawn()));
        let makeshift = Tree::makeshift_id(id);
        self.refuse_all(
            &|action| rewrite::names(action, &makeshift),
            &words::not_made(),
        );
        true
    }

    /// Puts what an earlier visit left in the queue before what was done since.
    pub(super) fn requeue(&mut self, saved: Vec<(u64, Operation)>) {
        let since: Vec<Operation> = self.queue.entries().map(|e| e.operation.clone()).collect();
        for operation in &since {
            self.hide(&operation.id, &operation.action);
        }
        self.queue.put_first(saved);
        let all: Vec<(u64, Operation)> = self
            .queue
            .entries()
            .map(|entry| (entry.number, entry.operation.clone()))
            .collect();
        for (number, operation) in all {
            self.show(&operation);
            if since.iter().any(|one| one.id == operation.id) {
                self.out.writes.push(Write::Operation(number, operation));
            }
        }
        if self.queue.len() > 0 {
            self.out.tell(Notice::Queue);
        }
    }

    /// The mailbox has this UIDVALIDITY: what waits for another one goes on where its messages are now.
    pub(super) fn follow_renumbering(&mut self, mailbox: &MailboxId, uidvalidity: UidValidity) {
        let waiting = self.queue.take_unsent_where(|action| {
            action
                .rows()
                .is_some_and(|rows| rows.0 == mailbox && rows.1 != uidvalidity)
        });
        for entry in waiting {
            self.find_or_refuse(entry);
        }
    }

    /// Refuses those operations that were never sent and that `choose` chooses.
    pub(super) fn refuse_all(&mut self, choose: &dyn Fn(&Action) -> bool, error: &ApiError) {
        for entry in self.queue.take_unsent_where(choose) {
            self.leave(&entry);
            let Operation { id, action } = entry.operation;
            let makeshift = Tree::makeshift_id(&id);
            self.refuse(id, action, error.clone());
            self.refuse_all(&|action| rewrite::names(action, &makeshift), error);
        }
    }

    /// Whether the mailbox is known to have another UIDVALIDITY.
    pub(super) fn is_renumbered(&self, mailbox: &MailboxId, uidvalidity: UidValidity) -> bool {
        let mirror = self.folders.get(mailbox).and_then(|f| f.mirror.as_ref());
        mirror.is_some_and(|mirror| mirror.uidvalidity != uidvalidity)
    }

    /// An operation leaves the queue without having been done.
    pub(super) fn leave(&mut self, entry: &Entry) {
        let Operation { id, action } = &entry.operation;
        self.hide(id, action);
        self.out.writes.push(Write::RemoveOperation(id.clone()));
        self.out.tell(Notice::Queue);
    }

    /// Tells that an operation was refused.
    pub(super) fn refuse(&mut self, id: OperationId, action: Action, error: ApiError) {
        self.out.outcomes.push((
            id.clone(),
            OutcomeKind::Refused {
                error: error.clone(),
                refused_recipients: Vec::new(),
            },
        ));
        self.tell_refusal(Refusal { id, action, error });
    }

    /// Tells that an operation was not done, and keeps that until the person has seen it.
    pub(super) fn tell_refusal(&mut self, refusal: Refusal) {
        let id = refusal.id.clone();
        self.refusals.keep(refusal);
        self.out.notices.push(Notice::Refused { id });
    }

    /// Tells that what an operation was about was gone. Whoever meant to put it somewhere has to know.
    pub(super) fn tell_gone(&mut self, id: OperationId, action: Action) {
        self.keep_gone(&id, action);
        self.out.notices.push(Notice::Gone { id });
    }

    /// Keeps that what was to be moved or copied was gone.
    pub(super) fn keep_gone(&mut self, id: &OperationId, action: Action) {
        if let Action::Move { .. } | Action::Copy { .. } = action {
            self.refusals.keep(Refusal {
                id: id.clone(),
                action,
                error: words::gone(),
            });
        }
    }

    /// Lays the operation over what is shown.
    pub(super) fn show(&mut self, operation: &Operation) {
        let Operation { id, action } = operation;
        let shifts = self.shifts(id, action);
        let before = self.tree.view();
        self.tree.queue(id, action, shifts);
        self.tell_tree(&before);
        self.lay_effects(operation);
    }

    /// Lays what the operation does to rows over them.
    pub(super) fn lay_effects(&mut self, operation: &Operation) {
        let Operation { id, action } = operation;
        let drafts = self.tree.of_role(Role::Drafts).map(|m| m.id.clone());
        for (mailbox, effect) in Effect::of(action, drafts.as_ref()) {
            let touched = effect.mark.union(&effect.hide);
            let uidvalidity = effect.uidvalidity;
            self.overlay.lay(mailbox.clone(), id.clone(), None, effect);
            self.tell_touched(&mailbox, uidvalidity, &touched);
        }
    }

    /// Takes the operation away from what is shown.
    fn hide(&mut self, id: &OperationId, action: &Action) {
        let before = self.tree.view();
        self.tree.drop_operation(id);
        self.tell_tree(&before);
        self.overlay.drop_operation(id);
        let drafts = self.tree.of_role(Role::Drafts).map(|m| m.id.clone());
        for (mailbox, effect) in Effect::of(action, drafts.as_ref()) {
            let touched = effect.mark.union(&effect.hide);
            self.tell_touched(&mailbox, effect.uidvalidity, &touched);
        }
    }

    pub(super) fn tell_tree(&mut self, before: &std::rc::Rc<whimbrel_shared::MailboxList>) {
        if !std::rc::Rc::ptr_eq(before, &self.tree.view()) {
            self.out.tell(Notice::Mailboxes);
        }
    }

    pub(super) fn tell_touched(
        &mut self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        touched: &UidSet,
    ) {
        self.refresh_rows(mailbox);
        self.tell_rows(mailbox);
        for key in self.messages.of(mailbox) {
            if key.uidvalidity == uidvalidity && touched.contains(key.uid) {
                self.out.tell(Notice::Message(mailbox.clone(), key));
            }
        }
    }

    fn follow_renames(&self, action: &mut Action) {
        for old in rewrite::mailboxes(action) {
            let now = self.current_id(&old);
            if now != old {
                rewrite::mailbox(action, &old, &now);
            }
        }
    }

    fn nothing_to_do(&mut self, id: OperationId, action: Action) {
        let applied = OutcomeKind::Applied {
            moved: Vec::new(),
            gone: UidSet::new(),
            mailbox_id: None,
            below: Vec::new(),
            refused_recipients: Vec::new(),
            warning: None,
            is_copy_missing: false,
        };
        self.out.outcomes.push((id.clone(), applied));
        self.out.notices.push(Notice::Applied {
            id,
            action,
            moved: Vec::new(),
            mailbox_id: None,
            refused_recipients: Vec::new(),
            warning: None,
        });
    }
}
