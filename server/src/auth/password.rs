//! The password at rest: sealed with a key that only the browser holds, mixed with the server's secret.
//! The database, a stolen cookie or the secret file alone opens nothing.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use zeroize::Zeroizing;

use crate::store::seal::{Key, random};

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
    secret: &SecretBox<Vec<u8>>,
    browser_key: &str,
    session_id: &str,
) -> String {
    key(secret, browser_key).seal(session_id.as_bytes(), password.expose_secret().as_bytes())
}

/// Opens what [`seal`] made; `None` if the key, the secret, the session or a bit differs.
#[must_use]
pub fn open(
    sealed: &str,
    secret: &SecretBox<Vec<u8>>,
    browser_key: &str,
    session_id: &str,
) -> Option<SecretString> {
    let plain = key(secret, browser_key).open(session_id.as_bytes(), sealed)?;
    std::str::from_utf8(&plain).ok().map(SecretString::from)
}

fn key(secret: &SecretBox<Vec<u8>>, browser_key: &str) -> Key {
    Key::derive(
        secret.expose_secret(),
        browser_key.as_bytes(),
        "whimbrel password v1",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_with_everything_that_sealed_it_and_with_nothing_less() {
        let secret = SecretBox::new(Box::new(vec![1; 32]));
        let other_secret = SecretBox::new(Box::new(vec![2; 32]));
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
