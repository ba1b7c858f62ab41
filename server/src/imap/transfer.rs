//! Messages from mailbox to mailbox, and out of the world. Only the messages named are ever
//! touched: where UID EXPUNGE is missing, other people's deletions are put aside first.

use std::time::Duration;

use bytes::Bytes;
use whimbrel_shared::{MessageKey, Role, Uid, UidSet, UidValidity};

use super::{
    Error, Result,
    connection::{Connection, flight::Reply},
    keywords, mailboxes,
    name::MailboxName,
    search, select,
    wire::{
        command::{Command, Set},
        found,
        response::Word,
    },
};

const DELETED: &str = "\\Deleted";
/// How often a command is given again that others' removals overtook (RFC 5530 `EXPUNGEISSUED`).
const RACES: usize = 3;
/// Servers that copy bytes take their time for a batch.
const PATIENCE: Duration = Duration::from_secs(60);

/// A message at its new place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Its UID before.
    pub from: Uid,
    /// Its key now; `None` if the server does not say (no UIDPLUS).
    pub to: Option<MessageKey>,
}

/// Moves messages; gives those that were there.
///
/// # Errors
/// [`Error::No`] with `TRYCREATE` if the target is missing; [`Error::UidValidityChanged`],
/// [`Error::MailboxGone`] for the source.
pub async fn move_to(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
    uids: &UidSet,
    to: &MailboxName,
) -> Result<Vec<Moved>> {
    if conn.capabilities().moves {
        return transfer(conn, name, uidvalidity, uids, to, Verb::Move).await;
    }
    select::select_as(conn, name, uidvalidity).await?;
    let moved = transfer(conn, name, uidvalidity, uids, to, Verb::CopyAndExpunge).await;
    moved.map_err(in_doubt)
}

/// Copies messages; gives those that were there.
///
/// # Errors
/// As [`move_to`].
pub async fn copy_to(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
    uids: &UidSet,
    to: &MailboxName,
) -> Result<Vec<Moved>> {
    select::select_as(conn, name, uidvalidity).await?;
    let copied = transfer(conn, name, uidvalidity, uids, to, Verb::Copy).await;
    copied.map_err(in_doubt)
}

/// After a copy began, a lost line leaves open whether it was made: doing it again could double
/// messages, so that is a person's decision.
fn in_doubt(error: Error) -> Error {
    if !error.is_lost() {
        return error;
    }
    Error::No {
        code: None,
        text: "The line broke in the middle; some messages may now be in both folders".to_owned(),
    }
}

/// How messages get to their new place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Move,
    Copy,
    /// For servers without MOVE. Each batch is taken away before the next is copied, so that a
    /// refusal in the middle leaves nothing twice.
    CopyAndExpunge,
}

impl Verb {
    fn words(self) -> &'static str {
        match self {
            Self::Move => "UID MOVE",
            Self::Copy | Self::CopyAndExpunge => "UID COPY",
        }
    }
}

/// Deletes messages for ever. Those that are gone are passed over.
///
/// # Errors
/// [`Error::UidValidityChanged`], [`Error::MailboxGone`].
pub async fn destroy(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
    uids: &UidSet,
) -> Result<()> {
    select::select_as(conn, name, uidvalidity).await?;
    select::catch_up(conn, name, uids.last()).await?;
    if conn.capabilities().gmail {
        return destroy_on_gmail(conn, name, uidvalidity, uids).await;
    }
    expunge(conn, uids).await
}

/// Gmail takes but a label away where it is asked to expunge, and keeps the message in "All Mail". What is
/// expunged from the trash or the junk goes for ever.
async fn destroy_on_gmail(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
    uids: &UidSet,
) -> Result<()> {
    let trash = mailboxes::of_role(conn, Role::Trash).await?;
    let junk = mailboxes::of_role(conn, Role::Junk).await?;
    let Some(trash) = trash.filter(|trash| trash != name && junk.as_ref() != Some(name)) else {
        return expunge(conn, uids).await;
    };
    let moved = move_to(conn, name, uidvalidity, uids, &trash).await?;
    let keys: Vec<_> = moved.iter().filter_map(|moved| moved.to).collect();
    if let Some(first) = keys.first() {
        select::select_as(conn, &trash, first.uidvalidity).await?;
        expunge(conn, &keys.iter().map(|key| key.uid).collect()).await?;
    }
    Ok(())
}

