//! The open message: fetched when the place names it, marked `$seen` when it came.

use leptos::prelude::*;
use whimbrel_shared::{ApiError, Keyword, MailboxId, MessageKey};

use super::{App, actions, targets::Targets};
use crate::browser::timers;

/// Why the open message did not come.
type Failure = (MailboxId, MessageKey, ApiError);

/// The open message: what [`super::mail::Mail::message`] does not say.
#[derive(Clone, Copy)]
pub struct Reading {
    failed: RwSignal<Option<Failure>>,
    /// Messages whose pictures from elsewhere the reader wanted to see.
    with_pictures: RwSignal<Vec<(MailboxId, MessageKey)>>,
}

impl Reading {
    /// Nothing is open.
    #[must_use]
    pub fn new() -> Self {
        Self {
            failed: RwSignal::new(None),
            with_pictures: RwSignal::new(Vec::new()),
        }
    }

    /// Whether pictures from elsewhere are shown in this message.
    #[must_use]
    pub fn shows_pictures(&self, mailbox: &MailboxId, key: MessageKey) -> bool {
        let with_pictures = self.with_pictures.read();
        with_pictures
            .iter()
            .any(|(of, shown)| of == mailbox && *shown == key)
    }

    /// Shows them, until the app is loaded anew.
    pub fn show_pictures(&self, mailbox: MailboxId, key: MessageKey) {
        self.with_pictures
            .update(|with_pictures| with_pictures.push((mailbox, key)));
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
