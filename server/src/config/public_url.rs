//! Reads the origin people see in the address bar. Cookies, the check of the Host header and the
//! same-origin check rest on it.

use std::net::{IpAddr, SocketAddr};

use url::Url;

use crate::config::{ConfigError, settings::Sources};

/// The public origin: scheme, host, and the port if it is not the usual one.
/// Made from `listen` where that is a loopback address and nothing is set.
///
/// # Errors
/// If it is missing, is no origin, or is `http` for another machine.
pub fn read(sources: &Sources, listen: SocketAddr) -> Result<String, ConfigError> {
    const EXAMPLE: &str = "https://mail.example.org";
    if sources.get("public_url").is_none() && listen.ip().is_loopback() {
        let url = Url::parse(&format!("http://{listen}"));
        return Ok(url.map_or_else(|_| String::new(), |url| url.origin().ascii_serialization()));
    }
    let value = sources.required("public_url", EXAMPLE)?;
    let malformed = || {
        value.error(
            "is not the address of a site.",
            &format!("Write {EXAMPLE}: https, the host, a port if it is not 443, and no path."),
        )
    };
    let url = Url::parse(&value.text).map_err(|_| malformed())?;
    let host = url.host_str().ok_or_else(malformed)?;
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    if !bare || !matches!(url.scheme(), "http" | "https") {
        return Err(malformed());
    }
    if url.scheme() == "http" && !is_loopback(host) {
        return Err(value.error(
            "is http, but browsers keep the sign-in cookies for https only.",
            "Write https://…, and let a reverse proxy (Caddy, nginx) hold the certificate.",
        ));
    }
    Ok(url.origin().ascii_serialization())
}

/// Whether a host, with or without brackets, can only be this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
