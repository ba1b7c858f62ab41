//! A mailbox in another order than that of arrival (RFC 5256): asked of the server where it can sort,
//! else made of what [`keys`] fetches batch by batch. Always of the whole mailbox: the answer is kept
//! by whoever asked.

use std::{collections::BTreeMap, time::Duration};

use whimbrel_shared::{MailboxOrder, OrderBy, Uid, UidList, UidSet, UidValidity};

use super::{
    Error, Result,
    connection::Connection,
    name::MailboxName,
    select::{self, Selected},
    uids,
    wire::{
        command::{Command, Kind, Set},
        fetch::Row,
        response::Response,
    },
};
use crate::message::{base_subject::base_subject, header::Header};

/// A server without an index reads every header: as long as a request may take at all.
pub(super) const PATIENCE: Duration = Duration::from_secs(28);
/// Characters of a text that order is made by.
const KEY_LENGTH: usize = 60;

/// The mailbox in order, if the server can sort.
///
/// # Errors
/// [`super::Error::MailboxGone`].
pub async fn sorted(
    conn: &mut Connection,
    name: &MailboxName,
    by: OrderBy,
) -> Result<Option<MailboxOrder>> {
    let Some(criterion) = criterion(conn, by) else {
        return Ok(None);
    };
    let selected = open(conn, name).await?;
    let sort = Command::new("UID SORT").kind(Kind::Search);
    let sort = sort.words(criterion).words("UTF-8 ALL").patient(PATIENCE);
    let reply = conn.run(sort).await;
    let reply = match reply {
        // It cannot after all.
        Err(Error::No { .. } | Error::Bad(_)) => return Ok(None),
        reply => reply?,
    };
    let uids = reply.data.into_iter().find_map(|response| match response {
        Response::Sort(uids) => Some(uids),
        _ => None,
    });
    let uids = uids.unwrap_or_default();
    // What was there must be in it, or rows would be missing from a list.
    let is_whole = uids.len() >= selected.exists as usize;
    Ok(is_whole.then(|| MailboxOrder {
        state: selected.state(),
        uidvalidity: selected.uidvalidity,
        uids: UidList(uids),
    }))
}

/// How the server is asked. `ESORT` (RFC 5267) would only pay for a part of the order. Without `SORT=DISPLAY`
/// (RFC 5957) it would sort people by what stands before the @ of their addresses, which nobody sees.
fn criterion(conn: &Connection, by: OrderBy) -> Option<&'static str> {
    let capabilities = conn.capabilities();
    let (sort, display) = (capabilities.sort, capabilities.sort_display);
    let criterion = match by {
        OrderBy::ReceivedAt => "(ARRIVAL)",
        OrderBy::SentAt => "(DATE)",
        OrderBy::From => "(DISPLAYFROM)",
        OrderBy::To => "(DISPLAYTO)",
        OrderBy::Subject => "(SUBJECT)",
        OrderBy::Size => "(SIZE)",
    };
    let is_about_people = matches!(by, OrderBy::From | OrderBy::To);
    (sort && (display || !is_about_people)).then_some(criterion)
}

/// The mailbox open, with numbers that are exact.
pub(super) async fn open(conn: &mut Connection, name: &MailboxName) -> Result<Selected> {
    let refresh = select::refresh(conn, name)?;
    let reply = conn.pipeline(vec![refresh]).await?.pop();
    let selected = select::opened(conn, reply)?;
    if selected.is_exact() {
        return Ok(selected);
    }
    select::reselect(conn, name).await
}

/// What the mailbox looks like, and every UID in it.
///
/// # Errors
/// [`super::Error::MailboxGone`].
pub async fn all(conn: &mut Connection, name: &MailboxName) -> Result<(Selected, UidSet)> {
    let (commands, question) = uids::look(conn, name)?;
    let mut replies = conn.pipeline(commands).await?.into_iter();
    uids::seen(conn, question, &mut replies).await
}

/// What a message is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Nothing is known of it.
    Nothing,
    /// A time or a size.
    Number(i64),
    /// The beginning of a text.
    Text(Box<str>),
}

/// What these messages are ordered by. One that the server says nothing of is left out.
///
/// # Errors
/// [`super::Error::MailboxGone`], [`super::Error::UidValidityChanged`].
pub async fn keys(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
    uids: &UidSet,
    by: OrderBy,
) -> Result<BTreeMap<Uid, Key>> {
    let items = match by {
        OrderBy::ReceivedAt => "(UID INTERNALDATE)",
        OrderBy::Size => "(UID RFC822.SIZE)",
        OrderBy::SentAt => "(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (DATE)]<0.1024>)",
        OrderBy::From => "(UID BODY.PEEK[HEADER.FIELDS (FROM)]<0.4096>)",
        OrderBy::To => "(UID BODY.PEEK[HEADER.FIELDS (TO)]<0.4096>)",
        OrderBy::Subject => "(UID BODY.PEEK[HEADER.FIELDS (SUBJECT)]<0.4096>)",
    };
    let rows = rows(conn, name, uidvalidity, uids, items).await?;
    let keys = rows.into_iter().map(|(uid, row)| (uid, key(&row, by)));
    Ok(keys.collect())
}

/// These items of these messages.
pub(super) async fn rows(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
    uids: &UidSet,
    items: &'static str,
) -> Result<BTreeMap<Uid, Row>> {
    select::select_as(conn, name, uidvalidity).await?;
    let fetch = |set: &Set| {
        let fetch = Command::new("UID FETCH").kind(Kind::Fetch).set(set);
        fetch.words(items).patient(PATIENCE)
    };
    let mut rows: BTreeMap<Uid, Row> = BTreeMap::new();
    for set in Set::of(uids) {
        let mut reply = conn.run(fetch(&set)).await?;
        for row in reply.rows() {
            if let Some(uid) = row.uid {
                rows.entry(uid).or_default().merge(*row);
            }
        }
    }
    Ok(rows)
}

fn key(row: &Row, by: OrderBy) -> Key {
    let received_at = row.received_at.map_or(Key::Nothing, Key::Number);
    let nothing = Header::default();
    let header = row.fields.as_deref().unwrap_or(&nothing);
    let first = |addresses: &[whimbrel_shared::Address]| {
        let first = addresses.first();
        first.map_or(Key::Nothing, |first| {
            let is_named = !first.name.is_empty();
            text(&if is_named { &first.name } else { &first.email }.to_lowercase())
        })
    };
    match by {
        OrderBy::ReceivedAt => received_at,
        OrderBy::SentAt => header.sent_at.map_or(received_at, Key::Number),
        OrderBy::From => first(&header.from),
        OrderBy::To => first(&header.to),
        OrderBy::Subject => text(&base_subject(&header.subject)),
        OrderBy::Size => {
            let size = row.size.map(|size| i64::try_from(size).unwrap_or(i64::MAX));
            size.map_or(Key::Nothing, Key::Number)
        }
    }
}

fn text(text: &str) -> Key {
    Key::Text(text.chars().take(KEY_LENGTH).collect::<String>().into())
}

#[cfg(test)]
mod tests;
