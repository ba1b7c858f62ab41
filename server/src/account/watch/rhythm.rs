//! When the counts of all folders are asked: often while somebody looks, ever less often while all tabs
//! are hidden. Knows no connection.

use std::time::Duration;

use tokio::time::Instant;

use super::{COUNTS_APART, COUNTS_EVERY, SECOND_FOLDER_EVERY};

/// The longest wait while all tabs are hidden.
const HIDDEN_LONGEST: Duration = Duration::from_secs(5 * 60);

/// When to ask next.
pub(super) struct Rhythm {
    taken: Option<Instant>,
    due: Instant,
    every: Duration,
}

impl Rhythm {
    /// At once.
    pub(super) fn new() -> Self {
        Self {
            taken: None,
            due: Instant::now(),
            every: COUNTS_EVERY,
        }
    }

    pub(super) fn is_due(&self) -> bool {
        Instant::now() >= self.due
    }

    /// They were asked just now. While nobody looks, each wait is twice the one before.
    pub(super) fn taken(&mut self, is_looked_at: bool) {
        self.every = if is_looked_at {
            COUNTS_EVERY
        } else {
            (self.every * 2).min(HIDDEN_LONGEST)
        };
        let now = Instant::now();
        self.taken = Some(now);
        self.due = now + self.every;
    }

    /// Somebody wants to know by then.
    pub(super) fn at_the_latest(&mut self, at: Instant) {
        self.due = self.due.min(at);
    }

    /// Something happened, or somebody looks again.
    pub(super) fn hurry(&mut self) {
        let soon = self.taken.map_or_else(Instant::now, |at| at + COUNTS_APART);
        self.due = self.due.min(soon);
    }

    /// How long to wait until then.
    pub(super) fn rest(&self) -> Duration {
        self.due.saturating_duration_since(Instant::now())
    }

    /// How long to wait before a folder on screen is asked for that nobody tells of.
    pub(super) fn unasked(&self, is_looked_at: bool) -> Duration {
        if is_looked_at {
            self.rest().min(SECOND_FOLDER_EVERY)
        } else {
            self.rest()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::{COUNTS_APART, COUNTS_EVERY, HIDDEN_LONGEST, Rhythm, SECOND_FOLDER_EVERY};

    #[tokio::test(start_paused = true)]
    async fn it_is_steady_while_somebody_looks() {
        let mut rhythm = Rhythm::new();
        assert!(rhythm.is_due());
        for _ in 0..3 {
            rhythm.taken(true);
            assert_eq!(rhythm.rest(), COUNTS_EVERY);
            assert_eq!(rhythm.unasked(true), SECOND_FOLDER_EVERY);
            advance(COUNTS_EVERY).await;
            assert!(rhythm.is_due());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_slows_down_while_all_tabs_are_hidden_and_is_itself_again_at_once() {
        let mut rhythm = Rhythm::new();
        rhythm.taken(true);
        let mut waits = Vec::new();
        for _ in 0..7 {
            rhythm.taken(false);
            assert_eq!(rhythm.unasked(false), rhythm.rest());
            waits.push(rhythm.rest().as_secs());
            advance(rhythm.rest()).await;
        }
        assert_eq!(waits, [20, 40, 80, 160, 300, 300, 300]);
        rhythm.taken(false);
        assert_eq!(rhythm.rest(), HIDDEN_LONGEST);
        advance(Duration::from_secs(7)).await;
        rhythm.hurry();
        assert!(rhythm.is_due());
        rhythm.taken(true);
        assert_eq!(rhythm.rest(), COUNTS_EVERY);
    }

    #[tokio::test(start_paused = true)]
    async fn however_much_happens_it_is_not_asked_without_a_pause() {
        let mut rhythm = Rhythm::new();
        rhythm.taken(true);
        rhythm.hurry();
        rhythm.hurry();
        assert_eq!(rhythm.rest(), COUNTS_APART);
    }
}
