//! What fills the account: the size of every mailbox where the server tells it (STATUS=SIZE, RFC
//! 8438), else how many messages each holds.

use std::{cmp::Reverse, collections::BTreeMap, time::Duration};

use whimbrel_shared::FolderSize;

use super::{deselect, list, listing};
use crate::imap::{Result, connection::Connection, name::MailboxName, wire::command::Command};

/// Mailboxes that are asked, those with most messages first.
const MAX_ASKED: usize = 200;
/// Commands sent in one go.
const BATCH: usize = 50;
/// Mailboxes that are told: nobody looks further.
const MAX_TOLD: usize = 20;
/// Some servers look at every message when they are asked for the first time.
const LONG: Duration = Duration::from_secs(60);

/// The mailboxes that take most, largest first. Empty ones are left out.
///
/// # Errors
/// When the line is lost or the server refuses LIST.
pub async fn largest(conn: &mut Connection) -> Result<Vec<FolderSize>> {
    if let Some(open) = conn.selected().map(|open| open.name.clone()) {
        deselect(conn, &open).await?;
    }
    let list = list(conn).await?;
    let mut folders: Vec<_> = list
        .mailboxes
        .into_iter()
        .filter(|mailbox| mailbox.total_emails > 0)
        .map(|mailbox| FolderSize {
            mailbox_id: mailbox.id,
            messages: mailbox.total_emails,
            size: None,
        })
        .collect();
    folders.sort_by_key(|folder| Reverse(folder.messages));
    if conn.capabilities().status_size {
        let asked = folders.iter().take(MAX_ASKED);
        let names: Vec<_> = asked
            .filter_map(|folder| conn.mailbox_ids().name(&folder.mailbox_id))
            .collect();
        let sizes = sizes(conn, &names).await?;
        for folder in &mut folders {
            let name = conn.mailbox_ids().name(&folder.mailbox_id);
            folder.size = name.and_then(|name| sizes.get(&name).copied());
        }
    }
    folders.sort_by_key(|folder| Reverse((folder.size, folder.messages)));
    folders.truncate(MAX_TOLD);
    Ok(folders)
}

/// What the server says of each; a mailbox it refuses is left out.
async fn sizes(conn: &mut Connection, names: &[MailboxName]) -> Result<BTreeMap<MailboxName, u64>> {
    let mut sizes = BTreeMap::new();
    for batch in names.chunks(BATCH) {
        let mut commands = Vec::with_capacity(batch.len());
        for name in batch {
            let status = Command::new("STATUS").string(name.wire())?;
            commands.push(status.words("(SIZE)").patient(LONG));
        }
        for reply in conn.pipeline(commands).await? {
            let told = listing::statuses(&reply)
                .filter_map(|status| Some((MailboxName::from_wire(&status.name), status.size?)));
            sizes.extend(told);
        }
    }
    Ok(sizes)
}
