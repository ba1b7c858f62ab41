//! Sending a letter: nothing is sent twice by itself, and nothing is lost when it is refused.

use leptos::prelude::*;
use whimbrel_shared::{Action, OutcomeKind, RefusedRecipient};

use super::{Alert, Letter, Phase, SaveState, Shown};
use crate::{browser::timers, logic::composing, state::App};

/// The warning of the server says why.
const NO_COPY: &str = "This message was sent. No copy of it is in Sent, so its text stays here. \
                       Once there is room, close this window to keep it in Drafts.";

impl App {
    /// Sends a letter, unless something hinders it.
    pub fn send_letter(self, letter: Letter) {
        if letter.phase.get_untracked() != Phase::Writing {
            return;
        }
        for field in [letter.to, letter.cc, letter.bcc] {
            field.take_typed();
        }
        if let Some(text) = hindrance(letter) {
            letter.alert.set(Some(Alert::passing(text)));
            return;
        }
        letter.alert.set(None);
        letter.phase.set(Phase::Sending);
        timers::spawn(async move {
            // Files on their way come along. One may fail meanwhile, and then nothing is sent without it.
            letter.settle().await;
            if let Some(text) = hindrance(letter) {
                is_back(letter, Alert::passing(text));
                return;
            }
            letter.set_busy(true);
            if let Err(words) = letter.find_files().await {
                letter.set_busy(false);
                is_back(
                    letter,
                    Alert::lasting(format!("Not sent. {words}"), Vec::new()),
                );
                return;
            }
            let outcome = self
                .mail
                .perform_and_wait(Action::Send {
                    draft: Box::new(letter.draft()),
                    replaces: letter.saved_as().map(|(_, key)| key),
                })
                .await;
            letter.set_busy(false);
            self.letter_was_answered(letter, outcome);
        });
    }

    fn letter_was_answered(self, letter: Letter, outcome: OutcomeKind) {
        let alert = match outcome {
            OutcomeKind::Applied {
                refused_recipients,
                is_copy_missing: true,
                ..
            } => {
                is_back(
                    letter,
                    Alert::lasting(NO_COPY.to_owned(), refused_recipients),
                );
                letter.phase.set(Phase::Sent);
                return;
            }
            OutcomeKind::Applied {
                refused_recipients, ..
            } => {
                self.letter_is_over(letter);
                if refused_recipients.is_empty() {
                    self.toasts.say("Message sent");
                } else {
                    self.toasts.fail(sent_to_some(
                        &letter.subject.get_untracked(),
                        &refused_recipients,
                    ));
                }
                return;
            }
            OutcomeKind::Gone => Alert::lasting(
                "Not sent: something that belongs to it is gone from the mailbox.".to_owned(),
                Vec::new(),
            ),
            OutcomeKind::Refused {
                error,
                refused_recipients,
            } => Alert::lasting(error.to_string(), refused_recipients),
        };
        is_back(letter, alert);
    }
}

/// Why a letter cannot be sent as it is, in words.
fn hindrance(letter: Letter) -> Option<String> {
    let everybody: Vec<_> = [letter.to, letter.cc, letter.bcc]
        .iter()
        .flat_map(super::recipients::Recipients::all)
        .collect();
    letter
        .files
        .with_untracked(|files| composing::hindrance(&everybody, files))
}

/// A letter that was not sent stands on screen again, with the reason.
fn is_back(letter: Letter, alert: Alert) {
    letter.phase.set(Phase::Writing);
    if matches!(
        letter.shown.get_untracked(),
        Shown::Hidden | Shown::Minimised
    ) {
        letter.shown.set(Shown::Open);
    }
    if letter.is_unsaved() {
        letter.save.set(SaveState::Unsaved);
    }
    letter.alert.set(Some(alert));
}

/// What the server said of each recipient it would not take, in one line each.
#[must_use]
pub fn refusal(refused: &RefusedRecipient) -> String {
    if refused.reason.is_empty() {
        format!("{} was refused.", refused.email)
    } else {
        format!("{}: {}", refused.email, refused.reason)
    }
}

fn sent_to_some(subject: &str, refused: &[RefusedRecipient]) -> String {
    let title = composing::title(subject);
    let refused: Vec<String> = refused.iter().map(refusal).collect();
    format!(
        "“{title}” was sent, but not to everybody. {} The copy in Sent has all of it.",
        refused.join(" ")
    )
}
