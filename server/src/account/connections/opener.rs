//! Opens an account's connections: when it is its turn, as many as the mail server allows, and never again with
//! a password that was refused. Must not ask anything on them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::{
    pace::{Haste, Hold},
    sharing::Sharing,
};
use crate::{
    account::{Login, MailServers},
    imap::{
        self, Error, alerts::Alerts, connect::connect, connection::Connection,
        mailbox_ids::MailboxIds,
    },
};

/// Opens connections within what the mail server allows.
#[derive(Clone)]
pub struct Opener {
    servers: MailServers,
    login: Arc<Login>,
    sharing: Sharing,
    /// The password was refused: it is never tried again.
    refused: Arc<AtomicBool>,
    hold: Hold,
    alerts: Alerts,
    mailbox_ids: MailboxIds,
}

impl Opener {
    /// Nothing is known of the mail server yet.
    pub(super) fn new(servers: MailServers, login: Arc<Login>, mailbox_ids: MailboxIds) -> Self {
        let sharing = Sharing::new(servers.limits.connections <= 1);
        Self {
            servers,
            login,
            sharing,
            refused: Arc::default(),
            hold: Hold::default(),
            alerts: Alerts::default(),
            mailbox_ids,
        }
    }

    /// Takes in a connection that was opened elsewhere for this account.
    pub(super) fn adopt(&self, connection: &mut Connection) {
        self.take_in(connection);
        self.hold.learn(&Ok(()));
    }

    fn take_in(&self, connection: &mut Connection) {
        connection.belong_to(self.alerts.clone(), self.mailbox_ids.clone());
    }

    /// The ids of the account's mailboxes.
    pub(in crate::account) fn mailbox_ids(&self) -> &MailboxIds {
        &self.mailbox_ids
    }

    /// The mail server refused a connection that was to be opened elsewhere for this account.
    pub(super) fn must_share_now(&self) {
        self.sharing.refused();
    }

    /// The mail server refused the password: nothing is asked any more.
    pub(super) fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// A new connection, signed in, when it is its turn.
    ///
    /// # Errors
    /// As [`connect`]. "Too many connections" makes the account get by with one for a while.
    pub async fn open(&self, haste: Haste) -> imap::Result<Connection> {
        self.servers.pace.turn(haste).await;
        if self.refused.load(Ordering::Relaxed) {
            return Err(Error::WrongPassword("refused before".to_owned()));
        }
        self.hold.check()?;
        let mut opened = connect(&self.servers.imap, &self.servers.tls, &self.login).await;
        self.hold.learn(&opened);
        match &mut opened {
            Ok(connection) => self.take_in(connection),
            Err(Error::TooManyConnections(_)) => self.sharing.refused(),
            Err(Error::WrongPassword(_)) => self.refused.store(true, Ordering::Relaxed),
            _ => {}
        }
        opened
    }

    /// What the administrator says on these connections.
    #[must_use]
    pub fn alerts(&self) -> &Alerts {
        &self.alerts
    }

    /// The account has to get by with one connection.
    #[must_use]
    pub fn only_one(&self) -> bool {
        self.sharing.is_on()
    }

    /// Until the account has to get by with one connection.
    pub async fn must_share(&self) {
        self.sharing.begins().await;
    }

    /// As many connections as the account may have: one of each lane and the watcher's, or fewer.
    #[must_use]
    pub fn at_most(&self) -> usize {
        if self.only_one() {
            1
        } else {
            self.servers.limits.connections.min(3)
        }
    }
}
