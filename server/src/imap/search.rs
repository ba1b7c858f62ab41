//! Searching the open folder on the server. What people type travels as strings, never as syntax.

use std::time::Duration;

use tokio::time::Instant;
use whimbrel_shared::{SearchResult, Uid, UidSet};

use super::{
    Error, Result,
    connection::{Connection, flight::Reply},
    name::MailboxName,
    select,
    wire::command::{Command, Kind, Set},
};

/// Words of one search; what follows is ignored.
const MAX_WORDS: usize = 16;
/// A server without an index reads every message: as long as a request may take at all.
const PATIENCE: Duration = Duration::from_secs(28);

/// Messages that hold every word of `text`, in header or body. No word finds nothing.
///
/// # Errors
/// [`Error::MailboxGone`]; [`Error::No`] with `BADCHARSET` if the server searches ASCII only;
/// [`Error::TooSlow`], after which the connection is of no more use.
pub async fn text(conn: &mut Connection, name: &MailboxName, text: &str) -> Result<SearchResult> {
    let words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS);
    let mut search = begin(conn, text.is_ascii());
    let mut is_empty = true;
    for word in words {
        search = search.words("TEXT").string(word.as_bytes())?;
        is_empty = false;
    }
    if is_empty {
        search = search.words("NOT ALL");
    }
    let commands = vec![select::refresh(conn, name)?, search.patient(PATIENCE)];
    let began = Instant::now();
    let replies = conn.pipeline(commands).await;
    let mut replies = match replies {
        Err(Error::Lost(_)) if began.elapsed() >= PATIENCE => return Err(Error::TooSlow),
        replies => replies?.into_iter(),
    };
    let selected = select::opened(conn, replies.next())?;
    Ok(SearchResult {
        uidvalidity: selected.uidvalidity,
        uids: found(replies.next())?,
    })
}

/// Messages with this `Message-ID`, given without angle brackets.
///
/// # Errors
/// [`Error::MailboxGone`].
pub async fn by_message_id(
    conn: &mut Connection,
    name: &MailboxName,
    message_id: &str,
) -> Result<UidSet> {
    let search = begin(conn, message_id.is_ascii())
        .words("HEADER MESSAGE-ID")
        .string(message_id.as_bytes())?;
    let commands = vec![select::refresh(conn, name)?, search];
    let mut replies = conn.pipeline(commands).await?.into_iter();
    select::opened(conn, replies.next())?;
    found(replies.next())
}

/// The same among the last `among` messages, which spares slow servers to read them all.
///
/// # Errors
/// As [`by_message_id`].
pub async fn newest_by_message_id(
    conn: &mut Connection,
    name: &MailboxName,
    message_id: &str,
    among: u32,
) -> Result<UidSet> {
    let refresh = select::refresh(conn, name)?;
    let opened = conn.pipeline(vec![refresh]).await?.pop();
    let exists = select::opened(conn, opened)?.exists;
    if exists == 0 {
        return Ok(UidSet::new());
    }
    let newest = Set::sequence(exists.saturating_sub(among).saturating_add(1), exists);
    let search = begin(conn, message_id.is_ascii())
        .set(&newest)
        .words("HEADER MESSAGE-ID")
        .string(message_id.as_bytes())?;
    found(conn.pipeline(vec![search]).await?.pop())
}

/// Whether some message has this address in `field` (`FROM` or `TO`), of those with a UID below `below` if given.
/// Looks no longer than `patience`.
///
/// # Errors
/// [`Error::MailboxGone`]; [`Error::Lost`] if it takes too long, after which the connection is of no more use.
pub async fn has_address(
    conn: &mut Connection,
    name: &MailboxName,
    field: &'static str,
    address: &str,
    below: Option<Uid>,
    patience: Duration,
) -> Result<bool> {
    let refresh = select::refresh(conn, name)?;
    let mut search = begin(conn, address.is_ascii());
    match below.map(|below| below.saturating_sub(1)) {
        Some(0) => return Ok(false),
        Some(last) => search = search.words("UID").set(&Set::sequence(1, last)),
        None => {}
    }
    let search = search.words(field).string(address.as_bytes())?;
    let commands = vec![refresh, search.patient(patience)];
    let mut replies = conn.pipeline(commands).await?.into_iter();
    select::opened(conn, replies.next())?;
    Ok(!found(replies.next())?.is_empty())
}

/// The beginning of a search command. ASCII needs no charset, which some servers do not know.
pub(super) fn begin(conn: &Connection, is_ascii: bool) -> Command {
    let search = Command::new(if conn.capabilities().esearch {
        "UID SEARCH RETURN (ALL)"
    } else {
        "UID SEARCH"
    })
    .kind(Kind::Search);
    if is_ascii {
        search
    } else {
        search.words("CHARSET UTF-8")
    }
}

/// What was found; some servers send nothing where nothing was.
pub(super) fn found(reply: Option<Reply>) -> Result<UidSet> {
    match reply {
        Some(reply) => Ok(reply
            .ok()?
            .found()
            .map(|found| found.uids.clone())
            .unwrap_or_default()),
        None => Ok(UidSet::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::scripted::{SELECT, USUAL, signed_in};

    const NEVER: (&str, &str) = ("nothing that is ever said", "");

    async fn search(steps: &'static [(&'static str, &'static str)]) -> Result<SearchResult> {
        let (mut conn, server) = signed_in(USUAL, steps).await;
        let found = text(&mut conn, &MailboxName::inbox(), "waders").await;
        assert_eq!(conn.is_usable(), found.is_ok());
        server.abort();
        found
    }

    #[tokio::test(start_paused = true)]
    async fn a_search_that_takes_too_long_is_told_from_a_line_that_was_lost() {
        let hangs = search(&[SELECT, ("UID SEARCH", ""), NEVER]).await;
        assert!(matches!(hangs, Err(Error::TooSlow)), "{hangs:?}");
        let hangs_up = search(&[SELECT, ("UID SEARCH", "")]).await;
        assert!(matches!(hangs_up, Err(Error::Lost(_))), "{hangs_up:?}");
    }
}
