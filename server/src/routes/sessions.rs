//! Where one is signed in: `/api/sessions` for programs, `/settings/sessions` for people, without scripts.

use axum::{
    Form, Json,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, StatusCode, Uri};
use serde::Deserialize;
use whimbrel_shared::{SessionSummary, path};

use crate::{
    auth::{Live, cookies, places, session, signed_in::SignedIn},
    error::{AppError, AppResult},
    plain::sessions::{self as page, Page},
    routes::{
        pages,
        sign_in::{NewForm, address_before},
    },
    state::AppState,
};

/// `GET /api/sessions`.
///
/// # Errors
/// If the database fails.
pub async fn list(
    State(app): State<AppState>,
    signed_in: SignedIn,
) -> AppResult<Json<Vec<SessionSummary>>> {
    Ok(Json(places::list(&app, &signed_in.session).await?))
}

/// `DELETE /api/sessions`: ends all but the one that asks.
///
/// # Errors
/// If the database fails.
pub async fn end_others(State(app): State<AppState>, signed_in: SignedIn) -> AppResult<StatusCode> {
    places::end_others(&app, &signed_in.session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /settings/sessions`.
///
/// # Errors
/// If the database fails.
pub async fn show(
    State(app): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> AppResult<Response> {
    if let Some(again) = pages::come_again(&headers, pages::address(&uri)) {
        return Ok(again);
    }
    match session::find_useful(&app, &headers).await? {
        Some(live) => {
            session::touch(&app, &live).await;
            page_of(&app, &headers, &live, None).await
        }
        None => Ok(Redirect::to(&address_before(path::HOME)).into_response()),
    }
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    token: String,
    account: String,
}

/// `POST /settings/sessions`: signs out everywhere else.
///
/// # Errors
/// If the database fails, or another account is signed in by now.
pub async fn end_others_by_form(
    State(app): State<AppState>,
    headers: HeaderMap,
    typed: Result<Form<Typed>, FormRejection>,
) -> AppResult<Response> {
    let Some(live) = session::find_useful(&app, &headers).await? else {
        return Ok(Redirect::to(&address_before(path::HOME)).into_response());
    };
    let Form(typed) = typed.unwrap_or_default();
    if typed.account != live.session.account_id {
        return Err(AppError::another_account());
    }
    let browser = cookies::get(&headers, cookies::FORM).unwrap_or_default();
    let tokens = &app.auth.form_tokens;
    let is_ours = tokens.redeem(&typed.token, browser, app.auth.clock.now());
    if is_ours.is_err() {
        let again =
            "This page was open for too long. Nothing was changed; please press the button again.";
        return page_of(&app, &headers, &live, Some(again)).await;
    }
    places::end_others(&app, &live.session).await?;
    let done = "You are signed out everywhere else.";
    page_of(&app, &headers, &live, Some(done)).await
}

async fn page_of(
    app: &AppState,
    headers: &HeaderMap,
    live: &Live,
    notice: Option<&str>,
) -> AppResult<Response> {
    let form = NewForm::make(app, headers);
    let response = page::sessions(&Page {
        address: &live.entry.address,
        account: &live.session.account_id,
        token: &form.token,
        sessions: &places::list(app, &live.session).await?,
        notice,
    });
    Ok(form.with_cookie(response))
}
