//! The calls that are not the replica's business: the session, drafts to go on with, uploads.
//! Only this module and the replica's transport do HTTP.

use whimbrel_shared::{ApiError, Draft, FolderSize, ReportLine, SessionInfo, SignIn, Upload, path};

use crate::{
    browser::{
        fetch,
        upload::{self, LocalFile},
    },
    logic::percent,
};

/// Who is signed in, and whether the session lives. No use of it.
pub async fn session() -> Result<SessionInfo, ApiError> {
    fetch::poll(path::SESSION).await
}

/// Tells the server that a person is there: a use of the session.
pub async fn is_here() -> Result<SessionInfo, ApiError> {
    fetch::get(path::SESSION).await
}

/// Signs in again in place.
pub async fn sign_in(sign_in: &SignIn) -> Result<SessionInfo, ApiError> {
    fetch::post(path::SESSION, sign_in).await
}

/// Signs out, in every tab.
pub async fn sign_out() -> Result<(), ApiError> {
    fetch::tell("DELETE", path::SESSION).await
}

/// The folders that take most of the account.
pub async fn folder_sizes() -> Result<Vec<FolderSize>, ApiError> {
    fetch::get(path::FOLDER_SIZES).await
}

/// What the server reports: on the mail server, or on who sent a message.
pub fn report(url: &str) -> impl Future<Output = Result<Vec<ReportLine>, ApiError>> {
    fetch::get(url)
}

/// Asks for something that the server does by itself.
pub fn tell(url: &str) -> impl Future<Output = Result<(), ApiError>> {
    fetch::tell("POST", url)
}

/// A letter to go on writing: a message of Drafts, or one that the server began.
pub fn draft(url: &str) -> impl Future<Output = Result<Draft, ApiError>> {
    fetch::get(url)
}

/// Sends a file to the server. `on_progress` gets the part that arrived, from 0 to 1. Dropping
/// the future stops the upload.
pub async fn upload(
    file: &LocalFile,
    on_progress: impl Fn(f64) + 'static,
) -> Result<Upload, ApiError> {
    upload::send(
        &path::uploads(&percent::encode(&file.name())),
        file,
        on_progress,
    )
    .await
}

/// Forgets an uploaded file that is not wanted after all.
pub async fn forget_upload(id: &str) -> Result<(), ApiError> {
    fetch::tell("DELETE", &path::upload(id)).await
}
