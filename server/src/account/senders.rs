//! Lists of senders that an account keeps: whom it blocks, whose pictures it loads. Addresses are compared as they go
//! over the wire, in lower case. What a list means is not known here.

use serde::{Deserialize, Serialize};

use super::Account;
use crate::{
    imap,
    message::address,
    state::AppState,
    store::{
        self,
        records::{self, Record},
    },
};

/// Addresses of a list.
const MOST: usize = 1_000;

/// Addresses in the order of the alphabet, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Senders(Vec<String>);

/// Why somebody was not put on a list.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// It is no address, or the reader's own.
    #[error("this address cannot be on the list")]
    Unusable,
    /// There are [`MOST`] already.
    #[error("too many are on the list already")]
    TooMany,
    /// The message that names it is perhaps of somebody else; why, as the end of a sentence.
    #[error("{0}")]
    Doubtful(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The mail server cannot be asked.
    #[error(transparent)]
    Imap(#[from] imap::Error),
}

/// A record that is a list of senders, and perhaps more.
pub trait List: Record {
    /// The senders.
    fn senders(&mut self) -> &mut Senders;
}

impl Senders {
    /// Nobody is on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this address, however it is written, is on it.
    #[must_use]
    pub fn holds(&self, email: &str) -> bool {
        canonical(email).is_some_and(|email| self.0.binary_search(&email).is_ok())
    }

    /// Puts an address that [`usable`] gave on it; false if it was there.
    ///
    /// # Errors
    /// [`AddError::TooMany`].
    pub fn add(&mut self, email: &str) -> Result<bool, AddError> {
        let Err(place) = self.0.binary_search_by(|known| known.as_str().cmp(email)) else {
            return Ok(false);
        };
        if self.0.len() >= MOST {
            return Err(AddError::TooMany);
        }
        self.0.insert(place, email.to_owned());
        Ok(true)
    }
}

/// An address as lists hold it.
///
/// # Errors
/// [`AddError::Unusable`].
pub fn usable(email: &str, own: &str) -> Result<String, AddError> {
    let email = canonical(email).filter(|email| canonical(own).as_ref() != Some(email));
    email.ok_or(AddError::Unusable)
}

/// The addresses of a list.
///
/// # Errors
/// If the database fails.
pub async fn list<L: List>(app: &AppState, account: &Account) -> store::Result<Vec<String>> {
    let mut record: L = records::find(&app.store, account.id()).await?;
    Ok(std::mem::take(&mut record.senders().0))
}

/// Takes an address off a list; one that is not on it, too.
///
/// # Errors
/// If the database fails.
pub async fn remove<L: List>(app: &AppState, account: &Account, email: &str) -> store::Result<()> {
    let _turn = account.inner.lists.lock().await;
    let mut record: L = records::find(&app.store, account.id()).await?;
    record.senders().0.retain(|known| known != email);
    records::put(&app.store, account.id(), &record).await
}

fn canonical(email: &str) -> Option<String> {
    address::to_wire(email).map(|email| email.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_however_it_is_written() {
        let mut list = Senders::default();
        for email in ["News@Bücher.example", "ada@fenwick.example"] {
            let email = usable(email, "you@whimbrel.example").unwrap();
            assert!(list.add(&email).unwrap());
            assert!(!list.add(&email).unwrap());
        }
        for known in [
            "news@xn--bcher-kva.example",
            " NEWS@BÜCHER.example",
            "Ada@Fenwick.Example",
        ] {
            assert!(list.holds(known), "{known}");
        }
        for other in [
            "news@bucher.example",
            "ada@fenwick.example.evil.test",
            "",
            "ada",
        ] {
            assert!(!list.holds(other), "{other}");
        }
    }

    #[test]
    fn nobody_is_on_a_list_of_their_own_or_without_an_address() {
        for email in ["YOU@Whimbrel.example", "", "nobody", "a@b@c.example"] {
            assert!(
                matches!(
                    usable(email, "you@whimbrel.example"),
                    Err(AddError::Unusable)
                ),
                "{email}"
            );
        }
    }

    #[test]
    fn a_list_is_not_without_end() {
        let mut list = Senders::default();
        for number in 0..MOST {
            list.add(&format!("a{number}@b.example")).unwrap();
        }
        assert!(matches!(list.add("b@b.example"), Err(AddError::TooMany)));
        assert!(!list.add("a7@b.example").unwrap());
    }
}
