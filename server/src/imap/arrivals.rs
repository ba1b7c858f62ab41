//! Messages that came into a mailbox since somebody looked: who they are from, and what they are marked with.

use whimbrel_shared::{Address, Keywords, MessageKey, Uid};

use super::{
    Result,
    connection::Connection,
    keywords,
    name::MailboxName,
    order,
    wire::command::{Command, Kind, Set},
};

const ITEMS: &str =
    "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM MESSAGE-ID)]<0.16384>)";

/// A message that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Its UID.
    pub uid: Uid,
    /// Who it says that it is from.
    pub from: Vec<Address>,
    /// What tells it from others and stays when it is moved: `Message-ID`, arrival and size. A `Message-ID` alone
    /// is its sender's to repeat. Empty if it has none.
    pub identity: String,
    /// What it is marked with.
    pub keywords: Keywords,
}

/// What came after `seen`, and the newest message there can have been. Nothing, if `seen` is of another numbering
/// or `None`.
///
/// # Errors
/// [`super::Error::MailboxGone`], or a lost line.
pub async fn since(
    conn: &mut Connection,
    name: &MailboxName,
    seen: Option<MessageKey>,
) -> Result<(Vec<Arrival>, MessageKey)> {
    let selected = order::open(conn, name).await?;
    let uidvalidity = selected.uidvalidity;
    let last = match selected.uidnext {
        // The server does not say.
        0 => order::all(conn, name).await?.1.last().unwrap_or(0),
        next => next - 1,
    };
    let newest = MessageKey {
        uidvalidity,
        uid: last,
    };
    let seen = seen.filter(|seen| seen.uidvalidity == uidvalidity && seen.uid < last);
    let Some(seen) = seen else {
        return Ok((Vec::new(), newest));
    };
    let set = Set::sequence(seen.uid.saturating_add(1), last);
    let fetch = Command::new("UID FETCH").kind(Kind::Fetch).set(&set);
    let mut reply = conn.run(fetch.words(ITEMS)).await?;
    let arrivals = reply.rows().filter_map(|row| {
        let header = row.fields?;
        let (received_at, size) = (row.received_at.unwrap_or(0), row.size.unwrap_or(0));
        let identity = match header.message_id.as_str() {
            "" => String::new(),
            id => format!("{id} {received_at} {size}"),
        };
        Some(Arrival {
            uid: row.uid?,
            from: header.from,
            identity,
            keywords: keywords::from_flags(&row.flags.unwrap_or_default()),
        })
    });
    Ok((arrivals.collect(), newest))
}
