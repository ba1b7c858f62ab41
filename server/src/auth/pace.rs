//! How fast one session may do what costs others: search, send, upload. Far above what a person does; a
//! stolen or broken browser is slowed down. What is refused may be tried again a little later.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::SessionRef;

/// What is counted, each for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// A search through the texts of a folder.
    Search,
    /// A letter to be sent.
    Send,
    /// A file to be kept.
    Upload,
}

impl Deed {
    /// How many at once, and the milliseconds that each takes in the long run.
    fn policy(self) -> (i64, i64) {
        match self {
            Self::Search => (120, 250),
            Self::Send => (60, 5_000),
            Self::Upload => (200, 500),
        }
    }
}

/// The deeds of all sessions.
#[derive(Default)]
pub struct Pace(Mutex<HashMap<(String, Deed), i64>>);

/// Beyond this many, those are forgotten who have all their turns again: 120 bytes each.
const MOST: usize = 50_000;

impl Pace {
    /// Takes so many turns of a session.
    ///
    /// # Errors
    /// With the seconds to wait, if there were too many; then none is taken.
    pub fn take(
        &self,
        session: &SessionRef,
        deed: Deed,
        turns: usize,
        now: i64,
    ) -> Result<(), u64> {
        let turns = i64::try_from(turns).unwrap_or(i64::MAX);
        if turns == 0 {
            return Ok(());
        }
        let now = now.saturating_mul(1000);
        let (at_once, each) = deed.policy();
        let mut rested = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rested.len() >= MOST {
            rested.retain(|_, at| *at > now);
        }
        // When the session has all its turns again; each turn puts that off.
        let at = rested.entry((session.id.clone(), deed)).or_insert(now);
        let ahead = (*at).max(now) - now;
        // More in one request than may ever be done at once is let through when nothing came before.
        let room = at_once
            .max(turns)
            .saturating_sub(turns)
            .saturating_mul(each);
        if ahead > room {
            let wait = u64::try_from((ahead - room).div_euclid(1000)).unwrap_or(0);
            return Err(wait + 1);
        }
        *at = now + ahead + turns.saturating_mul(each);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str) -> SessionRef {
        SessionRef {
            id: id.to_owned(),
            account_id: "account".to_owned(),
        }
    }

    #[test]
    fn a_session_is_slowed_down_and_the_others_are_not() {
        let pace = Pace::default();
        let (fast, other) = (session("fast"), session("other"));
        for _ in 0..60 {
            assert_eq!(pace.take(&fast, Deed::Send, 1, 100), Ok(()));
        }
        assert_eq!(pace.take(&fast, Deed::Send, 1, 100), Err(6));
        assert_eq!(pace.take(&fast, Deed::Send, 1, 103), Err(3));
        assert_eq!(pace.take(&fast, Deed::Search, 1, 100), Ok(()));
        assert_eq!(pace.take(&other, Deed::Send, 1, 100), Ok(()));
        assert_eq!(pace.take(&fast, Deed::Send, 1, 106), Ok(()));
        assert!(pace.take(&fast, Deed::Send, 1, 106).is_err());
    }

    #[test]
    fn a_large_batch_goes_through_once_and_is_paid_for() {
        let pace = Pace::default();
        let one = session("one");
        assert_eq!(pace.take(&one, Deed::Send, 0, 100), Ok(()));
        assert_eq!(pace.take(&one, Deed::Send, 100, 100), Ok(()));
        assert_eq!(pace.take(&one, Deed::Send, 1, 101), Err(205));
        assert_eq!(pace.take(&one, Deed::Send, 1, 101 + 205), Ok(()));
    }
}
