//! Who a message is from: what is to be said about that, once the message is on screen, and leaving the mailing
//! list that it came by.

use axum::{
    Json,
    extract::{Path, State},
};
use whimbrel_shared::{Draft, ErrorCode, MailboxId, MessageKey, ReportLine, path};

use crate::{
    account::circles,
    auth::signed_in::SignedIn,
    error::{AppError, AppResult},
    message::sender::unsubscribe::{self, ONE_CLICK, Way},
    remote::one_click,
    state::AppState,
};

use super::messages;

/// What is to be said about who sent a message, the verdict first; nothing about what the reader wrote.
///
/// # Errors
/// As for opening the message.
pub async fn notes(
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
) -> AppResult<Json<Vec<ReportLine>>> {
    let (account, own) = (&signed_in.account, &signed_in.info.address);
    let opened = messages::open(account, &id, key).await?;
    let Some(told) = circles::notes(account, own, (&id, key), &opened).await? else {
        return Ok(Json(Vec::new()));
    };
    let mut notes = vec![told.verdict.line];
    notes.extend(told.warnings);
    let way = told.way.map(|way| way.line(path::unsubscribe(&id, key)));
    notes.extend(way);
    Ok(Json(notes))
}

/// The letter that takes the reader off a mailing list, to be looked at and sent.
///
/// # Errors
/// As for opening the message; if it offers no such thing.
pub async fn unsubscribing_letter(
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
) -> AppResult<Json<Draft>> {
    match way(&signed_in, &id, key).await? {
        Some(Way::Letter(url)) => Ok(Json(unsubscribe::letter(&url))),
        _ => Err(AppError::not_found()),
    }
}

/// How to leave the mailing list that a message came by.
async fn way(signed_in: &SignedIn, id: &MailboxId, key: MessageKey) -> AppResult<Option<Way>> {
    let (account, own) = (&signed_in.account, &signed_in.info.address);
    let opened = messages::open(account, id, key).await?;
    let told = circles::notes(account, own, (id, key), &opened).await?;
    Ok(told.and_then(|told| told.way))
}

/// Takes the reader off a mailing list by the one request that the message offers (RFC 8058); answers in a sentence.
///
/// # Errors
/// As for opening the message; if it offers no such thing; if the list's server did not take it.
pub async fn leave(
    State(app): State<AppState>,
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
) -> AppResult<Json<String>> {
    let Some(Way::OneClick(url)) = way(&signed_in, &id, key).await? else {
        return Err(AppError::not_found());
    };
    let host = url.host_str().unwrap_or_default();
    let networks = &app.config.picture_networks;
    let posted = one_click::post(&url, ONE_CLICK, networks, &app.tls).await;
    posted.map_err(|why| {
        AppError::new(
            ErrorCode::Invalid,
            format!("{host} did not take you off its list: {why}."),
            "Try again later, or look for another way in the message itself.",
        )
    })?;
    Ok(Json(format!("{host} was told to take you off its list.")))
}
