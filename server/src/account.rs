//! Signed-in accounts: one actor each, which owns that account's IMAP connections.

use std::sync::Arc;

use secrecy::SecretString;

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

/// A handle on one account's actor. Cheap to clone.
#[derive(Clone)]
pub struct Account(Arc<()>);
