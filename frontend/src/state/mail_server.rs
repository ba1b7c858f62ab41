//! What the mail server can do: asked when a person wants to know, and said in the server's own words.

use std::cell::RefCell;

use leptos::prelude::*;
use whimbrel_shared::{ReportLine, path};

use super::App;
use crate::{api, browser::timers};

thread_local! {
    // Goes with the failure below; every further kind of stored value costs the first visit.
    static LINES: RefCell<Vec<ReportLine>> = const { RefCell::new(Vec::new()) };
}

/// What is known of the mail server.
#[derive(Clone, Copy)]
pub struct MailServer {
    failure: RwSignal<String>,
}

impl MailServer {
    /// Nothing was asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            failure: RwSignal::new(String::new()),
        }
    }

    /// Why it could not be asked; empty if it could, or is being asked.
    #[must_use]
    pub fn failure(&self) -> String {
        self.failure.get()
    }

    /// What it can do; empty as long as that is not known.
    #[must_use]
    pub fn lines(&self) -> Vec<ReportLine> {
        self.failure.track();
        LINES.with_borrow(Clone::clone)
    }

    fn are(&self, lines: Vec<ReportLine>, failure: String) {
        LINES.set(lines);
        self.failure.set(failure);
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
        let server = self.mail_server;
        server.are(Vec::new(), String::new());
        timers::spawn(async move {
            match api::report(path::MAIL_SERVER).await {
                Ok(lines) => server.are(lines, String::new()),
                Err(error) => server.are(Vec::new(), error.to_string()),
            }
        });
    }
}
