//! Files on their way into a letter.

use axum::{
    Json,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
};
use serde::Deserialize;
use whimbrel_shared::Upload;

use crate::{
    account::uploads::{self, Uploads},
    auth::{pace::Deed, signed_in::SignedIn},
    error::{self, AppResult},
    message::file_name,
    state::{App, AppState},
};

/// See [`upload`].
#[derive(Deserialize)]
pub struct UploadQuery {
    name: String,
}

/// Takes a file as it arrives.
pub async fn upload(
    signed_in: SignedIn,
    State(app): State<AppState>,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<Upload>> {
    signed_in.take_turns(&app, Deed::Upload, 1)?;
    let limit = app.config.limits.attachments;
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > limit) {
        return Err(error::upload_error(&uploads::Error::TooLarge(limit)).into());
    }
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .filter(|value| is_media_type(value))
        .unwrap_or("application/octet-stream");
    let name = file_name::clean(&query.name);
    let uploads = uploads_of(&app, &signed_in);
    let _turn = signed_in.account.upload_turn().await;
    let taken = uploads
        .take(&name, media_type, body.into_data_stream())
        .await;
    Ok(Json(
        taken.map_err(|problem| error::upload_error(&problem))?,
    ))
}

/// Forgets a file.
pub async fn forget(
    signed_in: SignedIn,
    State(app): State<AppState>,
    Path(id): Path<String>,
) -> AppResult<StatusCode> {
    let forgotten = uploads_of(&app, &signed_in).forget(&id).await;
    forgotten.map_err(|problem| error::upload_error(&problem))?;
    Ok(StatusCode::NO_CONTENT)
}

fn uploads_of<'a>(app: &'a App, signed_in: &'a SignedIn) -> Uploads<'a> {
    let config = &app.config;
    Uploads::new(
        &config.data_dir,
        signed_in.account.id(),
        &config.secrets,
        config.limits.attachments,
    )
}

/// `type/subtype` of RFC 6838 characters, nothing else.
fn is_media_type(text: &str) -> bool {
    let is_name = |name: &str| {
        (1..=100).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    text.split_once('/')
        .is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
}
