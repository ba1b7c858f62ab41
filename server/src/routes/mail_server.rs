//! What the mail server can do, for the person whose mail is there.

use axum::Json;
use whimbrel_shared::ReportLine;

use crate::{
    account::{circles, connections::Lane},
    auth::signed_in::SignedIn,
    error::AppResult,
};

mod abilities;
mod report;

use report::Findings;

/// What it can do, which things are slower or missing, and why.
///
/// # Errors
/// When the mail server does not answer.
pub async fn show(signed_in: SignedIn) -> AppResult<Json<Vec<ReportLine>>> {
    let account = &signed_in.account;
    let server = account
        .ask(Lane::Interactive, |connection| {
            Box::pin(async move { Ok(connection.server().clone()) })
        })
        .await?;
    // Without an answer to this, the rest is worth telling all the same.
    let trust = circles::trust(account, &signed_in.info.address).await;
    let findings = Findings {
        server,
        security: account.servers().imap.security,
        connections: account.connections_at_most(),
        quota: account.watch().known_quota(),
        trust: trust.ok(),
    };
    Ok(Json(findings.report()))
}
