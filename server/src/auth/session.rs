//! Begins, finds, uses and ends sessions. tower-sessions keeps the records; its layer is not used, because
//! the line it removes a cookie with lacks `Secure`, which a browser does not accept for a `__Host-` name.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, header::SET_COOKIE};
use secrecy::SecretString;
use time::OffsetDateTime;
use tower_sessions::{Expiry, Session, session::Id};
use whimbrel_shared::SessionEnd;

use crate::{
    account::{Login, Secret},
    auth::{
        Live, SessionRef,
        cookies::{self, Kept},
        identity::Identity,
        password,
        remembered::Recalled,
    },
    error::{AppError, AppResult},
    state::AppState,
    store::sessions::{ENTRY, EXPIRES_AT, Entry, LAST_SEEN_AT, id_hash},
};

/// Time-outs in seconds: without use, and whatever happens.
struct TimeOuts {
    idle: i64,
    absolute: i64,
}

const ORDINARY: TimeOuts = TimeOuts {
    idle: 7 * 24 * 60 * 60,
    absolute: 30 * 24 * 60 * 60,
};
const SHARED: TimeOuts = TimeOuts {
    idle: 10 * 60,
    absolute: 8 * 60 * 60,
};
/// Uses closer together than this are noted once. Seconds.
const TOUCH_EVERY: i64 = 20;

/// A session that has just begun.
pub struct Begun {
    /// Names it.
    pub session: SessionRef,
    /// The lines that give the browser its two cookies.
    pub cookies: [HeaderValue; 2],
    /// When it ends if nobody uses it, seconds since the Unix epoch.
    pub ends_at: i64,
}

/// Begins a session of its own, with a new id, for a person whose password was found right.
///
/// # Errors
/// If the database fails.
pub async fn begin(
    app: &AppState,
    identity: &Identity,
    password: &SecretString,
    is_shared: bool,
    browser: String,
) -> AppResult<Begun> {
    let time_outs = if is_shared { SHARED } else { ORDINARY };
    let now = app.auth.clock.now();
    let ends = now.saturating_add(time_outs.absolute);
    let ends = OffsetDateTime::from_unix_timestamp(ends).map_err(AppError::internal)?;
    let session = open(app, None, Some(Expiry::AtDateTime(ends)));
    let mut entry = Entry {
        account_id: identity.account_id.clone(),
        user: identity.user.clone(),
        address: identity.address.clone(),
        is_shared,
        idle_seconds: time_outs.idle,
        sealed_password: String::new(),
        browser,
        began_at: now,
    };
    // The id the password is sealed for is known when the record has been made.
    session
        .insert(ENTRY, &entry)
        .await
        .map_err(AppError::internal)?;
    session.save().await.map_err(AppError::internal)?;
    let id = session
        .id()
        .ok_or_else(|| AppError::internal("a session without an id"))?;
    let browser_key = password::new_browser_key();
    entry.sealed_password =
        password::seal(password, &app.config.secrets, &browser_key, &id.to_string());
    session
        .insert(ENTRY, &entry)
        .await
        .map_err(AppError::internal)?;
    session.save().await.map_err(AppError::internal)?;

    let kept = if is_shared {
        Kept::UntilClosed
    } else {
        Kept::For(time_outs.absolute)
    };
    Ok(Begun {
        session: SessionRef {
            id: id_hash(&id),
            account_id: entry.account_id,
        },
        cookies: [
            cookies::set(cookies::SESSION, &id.to_string(), kept),
            cookies::set(cookies::KEY, &browser_key, kept),
        ],
        ends_at: now.saturating_add(time_outs.idle),
    })
}

/// The live session whose two cookies a request carries. Not a use of it.
///
/// # Errors
/// If the database fails.
pub async fn find(app: &AppState, headers: &HeaderMap) -> AppResult<Option<Live>> {
    let (Some(id), Some(browser_key)) = (
        cookies::get(headers, cookies::SESSION).and_then(|id| id.parse::<Id>().ok()),
        cookies::get(headers, cookies::KEY),
    ) else {
        return Ok(None);
    };
    let now = app.auth.clock.now();
    let remembered = &app.auth.remembered;
    let moment = match remembered.recall(&id_hash(&id), browser_key, now) {
        Recalled::Live(live) => return Ok(Some(*live)),
        Recalled::Nothing(moment) => moment,
    };
    let live = load(app, id, browser_key).await?;
    if let Some(live) = &live {
        remembered.keep(moment, browser_key, live, now);
    }
    Ok(live)
}

