//! The mailbox list: learning it, and what follows for mailboxes that were looked at.

use std::rc::Rc;

use whimbrel_shared::{ApiError, MailboxId, MailboxList};

use super::Engine;
use crate::{
    folder::Wish,
    notice::Notice,
    question::{Moment, Timer},
    store::{Saved, Write},
    tree::Source,
    words,
};

impl Engine {
    /// What the store kept. Nothing was sent before.
    pub(crate) fn loaded(&mut self, saved: Saved) {
        if self.is_loaded {
            return;
        }
        self.is_loaded = true;
        if let Some(list) = saved.mailboxes
            && self.tree.base().is_none()
        {
            self.take_mailboxes(MailboxList::clone(&list), Source::Kept);
        }
        self.requeue(saved.queue);
    }

    /// The folders are to be fetched anew.
    pub(crate) fn want_mailboxes(&mut self) {
        self.tree.wish = true;
        self.tree.pace.reset();
    }

    /// The server answered with its mailbox list, or could not.
    pub(super) fn mailboxes_came(&mut self, asked: Moment, answer: Result<MailboxList, ApiError>) {
        if self.tree.asked != Some(asked) {
            return;
        }
        self.tree.asked = None;
        match answer {
            Ok(list) => {
                self.tree.pace.reset();
                self.take_mailboxes(list, Source::Asked(asked));
                if self.tree.is_overtaken {
                    self.tree.wish = true;
                } else if self.tree.is_unconfirmed() {
                    self.confirm_counts();
                }
            }
            Err(error) => {
                self.failed(asked, &error, Timer::Mailboxes, |engine| {
                    Some(&mut engine.tree.pace)
                });
                self.tree.wish = true;
                if crate::question::Failure::of(&error) == crate::question::Failure::Lasting {
                    // Nothing helps but another occasion.
                    self.tree.wish = false;
                }
            }
        }
    }

    /// Asks for the list a little later, when more operations may have come.
    pub(super) fn confirm_counts(&mut self) {
        if self.tree.confirming.is_none() {
            let asked = self.ask(crate::question::Ask::Wait(Timer::Confirm, CONFIRM_AFTER));
            self.tree.confirming = Some(asked);
        }
    }

    pub(super) fn take_mailboxes(&mut self, list: MailboxList, source: Source) {
        let before = self.tree.view();
        let queue = &self.queue;
        self.tree.take(list, source, |id| queue.may_be_applied(id));
        if let Some(base) = self.tree.base() {
            self.out.writes.push(Write::Mailboxes(Rc::clone(base)));
        }
        let view = self.tree.view();
        if !Rc::ptr_eq(&before, &view) {
            self.out.tell(Notice::Mailboxes);
        }
        if source == Source::Kept {
            return;
        }
        for mailbox in &view.mailboxes {
            if let Some(state) = &mailbox.state {
                self.changed(&mailbox.id, Wish::Becomes(state.clone()));
            }
        }
        if !view.mailboxes.is_empty() {
            let is_there = |id: &MailboxId| view.mailboxes.iter().any(|m| m.id == *id);
            let gone = self.folders.keys().filter(|id| !is_there(id));
            let gone: Vec<MailboxId> = gone.cloned().collect();
            for mailbox in gone {
                self.mailbox_is_gone(&mailbox, words::mailbox_gone());
            }
        }
    }

    /// The mailbox is not there: so are its rows and messages.
    pub(super) fn mailbox_is_gone(&mut self, mailbox: &MailboxId, error: ApiError) {
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return;
        };
        let is_known = folder.mirror.is_none() && folder.error.is_some();
        folder.mirror = None;
        folder.error = Some(error.clone());
        folder.sync = crate::folder::Sync {
            skip_store: true,
            ..Default::default()
        };
        folder.rows.cancel();
        for search in folder.searches.values_mut() {
            *search = crate::search::Search {
                error: Some(error.clone()),
                ..Default::default()
            };
        }
        if is_known {
            return;
        }
        self.gone_indeed(mailbox, Moment::MAX);
        self.overlay.forget_applied(mailbox);
        self.messages.forget_mailbox(mailbox);
        self.out.writes.push(Write::RemoveMailbox(mailbox.clone()));
        self.refresh_rows(mailbox);
        self.tell_lists(mailbox);
    }
}

/// Operations in quick succession are confirmed together, and mostly by a list that the server pushes.
const CONFIRM_AFTER: std::time::Duration = std::time::Duration::from_secs(2);
