//! The open message: fetched when the place names it, marked `$seen` when it came.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;
use whimbrel_shared::{ApiError, BodyView, Keyword, MailboxId, MessageKey, ReportLine, path};

use super::{
    App, actions,
    compose::Begin,
    dialogs::{Dialog, Question},
    targets::Targets,
};
use crate::{
    api,
    browser::{history, timers},
    logic::percent,
};

/// Why the open message did not come.
type Failure = (MailboxId, MessageKey, ApiError);

thread_local! {
    // Goes with the number of answers below; every further kind of stored value costs the first visit.
    static NOTES: RefCell<(String, Vec<ReportLine>)> = const { RefCell::new((String::new(), Vec::new())) };
}

/// The open message: what [`super::mail::Mail::message`] does not say.
#[derive(Clone, Copy)]
pub struct Reading {
    failed: RwSignal<Option<Failure>>,
    /// A message whose text is shown otherwise than usual, and whether on white paper.
    shown_as: RwSignal<Option<(MailboxId, MessageKey, BodyView, bool)>>,
    /// How often the server said something about a sender.
    noted: RwSignal<u32>,
    /// How large the text of messages is, in percent.
    pub zoom: RwSignal<u32>,
}

impl Reading {
    /// Nothing is open.
    #[must_use]
    pub fn new() -> Self {
        Self {
            failed: RwSignal::new(None),
            shown_as: RwSignal::new(None),
            noted: RwSignal::new(0),
            zoom: RwSignal::new(100),
        }
    }

    /// As what the text of this message is shown, if not as usual. Tracks.
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

    /// What is said about who sent this message, the verdict first; nothing as long as that is not known. Tracks.
    #[must_use]
    pub fn notes(&self, mailbox: &MailboxId, key: MessageKey) -> Vec<ReportLine> {
        self.noted.track();
        NOTES.with_borrow(|(of, notes)| {
            let is_of_it = *of == path::sender(mailbox, key);
            if is_of_it { notes.clone() } else { Vec::new() }
        })
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
    /// As what the text of this message is shown. Tracks.
    #[must_use]
    pub fn view(self, mailbox: &MailboxId, key: MessageKey) -> BodyView {
        let loads = || {
            let message = self.mail.message(mailbox, key);
            message.is_some_and(|message| message.loads_pictures)
        };
        match self.reading.view(mailbox, key) {
            BodyView::AsSent if loads() => BodyView::Pictures,
            view => view,
        }
    }

    /// Loads pictures of the sender of this message from now on.
    pub fn always_load_pictures(self, mailbox: MailboxId, key: MessageKey) {
        timers::spawn(async move {
            match api::tell(&path::always_pictures(&mailbox, key)).await {
                Ok(()) => {
                    self.mail.replica().forget_messages();
                    self.fetch_message(mailbox, key);
                }
                Err(error) => {
                    self.toasts.fail(error.to_string());
                }
            }
        });
    }

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
                    // Nobody waits for it.
                    let of = path::sender(&mailbox, key);
                    let notes = api::report(&of).await;
                    let still_open =
                        self.navigation.message.get_untracked() == Some((mailbox, key));
                    if let (Ok(notes), true) = (notes, still_open) {
                        NOTES.set((of, notes));
                        self.reading.noted.update(|noted| *noted += 1);
                    }
                }
                Err(error) => self.reading.failed.set(Some((mailbox, key, error))),
            }
        });
    }

    /// Asks before something is done: by the server, in a letter that it began, or on a page elsewhere.
    pub fn ask_to_act(self, note: ReportLine, accept: &'static str, done: &'static str) {
        let target = note.target;
        let act = move || {
            if !target.starts_with('/') {
                history::open_tab(&target);
                return;
            }
            let target = target.clone();
            if target.ends_with("/draft") {
                self.write_as(target);
                return;
            }
            timers::spawn(async move {
                match api::tell(&target).await {
                    Ok(()) => self.toasts.say(done),
                    Err(error) => self.toasts.fail(error.to_string()),
                };
            });
        };
        self.dialogs.open(Dialog::Question(Question {
            title: note.title,
            text: note.text,
            accept,
            is_destructive: false,
            on_accept: Rc::new(act),
        }));
    }

    /// Begins the letter that a `mailto:` link asks for.
    pub fn write_to(self, link: &str) {
        self.write_as(path::letter(&percent::encode(link)));
    }

    /// Begins a letter as the server has it at this address.
    fn write_as(self, target: String) {
        timers::spawn(async move {
            match api::draft(&target).await {
                Ok(letter) => self.composers.begin(Begin::New(Box::new(letter))),
                Err(error) => {
                    self.toasts.fail(error.to_string());
                }
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
