//! The open message: fetched when the place names it, marked `$seen` when it came.

use leptos::prelude::*;
use whimbrel_shared::{ApiError, BodyView, Keyword, MailboxId, MessageKey};

use super::{App, actions, targets::Targets};
use crate::browser::timers;

/// Why the open message did not come.
type Failure = (MailboxId, MessageKey, ApiError);

/// The open message: what [`super::mail::Mail::message`] does not say.
#[derive(Clone, Copy)]
pub struct Reading {
    failed: RwSignal<Option<Failure>>,
    /// A message whose text is shown otherwise than usual, and whether on white paper.
    shown_as: RwSignal<Option<(MailboxId, MessageKey, BodyView, bool)>>,
}

impl Reading {
    /// Nothing is open.
    #[must_use]
    pub fn new() -> Self {
        Self {
            failed: RwSignal::new(None),
            shown_as: RwSignal::new(None),
        }
    }

    /// As what the text of this message is shown. Tracks.
    #[must_use]
    pub fn view(&self, mailbox: &MailboxId, key: MessageKey) -> BodyView {
        match &*self.shown_as.read() {
            Some((of, shown, view, _)) if of == mailbox && *shown == key => *view,
            _ => BodyView::AsSent,
        }
    }

    /// Whether HTML of this message lies on white paper, also in the dark. Tracks.
    #[must_use]
    pub fn is_on_paper(&self, mailbox: &MailboxId, key: MessageKey) -> bool {
        let shown = self.shown_as.read();
        matches!(&*shown, Some((of, shown, _, true)) if of == mailbox && *shown == key)
    }

    /// Shows the text of this message so, until another is shown otherwise.
    pub fn show_as(&self, mailbox: MailboxId, key: MessageKey, view: BodyView) {
        let on_paper = untrack(|| self.is_on_paper(&mailbox, key));
        self.shown_as.set(Some((mailbox, key, view, on_paper)));
    }

    /// Lays HTML of this message on white paper, or takes it off.
    pub fn turn(&self, mailbox: MailboxId, key: MessageKey) {
        let (view, on_paper) =
            untrack(|| (self.view(&mailbox, key), self.is_on_paper(&mailbox, key)));
        self.shown_as.set(Some((mailbox, key, view, !on_paper)));
    }

    /// Why this message did not come; `None` while it is on its way or here.
    #[must_use]
    pub fn failure(&self, mailbox: &MailboxId, key: MessageKey) -> Option<ApiError> {
        let failed = self.failed.read();
        let (of, failed_key, error) = failed.as_ref()?;
        (of == mailbox && *failed_key == key).then(|| error.clone())
    }
}

impl Default for Reading {
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// Fetches a message that was opened, marks it read when it came and prepares its neighbours.
    /// Also what "Try again" does.
    pub fn fetch_message(self, mailbox: MailboxId, key: MessageKey) {
        self.reading.failed.set(None);
        timers::spawn(async move {
            match self.mail.replica().open_message(&mailbox, key).await {
                Ok(message) => {
                    let still_open =
                        self.navigation.message.get_untracked() == Some((mailbox.clone(), key));
                    if still_open && !message.keywords.contains(Keyword::SEEN) {
                        actions::mark_read(self, &Targets::one(mailbox.clone(), key));
                    }
                    self.prefetch_neighbours(&mailbox, key);
                }
                Err(error) => self.reading.failed.set(Some((mailbox, key, error))),
            }
        });
    }

    /// The line is back: tries the open message again, if it did not come.
    pub(super) fn fetch_failed_message(self) {
        if let Some((mailbox, key)) = self.navigation.message.get_untracked()
            && untrack(|| self.reading.failure(&mailbox, key)).is_some()
        {
            self.fetch_message(mailbox, key);
        }
    }

    fn prefetch_neighbours(self, mailbox: &MailboxId, key: MessageKey) {
        let Some(list) = self.navigation.list.get_untracked() else {
            return;
        };
        let replica = self.mail.replica();
        let Some(index) = replica.index_of(&list, key) else {
            return;
        };
        for index in [Some(index + 1), index.checked_sub(1)]
            .into_iter()
            .flatten()
        {
            if let Some(key) = replica.key_at(&list, index) {
                replica.prefetch_message(mailbox, key);
            }
        }
    }
}
