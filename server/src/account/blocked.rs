//! Keeps blocked senders out of the inbox while somebody is signed in: what comes from them goes to Junk, marked so
//! that the mail server can learn. Every message is looked at once; one that a person took back stays.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{sync::broadcast::error::RecvError, time::timeout};
use tracing::debug;
use whimbrel_shared::{Event, Keyword, MessageKey, Role, UidSet};

use super::{
    Account,
    connections::Lane,
    senders::{self, AddError, List, Senders},
    watch::News,
};
use crate::{
    imap::{
        self,
        arrivals::{self, Arrival},
        connection::Connection,
        keywords, mailboxes,
        name::MailboxName,
        transfer,
    },
    state::AppState,
    store::records::{self, Record},
};

/// Messages that are remembered as moved, so that one that is taken back is left alone.
const MOST_MOVED: usize = 200;
/// How often it is looked whether somebody is still signed in.
const LOOK: Duration = Duration::from_secs(5);

/// Who is blocked, and how far the inbox was looked through for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Blocked {
    addresses: Senders,
    /// The newest message of the inbox that was looked at. None is looked at twice.
    seen: Option<MessageKey>,
}

impl Record for Blocked {
    const KIND: &str = "blocked";

    fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }
}

impl List for Blocked {
    fn senders(&mut self) -> &mut Senders {
        &mut self.addresses
    }
}

/// What an account needs to keep senders out.
#[derive(Default)]
pub struct KeepOut {
    /// There is a task that does it.
    is_running: AtomicBool,
    /// What was moved ([`Arrival::identity`]).
    moved: Mutex<BTreeSet<String>>,
}

/// Blocks the sender of mail that comes from now on.
///
/// # Errors
/// See [`AddError`].
pub async fn block(
    app: &AppState,
    account: &Account,
    own: &str,
    email: &str,
) -> Result<String, AddError> {
    let email = senders::usable(email, own)?;
    let _turn = account.inner.lists.lock().await;
    let mut record: Blocked = records::find(&app.store, account.id()).await?;
    if record.addresses.add(&email)? {
        if record.seen.is_none() {
            record.seen = Some(look(account, None).await?.1);
        }
        records::put(&app.store, account.id(), &record).await?;
    }
    Ok(email)
}

/// Keeps blocked senders out as long as somebody listens to the account's news.
pub fn keep_out(app: &AppState, account: &Account) {
    if !account
        .inner
        .keep_out
        .is_running
        .swap(true, Ordering::AcqRel)
    {
        tokio::spawn(watch(app.clone(), account.clone()));
    }
}

async fn watch(app: AppState, account: Account) {
    let is_running = &account.inner.keep_out.is_running;
    loop {
        while_watched(&app, &account).await;
        is_running.store(false, Ordering::Release);
        // Somebody may have come at the last moment, and relied on this task.
        let is_wanted = account.watch().is_watched() && !app.stopping.is_cancelled();
        if !is_wanted || is_running.swap(true, Ordering::AcqRel) {
            return;
        }
    }
}

async fn while_watched(app: &AppState, account: &Account) {
    let mut news = account.watch().news();
    let inbox = account.mailbox_ids().of(&MailboxName::inbox());
    let mut may_have_come = true;
    loop {
        if std::mem::take(&mut may_have_come)
            && let Err(why) = sweep(app, account).await
        {
            debug!(%why, "the inbox was not looked through for blocked senders");
        }
        match timeout(LOOK, news.recv()).await {
            Ok(Ok(News::Event(Event::MailboxChanged { mailbox_id, .. }))) => {
                may_have_come = mailbox_id == inbox;
            }
            Ok(Ok(News::Event(Event::MailServerBack)) | Err(RecvError::Lagged(_))) => {
                may_have_come = true;
            }
            Ok(Ok(_)) => {}
            Ok(Err(RecvError::Closed)) => return,
            Err(_) if account.watch().is_watched() => {}
            Err(_) => return,
        }
        if app.stopping.is_cancelled() {
            return;
        }
    }
}

/// Looks through what came since the last time, and moves what is from blocked senders.
async fn sweep(app: &AppState, account: &Account) -> Result<(), AddError> {
    let keep_out = &account.inner.keep_out;
    let turn = account.inner.lists.lock().await;
    let mut record: Blocked = records::find(&app.store, account.id()).await?;
    if record.addresses.is_empty() {
        return Ok(());
    }
    let (arrivals, newest) = look(account, record.seen).await?;
    if record.seen != Some(newest) {
        // Before anything is moved: what fails half-way is not tried again and again.
        record.seen = Some(newest);
        records::put(&app.store, account.id(), &record).await?;
    }
    drop(turn);
    let unwanted = keep_out.unwanted(&record, arrivals);
    if !unwanted.is_empty() {
        let uidvalidity = newest.uidvalidity;
        let moving = account.tell(Lane::Bulk, move |connection| {
            Box::pin(move_to_junk(connection, uidvalidity, unwanted.clone()))
        });
        moving.await?;
        account.watch().nudge();
    }
    Ok(())
}

impl KeepOut {
    /// Those of these messages that are from blocked senders, and were not taken back by a person.
    fn unwanted(&self, record: &Blocked, arrivals: Vec<Arrival>) -> UidSet {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let is_blocked = |arrival: &Arrival| {
            let mut from = arrival.from.iter();
            from.any(|from| record.addresses.holds(&from.email))
        };
        let mut unwanted = Vec::new();
        for arrival in arrivals.into_iter().filter(is_blocked) {
            // One that somebody judged before was in Junk, and was taken back.
            let mut judged = [Keyword::JUNK, Keyword::NOT_JUNK].into_iter();
            let is_judged = judged.any(|keyword| arrival.keywords.contains(keyword));
            if is_judged || moved.contains(&arrival.identity) {
                continue;
            }
            if moved.len() < MOST_MOVED && !arrival.identity.is_empty() {
                moved.insert(arrival.identity);
            }
            unwanted.push(arrival.uid);
        }
        unwanted.into_iter().collect()
    }
}

async fn look(
    account: &Account,
    seen: Option<MessageKey>,
) -> imap::Result<(Vec<Arrival>, MessageKey)> {
    let asking = account.ask(Lane::Bulk, move |connection| {
        Box::pin(async move { arrivals::since(connection, &MailboxName::inbox(), seen).await })
    });
    asking.await
}

async fn move_to_junk(
    connection: &mut Connection,
    uidvalidity: u32,
    uids: UidSet,
) -> imap::Result<()> {
    let junk = match mailboxes::of_role(connection, Role::Junk).await? {
        Some(junk) => junk,
        None => mailboxes::create(connection, None, "Junk", Some(Role::Junk)).await?,
    };
    let inbox = MailboxName::inbox();
    let (add, remove) = (Keyword::new(Keyword::JUNK), Keyword::new(Keyword::NOT_JUNK));
    keywords::store(connection, &inbox, uidvalidity, &uids, &[add], &[remove]).await?;
    transfer::move_to(connection, &inbox, uidvalidity, &uids, &junk).await?;
    Ok(())
}
