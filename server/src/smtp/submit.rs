//! Stub.
use crate::{account::Login, config::MailServer, smtp::Error, tls::TlsClient};
use whimbrel_shared::RefusedRecipient;
/// x
pub async fn submit(
    _: &MailServer,
    _: &TlsClient,
    _: &Login,
    _: &str,
    _: &[String],
    _: &[u8],
) -> Result<Vec<RefusedRecipient>, Error> {
    Err(Error::TooLarge)
}
/// x
pub async fn probe(_: &MailServer, _: &TlsClient) -> Result<Vec<String>, Error> {
    Err(Error::TooLarge)
}
