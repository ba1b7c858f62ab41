//! Signing out: first what was written and done arrives, then the session ends, in every tab.

use std::{rc::Rc, time::Duration};

use leptos::prelude::*;
use whimbrel_shared::{ErrorCode, path};

use super::{
    App,
    dialogs::{Dialog, Question},
    letter::Letter,
};
use crate::{
    api,
    browser::{history, storage, timers},
    logic::composing,
};

/// Signing out waits so long for letters and changes to arrive.
const PATIENCE: Duration = Duration::from_secs(8);
/// Between two looks whether they have.
const MOMENT: Duration = Duration::from_millis(100);

impl App {
    /// Signs out, once everything has arrived; asks if it does not.
    pub fn sign_out(self) {
        timers::spawn(async move {
            for letter in self.at_stake() {
                timers::spawn(async move {
                    // What failed is still at stake below.
                    let _ = self.save_letter(letter).await;
                });
            }
            let mut waited = Duration::ZERO;
            while self.would_be_lost().is_some() && waited < PATIENCE {
                timers::sleep(MOMENT).await;
                waited += MOMENT;
            }
            let Some(lost) = self.would_be_lost() else {
                self.end_session().await;
                return;
            };
            self.dialogs.open(Dialog::Question(Question {
                title: "Sign out and lose what did not arrive?".to_owned(),
                text: format!("The server does not have {lost}. Signing out deletes it here."),
                accept: "Sign out",
                is_destructive: true,
                on_accept: Rc::new(move || timers::spawn(self.end_session())),
            }));
        });
    }

    /// The session is over because a person signed out, here or in another tab: the browser forgets,
    /// and the page goes.
    pub(super) fn leave(self) {
        self.disconnect();
        // Before the replica, or the browser would ask whether to stay.
        self.composers.forget_everything();
        self.mail.replica().forget_everything();
        let is_shared = |info: whimbrel_shared::SessionInfo| info.shared;
        if untrack(|| self.session.info()).is_some_and(is_shared) {
            storage::clear();
        }
        history::leave_for(path::SIGN_IN);
    }

    async fn end_session(self) {
        match api::sign_out().await {
            Ok(()) => self.leave(),
            Err(error) if error.code == ErrorCode::SignedOut => self.leave(),
            Err(error) => {
                self.toasts.fail(format!("Not signed out. {error}"));
            }
        }
    }

    fn at_stake(self) -> Vec<Letter> {
        let letters = untrack(|| self.composers.letters());
        letters.into_iter().filter(Letter::is_at_stake).collect()
    }

    /// What the server does not have, in words; `None` if it has everything.
    fn would_be_lost(self) -> Option<String> {
        let letters = self.at_stake();
        let changes = self.mail.replica().queue_len();
        let mut lost: Vec<String> = letters
            .iter()
            .map(|letter| format!("“{}”", composing::title(&letter.subject.get_untracked())))
            .collect();
        // A letter on its way is a change that waits, too.
        let others = changes.saturating_sub(letters.iter().filter(|one| one.is_busy()).count());
        match others {
            0 => {}
            1 => lost.push("one change".to_owned()),
            more => lost.push(format!("{more} changes")),
        }
        (!lost.is_empty()).then(|| lost.join(", "))
    }
}
