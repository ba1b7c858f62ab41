//! Who is signed in, and whether the session lives.

use leptos::prelude::*;
use whimbrel_shared::{ApiError, ErrorCode, SessionInfo, SignIn, path};

use super::App;
use crate::{
    api,
    browser::{account, history, storage, timers},
};

/// The session.
#[derive(Clone, Copy)]
pub struct Session {
    info: RwSignal<Option<SessionInfo>>,
    ended: RwSignal<bool>,
}

impl Session {
    /// Not known yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            info: RwSignal::new(None),
            ended: RwSignal::new(false),
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
        self.session.info.set(Some(info));
        self.session.ended.set(false);
        Ok(())
    }

    /// The server says that the session is over. What is on screen stays; a page that showed
    /// nothing yet goes to the sign-in page.
    pub fn session_ended(self) {
        if self.session.info.get_untracked().is_none() {
            history::leave_for(path::SIGN_IN);
        } else {
            self.session.ended.set(true);
        }
    }

    /// Signs in again in place, as the same person: everything on screen and in the queue goes on.
    pub async fn sign_in_again(self, password: String) -> Result<(), ApiError> {
        let Some(info) = self.session.info.get_untracked() else {
            history::leave_for(path::SIGN_IN);
            return Ok(());
        };
        let info = api::sign_in(&SignIn {
            address: info.address,
            password,
            shared: info.shared,
        })
        .await?;
        self.session.info.set(Some(info));
        self.session.ended.set(false);
        self.mail.replica().signed_in_again();
        self.connect();
        Ok(())
    }

    /// Signs out: the session ends on the server, in every tab, and the browser forgets.
    pub fn sign_out(self) {
        timers::spawn(async move {
            match api::sign_out().await {
                Ok(()) => self.leave(),
                Err(error) if error.code == ErrorCode::SignedOut => self.leave(),
                Err(error) => {
                    self.toasts.fail(format!("Not signed out. {error}"));
                }
            }
        });
    }

    fn leave(self) {
        self.disconnect();
        self.mail.replica().forget_everything();
        if self
            .session
            .info
            .get_untracked()
            .is_some_and(|info| info.shared)
        {
            storage::clear();
        }
        history::leave_for(path::SIGN_IN);
    }
}
