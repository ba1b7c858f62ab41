//! Signed-in accounts: one actor each, which owns that account's IMAP connections.
//! Handlers ask an [`Account`] and await the answer; a browser that goes away never cuts a command in half.
//! Nothing here knows HTTP.

pub mod connections;
pub mod letters;
pub mod opened;
pub mod operations;
pub mod uploads;
pub mod watch;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use secrecy::SecretString;
use whimbrel_shared::SessionEnd;

use crate::{
    config::{Config, Limits, MailServer},
    imap::{self, connection::Connection},
    tls::TlsClient,
};

use connections::{Connections, Lane, Repeat};
use opened::OpenedCache;
use watch::Watch;

/// An account nobody asked anything of for this long lets go of its connections and its place.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(30 * 60);

/// Name and password for the mail servers.
#[derive(Clone)]
pub struct Login {
    /// What the mail server knows the person by.
    pub user: String,
    /// The password; lives in memory only.
    pub password: SecretString,
}

/// Where an account's mail is and how to get there; the same for all accounts of a server.
#[derive(Clone)]
pub struct MailServers {
    /// Read from.
    pub imap: MailServer,
    /// Sends.
    pub smtp: MailServer,
    /// TLS towards both.
    pub tls: TlsClient,
    /// What an account may use.
    pub limits: Limits,
}

/// All accounts that are signed in, by account id (which stands for mail server and [`Login::user`]).
#[derive(Clone)]
pub struct Accounts {
    servers: MailServers,
    cache: OpenedCache,
    live: Arc<Mutex<BTreeMap<String, Account>>>,
}

impl Accounts {
    /// No accounts yet, at the mail servers of `config`.
    #[must_use]
    pub fn new(config: &Config, tls: TlsClient) -> Self {
        let servers = MailServers {
            imap: config.imap.clone(),
            smtp: config.smtp.clone(),
            tls,
            limits: config.limits,
        };
        Self {
            servers,
            cache: opened::cache(),
            live: Arc::default(),
        }
    }

    /// The account of this id, started if needed. No I/O. A new password takes the place of the old.
    #[must_use]
    pub fn open(&self, account_id: &str, login: &Login) -> Account {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.retain(|id, account| id == account_id || !account.is_forgotten());
        let account = live.entry(account_id.to_owned()).or_insert_with(|| {
            Account::start(
                account_id,
                login.clone(),
                self.servers.clone(),
                self.cache.clone(),
            )
        });
        account.set_login(login);
        account.clone()
    }

    /// Signs in once at the mail server. The connection is kept for the account's first question.
    ///
    /// # Errors
    /// As [`imap::connect::connect`].
    pub async fn verify(&self, account_id: &str, login: &Login) -> imap::Result<()> {
        let servers = &self.servers;
        let connection = imap::connect::connect(&servers.imap, &servers.tls, login).await?;
        self.open(account_id, login)
            .inner
            .connections
            .adopt(connection)
            .await;
        Ok(())
    }

    /// Lets go of an account nobody is signed in to any more: its connections, and its password.
    pub fn close(&self, account_id: &str) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = live.remove(account_id) {
            account.inner.watch.close();
        }
    }

    /// Tells the tabs of a session that it has ended; see [`watch::News::SessionEnded`].
    pub fn session_ended(&self, account_id: &str, session_id: &str, how: Option<SessionEnd>) {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = live.get(account_id) {
            account.inner.watch.session_ended(session_id, how);
        }
    }
}

/// A handle on one account's actor. Cheap to clone.
#[derive(Clone)]
pub struct Account {
    inner: Arc<Inner>,
}

struct Inner {
    id: String,
    servers: MailServers,
    login: Arc<RwLock<Login>>,
    connections: Connections,
    watch: Watch,
    cache: OpenedCache,
    /// Operations are applied one after the other.
    operations: tokio::sync::Mutex<()>,
    last_asked: Mutex<Instant>,
}

impl Account {
    fn start(id: &str, login: Login, servers: MailServers, cache: OpenedCache) -> Self {
        let login = Arc::new(RwLock::new(login));
        let connections = Connections::start(servers.clone(), login.clone());
        let watch = Watch::new(connections.clone());
        let inner = Inner {
            id: id.to_owned(),
            servers,
            login,
            connections,
            watch,
            cache,
            operations: tokio::sync::Mutex::default(),
            last_asked: Mutex::new(Instant::now()),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Opaque and stable for this person at this mail server.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.inner.id
    }

    /// The mail servers it lives at.
    #[must_use]
    pub fn servers(&self) -> &MailServers {
        &self.inner.servers
    }

    /// Name and password, for sending.
    #[must_use]
    pub fn login(&self) -> Login {
        self.inner
            .login
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The account's news.
    #[must_use]
    pub fn watch(&self) -> &Watch {
        &self.inner.watch
    }

    /// Asks the mail server something that may be asked twice: a connection that turns out to be
    /// dead is replaced once. `work` borrows the connection of `lane` until it answers.
    ///
    /// # Errors
    /// What `work` returns, or why there is no connection.
    pub async fn ask<T, F>(&self, lane: Lane, work: F) -> imap::Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, imap::Result<T>> + Send + 'static,
    {
        self.run(lane, Repeat::Once, work).await
    }

    /// Tells the mail server to do something that must not be done twice.
    ///
    /// # Errors
    /// What `work` returns, or why there is no connection.
    pub async fn tell<T, F>(&self, lane: Lane, work: F) -> imap::Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, imap::Result<T>> + Send + 'static,
    {
        self.run(lane, Repeat::Never, work).await
    }

    /// As [`Self::ask`] or [`Self::tell`], by `repeat`.
    ///
    /// # Errors
    /// What `work` returns, or why there is no connection.
    pub async fn run<T, F>(&self, lane: Lane, repeat: Repeat, work: F) -> imap::Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, imap::Result<T>> + Send + 'static,
    {
        self.touch();
        self.inner.connections.run(lane, repeat, work).await
    }

    fn set_login(&self, login: &Login) {
        self.touch();
        let mut held = self
            .inner
            .login
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *held = login.clone();
    }

    fn touch(&self) {
        let mut last = self
            .inner
            .last_asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *last = Instant::now();
    }

    fn is_forgotten(&self) -> bool {
        let last = *self
            .inner
            .last_asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        last.elapsed() > FORGOTTEN_AFTER && !self.inner.watch.is_watched()
    }
}
