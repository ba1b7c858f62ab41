//! Signing in: the throttle, the mail server's verdict, a new session. The same path, and the same time,
//! for an unknown name as for a wrong password.

use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use http::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use whimbrel_shared::SessionInfo;

use crate::{
    account::{Login, Secret},
    auth::{Live, browser, identity::Identity, session, signed_in::session_info},
    error::{AppError, AppResult},
    imap,
    state::AppState,
};

/// Refusals are answered at multiples of this, so that the time tells little about the reason.
const REFUSAL_STEP: Duration = Duration::from_millis(250);
/// Longer ones are nobody's.
const LONGEST_PASSWORD: usize = 1024;

/// What somebody typed, and where.
pub struct Wish {
    /// The mail address or name, as typed.
    pub address: String,
    /// The password.
    pub password: SecretString,
    /// "This is a shared computer".
    pub is_shared: bool,
    /// Where the request came from.
    pub visitor: IpAddr,
}

/// Somebody is signed in.
pub struct Welcome {
    /// For the app.
    pub info: SessionInfo,
    /// The lines that give the browser its two cookies.
    pub cookies: [HeaderValue; 2],
}

/// Which other account may be signed in to in this browser beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Any: its session ends.
    Anybody,
    /// None but this one: a page of the other account may be open in another tab.
    SameAccount,
}

/// Signs in. A session whose cookies the request carries ends.
///
/// # Errors
/// If there were too many attempts, the mail server refuses or does not answer, or the database fails.
pub async fn sign_in(
    app: &AppState,
    headers: &HeaderMap,
    wish: Wish,
    before: Before,
) -> AppResult<Welcome> {
    let began = Instant::now();
    let identity = Identity::read(&app.config, &app.store.account_ids, &wish.address)
        .filter(|_| usable(&wish.password));
    let Some(identity) = identity else {
        return Err(late(began, AppError::wrong_password()).await);
    };
    if before == Before::SameAccount {
        refuse_another(session::find(app, headers).await?, &identity)?;
    }
    let attempt = app
        .auth
        .throttle
        .begin(&identity.user, wish.visitor, app.auth.clock.now())
        .map_err(AppError::too_many_attempts)?;
    let login = Login {
        user: identity.user.clone(),
        password: wish.password,
        secret: Secret::Password,
    };
    match app.accounts.verify(&identity.account_id, &login).await {
        Ok(()) => app.auth.throttle.succeeded(attempt),
        Err(error @ imap::Error::WrongPassword(_)) => {
            return Err(late(began, AppError::from(error)).await);
        }
        Err(error) => {
            if !matches!(error, imap::Error::AccountUnavailable(_)) {
                app.auth.throttle.unanswered(&attempt);
            }
            return Err(error.into());
        }
    }
    // Begun before the old one ends, so that the account is never without a session in between.
    let browser = browser::words(headers);
    let begun = session::begin(app, &identity, &login.password, wish.is_shared, browser).await?;
    session::end(app, headers, Some(&begun.session)).await?;
    tracing::info!(
        account = begun.session.account_id,
        shared = wish.is_shared,
        "signed in"
    );
    Ok(Welcome {
        info: session_info(app, &identity, wish.is_shared.then_some(begun.ends_at)),
        cookies: begun.cookies,
    })
}

fn usable(password: &SecretString) -> bool {
    let password = password.expose_secret();
    // NUL ends the password in AUTHENTICATE PLAIN (RFC 4616).
    !password.is_empty() && password.len() <= LONGEST_PASSWORD && !password.contains('\0')
}

fn refuse_another(live: Option<Live>, identity: &Identity) -> AppResult<()> {
    match live {
        Some(live) if live.session.account_id != identity.account_id => {
            Err(AppError::another_account())
        }
        _ => Ok(()),
    }
}

async fn late(began: Instant, error: AppError) -> AppError {
    let step = REFUSAL_STEP.as_millis();
    let steps = began.elapsed().as_millis() / step + 1;
    let until = Duration::from_millis(u64::try_from(steps * step).unwrap_or(0));
    tokio::time::sleep_until((began + until).into()).await;
    error
}
