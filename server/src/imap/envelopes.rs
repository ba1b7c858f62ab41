//! Rows of a list. The newest window and every UID come in one round trip where the connection is
//! warm: either from what it knows already, or by SELECT, SEARCH and FETCH sent together.

use std::collections::{BTreeMap, btree_map::Entry};

use whimbrel_shared::{Envelope, MailboxSnapshot, Uid, UidSet, UidValidity};

use super::{
    Result,
    connection::{Connection, flight::Reply},
    keywords,
    name::MailboxName,
    select, settle, uids,
    wire::{
        command::{Command, Kind, Set},
        fetch::Row,
    },
};
use crate::message::{body, header};

/// Rows of one request.
const MAX_ROWS: usize = 200;
/// Recipients of one row.
const MAX_RECIPIENTS: usize = 10;
/// Header fields of one row, in 16 KiB: a Subject of megabytes is nobody's honest wish.
const HEADER_FIELDS: &str = "BODY.PEEK[HEADER.FIELDS (DATE FROM TO SUBJECT)]<0.16384>)";

/// Every UID of a mailbox and its newest rows. `expected_exists`: how many messages it is thought
/// to have; if right, one round trip does.
///
/// # Errors
/// [`super::Error::MailboxGone`].
pub async fn snapshot(
    conn: &mut Connection,
    name: &MailboxName,
    window: u32,
    expected_exists: Option<u32>,
) -> Result<MailboxSnapshot> {
    if let Some(snapshot) = from_known(conn, name, window).await? {
        return Ok(snapshot);
    }
    let expected = conn.expected(name).or(expected_exists);
    let (mut commands, question) = uids::look(conn, name)?;
    let window = window.min(MAX_ROWS as u32);
    if let Some(exists) = expected.filter(|&exists| exists > 0 && window > 0) {
        let low = exists.saturating_sub(window - 1).max(1);
        commands.push(fetch_rows(conn, "FETCH", &Set::sequence(low, exists)));
    }
    let mut replies = conn.pipeline(commands).await?.into_iter();
    let (_, uids) = uids::seen(conn, question, &mut replies).await?;
    let mut rows = Rows::default();
    if let Some(mut reply) = replies.next().filter(Reply::is_ok) {
        rows.add(&mut reply); // refused: the guess was beyond the end
    }
    finish(conn, uids, window, rows).await
}

/// The snapshot by NOOP and FETCH alone, if the connection has the mailbox open, knows every UID and NOOP
/// brings no news but of messages that came: their numbers are then asked for.
async fn from_known(
    conn: &mut Connection,
    name: &MailboxName,
    window: u32,
) -> Result<Option<MailboxSnapshot>> {
    let Some(uids) = uids::unchanged(conn, name) else {
        return Ok(None);
    };
    let newest = newest(&uids, window);
    let mut commands = vec![Command::new("NOOP")];
    for set in Set::of(&newest) {
        commands.push(fetch_rows(conn, "UID FETCH", &set));
    }
    let mut replies = conn.pipeline(commands).await?;
    settle::ask(conn).await?;
    let mut rows = Rows::default();
    for reply in &mut replies {
        rows.add(reply);
    }
    let Some(uids) = uids::unchanged(conn, name) else {
        return Ok(None);
    };
    if replies.iter().any(|reply| !reply.is_ok()) {
        return Ok(None);
    }
    finish(conn, uids, window, rows).await.map(Some)
}

async fn finish(
    conn: &mut Connection,
    uids: UidSet,
    window: u32,
    mut rows: Rows,
) -> Result<MailboxSnapshot> {
    let newest = newest(&uids, window);
    let missing = newest.difference(&rows.uids());
    fetch_missing(conn, &missing, &mut rows).await?;
    let selected = select::opened(conn, None)?;
    Ok(MailboxSnapshot {
        state: selected.state(),
        uidvalidity: selected.uidvalidity,
        uids,
        envelopes: rows.envelopes(&newest),
    })
}

