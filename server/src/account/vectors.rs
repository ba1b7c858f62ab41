//! Orders and conversations of a mailbox. Where the mail server finds none, they are made of a look at
//! every message, a thousand at a time: between two looks others may use the connection, and what is
//! kept of a message is a few bytes.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, timeout_at};
use whimbrel_shared::{
    MailboxOrder, MailboxThreads, OrderBy, State, Uid, UidList, UidSet, UidValidity,
};

use crate::imap::{
    self, Error,
    connection::Connection,
    name::MailboxName,
    order::{self, Key},
    threads::{self, Links},
};

use super::{ASKING, Account, connections::Lane};

/// Messages looked at in one go.
const BATCH: usize = 1_000;
/// More are not looked at one by one.
const MOST: usize = 200_000;

/// Every message of a mailbox in some order.
///
/// # Errors
/// [`Error::MailboxGone`]; [`Error::Unsupported`] where the mail server cannot sort and the mailbox is
/// too large to be looked through.
pub async fn order(
    account: &Account,
    name: &MailboxName,
    by: OrderBy,
) -> imap::Result<MailboxOrder> {
    let asked = name.clone();
    let sorted = account.ask(Lane::Bulk, move |connection| {
        let name = asked.clone();
        Box::pin(async move { order::sorted(connection, &name, by).await })
    });
    if let Some(order) = sorted.await? {
        return Ok(order);
    }
    let mut keys: Vec<(Key, Uid)> = Vec::new();
    let looked = look_through(
        account,
        name,
        move |connection, (name, uidvalidity, uids)| {
            Box::pin(async move { order::keys(connection, &name, uidvalidity, &uids, by).await })
        },
        |uid, key| keys.push((key.unwrap_or(Key::Nothing), uid)),
    );
    let looked = looked.await?;
    keys.sort_unstable();
    Ok(MailboxOrder {
        state: looked.state,
        uidvalidity: looked.uidvalidity,
        uids: UidList(keys.into_iter().map(|(_, uid)| uid).collect()),
    })
}

/// The conversations of a mailbox.
///
/// # Errors
/// As [`order()`].
pub async fn threads(account: &Account, name: &MailboxName) -> imap::Result<MailboxThreads> {
    let asked = name.clone();
    let found = account.ask(Lane::Bulk, move |connection| {
        let name = asked.clone();
        Box::pin(async move { threads::found(connection, &name).await })
    });
    if let Some(threads) = found.await? {
        return Ok(threads);
    }
    let mut links = Links::default();
    let looked = look_through(
        account,
        name,
        |connection, (name, uidvalidity, uids)| {
            Box::pin(async move { threads::ids(connection, &name, uidvalidity, &uids).await })
        },
        |uid, ids: Option<Vec<String>>| links.add(uid, &ids.unwrap_or_default()),
    );
    let looked = looked.await?;
    Ok(MailboxThreads {
        state: looked.state,
        uidvalidity: looked.uidvalidity,
        uids: looked.uids,
        threads: links.conversations(),
    })
}

/// What a mailbox looked like when it was looked through.
struct Looked {
    state: State,
    uidvalidity: UidValidity,
    uids: UidSet,
}

/// Some messages of a mailbox.
type Batch = (MailboxName, UidValidity, UidSet);

/// Looks at every message, in the order of UIDs: `fetch` gets a batch, `take` what came of each.
async fn look_through<T, F>(
    account: &Account,
    name: &MailboxName,
    fetch: F,
    mut take: impl FnMut(Uid, Option<T>),
) -> imap::Result<Looked>
where
    T: Send + 'static,
    F: for<'c> Fn(&'c mut Connection, Batch) -> BoxFuture<'c, imap::Result<BTreeMap<Uid, T>>>
        + Clone
        + Send
        + Sync
        + 'static,
{
    let until = Instant::now() + ASKING;
    let asked = name.clone();
    let all = account.ask(Lane::Bulk, move |connection| {
        let name = asked.clone();
        Box::pin(async move { order::all(connection, &name).await })
    });
    let (selected, uids) = in_time(until, all).await?;
    if uids.len() > MOST {
        return Err(Error::Unsupported(
            "this folder has too many messages for a mail server that cannot sort".to_owned(),
        ));
    }
    let each: Vec<Uid> = uids.iter().collect();
    for uids in each.chunks(BATCH) {
        let batch: Batch = (
            name.clone(),
            selected.uidvalidity,
            uids.iter().copied().collect(),
        );
        let fetch = fetch.clone();
        let fetched = account.ask(Lane::Bulk, move |connection| {
            fetch(connection, batch.clone())
        });
        let mut found = in_time(until, fetched).await?;
        for uid in uids {
            take(*uid, found.remove(uid));
        }
    }
    Ok(Looked {
        state: selected.state(),
        uidvalidity: selected.uidvalidity,
        uids,
    })
}

async fn in_time<T>(
    until: Instant,
    asking: impl Future<Output = imap::Result<T>>,
) -> imap::Result<T> {
    let answer = timeout_at(until, asking).await;
    answer.unwrap_or_else(|_| Err(Error::Lost("the mail server does not answer".to_owned())))
}
