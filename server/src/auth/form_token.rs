//! One-time tokens of HTML forms. A token is tied to a cookie of the browser the form was made for,
//! so another site can neither make one nor replay one.

use std::{collections::HashMap, sync::Mutex};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    config::secret::Secrets,
    store::seal::{Keys, random},
};

/// A sign-in page may stand open over night. Seconds.
const LIFETIME: i64 = 24 * 60 * 60;
/// Beyond this many, the oldest used tokens are forgotten: 64 bytes each.
const MOST_USED: usize = 20_000;

/// Makes and takes tokens.
pub struct FormTokens {
    keys: Keys,
    /// Used tokens and when they would have ended.
    used: Mutex<HashMap<String, i64>>,
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not made by us for this browser.
    Forged,
    /// Used before, or too old.
    Stale,
}

impl FormTokens {
    /// Tokens that outlive a restart of the server, and a change of its secret while the old one is known.
    #[must_use]
    pub fn new(secrets: &Secrets) -> Self {
        Self {
            keys: Keys::derive(secrets, b"", "whimbrel form token v1"),
            used: Mutex::default(),
        }
    }

    /// A value for the cookie that ties tokens to a browser.
    #[must_use]
    pub fn new_browser() -> String {
        URL_SAFE_NO_PAD.encode(random::<16>())
    }

    /// A token for a form in this browser.
    #[must_use]
    pub fn issue(&self, browser: &str, now: i64) -> String {
        let ends = now.saturating_add(LIFETIME);
        self.keys.seal(browser.as_bytes(), &ends.to_le_bytes())
    }

    /// Takes a token, once.
    ///
    /// # Errors
    /// If it is not ours, not of this browser, used or too old.
    pub fn redeem(&self, token: &str, browser: &str, now: i64) -> Result<(), Refusal> {
        let opened = self
            .keys
            .open(browser.as_bytes(), token)
            .ok_or(Refusal::Forged)?;
        let ends = opened.first_chunk().map(|bytes| i64::from_le_bytes(*bytes));
        let ends = ends.filter(|&ends| ends > now).ok_or(Refusal::Stale)?;
        let Ok(mut used) = self.used.lock() else {
            return Err(Refusal::Stale);
        };
        if used.len() >= MOST_USED {
            forget_oldest(&mut used, now);
        }
        match used.insert(token.to_owned(), ends) {
            None => Ok(()),
            Some(_) => Err(Refusal::Stale),
        }
    }
}

fn forget_oldest(used: &mut HashMap<String, i64>, now: i64) {
    used.retain(|_, ends| *ends > now);
    let mut ends: Vec<_> = used.values().copied().collect();
    ends.sort_unstable();
    if let Some(&middle) = ends.get(ends.len() / 2).filter(|_| ends.len() >= MOST_USED) {
        used.retain(|_, ends| *ends > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(secret: u8) -> FormTokens {
        FormTokens::new(&Secrets::new(vec![secret; 32], Vec::new()))
    }

    #[test]
    fn a_token_is_good_once_in_its_own_browser() {
        let tokens = tokens(1);
        let (mine, yours) = (FormTokens::new_browser(), FormTokens::new_browser());
        let token = tokens.issue(&mine, 0);
        assert_eq!(tokens.redeem(&token, &yours, 1), Err(Refusal::Forged));
        assert_eq!(tokens.redeem(&token, &mine, 1), Ok(()));
        assert_eq!(tokens.redeem(&token, &mine, 2), Err(Refusal::Stale));
        assert_eq!(tokens.redeem("", &mine, 2), Err(Refusal::Forged));
    }

    #[test]
    fn a_token_ends() {
        let tokens = tokens(1);
        let token = tokens.issue("browser", 0);
        assert_eq!(
            tokens.redeem(&token, "browser", LIFETIME),
            Err(Refusal::Stale)
        );
    }

    #[test]
    fn a_token_outlives_a_restart_but_not_another_secret() {
        let token = tokens(1).issue("browser", 0);
        assert_eq!(tokens(2).redeem(&token, "browser", 1), Err(Refusal::Forged));
        assert_eq!(tokens(1).redeem(&token, "browser", 1), Ok(()));
    }

    #[test]
    fn used_tokens_do_not_fill_the_memory() {
        let tokens = tokens(1);
        for _ in 0..MOST_USED + 10 {
            assert_eq!(tokens.redeem(&tokens.issue("b", 0), "b", 0), Ok(()));
        }
        assert!(tokens.used.lock().unwrap().len() <= MOST_USED);
    }
}
