//! What happened in a mailbox since a state. SELECT, SEARCH and FETCH travel together: one round
//! trip, and numbers that are exact.

use whimbrel_shared::{Changes, KeywordChange, State, UidSet};

use super::{
    Result,
    connection::{Connection, Reply},
    keywords,
    name::MailboxName,
    select::{self, Numbers},
    uids,
    wire::command::{Command, Kind, Set},
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
    let (mut commands, question) = uids::look(conn, name)?;
    match modseq {
        Some(modseq) => commands.push(changed_since(modseq)),
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
        keywords: changed_keywords(&mut replies, &uids),
        uids,
    })
}

fn changed_since(modseq: u64) -> Command {
    let fetch = Command::new("UID FETCH").kind(Kind::Fetch).set(&Set::all());
    let fetch = fetch.words("(UID FLAGS) (CHANGEDSINCE");
    fetch.number(modseq).close()
}

fn flags_of(uids: &UidSet) -> Vec<Command> {
    let fetch = |set: &Set| Command::new("UID FETCH").kind(Kind::Fetch).set(set);
    let sets = Set::of(uids);
    sets.iter()
        .map(|set| fetch(set).words("(UID FLAGS)"))
        .collect()
}

fn changed_keywords(replies: &mut [Reply], uids: &UidSet) -> Vec<KeywordChange> {
    let rows = replies.iter_mut().flat_map(Reply::rows);
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
