//! Keeping a letter in Drafts: while one writes, when the composer is closed, never twice at a time.

use std::time::Duration;

use leptos::prelude::*;
use whimbrel_shared::{
    Action, Draft, ErrorCode, MailboxId, MessageKey, MovedKey, OutcomeKind, UidSet, path,
};

use super::{Alert, Letter, Phase, SaveState, Shown};
use crate::{
    api,
    browser::timers,
    logic::composing::{FileState, LetterFile},
    state::{App, mail::Line},
};

/// How often it is looked whether there is something to save.
const LOOK: Duration = Duration::from_secs(2);
/// Seconds without a key after which the letter is saved.
const PAUSE: i64 = 4;
/// Seconds after which it is saved although one goes on typing.
const AT_LEAST: i64 = 30;
/// The same where files are so large that every version costs.
const AT_LEAST_WITH_FILES: i64 = 300;
/// Bytes from which files are large.
const LARGE: u64 = 1024 * 1024;
/// What an alert about saving begins with.
const NOT_SAVED: &str = "The draft was not saved.";
/// Between two looks whether something else is done.
const MOMENT: Duration = Duration::from_millis(100);

impl Letter {
    /// Waits until no operation on it and no file is on its way.
    pub(super) async fn settle(&self) {
        while self.is_busy() || self.is_uploading() {
            timers::sleep(MOMENT).await;
        }
    }

    /// Whether an operation on it is on its way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.behind.with_value(|behind| behind.is_busy)
    }

    pub(super) fn set_busy(&self, busy: bool) {
        self.behind.update_value(|behind| behind.is_busy = busy);
    }

    pub(super) fn is_over(&self) -> bool {
        self.behind.with_value(|behind| behind.is_over)
    }

    /// Nothing is saved or sent any more.
    pub(in crate::state) fn give_up(&self) {
        self.behind.update_value(|behind| behind.is_over = true);
    }

    pub(super) fn saved_as(&self) -> Option<(MailboxId, MessageKey)> {
        self.behind.with_value(|behind| behind.saved_as.clone())
    }

    /// Whether closing the tab now would lose something of it.
    #[must_use]
    pub fn is_at_stake(&self) -> bool {
        self.is_busy() || self.is_unsaved()
    }

    /// Says that the letter is here only, where nobody can miss it.
    fn is_not_saved(&self, words: &str) {
        self.alert.set(Some(Alert::lasting(
            format!("{NOT_SAVED} {words}"),
            Vec::new(),
        )));
    }

    fn is_saved_after_all(&self) {
        let said = |alert: &Option<Alert>| {
            let alert = alert.as_ref();
            alert.is_some_and(|alert| alert.text.starts_with(NOT_SAVED))
        };
        if self.alert.with_untracked(said) {
            self.alert.set(None);
        }
    }

    fn should_save(&self) -> bool {
        let now = timers::now();
        let large = self
            .files
            .with_untracked(|files| files.iter().map(|file| file.size).sum::<u64>() > LARGE);
        let saved_at = self.behind.with_value(|behind| behind.saved_at);
        let since_save = now - saved_at;
        let paused = now - self.changed_at.get_value() >= PAUSE;
        let due = if large {
            since_save >= AT_LEAST_WITH_FILES
        } else {
            paused || since_save >= AT_LEAST
        };
        // A refusal is not tried again in a hurry.
        let failed = matches!(self.save.get_untracked(), SaveState::Failed(_));
        due && (!failed || since_save >= AT_LEAST)
    }
}

impl App {
    /// Saves a letter now and then, until it is over.
    pub(super) fn keep_saving(self, letter: Letter) {
        timers::spawn(async move {
            while !letter.is_over() {
                timers::sleep(LOOK).await;
                let idle = letter.phase.get_untracked() == Phase::Writing
                    && !letter.is_busy()
                    && !letter.is_uploading()
                    && !letter.is_over();
                let online = self.mail.line.get_untracked() == Line::Online;
                if idle && online && letter.should_save() && letter.is_unsaved() {
                    let _ = self.save_letter(letter).await;
                }
            }
        });
    }

