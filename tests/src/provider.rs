//! A mail provider in memory, small but whole enough to sign in, list, open, mark, move, draft and send, and as
//! odd as its [`Habits`] make it. Letters are of one text part. Speaks no TLS and checks no passwords.

mod commands;
mod exchange;
mod gmail;
mod mail;
mod submission;
mod words;

use std::sync::{Arc, Mutex, PoisonError};

use crate::{
    background::Background,
    scripted_imap::{Reaction, Script, ScriptedImap, send},
};

use commands::Machine;
use mail::Mail;

/// What makes a provider odd.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    greeting: &'static str,
    capability: &'static str,
    /// Folders with their attributes, as LIST tells them.
    folders: &'static [(&'static str, &'static str)],
    /// Where letters that were handed over for sending are kept.
    sent: &'static str,
    /// `\*` is among PERMANENTFLAGS, and keywords can be stored.
    has_keywords: bool,
    /// Folders are labels of letters that all lie in one.
    labels: Option<Labels>,
    /// Said of a folder that is not there, after NO.
    no_folder: &'static str,
}

/// Where letters lie that have no label.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Labels {
    all: &'static str,
    /// A letter in these has no label, and lies nowhere else.
    away: [&'static str; 2],
}

/// A running provider.
pub struct Provider {
    imap: ScriptedImap,
    mail: Arc<Mutex<Machine>>,
    submission: (u16, Background),
}

impl Provider {
    /// Gmail: labels, `X-GM-EXT-1`, and a copy in "Sent Mail" of all that is handed over.
    pub async fn gmail() -> Self {
        Self::start(gmail::HABITS).await
    }

    /// Exchange and Outlook.com: no keywords, no roles, few response codes, a copy in "Sent Items".
    pub async fn exchange() -> Self {
        Self::start(exchange::HABITS).await
    }

    async fn start(habits: Habits) -> Self {
        let machine = Arc::new(Mutex::new(Machine::new(Mail::new(habits))));
        let script = Script::new(habits.capability)
            .with_mind(Arc::clone(&machine) as _)
            .greet([send(habits.greeting)])
            .react(
                "IDLE",
                [
                    send("+ idling\r\n"),
                    Reaction::ReadLine,
                    send("{tag} OK IDLE completed\r\n"),
                ],
            );
        let taking = Arc::clone(&machine);
        let submission = submission::start(move |letter| lock(&taking).mail.keep_sent(letter));
        Self {
            imap: ScriptedImap::start(script).await,
            submission: submission.expect("a free port"),
            mail: machine,
        }
    }

    /// Where IMAP is spoken in clear.
    #[must_use]
    pub fn imap_port(&self) -> u16 {
        self.imap.port()
    }

    /// Where letters are handed over in clear.
    #[must_use]
    pub fn submission_port(&self) -> u16 {
        self.submission.0
    }

    /// Every IMAP command so far.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        self.imap.heard()
    }

    /// A letter comes into these folders; with labels it is one letter in all of them.
    pub fn deliver(&self, folders: &[&str], letter: &[u8]) {
        lock(&self.mail).mail.deliver(folders, letter);
    }

    /// The subjects of the letters in a folder, oldest first.
    #[must_use]
    pub fn subjects(&self, folder: &str) -> Vec<String> {
        lock(&self.mail).mail.subjects(folder)
    }

    /// The flags of the newest letter of a folder.
    #[must_use]
    pub fn newest_flags(&self, folder: &str) -> Vec<String> {
        lock(&self.mail).mail.newest_flags(folder)
    }

    /// From now on every connection that is open now hears that its mailbox is not connected.
    pub fn disconnect_mailboxes(&self) {
        lock(&self.mail).disconnect();
    }
}

fn lock(machine: &Mutex<Machine>) -> std::sync::MutexGuard<'_, Machine> {
    machine.lock().unwrap_or_else(PoisonError::into_inner)
}
