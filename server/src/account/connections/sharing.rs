//! Whether an account has to get by with one connection: for a while after the mail server refused one
//! more, and longer each time it does so again, for other programs of the person come and go. Must not
//! connect.

use std::time::Duration;

use tokio::{sync::watch, time::Instant};

/// After a refusal, one more is not tried for so long.
const FIRST: Duration = Duration::from_secs(10 * 60);
/// And in the end for so long.
const LONGEST: Duration = Duration::from_secs(4 * 60 * 60);

/// What is known of it. Clones share it.
#[derive(Clone)]
pub(super) struct Sharing(watch::Sender<Known>);

struct Known {
    /// It is never allowed more.
    always: bool,
    refused: Option<Refused>,
}

struct Refused {
    until: Instant,
    pause: Duration,
}

impl Known {
    fn must_share(&self) -> bool {
        let holds = |refused: &Refused| refused.until > Instant::now();
        self.always || self.refused.as_ref().is_some_and(holds)
    }
}

impl Sharing {
    /// Nothing was refused yet.
    pub(super) fn new(always: bool) -> Self {
        let refused = None;
        Self(watch::Sender::new(Known { always, refused }))
    }

    /// The mail server refused one more.
    pub(super) fn refused(&self) {
        self.0.send_if_modified(|known| {
            if known.must_share() {
                return false; // several may have tried at the same time: that is one refusal
            }
            let pause = match &known.refused {
                // There was more for as long as it was refused before: this is a new trouble.
                Some(before) if before.until.elapsed() >= before.pause => FIRST,
                Some(before) => (before.pause * 2).min(LONGEST),
                None => FIRST,
            };
            let until = Instant::now() + pause;
            known.refused = Some(Refused { until, pause });
            true
        });
    }

    /// Whether it holds now.
    pub(super) fn is_on(&self) -> bool {
        self.0.borrow().must_share()
    }

    /// Until it holds.
    pub(super) async fn begins(&self) {
        // The sender is a field of this very value.
        let _ = self.0.subscribe().wait_for(Known::must_share).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn more_is_tried_after_ten_minutes_and_ever_less_often() {
        let sharing = Sharing::new(false);
        let mut waits = Vec::new();
        for _ in 0..7 {
            sharing.refused();
            sharing.refused();
            sharing.begins().await;
            let began = Instant::now();
            while sharing.is_on() {
                advance(Duration::from_secs(60)).await;
            }
            waits.push(began.elapsed().as_secs() / 60);
        }
        assert_eq!(waits, [10, 20, 40, 80, 160, 240, 240]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_trouble_that_was_over_begins_anew() {
        let sharing = Sharing::new(false);
        sharing.refused();
        advance(FIRST).await;
        sharing.refused();
        advance(FIRST * 2).await;
        assert!(!sharing.is_on());
        advance(FIRST * 2).await;
        sharing.refused();
        advance(FIRST).await;
        assert!(!sharing.is_on());
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_that_is_allowed_one_never_tries_for_more() {
        let sharing = Sharing::new(true);
        sharing.refused();
        advance(LONGEST * 2).await;
        assert!(sharing.is_on());
    }
}
