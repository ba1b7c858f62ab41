//! The web app's files, embedded when the program is built (a debug build reads them from disk).
//! Chooses the precompressed form, says what may be cached for ever, and hands out the app's page.

use std::borrow::Cow;

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};
use whimbrel_shared::path;

use crate::{error::AppError, plain::notice, security::policy};

pub mod index;
#[cfg(test)]
mod tests;

#[derive(RustEmbed)]
#[folder = "../frontend/dist"]
#[allow_missing = true]
struct Dist;

/// The app's page. Its policy names the hashes of its own inline scripts.
#[must_use]
pub fn app_page(request_headers: &HeaderMap) -> Response {
    let Some(index) = index::load() else {
        return notice::not_built();
    };
    let mut response = answer("index.html", request_headers).unwrap_or_else(notice::not_built);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, index.policy.clone());
    // Not kept for the Back button either: after signing out it would show mail again.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store"),
    );
    response
}

/// `<link>`s that let a browser fetch the app's files early; empty if no app is built.
#[must_use]
pub fn load_hints() -> String {
    index::load().map_or_else(String::new, |index| index.load_hints.clone())
}

/// Any other file of the app; the router's fallback.
pub async fn file(request: Request) -> Response {
    let name = request.uri().path().trim_start_matches('/');
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if name == "index.html" {
        return Redirect::to(path::HOME).into_response();
    }
    answer(name, request.headers()).unwrap_or_else(|| AppError::not_found().into_response())
}

/// A compressed form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Encoding {
    /// As in `Content-Encoding`.
    name: &'static str,
    /// What the file of this form is called beyond the plain one.
    suffix: &'static str,
}

/// The forms, best first.
const ENCODINGS: [Encoding; 2] = [
    Encoding {
        name: "br",
        suffix: ".br",
    },
    Encoding {
        name: "gzip",
        suffix: ".gz",
    },
];

/// The file in the best form the browser takes; `None` if there is no such file.
fn answer(name: &str, request: &HeaderMap) -> Option<Response> {
    // The compressed forms have no addresses of their own.
    if ENCODINGS
        .iter()
        .any(|encoding| name.ends_with(encoding.suffix))
    {
        return None;
    }
    let plain = Dist::get(name)?;
    let compressed = ENCODINGS
        .into_iter()
        .filter(|encoding| accepts(request, encoding.name))
        .find_map(|encoding| Some((encoding, Dist::get(&format!("{name}{}", encoding.suffix))?)));
    let (encoding, file) = compressed.map_or((None, None), |(e, file)| (Some(e), Some(file)));
    let etag = etag(&plain, encoding);
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(lifetime(name)),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if name == "sw.js" {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy::WORKER),
        );
    }
    if is_known(request, &etag) {
        headers.insert(header::ETAG, etag);
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    headers.insert(header::ETAG, etag);
    headers.insert(header::CONTENT_TYPE, media_type(&plain));
    if let Some(encoding) = encoding {
        headers.insert(
            header::CONTENT_ENCODING,
            HeaderValue::from_static(encoding.name),
        );
    }
    let body = match file.unwrap_or(plain).data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    Some((headers, body).into_response())
}

/// How long a browser may use the file without asking: for ever if its name holds its hash.
fn lifetime(name: &str) -> &'static str {
    if is_hashed(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// Trunk writes `name-0123456789abcdef.js` and `name-0123456789abcdef_bg.wasm`; leading zeros are left out.
fn is_hashed(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        (10..=16).contains(&hash.len())
            && hash
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Whether `Accept-Encoding` names the encoding, and not with `q=0`.
fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let (name, quality) = item.split_once(';').unwrap_or((item, "q=1"));
            let quality = quality
                .trim()
                .strip_prefix("q=")
                .and_then(|q| q.parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case(encoding) && quality.is_none_or(|q| q > 0.0)
        })
}

fn etag(plain: &EmbeddedFile, encoding: Option<Encoding>) -> HeaderValue {
    let hash: String = plain
        .metadata
        .sha256_hash()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let form = encoding.map_or("", |encoding| encoding.suffix);
    HeaderValue::try_from(format!("\"{hash}{form}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

fn is_known(request: &HeaderMap, etag: &HeaderValue) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim().trim_start_matches("W/").as_bytes() == etag.as_bytes())
}

fn media_type(file: &EmbeddedFile) -> HeaderValue {
    let media_type = file.metadata.mimetype();
    let is_text = media_type.starts_with("text/") && !media_type.contains("charset");
    let full = format!(
        "{media_type}{}",
        if is_text { "; charset=utf-8" } else { "" }
    );
    HeaderValue::try_from(full).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}
