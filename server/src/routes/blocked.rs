//! Blocked senders: block one, see them all, let one in again; also as a page without scripts.

use axum::{
    Form, Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use whimbrel_shared::{ErrorCode, MailboxId, MessageKey, path};

use crate::{
    account::blocked::{self, BlockError},
    auth::signed_in::SignedIn,
    error::{AppError, AppResult},
    plain,
    state::AppState,
};

use super::{messages, pages, sign_in};

/// Which sender.
#[derive(Deserialize)]
pub struct Which {
    email: String,
}

/// Blocks the sender of a message; answers in a sentence.
///
/// # Errors
/// As for opening the message; if its sender has no address, is the reader, or too many are blocked.
pub async fn block(
    State(app): State<AppState>,
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
) -> AppResult<Json<String>> {
    let (account, own) = (&signed_in.account, &signed_in.info.address);
    let opened = messages::open(account, &id, key).await?;
    let from = opened.header.from.first().map(|from| from.email.clone());
    let blocked = blocked::block(&app, account, own, &from.unwrap_or_default()).await;
    let email = blocked.map_err(|why| match why {
        BlockError::Unusable => AppError::new(
            ErrorCode::Invalid,
            "This sender has no address that can be blocked, or it is your own.",
            "Move the message to Junk instead.",
        ),
        BlockError::TooMany => AppError::new(
            ErrorCode::TooLarge,
            "You block very many senders already.",
            "Let some in again first.",
        ),
        BlockError::Store(error) => AppError::internal(error),
        BlockError::Imap(error) => error.into(),
    })?;
    Ok(Json(format!("Mail from {email} goes to Junk from now on.")))
}

/// The addresses of all blocked senders.
///
/// # Errors
/// If the database fails.
pub async fn list(
    State(app): State<AppState>,
    signed_in: SignedIn,
) -> AppResult<Json<Vec<String>>> {
    let listed = blocked::list(&app, &signed_in.account).await;
    listed.map(Json).map_err(AppError::internal)
}

/// Lets a sender in again.
///
/// # Errors
/// If the database fails.
pub async fn unblock(
    State(app): State<AppState>,
    signed_in: SignedIn,
    Query(which): Query<Which>,
) -> AppResult<StatusCode> {
    let unblocked = blocked::unblock(&app, &signed_in.account, &which.email).await;
    unblocked.map_err(AppError::internal)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The list as a page.
///
/// # Errors
/// If the database fails.
pub async fn page(
    State(app): State<AppState>,
    headers: HeaderMap,
    uri: Uri,
    signed_in: Result<SignedIn, AppError>,
) -> AppResult<Response> {
    if let Some(again) = pages::come_again(&headers, pages::address(&uri)) {
        return Ok(again);
    }
    let Ok(signed_in) = signed_in else {
        let wanted = sign_in::address_before(pages::address(&uri));
        return Ok(Redirect::to(&wanted).into_response());
    };
    let listed = blocked::list(&app, &signed_in.account).await;
    let listed = listed.map_err(AppError::internal)?;
    let action = path::of_account(path::BLOCKED_PAGE, signed_in.account.id());
    Ok(plain::blocked::page(
        &listed,
        &action,
        signed_in.info.shared,
    ))
}

/// Lets a sender in again, and shows the page anew.
///
/// # Errors
/// If the database fails.
pub async fn unblock_on_page(
    State(app): State<AppState>,
    signed_in: SignedIn,
    Form(which): Form<Which>,
) -> AppResult<Redirect> {
    let unblocked = blocked::unblock(&app, &signed_in.account, &which.email).await;
    unblocked.map_err(AppError::internal)?;
    Ok(Redirect::to(path::BLOCKED_PAGE))
}
