//! The event stream, in the tab that leads: opened when the app starts and whenever another mailbox comes on screen,
//! opened again by itself when the line breaks.

use std::time::Duration;

use leptos::prelude::*;
use whimbrel_shared::{ErrorCode, Event, SessionEnd, path};

use super::{App, mail::Line, tabs};
use crate::{
    api,
    browser::{account, events::EventStream, presence, timers},
};

/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long a folder is on screen before its news are asked for.
const SETTLE: Duration = Duration::from_millis(200);
/// How long to wait for the folders before connecting without knowing the inbox.
const UNKNOWN: Duration = Duration::from_secs(3);

/// How long a tab is out of sight before the server is told so.
const OUT_OF_SIGHT: Duration = Duration::from_secs(20);

/// Seconds without news after which a window that comes back into sight connects anew.
const STALE: i64 = 60;

/// The stream that is open now.
#[derive(Clone, Copy)]
pub struct Live {
    stream: StoredValue<Option<EventStream>, LocalStorage>,
    /// Counts streams, so that what an old one still says is ignored.
    turn: StoredValue<u32>,
    /// How often in a row it failed.
    failures: StoredValue<u32>,
    server_lost: StoredValue<bool>,
    /// The stream is that of a tab out of sight.
    pub(super) is_hidden: StoredValue<bool>,
    /// When the stream last said something (seconds since the Unix epoch).
    heard_at: StoredValue<i64>,
}

impl Live {
    /// Not connected.
    #[must_use]
    pub fn new() -> Self {
        Self {
            stream: StoredValue::new_local(None),
            turn: StoredValue::new(0),
            failures: StoredValue::new(0),
            server_lost: StoredValue::new(false),
            is_hidden: StoredValue::new(false),
            heard_at: StoredValue::new(timers::now()),
        }
    }
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// Opens the event stream for what is on screen, in place of any other. A tab that follows another tells
    /// that one instead.
    pub fn connect(self) {
        if tabs::leads() {
            self.open_stream(self.stream_url());
        } else {
            self.tell_leader();
        }
    }

    /// The same, unless the stream that is open is that of what is on screen; whether it was not.
    pub(super) fn connect_if_other(self) -> bool {
        let url = self.stream_url();
        let is_other = !tabs::has_stream(&url);
        if is_other {
            self.connect_soon();
        }
        is_other
    }

    /// The address of the stream for what is on screen here and in the tabs that follow.
    fn stream_url(self) -> String {
        let here = self.navigation.mailbox.get_untracked();
        let (mut open, is_other_seen) = tabs::others();
        open.retain(|other| Some(other) != here.as_ref());
        let is_hidden = presence::is_out_of_sight();
        self.live.is_hidden.set_value(is_hidden);
        let url = path::events(here.iter().chain(&open));
        account::on(if is_hidden && !is_other_seen {
            path::of_hidden(&url)
        } else {
            url
        })
    }

    fn open_stream(self, url: String) {
        let live = self.live;
        let turn = live.turn.get_value().wrapping_add(1);
        live.turn.set_value(turn);
        let is_mine = move || live.turn.get_value() == turn;
        let stream = EventStream::open(
            &url,
            move |event, text| {
                if is_mine() {
                    tabs::say(text);
                    self.event(event);
                }
            },
            move || {
                if is_mine() {
                    self.line_broke(turn);
                }
            },
        );
        live.stream.set_value(stream);
        tabs::stream_is(&url);
    }

    /// The same in a moment: whoever leafs through folders opens one stream, not one for each, and
    /// the first waits until it is known which folder is the inbox.
    pub fn connect_soon(self) {
        let live = self.live;
        let turn = live.turn.get_value().wrapping_add(1);
        live.turn.set_value(turn);
        let known = self.navigation.mailbox.get_untracked().is_some()
            || untrack(|| self.navigation.is_in_settings());
        let wait = if known { SETTLE } else { UNKNOWN };
        timers::after(wait, move || {
            if live.turn.get_value() == turn {
                self.connect();
            }
        });
    }

    /// Closes the event stream for good.
    pub(super) fn disconnect(self) {
        self.live
            .turn
            .update_value(|turn| *turn = turn.wrapping_add(1));
        self.live.stream.set_value(None);
        tabs::stream_is("");
    }

