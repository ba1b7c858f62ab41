//! Messages and their parts, by section. Only BODY.PEEK, for reading in the background must mark
//! nothing read; nothing here holds a whole attachment.

use std::borrow::Cow;

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
const HEADER_LIMIT: &str = "BODY.PEEK[HEADER]<0.262144>";
/// The same as a number: a header of so many bytes has lost its end.
pub const HEADER_BYTES: usize = 262_144;
/// The first piece of a section: small, to be there soon.
const FIRST_PIECE: u64 = 64 * 1024;
/// The pieces after it.
const PIECE: u64 = 256 * 1024;
/// Bytes of the first part that come with the message unasked: most texts are shorter, and are then there
/// after one round trip.
const FIRST_PART: u64 = 16 * 1024;

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

/// The part that most texts are, transfer-encoded as it is, if all of it came with the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstPart(Option<(PartId, Vec<u8>)>);

impl FirstPart {
    /// Nothing came.
    pub const NONE: Self = Self(None);

    /// Its bytes, if it is this section.
    fn of(&self, section: &Section) -> Option<&Vec<u8>> {
        let (first, bytes) = self.0.as_ref()?;
        matches!(section, Section::Part(part) if part == first).then_some(bytes)
    }
}

/// Which bytes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section {
    /// One part, transfer-encoded as it is.
    Part(PartId),
    /// The header of the message within the message that is this part.
    Header(PartId),
    /// The whole message.
    Whole,
}

impl Section {
    /// As it stands in commands and answers.
    fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Part(part) => part.as_str().into(),
            Self::Header(part) => format!("{part}.HEADER").into(),
            Self::Whole => "".into(),
        }
    }
}

/// One message: marks, dates, tree and header, and its first part if that is short.
///
/// # Errors
/// [`Error::MessageGone`], [`Error::UidValidityChanged`], [`Error::MailboxGone`].
pub async fn message(
    conn: &mut Connection,
    name: &MailboxName,
    key: MessageKey,
) -> Result<(Fetched, FirstPart)> {
    let bare = fetch(key.uid)
        .words("(UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE")
        .words(HEADER_LIMIT);
    let whole = bare.clone().body("1", 0, FIRST_PART);
    let row = match row(conn, name, key, whole.close()).await {
        // Of some broken messages a server can give everything but their parts.
        Err(Error::No { .. } | Error::Bad(_)) => row(conn, name, key, bare.close()).await?,
        answer => answer?,
    };
    let bytes = row
        .section("1")
        .filter(|bytes| bytes.len() as u64 != FIRST_PART);
    let first = FirstPart(PartId::new("1").zip(bytes.map(|bytes| bytes.to_vec())));
    let fetched = Fetched {
        uid: key.uid,
        keywords: keywords::from_flags(row.flags.as_deref().unwrap_or_default()),
        received_at: row.received_at.unwrap_or(0),
        size: row.size.unwrap_or(0),
        header: row
            .section("HEADER")
            .map(|header| header.to_vec())
            .unwrap_or_default(),
        structure: row.structure,
    };
    Ok((fetched, first))
}

/// The beginning of each of these sections, of so many bytes, transfer-encoded as it is, in the same
/// order. One that is not there is empty; one that is the `first` is not asked for again.
///
/// # Errors
/// As [`message`].
pub async fn sections(
    conn: &mut Connection,
    name: &MailboxName,
    key: MessageKey,
    wanted: &[(Section, u64)],
    first: &FirstPart,
) -> Result<Vec<Vec<u8>>> {
    let is_missing = |wanted: &&(Section, u64)| first.of(&wanted.0).is_none() && wanted.1 > 0;
    let missing: Vec<_> = wanted.iter().filter(is_missing).collect();
    let row = if missing.is_empty() {
        Row::default()
    } else {
        let fetch = fetch(key.uid).words("(UID");
        let add = |fetch: Command, (section, limit): &(Section, u64)| {
            fetch.body(&section.name(), 0, *limit)
        };
        let fetch = missing.into_iter().fold(fetch, add);
        row(conn, name, key, fetch.close()).await?
    };
    let bytes_of = |(section, _): &(Section, u64)| match first.of(section) {
        Some(bytes) => bytes.clone(),
        None => {
            let came = row.section(&section.name());
            came.map(|bytes| bytes.to_vec()).unwrap_or_default()
        }
    };
    Ok(wanted.iter().map(bytes_of).collect())
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
    let fetch = fetch(key.uid).words("(UID").body("", 0, limit).close();
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
    let fetch = fetch.body(&section.name(), offset, length).close();
    let row = row(conn, name, key, fetch).await?;
    let bytes = row.section(&section.name()).cloned().unwrap_or_default();
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
        whole.merge(*row);
    }
    Some(whole).filter(Row::has_content)
}
