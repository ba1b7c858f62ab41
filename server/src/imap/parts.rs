//! Messages and their parts, by section. Only BODY.PEEK, for reading in the background must mark
//! nothing read; nothing here holds a whole attachment.

use bytes::Bytes;
use whimbrel_shared::{Keywords, MessageKey, PartId, Uid};

use super::{
    Error, Result,
    connection::{Connection, flight::Reply},
    keywords,
    name::MailboxName,
    select,
    wire::{
        command::{Command, Kind, Set},
        fetch::Row,
    },
};
use crate::message::PartNode;

/// Bytes of a message's header that are read; what is beyond no program looks at.
const HEADER_LIMIT: &str = "BODY.PEEK[HEADER]<0.262144>)";
/// The first piece of a section: small, to be there soon.
const FIRST_PIECE: u64 = 64 * 1024;
/// The pieces after it.
const PIECE: u64 = 256 * 1024;

/// A message without its bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its UID.
    pub uid: Uid,
    /// What it is marked with.
    pub keywords: Keywords,
    /// When it arrived: seconds since the Unix epoch, UTC; 0 if the server did not say.
    pub received_at: i64,
    /// RFC822.SIZE in bytes; 0 if the server did not say.
    pub size: u64,
    /// Its MIME tree; `None` if the server told none that can be read.
    pub structure: Option<PartNode>,
    /// Its header, raw, the first 256 KiB.
    pub header: Vec<u8>,
}

/// What to stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section {
    /// One part, transfer-encoded as it is.
    Part(PartId),
    /// The whole message.
    Whole,
}

impl Section {
    fn part(&self) -> Option<&PartId> {
        match self {
            Self::Part(part) => Some(part),
            Self::Whole => None,
        }
    }

    fn name(&self) -> &str {
        self.part().map_or("", PartId::as_str)
    }
}

/// One message: marks, dates, tree and header.
///
/// # Errors
/// [`Error::MessageGone`], [`Error::UidValidityChanged`], [`Error::MailboxGone`].
pub async fn message(
    conn: &mut Connection,
    name: &MailboxName,
    key: MessageKey,
) -> Result<Fetched> {
    let fetch = fetch(key.uid)
        .words("(UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE")
        .words(HEADER_LIMIT);
    let row = row(conn, name, key, fetch).await?;
    Ok(Fetched {
        uid: key.uid,
        keywords: keywords::from_flags(row.flags.as_deref().unwrap_or_default()),
        received_at: row.received_at.unwrap_or(0),
        size: row.size.unwrap_or(0),
        header: row
            .header()
            .map(|header| header.to_vec())
            .unwrap_or_default(),
        structure: row.structure,
    })
}

/// The first `limit` bytes of each of these parts, transfer-encoded as they are, in the same
/// order. A part that is not there is empty.
///
/// # Errors
/// As [`message`].
pub async fn sections(
    conn: &mut Connection,
    name: &MailboxName,
    key: MessageKey,
    parts: &[PartId],
    limit: u64,
) -> Result<Vec<Vec<u8>>> {
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let fetch = fetch(key.uid).words("(UID");
    let fetch = parts
        .iter()
        .fold(fetch, |fetch, part| fetch.body(Some(part), 0, limit));
    let row = row(conn, name, key, fetch.close()).await?;
    let bytes_of = |part: &PartId| row.section(part.as_str()).map(|bytes| bytes.to_vec());
    Ok(parts
        .iter()
        .map(|part| bytes_of(part).unwrap_or_default())
        .collect())
}

/// The first `limit` bytes of a whole message; empty if the server gives none.
///
/// # Errors
/// As [`message`].
pub async fn beginning(
    conn: &mut Connection,
    name: &MailboxName,
    key: MessageKey,
    limit: u64,
) -> Result<Bytes> {
    let fetch = fetch(key.uid).words("(UID").body(None, 0, limit).close();
    let row = row(conn, name, key, fetch).await?;
    Ok(row.section("").cloned().unwrap_or_default())
}

/// A piece of a section, transfer-encoded as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The bytes from the offset on; empty beyond the end.
    pub bytes: Bytes,
    /// Nothing comes after it.
    pub is_last: bool,
}

/// The piece of a section that begins at `offset` (bytes, as encoded). The next one begins where it
/// ends: a question of its own, so that a slow reader holds up nobody else.
///
/// # Errors
/// As [`message`].
pub async fn piece(
    conn: &mut Connection,
    name: &MailboxName,
    key: MessageKey,
    section: &Section,
    offset: u64,
) -> Result<Piece> {
    let length = if offset == 0 { FIRST_PIECE } else { PIECE };
    let fetch = fetch(key.uid).words("(UID");
    let fetch = fetch.body(section.part(), offset, length).close();
    let row = row(conn, name, key, fetch).await?;
    let bytes = row.section(section.name()).cloned().unwrap_or_default();
    // More than was asked for: the server knows no partial fetch and sent all there is.
    let is_last = bytes.len() as u64 != length;
    Ok(Piece { bytes, is_last })
}

fn fetch(uid: Uid) -> Command {
    Command::new("UID FETCH")
        .kind(Kind::Fetch)
        .set(&Set::one(uid))
}

/// The row that `fetch` brings of message `key`.
async fn row(
    conn: &mut Connection,
    name: &MailboxName,
    key: MessageKey,
    fetch: Command,
) -> Result<Row> {
    select::catch_up(conn, name, Some(key.uid)).await?;
    let commands = vec![select::refresh(conn, name)?, fetch];
    let mut replies = conn.pipeline(commands).await?.into_iter();
    select::opened_as(conn, replies.next(), key.uidvalidity)?;
    let mut reply = replies.next().ok_or(Error::MessageGone)?;
    match gathered(&mut reply, key.uid) {
        Some(row) => Ok(row),
        None => reply.ok().and(Err(Error::MessageGone)),
    }
}

/// All that the answer says of one message; `None` if it says nothing but news of its marks.
fn gathered(reply: &mut Reply, uid: Uid) -> Option<Row> {
    let mut whole = Row::default();
    for row in reply.rows().filter(|row| row.uid == Some(uid)) {
        whole.merge(row);
    }
    Some(whole).filter(Row::has_content)
}
