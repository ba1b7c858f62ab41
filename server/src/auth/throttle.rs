//! Slows the guessing of passwords: per account, per network address, and harder per both together.
//! An attempt counts from its start, so that a thousand at once are no way round.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::Mutex,
};

/// Counts of failed attempts.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<Counted, Count>>);

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    /// One account from one network: somebody who mistypes, or guesses.
    Both(String, IpAddr),
    /// One account from anywhere. The waits stay short: strangers must not lock anybody out.
    Account(String),
    /// Any account from one network.
    Network(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    /// Failed attempts, and those under way.
    attempts: u32,
    /// When the last one began, seconds since the Unix epoch.
    last: i64,
}

/// An attempt under way. Dropped as it is, it counts as failed.
#[must_use]
#[derive(Debug)]
pub struct Attempt {
    counted: [Counted; 3],
}

/// A count is forgotten when nothing has failed for an hour. Seconds.
const FORGOTTEN_AFTER: i64 = 60 * 60;
/// About 150 bytes each.
const MOST_COUNTS: usize = 100_000;

impl Counted {
    /// Attempts that are free, and the longest wait after a later one in seconds.
    fn policy(&self) -> (u32, i64) {
        match self {
            Self::Both(..) => (5, 15 * 60),
            Self::Account(_) => (20, 30),
            Self::Network(_) => (30, 15 * 60),
        }
    }

    /// How long after the last attempt the next one may begin, seconds: 1, 2, 4, 8 …
    fn wait(&self, attempts: u32) -> i64 {
        let (free, longest) = self.policy();
        match attempts.checked_sub(free) {
            None => 0,
            Some(beyond) => 1_i64
                .checked_shl(beyond.min(30))
                .unwrap_or(longest)
                .min(longest),
        }
    }
}

impl Throttle {
    /// Begins an attempt to sign in as `user` from `address`.
    ///
    /// # Errors
    /// With the seconds to wait, if there were too many.
    pub fn begin(&self, user: &str, address: IpAddr, now: i64) -> Result<Attempt, u64> {
        let user = user.to_lowercase();
        let network = network(address);
        let counted = [
            Counted::Both(user.clone(), network),
            Counted::Account(user),
            Counted::Network(network),
        ];
        let Ok(mut counts) = self.0.lock() else {
            return Err(60);
        };
        if counts.len() >= MOST_COUNTS {
            make_room(&mut counts, now);
        }
        let wait = counted
            .iter()
            .filter_map(|counted| {
                let count = counts.get(counted).filter(|count| is_fresh(count, now))?;
                // A clock that was set back must not keep anybody waiting until it is there again.
                Some(count.last.min(now) + counted.wait(count.attempts) - now)
            })
            .max();
        if let Some(seconds) = wait
            .and_then(|wait| u64::try_from(wait).ok())
            .filter(|&s| s > 0)
        {
            return Err(seconds);
        }
        for counted in &counted {
            let count = counts.entry(counted.clone()).or_insert(Count {
                attempts: 0,
                last: now,
            });
            if !is_fresh(count, now) {
                count.attempts = 0;
            }
            count.attempts = count.attempts.saturating_add(1);
            count.last = now;
        }
        Ok(Attempt { counted })
    }

    /// The password was right: the account's counts begin anew.
    pub fn succeeded(&self, attempt: Attempt) {
        let [both, account, network] = attempt.counted;
        if let Ok(mut counts) = self.0.lock() {
            counts.remove(&both);
            counts.remove(&account);
            take_back(&mut counts, &network);
        }
    }

    /// Nothing was learnt about the password: the mail server did not answer.
    pub fn unanswered(&self, attempt: &Attempt) {
        if let Ok(mut counts) = self.0.lock() {
            for counted in &attempt.counted {
                take_back(&mut counts, counted);
            }
        }
    }
}

fn take_back(counts: &mut HashMap<Counted, Count>, counted: &Counted) {
    if let Some(count) = counts.get_mut(counted) {
        count.attempts = count.attempts.saturating_sub(1);
    }
}

