//! Who is it? Sessions, the two cookies, signing in and out, and the throttle that slows guessing.
//! A handler that takes [`SignedIn`](signed_in::SignedIn) is authenticated, and nothing else reaches an account.

use whimbrel_shared::SessionEnd;

use crate::{
    account::Login,
    config::Config,
    state::AppState,
    store::{Store, sessions::Sessions},
};

pub mod browser;
pub mod clock;
pub mod cookies;
pub mod form_token;
pub mod identity;
pub mod pace;
pub mod password;
pub mod places;
pub mod remembered;
pub mod session;
pub mod sign_in;
pub mod signed_in;
#[cfg(test)]
mod tests;
pub mod throttle;

/// What signing in needs beside the configuration.
pub struct Auth {
    /// The time by which sessions end.
    pub clock: clock::Clock,
    /// The sessions in the database.
    pub sessions: Sessions,
    /// Those found a moment ago.
    pub remembered: remembered::Remembered,
    /// Slows a session that does too much.
    pub pace: pace::Pace,
    /// Slows guessing.
    pub throttle: throttle::Throttle,
    /// One-time tokens of HTML forms.
    pub form_tokens: form_token::FormTokens,
}

impl Auth {
    /// Made once at start.
    #[must_use]
    pub fn new(config: &Config, store: &Store) -> Self {
        let clock = clock::Clock::default();
        Self {
            sessions: Sessions::new(store, clock.clone()),
            remembered: remembered::Remembered::default(),
            pace: pace::Pace::default(),
            throttle: throttle::Throttle::default(),
            form_tokens: form_token::FormTokens::new(&config.secrets),
            clock,
        }
    }
}

/// Names a session without giving it away: what the database, the logs and the account's actor know it by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionRef {
    /// The hash of the cookie's value.
    pub id: String,
    /// Whose session it is; see [`whimbrel_shared::SessionInfo::account_id`].
    pub account_id: String,
}

/// Whether the session lives. Asking is no use of it: the event stream asks every few seconds.
/// A database that does not answer ends nobody's session.
pub async fn session_alive(app: &AppState, session: &SessionRef) -> bool {
    match app.auth.sessions.is_alive(&session.id).await {
        Ok(alive) => alive,
        Err(error) => {
            tracing::warn!(%error, "cannot tell whether a session lives");
            true
        }
    }
}

/// Ends sessions whose time is over, every half minute, and tells their accounts. Runs until dropped.
pub async fn sweep(app: AppState) {
    let mut every = tokio::time::interval(std::time::Duration::from_secs(30));
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        match app.auth.sessions.sweep().await {
            Ok(expired) => {
                for session in expired {
                    let how = Some(SessionEnd::Expired);
                    ended(&app, &session.account_id, &session.id_hash, how).await;
                }
            }
            Err(error) => tracing::warn!(%error, "expired sessions cannot be removed"),
        }
        app.auth.remembered.sweep(app.auth.clock.now());
        if let Err(error) = crate::account::uploads::sweep(&app.config.data_dir).await {
            tracing::warn!(%error, "old uploads cannot be removed");
        }
        if let Err(error) = crate::store::operations::sweep(&app.store).await {
            tracing::warn!(%error, "old operation results cannot be removed");
        }
    }
}

/// Tells every tab of a session that it has ended, unless another one took its place. With the last
/// session of an account its connections and its password go too.
async fn ended(app: &AppState, account_id: &str, id_hash: &str, how: Option<SessionEnd>) {
    app.auth.remembered.ended(id_hash);
    app.accounts.session_ended(account_id, id_hash, how);
    match app.auth.sessions.any_alive(account_id).await {
        Ok(true) => {}
        Ok(false) => app.accounts.close(account_id),
        Err(error) => tracing::warn!(%error, "an account cannot be closed"),
    }
}

/// What a live session opens.
#[derive(Clone)]
pub struct Live {
    /// Names it.
    pub session: SessionRef,
    /// What is known of it.
    pub entry: crate::store::sessions::Entry,
    /// Name and password for the mail servers.
    pub login: Login,
    /// The last use before this one, seconds since the Unix epoch.
    pub last_seen_at: i64,
    /// When it ends whatever happens, seconds since the Unix epoch.
    pub expires_at: i64,
}

impl Live {
    /// Whether its time is not over.
    fn lives(&self, now: i64) -> bool {
        self.ends_at(self.last_seen_at) > now
    }

    /// When it ends if its last use was at `used_at`, both in seconds since the Unix epoch.
    fn ends_at(&self, used_at: i64) -> i64 {
        let unused = used_at.saturating_add(self.entry.idle_seconds);
        unused.min(self.expires_at)
    }
}
