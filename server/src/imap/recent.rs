//! Headers of the newest messages of a mailbox, to learn from: who writes to whom, and what the receiving mail
//! server adds.

use whimbrel_shared::Uid;

use super::{
    Result,
    connection::Connection,
    name::MailboxName,
    order,
    wire::command::{Command, Kind, Set},
};

/// Of each header so much: where it came from stands at its beginning.
const ITEMS: &str = "(UID INTERNALDATE BODY.PEEK[HEADER]<0.8192>)";

/// The header of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// Its UID.
    pub uid: Uid,
    /// When it arrived: seconds since the Unix epoch, UTC; 0 if the server did not say.
    pub received_at: i64,
    /// The first 8 KiB of its header.
    pub header: Vec<u8>,
}

/// The newest headers of a mailbox, at most `most`, and whether those are all.
///
/// # Errors
/// [`super::Error::MailboxGone`], or a lost line.
pub async fn headers(
    conn: &mut Connection,
    name: &MailboxName,
    most: u32,
) -> Result<(Vec<Recent>, bool)> {
    let exists = order::open(conn, name).await?.exists;
    if exists == 0 {
        return Ok((Vec::new(), true));
    }
    let low = exists.saturating_sub(most.saturating_sub(1)).max(1);
    let fetch = Command::new("FETCH").kind(Kind::Fetch);
    let fetch = fetch.set(&Set::sequence(low, exists)).words(ITEMS);
    let mut reply = conn.run(fetch).await?;
    let recent = reply.rows().filter_map(|row| {
        Some(Recent {
            uid: row.uid?,
            received_at: row.received_at.unwrap_or(0),
            header: row.section("HEADER")?.to_vec(),
        })
    });
    Ok((recent.collect(), low == 1))
}
