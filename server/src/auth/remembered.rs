//! Sessions found a moment ago, so that most requests need no database. Whatever ends a session is told here
//! as well, and holds from that moment on. Holds passwords, as the accounts do, but for seconds only.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::Live;

/// Remembered this long, seconds: a use that is noted this often is soon seen here too.
const KEPT_FOR: i64 = 20;
/// Sessions remembered at the same time, about 1 KiB each.
const MOST: usize = 10_000;

/// The sessions found a moment ago.
#[derive(Default)]
pub struct Remembered(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    /// By [`super::SessionRef::id`].
    found: HashMap<String, Found>,
    /// How many sessions have ended so far.
    endings: u64,
}

struct Found {
    live: Live,
    /// Fingerprint of the cookie that opened the password.
    browser_key: [u8; 32],
    /// When it was found, seconds since the Unix epoch.
    found_at: i64,
}

/// What is known of a session.
pub(super) enum Recalled {
    /// It lives.
    Live(Box<Live>),
    /// Ask the database, and hand this to [`Remembered::keep`] with what it says.
    Nothing(Moment),
}

/// Before the database was asked.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    endings: u64,
}

impl Remembered {
    /// The session of this id, if it was opened with this key a moment ago and still lives.
    pub(super) fn recall(&self, id: &str, browser_key: &str, now: i64) -> Recalled {
        let memory = self.lock();
        let nothing = Recalled::Nothing(Moment {
            endings: memory.endings,
        });
        let Some(found) = memory.found.get(id) else {
            return nothing;
        };
        let is_opened: bool = found.browser_key.ct_eq(&fingerprint(browser_key)).into();
        if is_opened && found.is_fresh(now) && found.live.lives(now) {
            Recalled::Live(Box::new(found.live.clone()))
        } else {
            nothing
        }
    }

    /// Remembers a session the database gave after `moment`, unless any has ended since.
    pub(super) fn keep(&self, moment: Moment, browser_key: &str, live: &Live, now: i64) {
        let mut memory = self.lock();
        if memory.found.len() >= MOST {
            memory.found.retain(|_, found| found.is_fresh(now));
        }
        if memory.endings == moment.endings && memory.found.len() < MOST {
            let found = Found {
                live: live.clone(),
                browser_key: fingerprint(browser_key),
                found_at: now,
            };
            memory.found.insert(live.session.id.clone(), found);
        }
    }

    /// A session has ended.
    pub(super) fn ended(&self, id: &str) {
        let mut memory = self.lock();
        memory.endings = memory.endings.wrapping_add(1);
        memory.found.remove(id);
    }

    /// What is remembered of a session is no longer the latest.
    pub(super) fn forget(&self, id: &str) {
        self.lock().found.remove(id);
    }

    /// Forgets what was found too long ago.
    pub(super) fn sweep(&self, now: i64) {
        self.lock().found.retain(|_, found| found.is_fresh(now));
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Found {
    fn is_fresh(&self, now: i64) -> bool {
        (0..KEPT_FOR).contains(&(now - self.found_at))
    }
}

fn fingerprint(browser_key: &str) -> [u8; 32] {
    Sha256::digest(browser_key).into()
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::{
        account::{Login, Secret},
        auth::SessionRef,
        store::sessions::Entry,
    };

    /// A session used at second 100 that ends when unused for 50 seconds, or at second 130.
    fn live() -> Live {
        Live {
            session: SessionRef {
                id: "id".to_owned(),
                account_id: "account".to_owned(),
            },
            entry: Entry {
                account_id: "account".to_owned(),
                user: "anna".to_owned(),
                address: "anna@example.org".to_owned(),
                is_shared: false,
                idle_seconds: 50,
                sealed_password: String::new(),
                browser: String::new(),
                began_at: 0,
            },
            login: Login {
                user: "anna".to_owned(),
                password: SecretString::from("right"),
                secret: Secret::Password,
            },
            last_seen_at: 100,
            expires_at: 130,
        }
    }

    fn is_recalled(remembered: &Remembered, key: &str, now: i64) -> bool {
        matches!(remembered.recall("id", key, now), Recalled::Live(_))
    }

    fn moment(remembered: &Remembered) -> Moment {
        match remembered.recall("nobody", "", 0) {
            Recalled::Nothing(moment) => moment,
            Recalled::Live(_) => unreachable!("nobody has no session"),
        }
    }

    #[test]
    fn a_session_is_recalled_with_its_key_for_some_seconds_and_while_it_lives() {
        let remembered = Remembered::default();
        remembered.keep(moment(&remembered), "key", &live(), 115);
        assert!(is_recalled(&remembered, "key", 129));
        assert!(!is_recalled(&remembered, "another key", 129));
        assert!(!is_recalled(&remembered, "key", 130), "it expired");
        remembered.keep(moment(&remembered), "key", &live(), 101);
        assert!(is_recalled(&remembered, "key", 120));
        assert!(!is_recalled(&remembered, "key", 121), "found too long ago");
        let mut idle = live();
        idle.last_seen_at = 60;
        remembered.keep(moment(&remembered), "key", &idle, 101);
        assert!(is_recalled(&remembered, "key", 109));
        assert!(!is_recalled(&remembered, "key", 110), "unused for too long");
    }

    #[test]
    fn a_session_that_ended_while_the_database_was_asked_is_not_remembered() {
        let remembered = Remembered::default();
        let before = moment(&remembered);
        remembered.ended("id");
        remembered.keep(before, "key", &live(), 101);
        assert!(!is_recalled(&remembered, "key", 101));
        remembered.keep(moment(&remembered), "key", &live(), 101);
        remembered.ended("id");
        assert!(!is_recalled(&remembered, "key", 101));
    }
}
