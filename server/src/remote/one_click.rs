//! Leaving a mailing list by one request (RFC 8058 §3.2), which a person has asked for. It goes to that address or
//! nowhere: where a redirect leads, nobody was asked about.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use tokio::time::timeout;
use url::Url;

use super::{Error, exchange::exchange};
use crate::{config::network::Network, tls::TlsClient};

/// From the wish to the answer.
const PATIENCE: Duration = Duration::from_secs(12);
/// How the fields of a form are written.
const FORM: &str = "application/x-www-form-urlencoded";

/// Posts `form` to `url`, which is `https`.
///
/// # Errors
/// See [`Error`]; [`Error::Refused`] for any answer but a success.
pub async fn post(
    url: &Url,
    form: &'static str,
    networks: &[Network],
    tls: &TlsClient,
) -> Result<(), Error> {
    if url.scheme() != "https" {
        return Err(Error::Form);
    }
    let request = Request::post("/").header(header::CONTENT_TYPE, FORM);
    let body = Bytes::from_static(form.as_bytes());
    let posting = exchange(url, (networks, tls), request, body);
    let answer = timeout(PATIENCE, posting)
        .await
        .map_err(|_| Error::Slow)??;
    let status = answer.response.status();
    if status.is_redirection() {
        return Err(Error::Redirects);
    }
    if status.is_success() {
        Ok(())
    } else {
        Err(Error::Refused(status.as_u16()))
    }
}
