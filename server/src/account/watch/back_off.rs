//! How long to leave a mail server alone that does not answer.

use std::time::Duration;

use tokio::time::sleep;

/// The first wait.
pub(super) const FIRST: Duration = Duration::from_secs(1);
/// The longest.
pub(super) const LONGEST: Duration = Duration::from_secs(60);

/// Waits about that long; after the first second, `sooner` ends it (somebody pressed "Try now").
pub(super) async fn rest(pause: Duration, sooner: impl Future<Output = ()>) {
    sleep(jittered(pause.min(FIRST))).await;
    tokio::select! {
        () = sleep(jittered(pause.saturating_sub(FIRST))) => {}
        () = sooner => {}
    }
}

/// Between half and one and a half of `pause`, so that a thousand accounts do not come back at once.
fn jittered(pause: Duration) -> Duration {
    let mut byte = [0_u8; 1];
    let share = getrandom::fill(&mut byte).map_or(128, |()| u32::from(byte[0]));
    pause / 2 + pause * share / 256
}
