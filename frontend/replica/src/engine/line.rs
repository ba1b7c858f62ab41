//! The line: whether it stands, the events that come over it, and going on after it broke or after the
//! session ended.

use whimbrel_shared::{ApiError, Event, MailboxId};

use super::Engine;
use crate::{
    folder::Wish,
    notice::Notice,
    question::{Ask, Failure, Moment, Pace, Timer},
    tree::Source,
};

/// What is known of the line.
#[derive(Debug, Default)]
pub(crate) struct Line {
    stream_is_down: bool,
    mail_server_is_down: bool,
    is_signed_out: bool,
    /// When the password was given again: what was asked before says nothing about this session.
    signed_in: Moment,
}

impl Line {
    /// Whether questions may be asked at all.
    pub(crate) fn may_ask(&self) -> bool {
        !self.is_signed_out
    }

    /// The line of nobody.
    pub(crate) fn signed_out(&self) -> Self {
        Self {
            is_signed_out: true,
            ..*self
        }
    }
}

impl Engine {
    /// Whether the line stands up to the mail server.
    pub(crate) fn is_connected(&self) -> bool {
        !self.line.stream_is_down && !self.line.mail_server_is_down
    }

    /// Whether the session ended.
    pub(crate) fn is_signed_out(&self) -> bool {
        self.line.is_signed_out
    }

    /// The event stream stands, or broke.
    pub(crate) fn set_connected(&mut self, connected: bool) {
        let before = self.is_connected();
        let is_back = connected && self.line.stream_is_down;
        self.line.stream_is_down = !connected;
        if is_back {
            self.try_everything_again();
        }
        self.tell_connection(before);
    }

    /// News of the server.
    pub(crate) fn receive(&mut self, event: Event) {
        let before = self.is_connected();
        match event {
            Event::Hello => {
                // If the mail server is lost still, that follows.
                self.line.stream_is_down = false;
                self.line.mail_server_is_down = false;
                self.try_everything_again();
                self.look_again();
            }
            Event::MailboxChanged { mailbox_id, state } => {
                let wish = state.map_or(Wish::Unknown, Wish::Becomes);
                self.changed(&mailbox_id, wish);
            }
            Event::Mailboxes { list } => {
                self.tree.is_overtaken = true;
                self.take_mailboxes(list, Source::Pushed);
            }
            Event::MailServerLost => self.line.mail_server_is_down = true,
            Event::MailServerBack => {
                self.line.mail_server_is_down = false;
                self.try_everything_again();
                self.look_again();
            }
            // The user interface keeps it; it changes no mail.
            Event::Quota { .. } => {}
            Event::Alert { text } => self.out.tell(Notice::Alert(text)),
            Event::SessionEnded { .. } => self.sign_out(Moment::MAX),
        }
        self.tell_connection(before);
    }

    /// The person gave the password again.
    pub(crate) fn signed_in_again(&mut self) {
        self.line.is_signed_out = false;
        self.line.signed_in = self.tick();
        self.try_everything_again();
        self.look_again();
    }

    /// A time of waiting is over.
    pub(crate) fn waited(&mut self, asked: Moment, timer: &Timer) {
        let pace = match timer {
            Timer::Round => {
                self.round_is_over(asked);
                None
            }
            Timer::Confirm => {
                if self.tree.confirming == Some(asked) {
                    self.tree.confirming = None;
                    self.tree.wish |= self.tree.is_unconfirmed();
                }
                None
            }
            Timer::Mailboxes => Some(&mut self.tree.pace),
            Timer::Queue => Some(&mut self.queue.pace),
            Timer::Sync(mailbox) => self.folders.get_mut(mailbox).map(|f| &mut f.sync.pace),
            Timer::Rows(mailbox) => self.folders.get_mut(mailbox).map(|f| &mut f.rows.pace),
            Timer::Search(list) => self.folders.get_mut(&list.mailbox).and_then(|folder| {
                let search = folder.searches.get_mut(list.search.as_ref()?)?;
                Some(&mut search.pace)
            }),
        };
        if let Some(pace) = pace {
            pace.waited(asked);
        }
    }

    /// A question failed: asks again after a while if that may help. Whether it does.
    pub(super) fn failed(
        &mut self,
        asked: Moment,
        error: &ApiError,
        timer: Timer,
        pace: impl FnOnce(&mut Self) -> Option<&mut Pace>,
    ) -> bool {
        let failure = Failure::of(error);
        if failure == Failure::SignedOut {
            self.sign_out(asked);
            return true;
        }
        if failure.is_passing() {
            self.rest(timer, pace);
        }
        failure.is_passing()
    }

    /// Waits before something is asked again.
    pub(super) fn rest(&mut self, timer: Timer, pace: impl FnOnce(&mut Self) -> Option<&mut Pace>) {
        let (asked, spread) = (self.now + 1, self.spread);
        if let Some(time) = pace(self).map(|pace| pace.failed(asked, spread)) {
            self.ask(Ask::Wait(timer, time));
        }
    }

    /// The session had ended when the question of that moment was answered.
    pub(super) fn sign_out(&mut self, asked: Moment) {
        if !self.line.is_signed_out && asked > self.line.signed_in {
            self.line.is_signed_out = true;
            self.out.tell(Notice::SignedOut);
        }
    }

    /// A mailbox may look different: asks if it is on screen, else when it is opened again.
    pub(super) fn changed(&mut self, mailbox: &MailboxId, wish: Wish) {
        let is_shown = self.shown.as_ref().is_some_and(|l| l.mailbox == *mailbox);
        if let Some(folder) = self.folders.get_mut(mailbox)
            && is_shown
        {
            folder.wish(wish);
        }
    }

    /// Asks for the folders and for what changed on screen.
    fn look_again(&mut self) {
        self.tree.wish = true;
        if let Some(mailbox) = self.shown.as_ref().map(|list| list.mailbox.clone()) {
            self.changed(&mailbox, Wish::Unknown);
        }
    }

    fn try_everything_again(&mut self) {
        self.tree.pace.reset();
        self.queue.pace.reset();
        for folder in self.folders.values_mut() {
            folder.sync.pace.reset();
            folder.rows.try_again();
            for search in folder.searches.values_mut() {
                search.pace.reset();
            }
        }
    }

    fn tell_connection(&mut self, before: bool) {
        if self.is_connected() != before {
            self.out.tell(Notice::Connection);
        }
    }
}
