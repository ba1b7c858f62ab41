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

use tokio::{sync::broadcast::error::RecvError, time::timeout};
use tracing::debug;
use whimbrel_shared::{Event, Keyword, MessageKey, Role, UidSet};

use super::{Account, connections::Lane, watch::News};
use crate::{
    imap::{
        self, Error,
        arrivals::{self, Arrival},
        connection::Connection,
        keywords, mailboxes,
        name::MailboxName,
        transfer,
    },
    message::address,
    state::AppState,
    store::{
        self,
        blocked::{self, Blocked},
    },
};

/// Addresses that an account may block.
const MOST: usize = 1_000;
/// Messages that are remembered as moved, so that one that is taken back is left alone.
const MOST_MOVED: usize = 200;
/// How often it is looked whether somebody is still signed in.
const LOOK: Duration = Duration::from_secs(5);

/// What an account needs to keep senders out.
#[derive(Default)]
pub struct KeepOut {
    /// There is a task that does it.
    is_running: AtomicBool,
    /// Changes of the record come one after the other.
    turn: tokio::sync::Mutex<()>,
    /// What was moved ([`Arrival::identity`]).
    moved: Mutex<BTreeSet<String>>,
}

/// Why somebody was not blocked.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    /// It is no address, or the reader's own.
    #[error("this address cannot be blocked")]
    Unusable,
    /// There are [`MOST`] already.
    #[error("too many are blocked already")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The mail server cannot be asked.
    #[error(transparent)]
    Imap(#[from] Error),
}

/// Who is blocked.
///
/// # Errors
/// If the database fails.
pub async fn list(app: &AppState, account: &Account) -> store::Result<Vec<String>> {
    Ok(blocked::find(&app.store, account.id()).await?.addresses)
}

/// Blocks the sender of mail that comes from now on.
///
/// # Errors
/// See [`BlockError`].
pub async fn block(
    app: &AppState,
    account: &Account,
    own: &str,
    email: &str,
) -> Result<String, BlockError> {
    let wire = address::to_wire(email).filter(|wire| !wire.eq_ignore_ascii_case(own));
    let email = wire.ok_or(BlockError::Unusable)?.to_lowercase();
    let _turn = account.inner.keep_out.turn.lock().await;
    let mut record = blocked::find(&app.store, account.id()).await?;
    let Err(place) = record.addresses.binary_search(&email) else {
        return Ok(email);
    };
    if record.addresses.len() >= MOST {
        return Err(BlockError::TooMany);
    }
    record.addresses.insert(place, email.clone());
    if record.seen.is_none() {
        record.seen = Some(look(account, None).await?.1);
    }
    blocked::put(&app.store, account.id(), &record).await?;
    Ok(email)
}

/// Lets a sender in again; one who was not blocked, too.
///
/// # Errors
/// If the database fails.
pub async fn unblock(app: &AppState, account: &Account, email: &str) -> store::Result<()> {
    let _turn = account.inner.keep_out.turn.lock().await;
    let mut record = blocked::find(&app.store, account.id()).await?;
    record.addresses.retain(|known| known != email);
    blocked::put(&app.store, account.id(), &record).await
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
async fn sweep(app: &AppState, account: &Account) -> Result<(), BlockError> {
    let keep_out = &account.inner.keep_out;
    let turn = keep_out.turn.lock().await;
    let mut record = blocked::find(&app.store, account.id()).await?;
    if record.addresses.is_empty() {
        return Ok(());
    }
    let (arrivals, newest) = look(account, record.seen).await?;
    if record.seen != Some(newest) {
        // Before anything is moved: what fails half-way is not tried again and again.
        record.seen = Some(newest);
        blocked::put(&app.store, account.id(), &record).await?;
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
            let is_listed = |email: &str| {
                let email = address::to_wire(email).map(|email| email.to_lowercase());
                email.is_some_and(|email| record.addresses.binary_search(&email).is_ok())
            };
            arrival.from.iter().any(|from| is_listed(&from.email))
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
