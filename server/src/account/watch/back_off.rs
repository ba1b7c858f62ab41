//! How long to leave a mail server alone that does not answer: the longer, the longer it has been away,
//! so that one that is back soon is found soon, and one that is away for a day is not asked each second.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// The first wait.
const FIRST: Duration = Duration::from_secs(1);
/// The longest.
const LONGEST: Duration = Duration::from_secs(60);
/// A connection that lasted this long was a good one: the next trouble is a new one.
const GOOD: Duration = Duration::from_secs(30);

/// The trouble with a mail server.
#[derive(Default)]
pub(super) struct BackOff {
    since: Option<Instant>,
}

impl BackOff {
    /// A connection that was opened then is still good.
    pub(super) fn lives(&mut self, opened: Instant) {
        if opened.elapsed() >= GOOD {
            self.since = None;
        }
    }

    /// Waits about a quarter of the time that the trouble has lasted; after the first second, `sooner`
    /// ends it (somebody pressed "Try now").
    pub(super) async fn rest(&mut self, sooner: impl Future<Output = ()>) {
        let since = *self.since.get_or_insert_with(Instant::now);
        let pause = (since.elapsed() / 4).clamp(FIRST, LONGEST);
        sleep(jittered(FIRST)).await;
        tokio::select! {
            () = sleep(jittered(pause.saturating_sub(FIRST))) => {}
            () = sooner => {}
        }
    }
}

/// Between half and one and a half of `pause`, so that a thousand accounts do not come back at once.
fn jittered(pause: Duration) -> Duration {
    let mut byte = [0_u8; 1];
    let share = getrandom::fill(&mut byte).map_or(128, |()| u32::from(byte[0]));
    pause / 2 + pause * share / 256
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_mail_server_is_found_soon_after_it_is_back_and_not_asked_each_second() {
        let began = Instant::now();
        let mut back_off = BackOff::default();
        let mut tries = Vec::new();
        while began.elapsed() < Duration::from_secs(24 * 60 * 60) {
            back_off.rest(pending()).await;
            tries.push(began.elapsed());
        }
        // Whenever it comes back within the first 20 seconds, the next try is less than 10 away.
        let early = tries
            .iter()
            .zip(tries.iter().skip(1))
            .take_while(|(one, _)| **one < Duration::from_secs(20));
        for (one, next) in early {
            assert!(*next - *one < Duration::from_secs(10), "{one:?} {next:?}");
        }
        assert!(tries.len() < 2_500, "{}", tries.len());
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_dies_at_once_is_no_end_of_the_trouble() {
        let mut back_off = BackOff::default();
        back_off.rest(pending()).await;
        tokio::time::advance(Duration::from_secs(100)).await;
        back_off.lives(Instant::now());
        let again = Instant::now();
        back_off.rest(pending()).await;
        assert!(again.elapsed() > Duration::from_secs(10));
        let opened = Instant::now();
        tokio::time::advance(Duration::from_secs(31)).await;
        back_off.lives(opened);
        let again = Instant::now();
        back_off.rest(pending()).await;
        assert!(again.elapsed() < Duration::from_secs(3));
    }
}
