//! Signed-in accounts: one actor each, which owns that account's IMAP connections.
//! Handlers ask an [`Account`] and await the answer; a browser that goes away never cuts a command in half.
//! Nothing here knows HTTP.

pub mod archive;
pub mod blocked;
pub mod circles;
pub mod connections;
pub mod download;
pub mod letters;
pub mod opened;
pub mod operations;
pub mod picture_senders;
pub mod senders;
pub mod thumbnails;
pub mod uploads;
pub mod vectors;
pub mod watch;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::time::{sleep, timeout};
use whimbrel_shared::{MailboxId, MailboxList, SearchResult, SessionEnd};

use crate::{
    config::{Config, Limits, MailServer},
    imap::{
        self, Error, connection::Connection, mailbox_ids::MailboxIds, name::MailboxName, search,
    },
    store::seal::Key,
    tls::TlsClient,
};

use circles::CircleCache;
use connections::{Connections, Lane, Repeat, pace::Pace};
use opened::OpenedCache;
use watch::Watch;

/// An account nobody asked anything of for this long lets go of its connections and its place.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(30 * 60);

/// The longest that an answer may take; a request must end before proxies and people give up.
const ASKING: Duration = Duration::from_secs(29);

/// A mail server needs a moment until connections that were given back do not count any more.
const MAKING_ROOM: Duration = Duration::from_secs(1);

/// Files of one account that may arrive at the same time; others wait.
const UPLOADS_AT_ONCE: usize = 4;

/// Name and password for the mail servers.
#[derive(Clone)]
pub struct Login {
    /// What the mail server knows the person by.
    pub user: String,
    /// The password, or what stands for it; lives in memory only.
    pub password: SecretString,
    /// What it is.
    pub secret: Secret,
}

/// What proves to the mail servers who a person is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Secret {
    /// A password.
    #[default]
    Password,
    /// An access token of OAuth 2.0 (RFC 6750). Nobody signs in with one yet.
    Token,
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
    /// Whose findings about senders are believed, in lower case; empty: that is learnt.
    pub authserv_ids: BTreeSet<String>,
    /// When it is an account's turn to sign in.
    pub pace: Pace,
}

/// All accounts that are signed in, by account id (which stands for mail server and [`Login::user`]).
#[derive(Clone)]
pub struct Accounts {
    servers: MailServers,
    /// [`crate::store::Store::account_ids`].
    account_ids: Key,
    cache: OpenedCache,
    circles: CircleCache,
    live: Arc<Mutex<BTreeMap<String, Account>>>,
}

impl Accounts {
    /// No accounts yet, at the mail servers of `config`.
    #[must_use]
    pub fn new(config: &Config, tls: TlsClient, account_ids: Key) -> Self {
        let servers = MailServers {
            imap: config.imap.clone(),
            smtp: config.smtp.clone(),
            tls,
            limits: config.limits,
            authserv_ids: config.authserv_ids.clone(),
            pace: Pace::default(),
        };
        Self {
            servers,
            account_ids,
            cache: opened::cache(),
            circles: circles::cache(),
            live: Arc::default(),
        }
    }

