//! `/.well-known/security.txt` (RFC 9116): whom to tell of a weakness, by the word of the operator.

use axum::extract::State;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    config::Config,
    error::{AppError, AppResult},
    state::AppState,
};

/// How long what it says may be relied on; RFC 9116 §2.5.5 advises less than a year.
const GOOD_FOR: Duration = Duration::days(180);

/// The file.
///
/// # Errors
/// If the operator names nobody.
pub async fn show(State(app): State<AppState>) -> AppResult<String> {
    let now = OffsetDateTime::from_unix_timestamp(app.auth.clock.now());
    let now = now.map_err(AppError::internal)?;
    file(&app.config, now).ok_or_else(AppError::not_found)
}

fn file(config: &Config, now: OffsetDateTime) -> Option<String> {
    let contact = config.security_contact.as_ref()?;
    let expires = now.date().midnight().assume_utc().saturating_add(GOOD_FOR);
    let expires = expires.format(&Rfc3339).ok()?;
    let canonical = format!(
        "{}{}",
        config.public_url.trim_end_matches('/'),
        whimbrel_shared::path::SECURITY_TXT
    );
    Some(format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en\nCanonical: {canonical}\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::temporary::TemporaryFolder;

    fn config(more: &str) -> Result<Config, crate::config::ConfigError> {
        let folder = TemporaryFolder::new();
        Config::parse(&format!(
            "imap_url = \"imaps://x\"\nsmtp_url = \"smtps://x\"\n\
             public_url = \"https://mail.example.org\"\ndata_dir = \"{}\"\n{more}",
            folder.path().display()
        ))
    }

    #[test]
    fn it_says_what_the_operator_says_and_until_when() {
        let contact = "security_contact = \"mailto:security@example.org\"\n";
        let config = config(contact).unwrap();
        let file = file(&config, OffsetDateTime::UNIX_EPOCH).unwrap();
        assert_eq!(
            file,
            "Contact: mailto:security@example.org\nExpires: 1970-06-30T00:00:00Z\n\
             Preferred-Languages: en\nCanonical: https://mail.example.org/.well-known/security.txt\n"
        );
    }

    #[test]
    fn without_a_contact_there_is_none_and_a_wrong_one_is_refused() {
        assert!(file(&config("").unwrap(), OffsetDateTime::UNIX_EPOCH).is_none());
        for wrong in [
            "security@example.org",
            "mailto:",
            "mailto:a b@c",
            "http://x",
        ] {
            let wrong = format!("security_contact = \"{wrong}\"\n");
            assert!(config(&wrong).is_err(), "{wrong}");
        }
    }
}
