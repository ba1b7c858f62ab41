//! How often the mail server is signed in to: accounts that lost it together come back one after the
//! other, and one that it does not let in for now is not tried again at once. Must not connect.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use crate::imap::{self, Error};

/// Between two sign-ins of any accounts: at most 9 within 100 ms, and not twenty on a line that gathers them.
const APART: Duration = Duration::from_millis(12);
/// An account that was not let in is left alone for so long at first: thrice a minute at most.
const FIRST_HOLD: Duration = Duration::from_secs(10);
/// And in the end for so long.
const LONGEST_HOLD: Duration = Duration::from_secs(60);

/// Who waits for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Haste {
    /// A person.
    Person,
    /// Nobody in particular.
    Watcher,
}

/// Turns to sign in, for all accounts of a mail server. Clones share it.
#[derive(Clone, Default)]
pub struct Pace(Arc<Turns>);

#[derive(Default)]
struct Turns {
    next: Mutex<Option<Instant>>,
    /// Watchers stand in a line of their own, of which only the first takes a turn.
    watchers: tokio::sync::Mutex<()>,
}

impl Pace {
    /// Until it is one's turn. However many watchers wait, a person comes after one of them at most.
    pub async fn turn(&self, haste: Haste) {
        let _first = match haste {
            Haste::Person => None,
            Haste::Watcher => Some(self.0.watchers.lock().await),
        };
        let now = Instant::now();
        let turn = {
            let mut next = self.0.next.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = next.map_or(now, |next| next.max(now));
            *next = Some(turn + APART);
            turn
        };
        if turn > now {
            sleep_until(turn).await;
        }
    }
}

/// Whether one account is let in at present. Clones share it.
#[derive(Clone, Default)]
pub struct Hold(Arc<Mutex<Option<Held>>>);

struct Held {
    until: Instant,
    pause: Duration,
    words: String,
}

impl Hold {
    /// # Errors
    /// [`Error::AccountUnavailable`] with the mail server's last words, as long as it is left alone.
    pub fn check(&self) -> imap::Result<()> {
        match &*self.held() {
            Some(held) if held.until > Instant::now() => {
                Err(Error::AccountUnavailable(held.words.clone()))
            }
            _ => Ok(()),
        }
    }

    /// Learns what came of a sign-in.
    pub fn learn<T>(&self, signed_in: &imap::Result<T>) {
        let mut held = self.held();
        match signed_in {
            Ok(_) => *held = None,
            // Several may have tried at the same time: that is one refusal.
            Err(Error::AccountUnavailable(_))
                if held.as_ref().is_some_and(|h| h.until > Instant::now()) => {}
            Err(Error::AccountUnavailable(words)) => {
                let before = held.take().map(|held| held.pause);
                let pause = before.map_or(FIRST_HOLD, |pause| (pause * 2).min(LONGEST_HOLD));
                *held = Some(Held {
                    until: Instant::now() + pause,
                    pause,
                    words: words.clone(),
                });
            }
            Err(_) => {}
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_come_one_after_the_other_and_a_person_first() {
        let pace = Pace::default();
        let began = Instant::now();
        let line: Vec<_> = (0..100)
            .map(|_| {
                let pace = pace.clone();
                tokio::spawn(async move {
                    pace.turn(Haste::Watcher).await;
                    began.elapsed()
                })
            })
            .collect();
        tokio::task::yield_now().await;
        pace.turn(Haste::Person).await;
        assert!(began.elapsed() < Duration::from_millis(30));
        let mut turns = Vec::new();
        for waiting in line {
            turns.push(waiting.await.unwrap());
        }
        turns.sort_unstable();
        for (earlier, later) in turns.iter().zip(turns.iter().skip(19)) {
            assert!(*later - *earlier > Duration::from_millis(100));
        }
        assert!(turns.last().unwrap() < &Duration::from_millis(1500));
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_that_is_not_let_in_is_tried_thrice_a_minute_at_most() {
        let hold = Hold::default();
        let mut tries = 0;
        for _ in 0..60 {
            if hold.check().is_ok() {
                tries += 1;
                hold.learn::<()>(&Err(Error::AccountUnavailable("locked".to_owned())));
            }
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        assert_eq!(tries, 3);
        assert!(matches!(hold.check(), Err(Error::AccountUnavailable(words)) if words == "locked"));
        hold.learn(&Ok(()));
        assert!(hold.check().is_ok());
    }
}
