//! The list of the account's mailboxes, asked where there is a connection whose word on it is good. What
//! goes out to everybody is the watcher's to tell.

use std::{sync::Arc, time::Instant};

use whimbrel_shared::MailboxList;

use super::{Seen, Watch, seen::tell_list};
use crate::{
    account::connections::{Lane, Repeat, pace::Haste},
    imap::{self, Error, connection::Connection, mailbox_ids::MailboxIds, mailboxes, notify},
};

impl Watch {
    /// The ids of the account's mailboxes.
    pub(super) fn mailbox_ids(&self) -> &MailboxIds {
        self.0.connections.opener().mailbox_ids()
    }

    /// All mailboxes, through the interactive lane. A connection that may have missed changes makes room for
    /// another one.
    ///
    /// # Errors
    /// When the mail server cannot be asked.
    pub async fn mailboxes(&self) -> imap::Result<MailboxList> {
        let list = self.ask_for_mailboxes().await?;
        if self.0.list_trust.hear(&list, Instant::now()) {
            self.nudge();
        }
        Ok(list)
    }

    /// The same, and everybody is told.
    pub(super) async fn tell_mailboxes(&self, seen: &mut Seen) -> imap::Result<()> {
        let list = self.ask_for_mailboxes().await?;
        self.0.list_trust.hear(&list, Instant::now());
        tell_list(self, seen, list);
        Ok(())
    }

    async fn ask_for_mailboxes(&self) -> imap::Result<MailboxList> {
        let trust = Arc::clone(&self.0.list_trust);
        let connections = &self.0.connections;
        let asking = connections.run(Lane::Interactive, Repeat::Once, move |connection| {
            let trust = Arc::clone(&trust);
            Box::pin(async move {
                if !trust.trusts(connection.opened_at, Instant::now()) {
                    return Err(Error::Lost("its folders may be old ones".to_owned()));
                }
                mailboxes::list(connection).await
            })
        });
        asking.await
    }

    /// A connection for watching.
    pub(super) async fn open_watching(&self) -> imap::Result<Connection> {
        let mut connection = self.0.connections.opener().open(Haste::Watcher).await?;
        // Counts are asked for all the same: Dovecot 2.3 says nothing of a folder that is renamed.
        notify::of_everything(&mut connection).await?;
        Ok(connection)
    }

    /// Asks the watcher's own connection, or another in its place, and tells everybody. When to ask again
    /// at the latest, if names have to be confirmed.
    pub(super) async fn look_at_mailboxes(
        &self,
        connection: &mut Connection,
        seen: &mut Seen,
    ) -> imap::Result<Option<Instant>> {
        let trust = &self.0.list_trust;
        if !trust.trusts(connection.opened_at, Instant::now()) {
            let fresh = self.open_watching().await?;
            std::mem::replace(connection, fresh).logout().await;
        }
        let list = mailboxes::list(connection).await?;
        if trust.hear_for_all(&list, connection.opened_at, Instant::now()) {
            seen.forget_list();
        }
        tell_list(self, seen, list);
        Ok(trust.check_due())
    }
}
