//! How full the account is, and what fills it.

use axum::Json;
use whimbrel_shared::{FolderSize, Quota};

use crate::{
    account::connections::Lane, auth::signed_in::SignedIn, error::AppResult, imap::mailboxes::sizes,
};

/// How full the account is; later news come as events.
pub async fn show(signed_in: SignedIn) -> AppResult<Json<Option<Quota>>> {
    Ok(Json(signed_in.account.watch().quota().await?))
}

/// The folders that take most.
pub async fn folder_sizes(signed_in: SignedIn) -> AppResult<Json<Vec<FolderSize>>> {
    let sizes = signed_in
        .account
        .ask(Lane::Bulk, |connection| {
            Box::pin(sizes::largest(connection))
        })
        .await?;
    Ok(Json(sizes))
}
