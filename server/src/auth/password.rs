//! The password at rest: sealed with a key that only the browser holds, mixed with the server's secret.
//! The database, a stolen cookie or the secret file alone opens nothing.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::{
    config::secret::Secrets,
    store::seal::{Keys, random},
};

/// The browser's part of the key, as its cookie holds it.
#[must_use]
pub fn new_browser_key() -> Zeroizing<String> {
    let key = Zeroizing::new(random::<32>());
    Zeroizing::new(URL_SAFE_NO_PAD.encode(*key))
}

/// Seals a password for one session.
#[must_use]
pub fn seal(
    password: &SecretString,
    secrets: &Secrets,
    browser_key: &str,
    session_id: &str,
) -> String {
    keys(secrets, browser_key).seal(session_id.as_bytes(), password.expose_secret().as_bytes())
}

/// Opens what [`seal`] made; `None` if the key, the secret, the session or a bit differs.
#[must_use]
pub fn open(
    sealed: &str,
    secrets: &Secrets,
    browser_key: &str,
    session_id: &str,
) -> Option<SecretString> {
    let plain = keys(secrets, browser_key).open(session_id.as_bytes(), sealed)?;
    std::str::from_utf8(&plain).ok().map(SecretString::from)
}

/// Whether the newest secret sealed it.
#[must_use]
pub fn is_newest(sealed: &str, secrets: &Secrets, browser_key: &str) -> bool {
    keys(secrets, browser_key).is_newest(sealed)
}

fn keys(secrets: &Secrets, browser_key: &str) -> Keys {
    Keys::derive(secrets, browser_key.as_bytes(), "whimbrel password v1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_with_everything_that_sealed_it_and_with_nothing_less() {
        let secret = Secrets::new(vec![1; 32], Vec::new());
        let other_secret = Secrets::new(vec![2; 32], Vec::new());
        let browser = new_browser_key();
        let sealed = seal(
            &SecretString::from("pässword"),
            &secret,
            &browser,
            "session",
        );

        let opened = open(&sealed, &secret, &browser, "session").unwrap();
        assert_eq!(opened.expose_secret(), "pässword");
        assert!(open(&sealed, &other_secret, &browser, "session").is_none());
        assert!(open(&sealed, &secret, &new_browser_key(), "session").is_none());
        assert!(open(&sealed, &secret, &browser, "another session").is_none());
    }
}
