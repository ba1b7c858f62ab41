//! Small pages: something is not there, the app is not built, or a visit must begin anew.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode};
use whimbrel_shared::{ApiError, path};

use crate::{
    plain::{escape, respond},
    security::policy,
};

/// A failure, told to a person who has no app on screen.
#[must_use]
pub fn error_page(status: StatusCode, error: &ApiError) -> Response {
    let body = format!(
        "<h1>{}</h1><p>{}</p><p><a href=\"{}\">To your mail</a></p>",
        escape(&error.message),
        escape(&error.remedy),
        path::HOME
    );
    (status, notice("Whimbrel", "", &body)).into_response()
}

/// The server was built without the web app.
#[must_use]
pub fn not_built() -> Response {
    let body = "<h1>The web app is not built</h1>\
        <p>The server runs, but it holds no web app.</p>\
        <p>Run <code>make dist</code> in Whimbrel’s source folder, then start the program it made.</p>";
    (
        StatusCode::SERVICE_UNAVAILABLE,
        notice("Whimbrel", "", body),
    )
        .into_response()
}

/// A link on another site led here, so the browser kept the session's cookies back (`SameSite=Strict`).
/// This page asks for the same address again, now from our own origin.
#[must_use]
pub fn come_again(address: &str) -> Response {
    let address = escape(address);
    let refresh = format!("<meta http-equiv=\"refresh\" content=\"0;url={address}\">");
    let body = format!("<p><a href=\"{address}\">Go on to Whimbrel</a></p>");
    notice("Whimbrel", &refresh, &body)
}

/// A small page under its heading.
pub(super) fn page(heading: &str, is_shared: bool, body: &str) -> Response {
    let home = path::HOME;
    let body = format!("<h1>{heading}</h1>{body}<p><a href=\"{home}\">To your mail</a></p>");
    notice(&super::title(heading, is_shared), "", &body)
}

fn notice(title: &str, head: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">{head}<title>{title}</title></head>\
         <body><main>{body}</main></body></html>"
    );
    respond(html, &HeaderValue::from_static(policy::PLAIN))
}
