//! How full the account is, and what fills it. Few kinds of signals: each kind costs the first visit.

use leptos::prelude::*;
use whimbrel_shared::{FolderSize, Quota};

use super::{App, dialogs::Dialog};
use crate::{api, browser::timers, logic::quota};

/// What is known of the account's room.
#[derive(Clone, Copy)]
pub struct Room {
    /// "3.1 of 5 GB"; empty where nothing limits it, or as long as that is not known.
    pub words: RwSignal<String>,
    /// The part that is taken.
    pub percent: RwSignal<u32>,
    /// What is to be said above the largest folders.
    pub note: RwSignal<String>,
    /// The largest folders, until they are shown; the note changes with them.
    folders: StoredValue<Vec<FolderSize>>,
    /// The mark that the person knows of; what was so at the beginning is on screen anyway.
    told: StoredValue<u32>,
}

impl Room {
    /// Nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            words: RwSignal::new(String::new()),
            percent: RwSignal::new(0),
            note: RwSignal::new(String::new()),
            folders: StoredValue::new(Vec::new()),
            told: StoredValue::new(0),
        }
    }

    /// Hands out the largest folders, once; none while they are counted.
    #[must_use]
    pub fn take_folders(&self) -> Vec<FolderSize> {
        self.note.track();
        let taken = self.folders.try_update_value(std::mem::take);
        taken.unwrap_or_default()
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// News of the server. That a mark was passed is said once.
    pub(super) fn quota_is(self, now: Option<Quota>) {
        let room = self.room;
        let percent = now.map_or(0, quota::percent);
        let is_first = room.words.read_untracked().is_empty();
        room.percent.set(percent);
        room.words.set(now.map(quota::words).unwrap_or_default());
        let before = room.told.get_value();
        let told = quota::told(before, percent);
        room.told.set_value(told);
        if told > before && !is_first {
            let words = quota::advice(percent).to_owned();
            if told == quota::DANGER {
                self.toasts.fail(words);
            } else {
                self.toasts.say(words);
            }
        }
    }

    /// Shows what fills the account.
    pub fn show_storage(self) {
        let room = self.room;
        room.folders.set_value(Vec::new());
        room.note.set("Counting…".to_owned());
        self.dialogs.open(Dialog::Storage);
        timers::spawn(async move {
            let note = match api::folder_sizes().await {
                Ok(folders) => {
                    let note = note(&folders);
                    room.folders.set_value(folders);
                    note.to_owned()
                }
                Err(error) => error.to_string(),
            };
            room.note.set(note);
        });
    }
}

fn note(folders: &[FolderSize]) -> &'static str {
    if folders.is_empty() {
        "All folders are empty."
    } else if folders.iter().any(|folder| folder.size.is_some()) {
        "The largest folders:"
    } else {
        "Your mail server does not say how large folders are. These hold the most messages:"
    }
}
