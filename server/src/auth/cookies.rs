//! The cookies: their names, their attributes, and nothing of what they mean.
//! `__Host-` makes a browser refuse them from another host, another path or an open line.

use axum_extra::extract::cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};

/// The session's id.
pub const SESSION: &str = "__Host-whimbrel";
/// The key that opens the session's password. The server keeps no copy.
pub const KEY: &str = "__Host-whimbrel-key";
/// Ties a form's one-time token to the browser it was made for.
pub const FORM: &str = "__Host-whimbrel-form";

/// How long a browser keeps a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Until it is closed.
    UntilClosed,
    /// For so many seconds.
    For(i64),
}

/// The `Set-Cookie` line of a cookie.
#[must_use]
pub fn set(name: &'static str, value: &str, kept: Kept) -> HeaderValue {
    let mut cookie = Cookie::build((name, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .build();
    if let Kept::For(seconds) = kept {
        cookie.set_max_age(time::Duration::seconds(seconds));
    }
    // Values are base64url, so the line is always plain ASCII.
    HeaderValue::try_from(cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The `Set-Cookie` line that makes a browser forget a cookie.
#[must_use]
pub fn forget(name: &'static str) -> HeaderValue {
    set(name, "", Kept::For(0))
}

/// The value a browser sent for a cookie; `None` if it sent none, or an empty one.
#[must_use]
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_for_this_host_over_tls_and_out_of_reach_of_scripts() {
        let line = set(SESSION, "abc", Kept::UntilClosed);
        assert_eq!(
            line.to_str().unwrap(),
            "__Host-whimbrel=abc; HttpOnly; SameSite=Strict; Secure; Path=/"
        );
        let line = set(KEY, "abc", Kept::For(60));
        assert!(line.to_str().unwrap().ends_with("; Max-Age=60"));
        // without Secure and Path a browser would not accept the removal either
        let line = forget(SESSION);
        let line = line.to_str().unwrap();
        assert!(line.starts_with("__Host-whimbrel=;"));
        assert!(line.contains("Secure") && line.contains("Path=/") && line.contains("Max-Age=0"));
    }

    #[test]
    fn finds_a_cookie_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; x__Host-whimbrel=2"),
        );
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("__Host-whimbrel-key=k; __Host-whimbrel=s"),
        );
        assert_eq!(get(&headers, SESSION), Some("s"));
        assert_eq!(get(&headers, KEY), Some("k"));
        assert_eq!(get(&headers, FORM), None);
    }
}
