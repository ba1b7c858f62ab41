//! A session on a shared computer that nobody uses ends soon: counts its last two minutes down, and sees that
//! it ends here too. Only the server says when that is; this page asks it, for other tabs use the session as well.

use std::time::Duration;

use leptos::prelude::*;
use whimbrel_shared::{ErrorCode, SessionInfo};

use super::App;
use crate::{api, browser::timers};

/// Counted down from here, seconds.
const COUNTED: i64 = 120;
/// While it counts, the server is asked this often, seconds.
const ASKED_EVERY: i64 = 15;

impl App {
    /// The server said when the session ends, if nobody uses it.
    pub(super) fn hear_of_the_end(self, info: &SessionInfo) {
        let Some(seconds) = info.ends_in else { return };
        let is_first = self.session.ends_at.get_value() == 0;
        let ends_at = timers::now() + i64::from(seconds);
        self.session.ends_at.set_value(ends_at);
        if is_first {
            timers::spawn(self.count_down());
        }
    }

    /// For the life of the page.
    async fn count_down(self) {
        loop {
            timers::sleep(Duration::from_secs(1)).await;
            let left = self.seconds_to_the_end();
            let begins = self.session.seconds_left.get_untracked() == 0;
            if left <= COUNTED && (begins || left % ASKED_EVERY == 0 || left < 0) {
                self.ask_for_the_end().await;
            }
            let left = Some(self.seconds_to_the_end()).filter(|left| *left <= COUNTED);
            let shown = left.map_or(0, |left| left.max(1));
            self.session.seconds_left.set(shown as u32);
        }
    }

    /// Far away where it has ended.
    fn seconds_to_the_end(self) -> i64 {
        if self.session.ended.get_untracked() {
            return i64::MAX;
        }
        self.session.ends_at.get_value() - timers::now()
    }

    /// Without a line the mail does not stay on screen for ever either.
    async fn ask_for_the_end(self) {
        match api::session().await {
            Ok(info) => self.hear_of_the_end(&info),
            Err(error) => {
                if error.code == ErrorCode::SignedOut || self.seconds_to_the_end() <= 0 {
                    self.session_ended();
                }
            }
        }
    }
}
