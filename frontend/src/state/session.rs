//! Who is signed in, and whether the session lives.

use leptos::prelude::*;
use whimbrel_shared::{ApiError, ErrorCode, SessionInfo, SignIn, path};

use super::App;
use crate::{
    api,
    browser::{account, history, timers},
};

/// Seconds after going on without a password within which an end means that the password is needed.
const GOING_ON_APART: i64 = 60;

/// The session.
#[derive(Clone, Copy)]
pub struct Session {
    info: RwSignal<Option<SessionInfo>>,
    pub(super) ended: RwSignal<bool>,
    /// When it ends on a shared computer, as far as is known (seconds since the Unix epoch).
    pub(super) ends_at: StoredValue<i64>,
    pub(super) seconds_left: RwSignal<u32>,
    /// When it last went on without a password (seconds since the Unix epoch).
    went_on_at: StoredValue<i64>,
    /// Going on without a password led nowhere.
    needs_password: StoredValue<bool>,
}

impl Session {
    /// Not known yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            info: RwSignal::new(None),
            ended: RwSignal::new(false),
            ends_at: StoredValue::new(0),
            seconds_left: RwSignal::new(0),
            went_on_at: StoredValue::new(0),
            needs_password: StoredValue::new(false),
        }
    }

    /// Who is signed in; `None` until the server said so.
    #[must_use]
    pub fn info(&self) -> Option<SessionInfo> {
        self.info.get()
    }

    /// The session ended while the app was open: the password is asked for over the page.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.get()
    }

    /// Seconds to its end on a shared computer, once that is near; else 0.
    #[must_use]
    pub fn seconds_left(&self) -> u32 {
        self.seconds_left.get()
    }

    /// Nobody must learn from this browser what is read here: the computer is shared, or that is not known yet.
    #[must_use]
    pub fn leaves_no_trace(&self) -> bool {
        self.info
            .with(|info| info.as_ref().is_none_or(|info| info.shared))
    }

    /// It ended on a shared computer: whoever sits there now must not see the mail.
    #[must_use]
    pub fn hides_mail(&self) -> bool {
        self.ended.get()
            && self
                .info
                .with(|info| info.as_ref().is_some_and(|info| info.shared))
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// Asks the server who is signed in.
    pub async fn load_session(self) -> Result<(), ApiError> {
        let info = api::session().await.inspect_err(|error| {
            if error.code == ErrorCode::SignedOut {
                self.session_ended();
            }
        })?;
        account::show(&info.account_id);
        self.appearance.remember(!info.shared);
        self.navigation.write_words(!info.shared);
        self.join_tabs();
        self.hear_of_the_end(&info);
        self.session.info.set(Some(info));
        self.session.ended.set(false);
        Ok(())
    }

    /// The server says that the session is over. Another tab may have signed in again already, and
    /// then this one goes on; else the password is asked for over the page. A page that showed
    /// nothing yet goes to the sign-in page.
    pub fn session_ended(self) {
        if self.session.info.get_untracked().is_none() {
            history::leave_for(path::SIGN_IN);
        } else if !self.session.ended.get_untracked() {
            timers::spawn(async move {
                if !self.goes_on().await {
                    self.session.ended.set(true);
                }
            });
        }
    }

    /// The window is looked at again: another tab may have signed in meanwhile.
    pub(super) fn session_may_live_again(self) {
        if self.session.ended.get_untracked() {
            timers::spawn(async move {
                self.goes_on().await;
            });
        }
    }

    /// A person does something here, which keeps the session alive.
    pub fn person_is_here(self) {
        if self.session.info.get_untracked().is_none() || self.session.ended.get_untracked() {
            return;
        }
        timers::spawn(async move {
            match api::is_here().await {
                Ok(info) => self.hear_of_the_end(&info),
                Err(error) if error.code == ErrorCode::SignedOut => self.session_ended(),
                Err(_) => {}
            }
        });
    }

    /// Signs in again in place, as the same person: everything on screen and in the queue goes on.
    pub async fn sign_in_again(self, password: String) -> Result<(), ApiError> {
        let Some(info) = self.session.info.get_untracked() else {
            history::leave_for(path::SIGN_IN);
            return Ok(());
        };
        if self.goes_on().await {
            return Ok(());
        }
        let info = api::sign_in(&SignIn {
            address: info.user,
            password,
            shared: info.shared,
        })
        .await?;
        self.session.needs_password.set_value(false);
        self.signed_in_as(info);
        Ok(())
    }

    /// Asks whether there is a session of this account, and goes on in it. Not twice in a row: where
    /// the mail server refuses the password, the session lives and is of no use.
    async fn goes_on(self) -> bool {
        let now = timers::now();
        if now - self.session.went_on_at.get_value() < GOING_ON_APART {
            self.session.needs_password.set_value(true);
        }
        if self.session.needs_password.get_value() {
            return false;
        }
        let Ok(info) = api::session().await else {
            return false;
        };
        self.session.went_on_at.set_value(now);
        self.signed_in_as(info);
        true
    }

    fn signed_in_as(self, info: SessionInfo) {
        self.hear_of_the_end(&info);
        self.session.info.set(Some(info));
        self.session.ended.set(false);
        self.mail.replica().signed_in_again();
        self.connect();
    }
}