    /// The account of this id, started if needed; no I/O. `None` if the mail server refused this password,
    /// or another was found right meanwhile: a session that began with it is over.
    #[must_use]
    pub fn open(&self, account_id: &str, login: &Login) -> Option<Account> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.retain(|id, account| id == account_id || !account.is_forgotten());
        let account = live
            .entry(account_id.to_owned())
            .or_insert_with(|| self.start(account_id, login));
        let is_same = account.has_password_of(login);
        let connections = &account.inner.connections;
        if connections.is_dead() || (connections.is_refused() && !is_same) {
            *account = self.start(account_id, login);
        }
        if !account.has_password_of(login) || account.inner.connections.is_refused() {
            return None;
        }
        account.touch();
        Some(account.clone())
    }

    fn start(&self, account_id: &str, login: &Login) -> Account {
        let ids = self.account_ids.as_bytes();
        let key = Key::derive(ids, account_id.as_bytes(), "whimbrel mailbox ids v1");
        let login = Arc::new(login.clone());
        let mailbox_ids = MailboxIds::new(*key.as_bytes());
        let connections = Connections::start(self.servers.clone(), login.clone(), mailbox_ids);
        let inner = Inner {
            id: account_id.to_owned(),
            servers: self.servers.clone(),
            login,
            watch: Watch::new(connections.clone()),
            connections,
            cache: self.cache.clone(),
            circles: self.circles.clone(),
            uploading: tokio::sync::Semaphore::new(UPLOADS_AT_ONCE),
            keep_out: blocked::KeepOut::default(),
            lists: tokio::sync::Mutex::default(),
            operations: tokio::sync::Mutex::default(),
            last_asked: Mutex::new(Instant::now()),
        };
        Account {
            inner: Arc::new(inner),
        }
    }

    /// Signs in at the mail server. The connection is kept for the account's first question. If the mail
    /// server allows no more, those of tabs that are signed in make room for it.
    ///
    /// # Errors
    /// As [`imap::connect::connect`].
    pub async fn verify(&self, account_id: &str, login: &Login) -> imap::Result<()> {
        let MailServers { imap, tls, .. } = &self.servers;
        let mut verified = imap::connect::connect(imap, tls, login).await;
        let mut pause = None;
        if let Err(Error::TooManyConnections(_)) = &verified
            && let Some(account) = self.find(account_id)
        {
            pause = Some(account.inner.connections.give_back().await);
            sleep(MAKING_ROOM).await;
            verified = imap::connect::connect(imap, tls, login).await;
        }
        let connection = verified?;
        let account = self.renew(account_id, login);
        account.inner.connections.adopt(connection).await;
        drop(pause); // now that there is a connection to go on with
        Ok(())
    }

    /// The account of this id, if somebody is signed in to it.
    fn find(&self, account_id: &str) -> Option<Account> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.get(account_id).cloned()
    }

    /// The account of a password that was found right just now. Tabs that still use another one are
    /// told that their session is over.
    fn renew(&self, account_id: &str, login: &Login) -> Account {
        if let Some(account) = self.open(account_id, login) {
            return account;
        }
        let account = self.start(account_id, login);
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = live.insert(account_id.to_owned(), account.clone()) {
            old.inner.watch.expire();
        }
        account
    }

    /// Lets go of an account nobody is signed in to any more: its connections, and its password.
    pub fn close(&self, account_id: &str) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = live.remove(account_id) {
            account.inner.watch.close();
        }
        opened::forget(&self.cache, account_id);
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
    login: Arc<Login>,
    connections: Connections,
    watch: Watch,
    cache: OpenedCache,
    circles: CircleCache,
    /// Files that arrive at the same time: what they may add to the quota is bounded.
    uploading: tokio::sync::Semaphore,
    /// Keeps blocked senders out of the inbox.
    keep_out: blocked::KeepOut,
    /// Changes of the account's lists of senders come one after the other.
    lists: tokio::sync::Mutex<()>,
    /// Operations are applied one after the other.
    operations: tokio::sync::Mutex<()>,
    last_asked: Mutex<Instant>,
}

impl Account {
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

    /// The ids of its mailboxes.
    #[must_use]
    pub fn mailbox_ids(&self) -> &MailboxIds {
        self.inner.connections.opener().mailbox_ids()
    }

    /// The mailbox of an id.
    ///
    /// # Errors
    /// [`Error::MailboxGone`] if it is none that a mailbox of this account ever had.
    pub fn mailbox_name(&self, id: &MailboxId) -> imap::Result<MailboxName> {
        self.mailbox_ids().name(id).ok_or(Error::MailboxGone)
    }

    /// Name and password, for sending.
    #[must_use]
    pub fn login(&self) -> &Login {
        &self.inner.login
    }

    /// As many connections to the mail server as it may have at the same time.
    #[must_use]
    pub fn connections_at_most(&self) -> usize {
        self.inner.connections.opener().at_most()
    }

    /// Leave to take a file. Held while it arrives.
    pub async fn upload_turn(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        // Never closed, so there is always a turn in the end.
        self.inner.uploading.acquire().await.ok()
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
        in_time(self.run(lane, Repeat::Once, work)).await
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

    /// All mailboxes.
    ///
    /// # Errors
    /// When the mail server cannot be asked.
    pub async fn mailboxes(&self) -> imap::Result<MailboxList> {
        self.touch();
        in_time(self.watch().mailboxes()).await
    }

    /// The messages of a mailbox that hold a text.
    ///
    /// # Errors
    /// As [`imap::search::text`]; also [`Error::TooSlow`] if there was too little time left after the
    /// searches before it. The same question would meet the same.
    pub async fn search(&self, name: MailboxName, text: String) -> imap::Result<SearchResult> {
        let asking = self.run(Lane::Bulk, Repeat::Once, move |connection| {
            let (name, text) = (name.clone(), text.clone());
            Box::pin(async move { search::text(connection, &name, &text).await })
        });
        timeout(ASKING, asking).await.unwrap_or(Err(Error::TooSlow))
    }

    fn has_password_of(&self, login: &Login) -> bool {
        let held = self.inner.login.password.expose_secret().as_bytes();
        held.ct_eq(login.password.expose_secret().as_bytes()).into()
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

async fn in_time<T>(asking: impl Future<Output = imap::Result<T>>) -> imap::Result<T> {
    let answer = timeout(ASKING, asking).await;
    answer.unwrap_or_else(|_| Err(Error::Lost("the mail server does not answer".to_owned())))
}
