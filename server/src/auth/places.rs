//! Where a person is signed in, and signing out everywhere else.

use whimbrel_shared::{SessionEnd, SessionSummary};

use crate::{
    auth::SessionRef,
    error::{AppError, AppResult},
    state::AppState,
};

/// The live sessions of the account of `session`, the one used last first.
///
/// # Errors
/// If the database fails.
pub async fn list(app: &AppState, session: &SessionRef) -> AppResult<Vec<SessionSummary>> {
    let sessions = app.auth.sessions.of_account(&session.account_id).await;
    let sessions = sessions.map_err(AppError::internal)?;
    let summaries = sessions.into_iter().map(|found| SessionSummary {
        browser: found.entry.browser,
        began_at: found.entry.began_at,
        last_used_at: found.last_seen_at,
        shared: found.entry.is_shared,
        current: found.id_hash == session.id,
    });
    Ok(summaries.collect())
}

/// Ends all other sessions of the account of `session`; their tabs leave.
///
/// # Errors
/// If the database fails: then none has ended.
pub async fn end_others(app: &AppState, session: &SessionRef) -> AppResult<()> {
    // As with signing out: once begun it is done, whether the browser waits for the answer or not.
    let (app, session) = (AppState::clone(app), session.clone());
    let ending = tokio::spawn(async move {
        let sessions = &app.auth.sessions;
        let ended = sessions
            .remove_others(&session.account_id, &session.id)
            .await;
        for other in ended.map_err(AppError::internal)? {
            let how = Some(SessionEnd::SignedOut);
            super::ended(&app, &other.account_id, &other.id_hash, how).await;
        }
        tracing::info!(account = session.account_id, "signed out everywhere else");
        Ok(())
    });
    ending.await.map_err(AppError::internal)?
}
