//! The app's pages: the same document for every address of the app, for people with a live session.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, Uri};
use whimbrel_shared::path;

use crate::{
    assets,
    auth::{cookies, session},
    error::AppResult,
    plain::notice,
    routes::sign_in,
    security::origin::is_visit_from_elsewhere,
    state::AppState,
};

/// The app where a session lives, else the way to the sign-in page.
///
/// # Errors
/// If the database fails.
pub async fn app(State(app): State<AppState>, uri: Uri, headers: HeaderMap) -> AppResult<Response> {
    let wanted = address(&uri);
    if let Some(again) = come_again(&headers, wanted) {
        return Ok(again);
    }
    match session::find_useful(&app, &headers).await? {
        Some(live) => {
            session::touch(&app, &live).await;
            Ok(assets::app_page(&headers))
        }
        None => Ok(Redirect::to(&sign_in::address_before(wanted)).into_response()),
    }
}

/// What a visit by another site's link is answered with, as the cookies stayed behind.
#[must_use]
pub fn come_again(headers: &HeaderMap, wanted: &str) -> Option<Response> {
    let came_without = cookies::get(headers, cookies::SESSION).is_none();
    (came_without && is_visit_from_elsewhere(headers)).then(|| notice::come_again(wanted))
}

/// Path and query of an address.
#[must_use]
pub fn address(uri: &Uri) -> &str {
    uri.path_and_query()
        .map_or(path::HOME, http::uri::PathAndQuery::as_str)
}
