//! What the mail server can do: asked when a person wants to know, and said in the server's own words.

use leptos::prelude::*;
use whimbrel_shared::{ApiError, ServerReport};

use super::App;
use crate::{api, browser::timers};

/// What is known of the mail server.
#[derive(Clone, Copy)]
pub struct MailServer {
    changed: Trigger,
    answer: StoredValue<Option<Result<ServerReport, ApiError>>>,
}

impl MailServer {
    /// Nothing was asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            changed: Trigger::new(),
            answer: StoredValue::new(None),
        }
    }

    /// What the server answered; `None` while it is asked.
    #[must_use]
    pub fn answer(&self) -> Option<Result<ServerReport, ApiError>> {
        self.changed.track();
        self.answer.get_value()
    }

    fn is(&self, answer: Option<Result<ServerReport, ApiError>>) {
        self.answer.set_value(answer);
        self.changed.notify();
    }
}

impl Default for MailServer {
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// Asks what the mail server can do.
    pub fn ask_mail_server(self) {
        self.mail_server.is(None);
        timers::spawn(async move {
            let answer = api::mail_server().await;
            self.mail_server.is(Some(answer));
        });
    }
}
