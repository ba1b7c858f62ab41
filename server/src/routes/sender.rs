//! Who a message is from: what is to be said about that, once the message is on screen.

use axum::{Json, extract::Path};
use whimbrel_shared::{MailboxId, MessageKey, Note};

use crate::{account::circles, auth::signed_in::SignedIn, error::AppResult};

use super::messages;

/// What is to be said about who sent a message, the verdict first; nothing about what the reader wrote.
///
/// # Errors
/// As for opening the message.
pub async fn notes(
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
) -> AppResult<Json<Vec<Note>>> {
    let (account, own) = (&signed_in.account, &signed_in.info.address);
    let opened = messages::open(account, &id, key).await?;
    let Some(told) = circles::notes(account, own, (&id, key), &opened).await? else {
        return Ok(Json(Vec::new()));
    };
    let mut notes = vec![told.verdict.note];
    notes.extend(told.warnings);
    Ok(Json(notes))
}
