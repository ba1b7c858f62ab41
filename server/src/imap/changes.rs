//! What happened in a mailbox since a state. SELECT, SEARCH and FETCH travel together: one round
//! trip, and numbers that are exact.

use whimbrel_shared::{Changes, KeywordChange, State, UidSet};

use super::{
    Result,
    connection::{Connection, flight::Reply},
    keywords,
    name::MailboxName,
    select::{self, Numbers},
    settle, uids,
    wire::{
        command::{Command, Kind, Set},
        fetch::Row,
    },
};

/// What happened since `since`. `shown`: messages whose marks are wanted where the server cannot
/// say which marks changed.
///
/// # Errors
/// [`super::Error::MailboxGone`].
pub async fn since(
    conn: &mut Connection,
    name: &MailboxName,
    since: &State,
    shown: &UidSet,
) -> Result<Changes> {
    let Some(before) = Numbers::of(since) else {
        return Ok(Changes::StartOver);
    };
    let modseq = before
        .highest_modseq
        .filter(|_| conn.capabilities().condstore);
    if let Some(modseq) = modseq
        && let Some(changes) = without_select(conn, name, since, modseq).await?
    {
        return Ok(changes);
    }
    let (mut commands, question) = uids::look(conn, name)?;
    match modseq {
        Some(modseq) => commands.push(changed_since(conn, modseq)),
        None => commands.extend(flags_of(shown)),
    }
    let mut replies = conn.pipeline(commands).await?.into_iter();
    let (selected, uids) = uids::seen(conn, question, &mut replies).await?;
    if selected.uidvalidity != before.uidvalidity {
        return Ok(Changes::StartOver);
    }
    let mut replies: Vec<_> = replies.collect();
    // A server that began numbering anew, or cannot after all, is asked the plain way.
    let in_vain = modseq.is_some()
        && (selected.highest_modseq < modseq || replies.iter().any(|reply| !reply.is_ok()));
    if in_vain {
        replies = conn.pipeline(flags_of(shown)).await?;
    }
    Ok(Changes::Since {
        state: select::opened(conn, None)?.state(),
        keywords: changed_keywords(replies.iter_mut().flat_map(Reply::rows), &uids),
        uids,
    })
}

/// The changes if the mailbox is open, and messages only came or changed their marks since the
/// connection last looked. Spares SELECT: see [`settle`].
async fn without_select(
    conn: &mut Connection,
    name: &MailboxName,
    since: &State,
    modseq: u64,
) -> Result<Option<Changes>> {
    let is_open = conn.selected().is_some_and(|open| open.name == *name);
    if !is_open {
        return Ok(None);
    }
    let commands = vec![Command::new("NOOP"), changed_since(conn, modseq)];
    let mut replies = conn.pipeline(commands).await?;
    let is_whole = replies.iter().all(Reply::is_ok);
    let mut rows: Vec<_> = replies.iter_mut().flat_map(Reply::rows).collect();
    settle::apply(conn, &rows);
    rows.extend(settle::ask(conn).await?);
    let (Some(uids), Some(open)) = (uids::unchanged(conn, name), conn.selected()) else {
        return Ok(None);
    };
    let same = Numbers::of(since).is_some_and(|before| before.uidvalidity == open.uidvalidity);
    // Asked about the very state that was derived: let SELECT confirm it.
    let in_doubt = open.is_derived && open.state() == *since;
    if !is_whole || !same || in_doubt || open.highest_modseq < Some(modseq) {
        return Ok(None);
    }
    Ok(Some(Changes::Since {
        state: open.state(),
        keywords: changed_keywords(rows, &uids),
        uids,
    }))
}

/// Where the server can, it also tells what is gone since: that keeps true what is remembered of a
/// mailbox that was closed meanwhile, and spares a search of all of it. The number of messages still
/// has to prove it.
fn changed_since(conn: &Connection, modseq: u64) -> Command {
    let fetch = Command::new("UID FETCH").kind(Kind::Fetch).set(&Set::all());
    let fetch = fetch.words("(UID FLAGS) (CHANGEDSINCE").number(modseq);
    if conn.memory().tells_vanished {
        fetch.words("VANISHED").close()
    } else {
        fetch.close()
    }
}

fn flags_of(uids: &UidSet) -> Vec<Command> {
    let fetch = |set: &Set| Command::new("UID FETCH").kind(Kind::Fetch).set(set);
    let sets = Set::of(uids);
    sets.iter()
        .map(|set| fetch(set).words("(UID FLAGS)"))
        .collect()
}

fn changed_keywords(rows: impl IntoIterator<Item = Box<Row>>, uids: &UidSet) -> Vec<KeywordChange> {
    let rows = rows.into_iter();
    let mut changes: Vec<_> = rows
        .filter_map(|row| {
            Some(KeywordChange {
                uid: row.uid.filter(|&uid| uids.contains(uid))?,
                keywords: keywords::from_flags(&row.flags?),
            })
        })
        .collect();
    changes.reverse(); // the last word on a message counts
    changes.sort_by_key(|change| change.uid);
    changes.dedup_by_key(|change| change.uid);
    changes
}

#[cfg(test)]
mod tests;