/// The rows of these messages, at most 200, newest first. What is gone is left out.
///
/// # Errors
/// [`super::Error::UidValidityChanged`], [`super::Error::MailboxGone`].
pub async fn by_uids(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
    uids: &UidSet,
) -> Result<Vec<Envelope>> {
    let uids = newest(uids, MAX_ROWS as u32);
    select::catch_up(conn, name, uids.last()).await?;
    let mut commands = vec![select::refresh(conn, name)?];
    for set in Set::of(&uids) {
        commands.push(fetch_rows(conn, "UID FETCH", &set));
    }
    let mut replies = conn.pipeline(commands).await?.into_iter();
    select::opened_as(conn, replies.next(), uidvalidity)?;
    let mut rows = Rows::default();
    let mut refused = false;
    for mut reply in replies {
        refused |= !reply.is_ok();
        rows.add(&mut reply);
    }
    if refused {
        let missing = uids.difference(&rows.uids());
        fetch_missing(conn, &missing, &mut rows).await?;
    }
    Ok(rows.envelopes(&uids))
}

/// Fetches rows of the open mailbox; a message the server cannot read is asked for without its
/// header, so that it shows at all.
async fn fetch_missing(conn: &mut Connection, uids: &UidSet, rows: &mut Rows) -> Result<()> {
    for set in Set::of(uids) {
        let fetch = fetch_rows(conn, "UID FETCH", &set);
        for mut reply in conn.pipeline(vec![fetch]).await? {
            rows.add(&mut reply);
            if reply.is_ok() {
                continue;
            }
            let bare = Command::new("UID FETCH").kind(Kind::Fetch).set(&set);
            let bare = bare.words("(UID FLAGS INTERNALDATE RFC822.SIZE)");
            for mut reply in conn.pipeline(vec![bare]).await? {
                rows.add_unless_there(&mut reply);
            }
        }
    }
    Ok(())
}

fn fetch_rows(conn: &Connection, verb: &'static str, set: &Set) -> Command {
    let fetch = Command::new(verb).kind(Kind::Fetch).set(set);
    let fetch = fetch.words("(UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE");
    let fetch = if conn.capabilities().preview {
        fetch.words("PREVIEW")
    } else {
        fetch
    };
    fetch.words(HEADER_FIELDS)
}

/// The highest `window` UIDs.
fn newest(uids: &UidSet, window: u32) -> UidSet {
    uids.iter()
        .rev()
        .take((window as usize).min(MAX_ROWS))
        .collect()
}

/// Rows by UID, whatever the order and number of responses that brought them.
#[derive(Default)]
struct Rows(BTreeMap<Uid, Box<Row>>);

impl Rows {
    fn add(&mut self, reply: &mut Reply) {
        for row in reply.rows() {
            let Some(uid) = row.uid else { continue };
            match self.0.entry(uid) {
                Entry::Vacant(entry) => drop(entry.insert(row)),
                Entry::Occupied(mut entry) => entry.get_mut().merge(*row),
            }
        }
        self.0.retain(|_, row| row.has_content());
    }

    fn add_unless_there(&mut self, reply: &mut Reply) {
        for row in reply.rows() {
            if let Some(uid) = row.uid.filter(|_| row.has_content()) {
                self.0.entry(uid).or_insert(row);
            }
        }
    }

    fn uids(&self) -> UidSet {
        self.0.keys().copied().collect()
    }

    /// The rows of `wanted`, newest first.
    fn envelopes(mut self, wanted: &UidSet) -> Vec<Envelope> {
        wanted
            .iter()
            .rev()
            .filter_map(|uid| Some(envelope(uid, *self.0.remove(&uid)?)))
            .collect()
    }
}

fn envelope(uid: Uid, row: Row) -> Envelope {
    let whole = row.section("HEADER").map(|raw| header::parse(raw));
    let header = match row.fields {
        Some(fields) => *fields,
        None => whole.unwrap_or_default(),
    };
    let mut to = header.to;
    to.truncate(MAX_RECIPIENTS);
    Envelope {
        uid,
        keywords: keywords::from_flags(row.flags.as_deref().unwrap_or_default()),
        from: header.from,
        to,
        subject: header.subject,
        received_at: row.received_at.unwrap_or(0),
        sent_at: header.sent_at,
        size: row.size.unwrap_or(0),
        has_attachment: row.structure.as_ref().is_some_and(body::has_attachment),
        preview: row.preview,
    }
}
