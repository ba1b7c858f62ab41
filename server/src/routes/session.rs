//! `/api/session`: who is signed in, signing in again in place, signing out.

use axum::extract::State;
use http::{HeaderMap, StatusCode, header};
use whimbrel_shared::{SessionInfo, SignIn};

use crate::{
    auth::{
        session,
        sign_in::{Before, Wish, sign_in},
        signed_in::{SignedIn, header_shows, require_account},
    },
    error::{AppError, AppResult, extract::Json},
    routes::sign_in::Visitor,
    state::AppState,
};

/// `GET`: who is signed in.
pub async fn show(signed_in: SignedIn) -> axum::Json<SessionInfo> {
    axum::Json(signed_in.info)
}

/// `POST`: signs in again in place, after the session of a page ended.
///
/// # Errors
/// As [`sign_in`]; also if another account is signed in by now.
pub async fn begin(
    State(app): State<AppState>,
    Visitor(visitor): Visitor,
    headers: HeaderMap,
    Json(typed): Json<SignIn>,
) -> AppResult<(HeaderMap, axum::Json<SessionInfo>)> {
    let wish = Wish {
        address: typed.address,
        password: typed.password.into(),
        is_shared: typed.shared,
        visitor,
    };
    let welcome = sign_in(&app, &headers, wish, Before::SameAccount).await?;
    let mut answer = HeaderMap::new();
    for cookie in welcome.cookies {
        answer.append(header::SET_COOKIE, cookie);
    }
    Ok((answer, axum::Json(welcome.info)))
}

/// `DELETE`: signs out, in every tab. Without a session there is nothing to do.
///
/// # Errors
/// If the page shows another account than the one signed in by now, or the database fails.
pub async fn end(
    State(app): State<AppState>,
    headers: HeaderMap,
) -> AppResult<(StatusCode, HeaderMap)> {
    require_account(&headers)?;
    let live = session::find(&app, &headers).await?;
    if live.is_some_and(|live| !header_shows(&headers, &live.session.account_id)) {
        return Err(AppError::signed_out());
    }
    session::end(&app, &headers, None).await?;
    Ok((StatusCode::NO_CONTENT, session::forgotten()))
}
