//! What a person types to sign in, made into a name for the mail server, an address and an account id.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{config::Config, store::seal::Key};

/// RFC 5321 §4.5.3.1: 64 for the local part, 255 for the domain, and the `@`.
const LONGEST_NAME: usize = 320;

/// Who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// What the mail server knows the person by.
    pub user: String,
    /// The address mail is sent from.
    pub address: String,
    /// See [`whimbrel_shared::SessionInfo::account_id`].
    pub account_id: String,
}

impl Identity {
    /// Reads what was typed. `account_ids`: [`crate::store::Store::account_ids`]. `None` if no mail server could know anybody by it.
    #[must_use]
    pub fn read(config: &Config, account_ids: &Key, typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let usable = !typed.is_empty()
            && typed.len() <= LONGEST_NAME
            && !typed.chars().any(|c| c.is_control());
        // The case of a domain never matters, that of the name before it may.
        let user = match typed.rsplit_once('@').filter(|_| usable) {
            Some((name, domain)) => format!("{name}@{}", domain.to_lowercase()),
            None => usable.then(|| typed.to_owned())?,
        };
        let address = match &config.mail_domain {
            _ if user.contains('@') => user.clone(),
            Some(domain) => format!("{user}@{domain}"),
            None => format!("{user}@{}", config.imap.host),
        };
        let account_id = account_id(config, account_ids, &user);
        Some(Self {
            user,
            address,
            account_id,
        })
    }
}

/// Stable for this person at this mail server, and not to be guessed from the address.
fn account_id(config: &Config, account_ids: &Key, user: &str) -> String {
    let material = format!("{}:{}\0{user}", config.imap.host, config.imap.port);
    let id = Key::derive(
        account_ids.as_bytes(),
        material.as_bytes(),
        "whimbrel account id v1",
    );
    let (id, _) = id.as_bytes().split_at(16);
    URL_SAFE_NO_PAD.encode(id)
}
