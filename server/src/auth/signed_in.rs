//! The proof that a request is authenticated: only [`SignedIn`] reaches an account.

use axum::extract::FromRequestParts;
use http::{HeaderMap, request::Parts};
use whimbrel_shared::{Limits, SessionInfo, path};

use crate::{
    account::Account,
    auth::{SessionRef, identity::Identity, pace::Deed, session},
    error::{AppError, AppResult},
    state::AppState,
};

/// A live session's account. A handler gets one from its request, or is not called.
pub struct SignedIn {
    /// Names the session.
    pub session: SessionRef,
    /// What the app may know of it.
    pub info: SessionInfo,
    /// The account.
    pub account: Account,
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, AppError> {
        let live = session::find(app, &parts.headers)
            .await?
            .filter(|live| shows_account(parts, &live.session.account_id))
            .ok_or_else(AppError::signed_out)?;
        if !parts.method.is_safe() {
            require_account_of(parts)?;
        }
        let ends_at = if is_use(parts) {
            session::touch(app, &live).await
        } else {
            live.ends_at(live.last_seen_at)
        };
        let entry = live.entry;
        let identity = Identity {
            user: entry.user,
            address: entry.address,
            account_id: entry.account_id,
        };
        Ok(Self {
            info: session_info(app, &identity, entry.is_shared.then_some(ends_at)),
            account: app
                .accounts
                .open(&identity.account_id, &live.login)
                .ok_or_else(AppError::signed_out)?,
            session: live.session,
        })
    }
}

impl SignedIn {
    /// Takes so many turns of the session at what costs others.
    ///
    /// # Errors
    /// If it did too much in too short a time.
    pub fn take_turns(&self, app: &AppState, deed: Deed, turns: usize) -> AppResult<()> {
        let now = app.auth.clock.now();
        let taken = app.auth.pace.take(&self.session, deed, turns, now);
        taken.map_err(AppError::too_fast)
    }
}

/// What the app may know of a session. `shared_until`: when one on a shared computer ends if nobody uses it,
/// seconds since the Unix epoch.
#[must_use]
pub fn session_info(app: &AppState, identity: &Identity, shared_until: Option<i64>) -> SessionInfo {
    let left = |until: i64| until.saturating_sub(app.auth.clock.now()).max(0);
    SessionInfo {
        user: identity.user.clone(),
        address: identity.address.clone(),
        account_id: identity.account_id.clone(),
        shared: shared_until.is_some(),
        ends_in: shared_until.map(|until| u32::try_from(left(until)).unwrap_or(u32::MAX)),
        limits: Limits {
            attachments: app.config.limits.attachments,
        },
    }
}

/// Refuses a change by a page that does not say which account it shows: the cookies may belong to
/// another one by now.
///
/// # Errors
/// If it does not say.
pub fn require_account(headers: &HeaderMap) -> Result<(), AppError> {
    if headers.contains_key(path::ACCOUNT_HEADER) {
        Ok(())
    } else {
        Err(AppError::bad_request(
            "This request does not say which account it is for.",
        ))
    }
}

/// The same, where the forms of pages without scripts say it in their URL.
fn require_account_of(parts: &Parts) -> Result<(), AppError> {
    let mut pairs = parts.uri.query().unwrap_or_default().split('&');
    if pairs.any(|pair| pair.starts_with("account=")) {
        return Ok(());
    }
    require_account(&parts.headers)
}

/// Whether the page that asks shows this account, as far as its headers say.
#[must_use]
pub fn header_shows(headers: &HeaderMap, account_id: &str) -> bool {
    headers
        .get(path::ACCOUNT_HEADER)
        .is_none_or(|shown| shown.as_bytes() == account_id.as_bytes())
}

/// The same, where frames, links and event streams say it in their URL.
fn shows_account(parts: &Parts, account_id: &str) -> bool {
    let mut pairs = parts.uri.query().unwrap_or_default().split('&');
    header_shows(&parts.headers, account_id)
        && pairs.all(|pair| {
            pair.strip_prefix("account=")
                .is_none_or(|shown| shown == account_id)
        })
}

/// Whether a person did this, and no timer.
fn is_use(parts: &Parts) -> bool {
    let is_background = parts
        .headers
        .get(path::CSRF_HEADER)
        .is_some_and(|value| value == path::BACKGROUND);
    !is_background && parts.uri.path() != path::EVENTS
}
