//! Lists of senders: blocked ones, and those whose pictures are loaded. Put the sender of a message on one, see all,
//! take one off; also as pages without scripts.

use axum::{
    Form, Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use whimbrel_shared::{ErrorCode, MailboxId, MessageKey, path};

use crate::{
    account::{
        blocked::{self, Blocked},
        picture_senders::{self, PictureSenders},
        senders::{self, AddError, List},
    },
    auth::signed_in::SignedIn,
    error::{AppError, AppResult},
    plain::senders::{self as page, Words},
    state::AppState,
};

use super::{messages, pages, sign_in};

/// A list that has a page.
pub trait Shown: List {
    /// Its address.
    const PAGE: &str;
    /// Its words.
    const WORDS: Words;
}

impl Shown for Blocked {
    const PAGE: &str = path::BLOCKED_PAGE;
    const WORDS: Words = Words {
        heading: "Blocked senders",
        none: "You block nobody. To block somebody, open a message and choose “Block sender” under “More”.",
        some: "While you are signed in, their mail goes to Junk.",
        button: "Let in again",
        label: ("Let ", " in again"),
    };
}

impl Shown for PictureSenders {
    const PAGE: &str = path::PICTURE_SENDERS_PAGE;
    const WORDS: Words = Words {
        heading: "Senders whose pictures are loaded",
        none: "Nobody’s pictures are loaded by themselves. To have it so for a sender, choose “Always from this \
            sender” where a message says that its pictures are not loaded.",
        some: "Pictures in their messages are loaded by themselves, if the message is proved to be theirs.",
        button: "Ask again",
        label: ("Ask again before pictures of ", " are loaded"),
    };
}

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
        AddError::Unusable => AppError::new(
            ErrorCode::Invalid,
            "This sender has no address that can be blocked, or it is your own.",
            "Move the message to Junk instead.",
        ),
        AddError::TooMany => AppError::new(
            ErrorCode::TooLarge,
            "You block very many senders already.",
            "Let some in again first.",
        ),
        other => refused(other),
    })?;
    Ok(Json(format!("Mail from {email} goes to Junk from now on.")))
}

/// Loads pictures of the sender of a message from now on; answers in a sentence.
///
/// # Errors
/// As for opening the message; if it is perhaps not from its sender, or too many are on the list.
pub async fn always_pictures(
    State(app): State<AppState>,
    signed_in: SignedIn,
    Path((id, key)): Path<(MailboxId, MessageKey)>,
) -> AppResult<Json<String>> {
    let (account, own) = (&signed_in.account, &signed_in.info.address);
    let opened = messages::open(account, &id, key).await?;
    let added = picture_senders::add(&app, account, own, &id, &opened).await;
    let email = added.map_err(refused)?;
    Ok(Json(format!("Pictures of {email} are loaded from now on.")))
}

fn refused(why: AddError) -> AppError {
    let (code, message) = match why {
        AddError::Doubtful(why) => (
            ErrorCode::Invalid,
            format!("That cannot be set here: {why}."),
        ),
        AddError::Unusable => {
            let message = "This sender has no address of their own, or it is yours.";
            (ErrorCode::Invalid, message.to_owned())
        }
        AddError::TooMany => {
            let message = "Pictures of very many senders are loaded already.";
            (ErrorCode::TooLarge, message.to_owned())
        }
        AddError::Store(error) => return AppError::internal(error),
        AddError::Imap(error) => return error.into(),
    };
    AppError::new(code, message, "Load the pictures of this message alone.")
}

/// The addresses of a list.
///
/// # Errors
/// If the database fails.
pub async fn list<L: List>(
    State(app): State<AppState>,
    signed_in: SignedIn,
) -> AppResult<Json<Vec<String>>> {
    let listed = senders::list::<L>(&app, &signed_in.account).await;
    listed.map(Json).map_err(AppError::internal)
}

/// Takes a sender off a list.
///
/// # Errors
/// If the database fails.
pub async fn remove<L: List>(
    State(app): State<AppState>,
    signed_in: SignedIn,
    Query(which): Query<Which>,
) -> AppResult<StatusCode> {
    let removed = senders::remove::<L>(&app, &signed_in.account, &which.email).await;
    removed.map_err(AppError::internal)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A list as a page.
///
/// # Errors
/// If the database fails.
pub async fn page<L: Shown>(
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
    let listed = senders::list::<L>(&app, &signed_in.account).await;
    let listed = listed.map_err(AppError::internal)?;
    let action = path::of_account(L::PAGE, signed_in.account.id());
    let is_shared = signed_in.info.shared;
    Ok(page::page(&L::WORDS, &listed, &action, is_shared))
}

/// Takes a sender off a list, and shows the page anew.
///
/// # Errors
/// If the database fails.
pub async fn remove_on_page<L: Shown>(
    State(app): State<AppState>,
    signed_in: SignedIn,
    Form(which): Form<Which>,
) -> AppResult<Redirect> {
    let removed = senders::remove::<L>(&app, &signed_in.account, &which.email).await;
    removed.map_err(AppError::internal)?;
    Ok(Redirect::to(L::PAGE))
}