    /// Puts the newest version into Drafts, in place of the one before. What went wrong, in words.
    pub(in crate::state) async fn save_letter(self, letter: Letter) -> Result<(), String> {
        letter.settle().await;
        if letter.is_over() || !letter.is_unsaved() {
            return Ok(());
        }
        letter.set_busy(true);
        letter.save.set(SaveState::Saving);
        if let Err(words) = letter.find_files().await {
            letter.set_busy(false);
            letter.save.set(SaveState::Failed(words.clone()));
            letter
                .behind
                .update_value(|behind| behind.saved_at = timers::now());
            return Err(words);
        }
        let draft = letter.draft();
        let before = letter.saved_as();
        let outcome = self
            .mail
            .perform_and_wait(Action::SaveDraft {
                draft: Box::new(draft.clone()),
                replaces: before.as_ref().map(|(_, key)| *key),
            })
            .await;
        letter
            .behind
            .update_value(|behind| behind.saved_at = timers::now());
        let result = match outcome {
            OutcomeKind::Applied { moved, .. } => {
                was_saved(letter, draft, &moved).await;
                letter.is_saved_after_all();
                Ok(())
            }
            OutcomeKind::Gone => Err("The folder for drafts is gone.".to_owned()),
            OutcomeKind::Refused { error, .. } => {
                if error.code == ErrorCode::OverQuota {
                    letter.is_not_saved(&error.to_string());
                }
                Err(error.to_string())
            }
        };
        letter.set_busy(false);
        letter.save.set(match &result {
            Ok(()) if letter.is_unsaved() => SaveState::Unsaved,
            Ok(()) => SaveState::Saved(timers::now()),
            Err(words) => SaveState::Failed(words.clone()),
        });
        result
    }

    /// Closes a composer. What is not in Drafts goes there first; if it does not arrive, the
    /// composer comes back and says so.
    pub fn put_letter_away(self, letter: Letter) {
        if letter.phase.get_untracked() == Phase::Sending {
            letter.shown.set(Shown::Hidden);
            return;
        }
        if !letter.is_unsaved() && !letter.is_busy() {
            self.letter_is_over(letter);
            return;
        }
        let online = self.mail.line.get_untracked() == Line::Online;
        letter.shown.set(if online {
            Shown::Hidden
        } else {
            Shown::Minimised
        });
        timers::spawn(async move {
            match self.save_letter(letter).await {
                Ok(()) if letter.is_unsaved() => letter.shown.set(Shown::Open),
                Ok(()) => {
                    self.letter_is_over(letter);
                    self.toasts.say("Draft saved");
                }
                Err(words) => {
                    letter.shown.set(Shown::Open);
                    letter.is_not_saved(&words);
                }
            }
        });
    }

    /// Throws a letter away, and its version in Drafts.
    pub fn discard_letter(self, letter: Letter) {
        letter.give_up();
        let files = letter
            .files
            .with_untracked(|files| files.iter().map(|file| file.id).collect::<Vec<_>>());
        for id in files {
            self.detach(letter, id);
        }
        letter.shown.set(Shown::Hidden);
        timers::spawn(async move {
            letter.settle().await;
            self.composers.close(letter.id);
            if let Some((mailbox_id, key)) = letter.saved_as() {
                self.mail.perform(Action::Destroy {
                    mailbox_id,
                    uidvalidity: key.uidvalidity,
                    uids: UidSet::one(key.uid),
                });
                self.toasts.say("Draft discarded");
            }
        });
    }

    pub(super) fn letter_is_over(self, letter: Letter) {
        letter.give_up();
        self.composers.close(letter.id);
    }
}

/// The letter lies in Drafts as `draft`, and its files with it.
async fn was_saved(letter: Letter, draft: Draft, moved: &[MovedKey]) {
    let now = moved
        .first()
        .map(|place| (place.mailbox_id.clone(), place.key));
    letter.behind.update_value(|behind| {
        behind.has_old_files = now.is_some() && !draft.attachments.is_empty();
        behind.saved = draft;
        behind.saved_as = now;
    });
    // Tried again before the next version.
    let _ = letter.find_files().await;
}

impl Letter {
    /// Makes the files name the version in Drafts, unless they do: the one before it is gone.
    /// What went wrong, in words; then nothing may be saved or sent.
    pub(super) async fn find_files(&self) -> Result<(), String> {
        let place = self
            .behind
            .with_value(|behind| behind.saved_as.clone().filter(|_| behind.has_old_files));
        let Some((mailbox, key)) = place else {
            return Ok(());
        };
        let saved = self
            .behind
            .with_value(|behind| behind.saved.attachments.clone());
        let is_saved = |file: &LetterFile| matches!(&file.state, FileState::Ready(attachment) if saved.contains(attachment));
        if !self
            .files
            .with_untracked(|files| files.iter().any(is_saved))
        {
            return Ok(());
        }
        let newer = api::draft(&path::draft(&mailbox, key))
            .await
            .map_err(|error| error.to_string())?;
        if saved.len() != newer.attachments.len() {
            return Err(
                "The files of the draft cannot be told apart. Attach them again.".to_owned(),
            );
        }
        self.files.update(|files| {
            for (old, new) in saved.iter().zip(&newer.attachments) {
                let same = |file: &&mut LetterFile| matches!(&file.state, FileState::Ready(attachment) if attachment == old);
                if let Some(file) = files.iter_mut().find(same) {
                    file.state = FileState::Ready(new.clone());
                }
            }
        });
        self.behind.update_value(|behind| {
            behind.saved.attachments = newer.attachments;
            behind.has_old_files = false;
        });
        Ok(())
    }
}