    /// "Try now": does not wait for the next try.
    pub fn try_now(self) {
        self.live.failures.set_value(0);
        tabs::say("try");
        self.connect();
        self.mail.replica().want_mailboxes();
    }

    /// The window came back into sight, or the computer found a network. A line that was not
    /// looked at for a while may be dead without anybody having noticed (the computer slept).
    pub fn woke_up(self) {
        self.session_may_live_again();
        let is_stale = timers::now() - self.live.heard_at.get_value() > STALE;
        let is_hidden = self.live.is_hidden.get_value();
        if is_hidden || is_stale || self.mail.line.get_untracked() != Line::Online {
            self.try_now();
        }
    }

    /// The window went out of sight. If it stays there, the server need not look as often as before.
    pub fn went_out_of_sight(self) {
        timers::after(OUT_OF_SIGHT, move || {
            let is_known = self.live.is_hidden.get_value();
            if presence::is_out_of_sight()
                && !is_known
                && self.live.stream.with_value(Option::is_some)
            {
                self.connect();
            }
        });
    }

    /// The computer lost its network. What still answers (a server on this very computer) says so by a
    /// new stream; anything else is cut, without waiting until the old stream notices.
    pub fn lost_network(self) {
        if !tabs::leads() {
            return;
        }
        self.live
            .failures
            .update_value(|failures| *failures = (*failures).max(1));
        self.connect();
    }

    pub(super) fn event(self, event: Event) {
        tabs::leader_was_heard();
        self.live.heard_at.set_value(timers::now());
        match &event {
            Event::Hello => {
                self.live.failures.set_value(0);
                self.live.server_lost.set_value(false);
                self.mail.replica().set_connected(true);
            }
            Event::MailServerLost => self.live.server_lost.set_value(true),
            Event::MailServerBack => self.live.server_lost.set_value(false),
            Event::SessionEnded {
                reason: SessionEnd::SignedOut,
            } => {
                self.leave();
                return;
            }
            Event::SessionEnded {
                reason: SessionEnd::Expired,
            } => self.session_ended(),
            Event::Quota { quota } => self.quota_is(*quota),
            Event::MailboxChanged { .. } | Event::Mailboxes { .. } | Event::Alert { .. } => {}
        }
        let line = if self.live.server_lost.get_value() {
            Line::MailServerLost
        } else {
            Line::Online
        };
        let was_cut = self.mail.line.get_untracked() != Line::Online;
        self.mail.line_is(line);
        self.mail.replica().receive(event);
        if was_cut && line == Line::Online {
            self.fetch_failed_message();
        }
    }

    /// The replica found out by itself how the line is.
    pub(super) fn line_may_have_changed(self) {
        let connected = self.mail.replica().is_connected();
        match (connected, self.mail.line.get_untracked()) {
            (false, Line::Online) => self.mail.line_is(Line::MailServerLost),
            (true, Line::MailServerLost) => {
                self.mail.line_is(Line::Online);
                self.fetch_failed_message();
            }
            _ => {}
        }
    }

    /// The line to Whimbrel's server is cut.
    pub(super) fn line_is_lost(self) {
        self.mail.line_is(Line::Offline);
        self.mail.replica().set_connected(false);
    }

    fn line_broke(self, turn: u32) {
        self.live.stream.set_value(None);
        tabs::stream_is("");
        let failures = self.live.failures.get_value().saturating_add(1);
        self.live.failures.set_value(failures);
        timers::spawn(async move {
            // The first break may be a restart or a changed network: no alarm yet.
            if failures > 1 {
                self.line_is_lost();
                tabs::say("lost");
                // A stream that is refused looks like a broken one; the session tells them apart.
                if let Err(error) = api::session().await
                    && error.code == ErrorCode::SignedOut
                {
                    tabs::say(r#"{"type":"sessionEnded"}"#);
                    self.session_ended();
                    return;
                }
            }
            timers::sleep(wait(failures)).await;
            if self.live.turn.get_value() == turn {
                self.connect();
            }
        });
    }
}

/// 0.5, 1, 2 … 30 seconds, each shortened by up to half, so that browsers do not come in step.
fn wait(failures: u32) -> Duration {
    let longest = Duration::from_millis(500)
        .saturating_mul(
            1_u32
                .checked_shl(failures.saturating_sub(1))
                .unwrap_or(u32::MAX),
        )
        .min(LONGEST_WAIT);
    longest.mul_f64(0.5 + timers::chance() / 2.0)
}