/// Runs `verb` on the messages. NOOP and SEARCH go before it in the same round trip: mail that came
/// a moment ago is known then, and who is there without the help of COPYUID.
async fn transfer(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
    uids: &UidSet,
    to: &MailboxName,
    verb: Verb,
) -> Result<Vec<Moved>> {
    select::select_as(conn, name, uidvalidity).await?;
    select::catch_up(conn, name, uids.last()).await?;
    let mut moved = Vec::new();
    for set in Set::batches(uids) {
        let there = search::begin(conn, true).words("UID").set(&set);
        let command = Command::new(verb.words()).set(&set).string(to.wire())?;
        let commands = vec![Command::new("NOOP"), there, command.patient(PATIENCE)];
        let mut replies = conn.pipeline(commands.clone()).await?;
        for _ in 0..RACES {
            if !replies.last().is_some_and(is_overtaken) {
                break;
            }
            replies = conn.pipeline(commands.clone()).await?;
        }
        let reply = replies.pop().ok_or(Error::MessageGone)?;
        let reply = reply.ok().map_err(try_create_if_missing)?;
        // Untagged, COPYUID may arrive while the search still counts as running.
        let told = replies
            .iter()
            .chain([&reply])
            .find_map(|r| r.code("COPYUID"));
        let told = told.map(Bytes::copy_from_slice);
        let there = search::found(replies.pop())?.intersection(uids);
        match told.and_then(|told| copied(&told, there.len())) {
            Some(pairs) => moved.extend(pairs),
            None => moved.extend(there.iter().map(|from| Moved { from, to: None })),
        }
        if verb == Verb::CopyAndExpunge {
            expunge(conn, &there).await?;
        }
    }
    Ok(moved)
}

/// Nothing was done, for another program removed some of the messages at that very moment.
fn is_overtaken(reply: &Reply) -> bool {
    let code = reply.condition.code.as_ref();
    reply.condition.word == Word::No && code.is_some_and(|code| code.name == "EXPUNGEISSUED")
}

/// Reads `COPYUID uidvalidity from to` (RFC 4315 §3), in which both sets have one order.
fn copied(arguments: &[u8], at_most: usize) -> Option<Vec<Moved>> {
    let text = std::str::from_utf8(arguments).ok()?;
    let mut words = text.split_ascii_whitespace();
    let uidvalidity = words.next()?.parse().ok()?;
    let from = found::uid_ranges(words.next()?)?;
    let to = found::uid_ranges(words.next()?)?;
    let pairs = each(from).zip(each(to)).take(at_most);
    let key = |uid| Some(MessageKey { uidvalidity, uid });
    Some(
        pairs
            .map(|(from, to)| Moved { from, to: key(to) })
            .collect(),
    )
}

fn each(ranges: Vec<(Uid, Uid)>) -> impl Iterator<Item = Uid> {
    ranges.into_iter().flat_map(|(start, end)| start..=end)
}

/// A refusal for want of the target, with `TRYCREATE`.
pub(super) fn try_create_if_missing(error: Error) -> Error {
    match error {
        Error::No { ref text, .. } if select::says_missing(&error) => Error::No {
            code: Some("TRYCREATE".to_owned()),
            text: text.clone(),
        },
        other => other,
    }
}

/// Removes messages of the open mailbox, and no others.
async fn expunge(conn: &mut Connection, uids: &UidSet) -> Result<()> {
    if uids.is_empty() {
        return Ok(());
    }
    keywords::store_flags(conn, uids, &[DELETED.to_owned()], &[]).await?;
    if conn.capabilities().uidplus {
        let expunge = |set: &Set| Command::new("UID EXPUNGE").set(set).patient(PATIENCE);
        let commands = Set::batches(uids).iter().map(expunge).collect();
        return keywords::run_all(conn, commands).await.map(drop);
    }
    let search = search::begin(conn, true).words("DELETED");
    let deleted = search::found(conn.pipeline(vec![search]).await?.pop())?;
    let others = deleted.difference(uids);
    let mark = [DELETED.to_owned()];
    // A line lost between these steps leaves others' messages without their mark, never removed.
    keywords::store_flags(conn, &others, &[], &mark).await?;
    let expunged = conn.run(Command::new("EXPUNGE")).await;
    keywords::store_flags(conn, &others, &mark, &[]).await?;
    expunged.map(drop)
}

#[cfg(test)]
mod tests;