/// The same, if its password still opens an account: for pages that lead a person to the app or away from
/// it, of which one at most may send them on. Not a use of it.
///
/// # Errors
/// If the database fails.
pub async fn find_useful(app: &AppState, headers: &HeaderMap) -> AppResult<Option<Live>> {
    let opens = |live: &Live| {
        let account = app.accounts.open(&live.session.account_id, &live.login);
        account.is_some()
    };
    Ok(find(app, headers).await?.filter(opens))
}

async fn load(app: &AppState, id: Id, browser_key: &str) -> AppResult<Option<Live>> {
    let session = open(app, Some(id), None);
    let entry: Option<Entry> = session.get(ENTRY).await.map_err(AppError::internal)?;
    let time_of = async |what| session.get(what).await.map_err(AppError::internal);
    let (last_seen_at, expires_at) = (time_of(LAST_SEEN_AT).await?, time_of(EXPIRES_AT).await?);
    let (Some(mut entry), Some(last_seen_at), Some(expires_at)) = (entry, last_seen_at, expires_at)
    else {
        return Ok(None);
    };
    let secrets = &app.config.secrets;
    let password = password::open(
        &entry.sealed_password,
        secrets,
        browser_key,
        &id.to_string(),
    );
    let Some(password) = password else {
        return Ok(None);
    };
    if !password::is_newest(&entry.sealed_password, secrets, browser_key) {
        entry.sealed_password = password::seal(&password, secrets, browser_key, &id.to_string());
        if let Err(error) = app.auth.sessions.seal_anew(&id_hash(&id), &entry).await {
            tracing::warn!(%error, "a session cannot be sealed anew");
        }
    }
    Ok(Some(Live {
        session: SessionRef {
            id: id_hash(&id),
            account_id: entry.account_id.clone(),
        },
        login: Login {
            user: entry.user.clone(),
            password,
            secret: Secret::Password,
        },
        entry,
        last_seen_at,
        expires_at,
    }))
}

/// Notes a use of the session by the person. Gives back when it ends if there is no other, seconds since the
/// Unix epoch.
pub async fn touch(app: &AppState, live: &Live) -> i64 {
    let now = app.auth.clock.now();
    if now - live.last_seen_at < TOUCH_EVERY {
        return live.ends_at(live.last_seen_at);
    }
    if let Err(error) = app.auth.sessions.touch(&live.session.id).await {
        tracing::warn!(%error, "a use of a session cannot be noted");
    }
    app.auth.remembered.forget(&live.session.id);
    live.ends_at(now)
}

/// Ends the session whose cookie a request carries, if any, and tells its account, so that every tab
/// leaves. The tabs of `successor`, a session of the same account that takes its place, only connect again.
///
/// # Errors
/// If the database fails: then it has not ended.
pub async fn end(
    app: &AppState,
    headers: &HeaderMap,
    successor: Option<&SessionRef>,
) -> AppResult<()> {
    let id = cookies::get(headers, cookies::SESSION).and_then(|id| id.parse::<Id>().ok());
    let Some(id) = id else {
        return Ok(());
    };
    // A browser that does not wait for the answer must not leave half a session behind.
    let ending = tokio::spawn(end_of(AppState::clone(app), id, successor.cloned()));
    ending.await.map_err(AppError::internal)?
}

async fn end_of(app: AppState, id: Id, successor: Option<SessionRef>) -> AppResult<()> {
    let session = open(&app, Some(id), None);
    let entry: Option<Entry> = session.get(ENTRY).await.map_err(AppError::internal)?;
    if let Some(entry) = entry {
        session.delete().await.map_err(AppError::internal)?;
        let is_succeeded = successor.is_some_and(|new| new.account_id == entry.account_id);
        let how = (!is_succeeded).then_some(SessionEnd::SignedOut);
        super::ended(&app, &entry.account_id, &id_hash(&id), how).await;
    }
    Ok(())
}

/// Headers that make the browser forget a session: cookies, cached answers, stored data.
#[must_use]
pub fn forgotten() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.append(SET_COOKIE, cookies::forget(cookies::SESSION));
    headers.append(SET_COOKIE, cookies::forget(cookies::KEY));
    headers.insert(
        "clear-site-data",
        HeaderValue::from_static(r#""cache", "cookies", "storage""#),
    );
    headers
}

fn open(app: &AppState, id: Option<Id>, expiry: Option<Expiry>) -> Session {
    Session::new(id, Arc::new(app.auth.sessions.clone()), expiry)
}
