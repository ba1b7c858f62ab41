//! Reads where a mail server is and how the line to it is protected, from one URL.

use url::Url;

use crate::config::{
    ConfigError, MailServer, Security,
    public_url::is_loopback,
    settings::{Sources, Value},
};

/// The schemes of one protocol, each with its protection and usual port.
pub struct Protocol {
    schemes: [(&'static str, Security, u16); 3],
    example: &'static str,
}

/// Reading mail.
pub const IMAP: Protocol = Protocol {
    schemes: [
        ("imaps", Security::Tls, 993),
        ("imap+starttls", Security::StartTls, 143),
        ("imap", Security::Plain, 143),
    ],
    example: "imaps://mail.example.org:993",
};

/// Sending mail.
pub const SMTP: Protocol = Protocol {
    schemes: [
        ("smtps", Security::Tls, 465),
        ("smtp+starttls", Security::StartTls, 587),
        ("smtp", Security::Plain, 25),
    ],
    example: "smtps://mail.example.org:465",
};

/// Reads one mail server.
///
/// # Errors
/// If the setting is missing, is no such URL, or gives the password to the network in clear.
pub fn read(
    sources: &Sources,
    key: &str,
    protocol: &Protocol,
    insecure: bool,
) -> Result<MailServer, ConfigError> {
    let value = sources.required(key, protocol.example)?;
    let url = Url::parse(&value.text).map_err(|_| malformed(&value, protocol))?;
    let &(_, security, usual_port) = protocol
        .schemes
        .iter()
        .find(|(scheme, ..)| *scheme == url.scheme())
        .ok_or_else(|| malformed(&value, protocol))?;
    let host = host(&url).ok_or_else(|| malformed(&value, protocol))?;
    if security == Security::Plain && !insecure && !is_loopback(&host) {
        return Err(value.error(
            "would send passwords over the network in clear.",
            &format!(
                "Write {} or {}, or set WHIMBREL_INSECURE=true if the line is protected otherwise.",
                scheme_of(protocol, Security::Tls),
                scheme_of(protocol, Security::StartTls),
            ),
        ));
    }
    Ok(MailServer {
        disabled: Vec::new(),
        host,
        port: url.port().unwrap_or(usual_port),
        security,
    })
}

fn scheme_of(protocol: &Protocol, security: Security) -> String {
    protocol
        .schemes
        .iter()
        .find(|scheme| scheme.1 == security)
        .map_or_else(String::new, |scheme| format!("{}://", scheme.0))
}

/// The host, where the URL is a bare server: no name or password, no path, no query.
fn host(url: &Url) -> Option<String> {
    let bare = url.username().is_empty()
        && url.password().is_none()
        && matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none();
    let host = url.host_str().filter(|_| bare)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let usable = !host.is_empty() && !host.contains('%');
    usable.then(|| host.to_lowercase())
}

fn malformed(value: &Value, protocol: &Protocol) -> ConfigError {
    let schemes: Vec<_> = protocol
        .schemes
        .iter()
        .map(|(scheme, _, port)| format!("{scheme}://host:{port}"))
        .collect();
    value.error(
        "is not the address of such a mail server.",
        &format!(
            "Write {}, with nothing after the port and no name or password; a host name in its ASCII form (xn--…).",
            schemes.join(" or ")
        ),
    )
}
