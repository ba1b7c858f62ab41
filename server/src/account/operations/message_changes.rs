//! Operations on messages: marking, moving, copying, deleting. What is gone already is told, not an error.

use std::time::Duration;

use tokio::time::sleep;
use whimbrel_shared::{Action, Keyword, MailboxId, MovedKey, OutcomeKind, UidSet};

use super::{applied, name_of};
use crate::imap::{
    self, Error, connection::Connection, keywords, mailbox_ids::MailboxIds, mailboxes,
    name::MailboxName, transfer,
};

/// How long to wait before a move is made again whose line broke. The first one may still run inside the
/// mail server then, and two at once leave two copies (Dovecot 2.3.19: in 34 of 200 tries); after it has
/// ended, a fresh SELECT does not show the message any more.
const SETTLING: Duration = Duration::from_secs(1);

/// Does one of them on a connection. `is_repeat`: the line broke before the answer to the first try came.
pub(super) async fn apply(
    connection: &mut Connection,
    action: Action,
    is_repeat: bool,
) -> imap::Result<OutcomeKind> {
    let ids = connection.mailbox_ids().clone();
    match action {
        Action::SetKeywords {
            mailbox_id,
            uidvalidity,
            uids,
            add,
            remove,
        } => {
            let name = name_of(&ids, &mailbox_id)?;
            let there =
                keywords::store(connection, &name, uidvalidity, &uids, &add, &remove).await?;
            Ok(applied_to(&there, &uids, Vec::new()))
        }
        Action::Move {
            mailbox_id,
            uidvalidity,
            uids,
            to,
            add,
            remove,
        } => {
            let (name, to) = (name_of(&ids, &mailbox_id)?, name_of(&ids, &to)?);
            let places = Places {
                from: &name,
                uidvalidity,
                uids: &uids,
                to: &to,
            };
            if is_repeat {
                sleep(SETTLING).await;
            }
            let moved = move_messages(connection, &places, &add, &remove).await?;
            Ok(moved_to(moved, &places, &ids, is_repeat))
        }
        Action::Copy {
            mailbox_id,
            uidvalidity,
            uids,
            to,
        } => {
            let (name, to) = (name_of(&ids, &mailbox_id)?, name_of(&ids, &to)?);
            let moved = transfer::copy_to(connection, &name, uidvalidity, &uids, &to).await?;
            let there: UidSet = moved.iter().map(|moved| moved.from).collect();
            Ok(applied_to(&there, &uids, moved_keys(moved, ids.of(&to))))
        }
        Action::Destroy {
            mailbox_id,
            uidvalidity,
            uids,
        } => {
            let name = name_of(&ids, &mailbox_id)?;
            // That they are gone is what was meant, whoever did it.
            transfer::destroy(connection, &name, uidvalidity, &uids).await?;
            Ok(applied(Vec::new()))
        }
        _ => Err(Error::Unsupported("letters take another way".to_owned())),
    }
}

struct Places<'a> {
    from: &'a MailboxName,
    uidvalidity: u32,
    uids: &'a UidSet,
    to: &'a MailboxName,
}

/// Marks, then moves. A target that is gone is made again.
async fn move_messages(
    connection: &mut Connection,
    places: &Places<'_>,
    add: &[Keyword],
    remove: &[Keyword],
) -> imap::Result<Vec<transfer::Moved>> {
    let Places {
        from,
        uidvalidity,
        uids,
        to,
    } = *places;
    if !add.is_empty() || !remove.is_empty() {
        keywords::store(connection, from, uidvalidity, uids, add, remove).await?;
    }
    match transfer::move_to(connection, from, uidvalidity, uids, to).await {
        Err(error) if is_target_missing(&error) => {
            mailboxes::create_again(connection, to).await?;
            transfer::move_to(connection, from, uidvalidity, uids, to).await
        }
        moved => moved,
    }
}

/// What a move did. What a second try does not find, the first one has moved.
fn moved_to(
    moved: Vec<transfer::Moved>,
    places: &Places<'_>,
    ids: &MailboxIds,
    is_repeat: bool,
) -> OutcomeKind {
    let there: UidSet = moved.iter().map(|moved| moved.from).collect();
    if is_repeat && there.is_empty() {
        return applied(Vec::new());
    }
    let wanted = if is_repeat { &there } else { places.uids };
    applied_to(&there, wanted, moved_keys(moved, ids.of(places.to)))
}

fn is_target_missing(error: &Error) -> bool {
    matches!(error, Error::No { code: Some(code), .. } if code == "TRYCREATE" || code == "NONEXISTENT")
}

fn moved_keys(moved: Vec<transfer::Moved>, mailbox_id: MailboxId) -> Vec<MovedKey> {
    let place = |moved: transfer::Moved| {
        let key = moved.to?;
        Some(MovedKey {
            from: moved.from,
            mailbox_id: mailbox_id.clone(),
            key,
        })
    };
    moved.into_iter().filter_map(place).collect()
}

/// Done to those of `wanted` that were there.
fn applied_to(there: &UidSet, wanted: &UidSet, moved: Vec<MovedKey>) -> OutcomeKind {
    if there.is_empty() {
        return OutcomeKind::Gone;
    }
    let mut outcome = applied(moved);
    if let OutcomeKind::Applied { gone, .. } = &mut outcome {
        *gone = wanted.difference(there);
    }
    outcome
}
