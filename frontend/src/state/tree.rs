//! The folders as they are drawn: which branches are closed, and where the keyboard is.

use leptos::prelude::*;
use whimbrel_shared::MailboxId;

use super::{mail::Mail, navigation::Navigation};
use crate::logic::tree::Tree;

/// The tree of folders.
#[derive(Clone, Copy)]
pub struct FolderTree {
    closed: RwSignal<Vec<MailboxId>>,
    focused: RwSignal<Option<MailboxId>>,
    /// Its lines.
    pub lines: Memo<Tree>,
    /// The line that is the tab stop.
    pub tab_stop: Memo<Option<MailboxId>>,
    /// Changes when the tab stop is to have the focus.
    pub focus_wanted: RwSignal<u32>,
}

impl FolderTree {
    /// All branches open.
    #[must_use]
    pub fn new(navigation: Navigation, mail: Mail) -> Self {
        let closed = RwSignal::new(Vec::new());
        let focused = RwSignal::new(None);
        let lines = Memo::new(move |_| Tree::new(&mail.mailboxes(), &closed.read()));
        let tab_stop = Memo::new(move |_| {
            let lines = lines.read();
            let there = |id: &MailboxId| lines.line(id).is_some();
            focused
                .get()
                .filter(there)
                .or_else(|| navigation.mailbox.get().filter(there))
                .or_else(|| lines.ids().next().cloned())
        });
        Self {
            closed,
            focused,
            lines,
            tab_stop,
            focus_wanted: RwSignal::new(0),
        }
    }

    /// The keyboard came to a line.
    pub fn focused(&self, id: &MailboxId) {
        if self.focused.read_untracked().as_ref() != Some(id) {
            self.focused.set(Some(id.clone()));
        }
    }

    /// Moves the keyboard `by` lines.
    pub fn step(&self, from: &MailboxId, by: isize) {
        let there = self.lines.read_untracked().away(from, by).cloned();
        if let Some(there) = there {
            self.focus(there);
        }
    }

    /// Gives a line the focus.
    pub fn focus(&self, id: MailboxId) {
        self.focused.set(Some(id));
        self.focus_wanted
            .update(|turn| *turn = turn.wrapping_add(1));
    }

    /// Opens a branch, or closes it.
    pub fn toggle(&self, id: &MailboxId) {
        self.closed
            .update(|closed| match closed.iter().position(|other| other == id) {
                Some(at) => {
                    closed.remove(at);
                }
                None => closed.push(id.clone()),
            });
    }
}