fn is_fresh(count: &Count, now: i64) -> bool {
    now - count.last < FORGOTTEN_AFTER
}

/// Forgets what is old, and the half with the fewest attempts if that was not enough.
fn make_room(counts: &mut HashMap<Counted, Count>, now: i64) {
    counts.retain(|_, count| is_fresh(count, now));
    if counts.len() < MOST_COUNTS {
        return;
    }
    let mut attempts: Vec<_> = counts.values().map(|count| count.attempts).collect();
    attempts.sort_unstable();
    let middle = attempts.get(attempts.len() / 2).copied().unwrap_or(0);
    counts.retain(|_, count| count.attempts > middle);
}

/// A household or a rented server has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(throttle: &Throttle, user: &str, address: &str, now: i64) -> Result<(), u64> {
        throttle
            .begin(user, address.parse().unwrap(), now)
            .map(|_| ())
    }

    #[test]
    fn waits_double_after_five_mistakes() {
        let throttle = Throttle::default();
        let mut now = 0;
        for _ in 0..5 {
            assert_eq!(
                fail(&throttle, "Anna@example.org", "192.0.2.1", now),
                Ok(())
            );
        }
        for wait in [1, 2, 4, 8] {
            assert_eq!(
                fail(&throttle, "anna@example.org", "192.0.2.1", now),
                Err(wait)
            );
            now += i64::try_from(wait).unwrap();
            assert_eq!(
                fail(&throttle, "anna@example.org", "192.0.2.1", now),
                Ok(())
            );
        }
        // somebody else, somewhere else
        assert_eq!(
            fail(&throttle, "berta@example.org", "192.0.2.1", now),
            Ok(())
        );
        assert_eq!(
            fail(&throttle, "anna@example.org", "198.51.100.1", now),
            Ok(())
        );
        // and after an hour of peace
        assert_eq!(
            fail(&throttle, "anna@example.org", "192.0.2.1", now + 3600),
            Ok(())
        );
    }

    #[test]
    fn a_network_that_tries_many_accounts_is_slowed() {
        let throttle = Throttle::default();
        for i in 0..30 {
            assert_eq!(
                fail(
                    &throttle,
                    &format!("user{i}"),
                    &format!("2001:db8::{i:x}"),
                    0
                ),
                Ok(())
            );
        }
        assert_eq!(fail(&throttle, "another", "2001:db8::ffff:1", 0), Err(1));
        assert_eq!(fail(&throttle, "another", "2001:db8:0:1::1", 0), Ok(()));
    }

    #[test]
    fn an_account_tried_from_many_networks_is_slowed_but_never_locked() {
        let throttle = Throttle::default();
        let mut longest = 0;
        for i in 0..200 {
            if let Err(wait) = fail(&throttle, "anna", &format!("10.0.{i}.1"), i / 2) {
                longest = longest.max(wait);
            }
        }
        assert!((1..=30).contains(&longest), "{longest}");
    }

    #[test]
    fn success_and_silence_do_not_count() {
        let throttle = Throttle::default();
        let here = "192.0.2.1".parse().unwrap();
        for _ in 0..100 {
            throttle.succeeded(throttle.begin("anna", here, 0).unwrap());
            throttle.unanswered(&throttle.begin("anna", here, 0).unwrap());
        }
        let under_way: Vec<_> = (0..5)
            .map(|_| throttle.begin("anna", here, 0).unwrap())
            .collect();
        assert!(throttle.begin("anna", here, 0).is_err());
        drop(under_way);
        assert!(throttle.begin("anna", here, 0).is_err());
    }

    #[test]
    fn a_flood_of_names_does_not_fill_the_memory() {
        let throttle = Throttle::default();
        for i in 0..u32::try_from(MOST_COUNTS).unwrap() {
            let address = IpAddr::from(i.to_be_bytes());
            let _ = throttle.begin(&format!("user{i}"), address, 0);
        }
        assert!(throttle.0.lock().unwrap().len() <= MOST_COUNTS + 3);
    }
}
