//! What LIST, LSUB, STATUS and SEARCH say of the mailboxes, gathered for [`super::list`].

use std::collections::BTreeMap;

use whimbrel_shared::State;

use super::tree;
use crate::imap::{
    Error, Result,
    connection::{Connection, flight::Reply},
    name::MailboxName,
    select::{self, Numbers, Selected},
    settle,
    wire::{
        command::{Command, Kind},
        response::{Listed, MailboxStatus, Response},
    },
};

/// STATUS commands sent where the server has no LIST-STATUS; further mailboxes show no counts.
const MAX_STATUS: usize = 200;
/// Mailboxes of which counts are asked along with the list. A server may have to look into each of them,
/// which takes minutes where there are thousands.
const CROWD: usize = 1_000;
/// STATUS commands sent in one go.
const STATUS_BATCH: usize = 50;

/// What a mailbox looks like, its messages, and those without `\Seen`.
pub(super) type Counts = (State, u32, u32);

/// Counts of the mailbox open on this connection, exact.
pub(super) async fn open_counts(conn: &mut Connection) -> Result<Option<(MailboxName, Counts)>> {
    let Some(name) = conn.selected().map(|open| open.name.clone()) else {
        return Ok(None);
    };
    let news = |conn: &Connection| conn.selected().map(|open| open.news);
    let before = news(conn);
    let commands = vec![select::refresh(conn, &name)?, search_unseen(conn)];
    let mut replies = conn.pipeline(commands).await?;
    settle::ask(conn).await?;
    if conn.selected().is_none_or(|open| !open.is_exact()) {
        let commands = vec![select::command(conn, &name)?, search_unseen(conn)];
        replies = conn.pipeline(commands).await?;
    } else if news(conn) != before {
        // Dovecot searched before it took the news in, though it told of them first.
        replies = conn.pipeline(vec![search_unseen(conn)]).await?;
    }
    let unread = replies.pop().and_then(|reply| {
        let found = reply.ok().ok()?.found().cloned().unwrap_or_default();
        let length = u32::try_from(found.uids.len()).unwrap_or(u32::MAX);
        Some(found.count.unwrap_or(length))
    });
    let counts = |open: &Selected| (open.state(), open.exists, unread.unwrap_or(0));
    Ok(conn.selected().map(|open| (name, counts(open))))
}

fn search_unseen(conn: &Connection) -> Command {
    Command::new(if conn.capabilities().esearch {
        "UID SEARCH RETURN (COUNT) UNSEEN"
    } else {
        "UID SEARCH UNSEEN"
    })
    .kind(Kind::Search)
}

/// LIST with all the server can tell along with it; else LIST and LSUB.
pub(super) async fn listed(
    conn: &mut Connection,
) -> Result<(Vec<Listed>, BTreeMap<MailboxName, Counts>)> {
    let mut refused = None;
    if conn.capabilities().list_extended {
        match conn.run(extended_list(conn)).await {
            Ok(reply) => {
                let reply = with_counts(conn, reply).await?;
                let counts = statuses(&reply).filter_map(counts_of).collect();
                return Ok((rows(reply).collect(), counts));
            }
            Err(error @ (Error::No { .. } | Error::Bad(_))) => refused = Some(error),
            Err(error) => return Err(error),
        }
    }
    let commands = vec![
        Command::new("LIST \"\" \"*\""),
        Command::new("LSUB \"\" \"*\""),
    ];
    let mut replies = conn.pipeline(commands).await?.into_iter();
    let list = replies.next().map_or(
        Err(refused.unwrap_or(Error::Lost("no answer".to_owned()))),
        Reply::ok,
    )?;
    let subscribed = replies.next().and_then(|reply| reply.ok().ok());
    let rows = rows(list).chain(subscribed.into_iter().flat_map(rows));
    Ok((rows.collect(), BTreeMap::new()))
}

/// The same list with counts, now that it is known to be no crowd.
async fn with_counts(conn: &mut Connection, reply: Reply) -> Result<Reply> {
    let is_list = |response: &&Response| matches!(response, Response::List(_));
    let was_asked = conn.is_crowded == Some(false);
    let is_crowded = reply.data.iter().filter(is_list).count() > CROWD;
    conn.is_crowded = Some(is_crowded);
    if was_asked || is_crowded || !conn.capabilities().list_status {
        return Ok(reply);
    }
    match conn.run(extended_list(conn)).await {
        Err(Error::No { .. } | Error::Bad(_)) => Ok(reply),
        counted => counted,
    }
}

fn extended_list(conn: &Connection) -> Command {
    let capabilities = conn.capabilities();
    let list = Command::new("LIST \"\" \"*\" RETURN (SUBSCRIBED");
    let list = if capabilities.special_use {
        list.words("SPECIAL-USE")
    } else {
        list
    };
    let list = if capabilities.list_status && conn.is_crowded == Some(false) {
        list.words("STATUS").words(status_items(conn))
    } else {
        list
    };
    list.close()
}

pub(super) fn rows(reply: Reply) -> impl Iterator<Item = Listed> {
    reply
        .data
        .into_iter()
        .filter_map(|response| match response {
            Response::List(listed) => Some(listed),
            _ => None,
        })
}

pub(super) fn statuses(reply: &Reply) -> impl Iterator<Item = &MailboxStatus> {
    reply.data.iter().filter_map(|response| match response {
        Response::Status(status) => Some(status),
        _ => None,
    })
}

fn status_items(conn: &Connection) -> &'static str {
    if conn.capabilities().condstore {
        "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)"
    } else {
        "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)"
    }
}

pub(super) fn status_command(conn: &Connection, name: &MailboxName) -> Result<Command> {
    let status = Command::new("STATUS").string(name.wire())?;
    Ok(status.words(status_items(conn)))
}

pub(super) fn counts_of(status: &MailboxStatus) -> Option<(MailboxName, Counts)> {
    let numbers = Numbers {
        uidvalidity: status.uidvalidity?,
        uidnext: status.uidnext.unwrap_or(0),
        exists: status.messages?,
        highest_modseq: status.highest_modseq,
    };
    let counts = (numbers.state(0), numbers.exists, status.unseen.unwrap_or(0));
    Some((MailboxName::from_wire(&status.name), counts))
}

/// Asks STATUS of the mailboxes that have no counts yet, up to a limit.
pub(super) async fn add_missing_counts(
    conn: &mut Connection,
    listed: &[Listed],
    counts: &mut BTreeMap<MailboxName, Counts>,
) -> Result<()> {
    let is_told = conn.capabilities().list_status && conn.is_crowded == Some(false);
    if is_told && !counts.is_empty() {
        return Ok(()); // what it leaves out, it cannot open
    }
    let names = listed.iter().filter(|row| tree::can_open(row));
    let mut names: Vec<_> = names.map(|row| MailboxName::from_wire(&row.name)).collect();
    names.sort_by_key(|name| (!name.is_inbox(), name.wire().len()));
    names.dedup();
    names.retain(|name| !counts.contains_key(name));
    names.truncate(MAX_STATUS);
    for batch in names.chunks(STATUS_BATCH) {
        let commands: Result<Vec<_>> = batch
            .iter()
            .map(|name| status_command(conn, name))
            .collect();
        for reply in conn.pipeline(commands?).await? {
            counts.extend(statuses(&reply).filter_map(counts_of));
        }
    }
    Ok(())
}
