//! Putting a message into a mailbox (RFC 9051 §6.3.12), in pieces on the wire.

use whimbrel_shared::{Keyword, MessageKey};

use super::{
    Result,
    connection::{Connection, flight::Reply},
    keywords::to_flag,
    name::MailboxName,
    transfer::try_create_if_missing,
    wire::command::Command,
};
use crate::message::outgoing::Outgoing;

/// Appends a message; gives its key if the server says it (UIDPLUS).
///
/// # Errors
/// [`super::Error::No`] with the server's reason: `TRYCREATE`, `OVERQUOTA`, `TOOBIG`, …
pub async fn append(
    conn: &mut Connection,
    to: &MailboxName,
    keywords: &[Keyword],
    message: Outgoing,
) -> Result<Option<MessageKey>> {
    let flags: Vec<_> = keywords.iter().map(to_flag).collect();
    let command = Command::new("APPEND").string(to.wire())?.flags(&flags)?;
    let reply = conn.run_with(command, message).await;
    let reply = reply.map_err(try_create_if_missing)?;
    Ok(appended(&reply))
}

/// Reads `APPENDUID uidvalidity uid` (RFC 4315 §3).
fn appended(reply: &Reply) -> Option<MessageKey> {
    let arguments = std::str::from_utf8(reply.code("APPENDUID")?).ok()?;
    let (uidvalidity, uid) = arguments.split_once(' ')?;
    Some(MessageKey {
        uidvalidity: uidvalidity.trim().parse().ok()?,
        uid: uid.trim().parse().ok().filter(|&uid| uid > 0)?,
    })
}

#[cfg(test)]
mod tests;
