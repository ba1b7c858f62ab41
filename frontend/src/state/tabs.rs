//! The tabs of one account in one browser: one leads and has the event stream, the others hear its news from
//! it. A tab whose leader goes, or does not answer, leads itself. Where the browser knows no locks, every tab
//! leads, and knows nothing of others.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::*;
use whimbrel_shared::MailboxId;

use super::{App, mail::Line};
use crate::browser::{
    account, ids, json, presence,
    tabs::{self, Channel},
    timers,
};

/// A leader answers within this, or another tab takes its place.
const ANSWERS: Duration = Duration::from_secs(3);

/// Another tab: its id, whether it is out of sight, and the folder it shows.
type Other = (String, bool, Option<MailboxId>);

/// What a tab knows of the others.
#[derive(Default)]
struct Tabs {
    channel: Option<Channel>,
    /// This tab leads.
    leads: bool,
    /// This tab's id.
    id: String,
    /// To the leader: the others.
    others: Vec<Other>,
    /// The leader answered what was said last.
    is_answered: bool,
    /// To the leader: the address of the stream that is open.
    stream: String,
}

thread_local! {
    // No signal depends on it, and every further kind of stored value costs the first visit.
    static TABS: RefCell<Tabs> = RefCell::default();
}

fn with<R>(work: impl FnOnce(&mut Tabs) -> R) -> R {
    TABS.with_borrow_mut(work)
}

/// Whether this tab leads.
pub(super) fn leads() -> bool {
    with(|tabs| tabs.leads)
}

/// Says something to the other tabs.
pub(super) fn say(text: &str) {
    with(|tabs| {
        if let Some(channel) = &tabs.channel {
            channel.say(text);
        }
    });
}

/// The leader was heard.
pub(super) fn leader_was_heard() {
    with(|tabs| tabs.is_answered = true);
}

/// To the leader: the folders that the others show and somebody can see, and whether anybody sees any.
pub(super) fn others() -> (Vec<MailboxId>, bool) {
    with(|tabs| {
        let seen = tabs.others.iter().filter(|(_, is_hidden, _)| !is_hidden);
        let open = seen.clone().filter_map(|(.., open)| open.clone());
        (open.collect(), seen.count() > 0)
    })
}

/// The stream of this address is open now; none if it is empty.
pub(super) fn stream_is(url: &str) {
    with(|tabs| url.clone_into(&mut tabs.stream));
}

/// Whether the stream of this address is open.
pub(super) fn has_stream(url: &str) -> bool {
    with(|tabs| tabs.stream == url)
}

impl App {
    /// It is known whose mail this tab shows: it joins the others that show the same.
    pub(super) fn join_tabs(self) {
        if with(|tabs| !tabs.id.is_empty()) {
            return;
        }
        let id = ids::operation_id().0;
        let channel = Channel::open(&channel_name(), move |text| self.heard(&text));
        let goes = format!("bye {id}");
        with(|tabs| (tabs.id, tabs.channel) = (id, channel));
        tabs::on_leave(move || say(&goes));
        if self.wait_to_lead(false) {
            self.tell_leader();
        } else {
            self.lead();
        }
    }

    /// This tab wants to lead: when its turn comes, or at once. False where the browser knows no turns.
    fn wait_to_lead(self, by_force: bool) -> bool {
        let lost = move || {
            with(|tabs| tabs.leads = false);
            self.disconnect();
            self.wait_to_lead(false);
            self.connect();
        };
        tabs::hold_lock(&channel_name(), by_force, move || self.lead(), lost)
    }

    fn lead(self) {
        with(|tabs| (tabs.leads, tabs.is_answered) = (true, true));
        say("who");
        self.connect();
    }

    /// Tells the leader what this tab shows; if there is no answer, this tab leads.
    pub(super) fn tell_leader(self) {
        let id = with(|tabs| {
            tabs.is_answered = false;
            tabs.id.clone()
        });
        if id.is_empty() {
            return; // it is not known yet whose mail it is
        }
        let is_hidden = presence::is_out_of_sight();
        self.live.is_hidden.set_value(is_hidden);
        let open = self.navigation.mailbox.get_untracked();
        let open = open.as_ref().map_or("-", |id| &id.0);
        let seen = if is_hidden { "hidden" } else { "seen" };
        say(&format!("at {id} {seen} {open}"));
        timers::after(ANSWERS, move || {
            let is_alone = with(|tabs| !tabs.leads && !tabs.is_answered);
            if is_alone && !presence::is_out_of_sight() {
                self.wait_to_lead(true);
            }
        });
    }

    fn heard(self, text: &str) {
        let mut words = text.split(' ').map(str::to_owned);
        let mut next = || words.next().unwrap_or_default();
        let (word, id) = (next(), next());
        match (leads(), &*word) {
            (true, "at") => {
                let is_hidden = next() == "hidden";
                let open = Some(next()).filter(|open| open != "-").map(MailboxId);
                with(|tabs| {
                    tabs.others.retain(|other| other.0 != id);
                    tabs.others.push((id, is_hidden, open));
                });
                self.followers_changed();
            }
            (true, "bye") => {
                with(|tabs| tabs.others.retain(|other| other.0 != id));
                self.connect_if_other();
            }
            (true, "try") => self.try_now(),
            (false, "who") => self.tell_leader(),
            (false, "ok") => leader_was_heard(),
            (false, "lost") => self.line_is_lost(),
            (false, _) => {
                if let Ok(event) = json::read(text) {
                    self.event(event);
                }
            }
            _ => {}
        }
    }

    /// A tab came, or shows another folder: it hears how the line is, and its folder is listened to.
    fn followers_changed(self) {
        say("ok");
        self.session_may_live_again();
        if !self.connect_if_other() {
            match self.mail.line.get_untracked() {
                Line::Connecting => {} // it will be said to all
                Line::Online => say(r#"{"type":"hello"}"#),
                Line::Offline => say("lost"),
                Line::MailServerLost => {
                    say(r#"{"type":"hello"}"#);
                    say(r#"{"type":"mailServerLost"}"#);
                }
            }
        }
    }
}

fn channel_name() -> String {
    format!("whimbrel-{}", account::shown().unwrap_or_default())
}
