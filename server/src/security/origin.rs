//! Is this request meant for us, and does it come from our own pages? Host is checked against the public
//! origin, writes against Origin and Sec-Fetch-Site, and JSON writes must carry a header no form can send.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use whimbrel_shared::path;

use crate::{config::public_url::is_loopback, error::AppError};

/// The site as browsers know it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Site(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    /// Scheme, host, port if unusual.
    origin: String,
    /// The origin without its scheme: what a Host header says.
    authority: String,
    /// This machine only: then `localhost`, `127.0.0.1` and `[::1]` are all right, on any port.
    is_loopback: bool,
}

impl Site {
    /// The site of a configured `public_url`.
    #[must_use]
    pub fn new(public_url: &str) -> Self {
        let origin = public_url.trim_end_matches('/').to_lowercase();
        let authority = origin
            .split_once("://")
            .map_or(origin.as_str(), |(_, authority)| authority)
            .to_owned();
        Self(Arc::new(Parts {
            is_loopback: is_loopback(host_of(&authority)),
            origin,
            authority,
        }))
    }

    /// Whether people reach it over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.origin.starts_with("https://")
    }

    /// Whether a request with this authority is meant for us.
    fn is_ours(&self, authority: &str) -> bool {
        let authority = authority.to_lowercase();
        let usual_port = if self.is_https() { ":443" } else { ":80" };
        authority.strip_suffix(usual_port).unwrap_or(&authority) == self.0.authority
            || (self.0.is_loopback && is_loopback(host_of(&authority)))
    }

    /// Whether a page of this origin is ours, asked at this authority.
    fn is_our_origin(&self, origin: &str, authority: &str) -> bool {
        let origin = origin.to_lowercase();
        origin == self.0.origin
            || (self.0.is_loopback && origin == format!("http://{}", authority.to_lowercase()))
    }
}

/// Refuses requests for other hosts, so that no link, cookie or cache entry is ever made for one.
/// Probes of the operator's may use any name.
pub async fn check_host(State(site): State<Site>, request: Request, next: Next) -> Response {
    let is_probe = matches!(request.uri().path(), path::HEALTHZ | path::READYZ);
    let is_ours =
        authority(request.uri(), request.headers()).is_some_and(|asked| site.is_ours(asked));
    if is_probe || is_ours {
        return next.run(request).await;
    }
    let error = AppError::bad_request("This server does not answer for that host.");
    let mut response = error.into_response();
    *response.status_mut() = StatusCode::MISDIRECTED_REQUEST;
    response
}

/// Refuses writes that do not come from our own pages, and other sites' reads of the API.
pub async fn check_request(State(site): State<Site>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with(path::API);
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let headers = request.headers();
    let is_welcome = if is_read {
        !is_api || is_read_from_here(headers)
    } else {
        let asked = authority(request.uri(), headers).unwrap_or_default();
        is_write_from_here(&site, headers, asked)
            && (!is_api || headers.contains_key(path::CSRF_HEADER))
    };
    if is_welcome {
        next.run(request).await
    } else {
        AppError::foreign_request().into_response()
    }
}

/// Whether a page of another site led here by a link, so that `SameSite=Strict` cookies stayed behind.
#[must_use]
pub fn is_visit_from_elsewhere(headers: &HeaderMap) -> bool {
    matches!(fetch_site(headers), Some("cross-site" | "same-site"))
}

/// Our pages say `no-referrer`, so their forms come with `Origin: null`: then Sec-Fetch-Site must vouch.
fn is_write_from_here(site: &Site, headers: &HeaderMap, asked: &str) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = origins
        .next()
        .map(|origin| origin.to_str().unwrap_or_default());
    if origins.next().is_some() {
        return false;
    }
    let origin_is_ours = origin.map(|origin| site.is_our_origin(origin, asked));
    match fetch_site(headers) {
        Some("same-origin") => origin == Some("null") || origin_is_ours != Some(false),
        Some(_) => false,
        None => origin_is_ours == Some(true),
    }
}

/// `none`: typed or opened by the person.
fn is_read_from_here(headers: &HeaderMap) -> bool {
    matches!(fetch_site(headers), None | Some("same-origin" | "none"))
}

fn fetch_site(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get("sec-fetch-site")?;
    Some(value.to_str().unwrap_or_default())
}

/// What the request says it is for; `None` if it does not say, or says it twice.
fn authority<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().map(|host| host.to_str().unwrap_or_default());
    if hosts.next().is_some() {
        return None;
    }
    uri.authority().map(http::uri::Authority::as_str).or(host)
}

/// An authority without its port.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_for_its_own_host_only() {
        let site = Site::new("https://mail.example.org");
        for ours in [
            "mail.example.org",
            "MAIL.example.org",
            "mail.example.org:443",
        ] {
            assert!(site.is_ours(ours), "{ours}");
        }
        for other in [
            "example.org",
            "mail.example.org.evil.example",
            "mail.example.org:8443",
            "127.0.0.1",
            "",
        ] {
            assert!(!site.is_ours(other), "{other}");
        }
        let with_port = Site::new("https://mail.example.org:8443");
        assert!(
            with_port.is_ours("mail.example.org:8443") && !with_port.is_ours("mail.example.org")
        );
    }

    #[test]
    fn this_machine_has_several_names() {
        let site = Site::new("http://127.0.0.1:8080");
        for ours in [
            "127.0.0.1:8080",
            "localhost:8080",
            "[::1]:9000",
            "[::1]",
            "localhost",
        ] {
            assert!(site.is_ours(ours), "{ours}");
        }
        for other in [
            "evil.example:8080",
            "localhost.evil.example",
            "10.0.0.1:8080",
        ] {
            assert!(!site.is_ours(other), "{other}");
        }
    }

    #[test]
    fn writes_come_from_our_own_pages() {
        let site = Site::new("https://mail.example.org");
        let check = |origin: Option<&str>, fetch_site: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            if let Some(value) = fetch_site {
                headers.insert("sec-fetch-site", value.parse().unwrap());
            }
            is_write_from_here(&site, &headers, "mail.example.org")
        };
        let ours = Some("https://mail.example.org");
        assert!(check(ours, Some("same-origin")));
        assert!(check(ours, None));
        assert!(check(None, Some("same-origin")));
        assert!(check(Some("null"), Some("same-origin")));

        assert!(!check(None, None));
        assert!(!check(Some("null"), None));
        assert!(!check(Some("https://evil.example"), Some("same-origin")));
        assert!(!check(Some("http://mail.example.org"), None));
        for elsewhere in ["cross-site", "same-site", "none", "rubbish"] {
            assert!(!check(ours, Some(elsewhere)), "{elsewhere}");
        }
    }
}
