//! Signed-in accounts: one actor each, which owns that account's IMAP connections.

use std::sync::Arc;

use secrecy::SecretString;

use crate::{imap, state::AppState};

/// Name and password for the mail servers.
#[derive(Clone)]
pub struct Login {
    /// What the mail server knows the person by.
    pub user: String,
    /// The password; lives in memory only.
    pub password: SecretString,
}

/// All accounts that are signed in, by identity: (the configured mail server, `Login::user`).
#[derive(Clone, Default)]
pub struct Accounts(Arc<()>);

impl Accounts {
    /// The account of a live session; its actor is started if needed. No I/O.
    #[must_use]
    pub fn open(&self, _app: &AppState, _account_id: &str, _login: Login) -> Account {
        Account(Arc::clone(&self.0))
    }

    /// Whether the mail server takes this name and password.
    #[expect(clippy::unused_async, reason = "connects, once there is something to connect with")]
    pub async fn verify(&self, _app: &AppState, _login: &Login) -> imap::Result<()> {
        Err(imap::Error::Unsupported("not built yet".to_owned()))
    }

    /// A session ended: its tabs are told, and an account without sessions is closed.
    pub fn session_ended(&self, _account_id: &str, _session_id: &str) {}
}

/// A handle on one account's actor. Cheap to clone.
#[derive(Clone)]
pub struct Account(Arc<()>);
