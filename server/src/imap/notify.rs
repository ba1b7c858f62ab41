//! NOTIFY (RFC 5465): being told of what happens in every mailbox, not only in the open one.

use super::{Result, connection::Connection, wire::command::Command};

/// The open mailbox as IDLE tells it; of others messages, marks, names. Rights and metadata matter to nobody here.
const ALL: &str = "NOTIFY SET (selected (MessageNew MessageExpunge FlagChange)) \
     (personal (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange))";

/// Asks to be told of everything in one's own mailboxes from now on, where the server can do that.
/// It says so by LIST and STATUS, which end [`super::idle::idle`].
///
/// # Errors
/// [`super::Error::Lost`].
pub async fn of_everything(conn: &mut Connection) -> Result<()> {
    // It is heard in IDLE; where there is none, folders have to be asked for all the same.
    if !conn.capabilities().notify || !conn.capabilities().idle {
        return Ok(());
    }
    // A refusal changes nothing: counts are asked for now and then in any case.
    conn.pipeline(vec![Command::new(ALL)]).await.map(drop)
}
