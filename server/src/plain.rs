//! Pages made as HTML by the server: signing in, and the few notices that must work without the app.
//! No scripts; every value that is not ours goes through [`escape`].

use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderValue, header};

pub mod notice;
pub mod senders;
pub mod sessions;
pub mod sign_in;

/// Text as it may stand in HTML, in attributes with double quotes too.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// The title of a page: browsers keep it, and on a shared computer it names the program alone.
fn title(page: &str, is_shared: bool) -> String {
    if is_shared {
        "Whimbrel".to_owned()
    } else {
        format!("{page} · Whimbrel")
    }
}

/// What comes before the body of a page with a look of its own; everything is HTML already. `more` ends the head.
fn head(title: &str, icon: &str, style: &str, more: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="{icon}">
<style>{style}</style>
{more}</head>
"#
    )
}

/// A page with its policy; never cached.
fn respond(html: String, policy: &HeaderValue) -> Response {
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
