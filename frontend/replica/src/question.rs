//! What the engine asks the driver to do for it, and when it asks again after a failure.
//! Every question has a number; numbers grow, so an answer can be seen to be older than other knowledge.

use std::{rc::Rc, time::Duration};

use whimbrel_shared::{
    Action, ApiError, Changes, Envelope, Envelopes, ErrorCode, MailboxId, MailboxList,
    MailboxSnapshot, Message, MessageKey, Operation, Outcome, SearchResult, State, UidSet,
    UidValidity,
};

use crate::{list::ListKey, store::SavedMailbox};

/// A moment in the engine's own order of things.
pub(crate) type Moment = u64;

/// Rows of a snapshot: what fits a screen.
pub(crate) const WINDOW: u32 = 50;

/// A question on its way.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// When it was asked; names it.
    pub(crate) asked: Moment,
    /// What is asked.
    pub(crate) ask: Ask,
}

/// What can be asked.
#[derive(Debug, Clone)]
pub(crate) enum Ask {
    /// The mailbox list.
    Mailboxes,
    /// What the store kept of a mailbox; if nothing, a snapshot of the server.
    Open(MailboxId),
    /// A snapshot of the server.
    Snapshot(MailboxId),
    /// What changed; last, the UIDs whose keywords are on screen.
    Changes(MailboxId, State, UidSet),
    /// Rows, of the store and then of the server.
    Rows(RowsAsked),
    /// Rows of the server, to compare them with what is known.
    Audit(RowsAsked),
    /// A search.
    Search(ListKey),
    /// A message, of the store or else of the server.
    Message(MailboxId, MessageKey),
    /// Operations to be applied.
    Operations(Vec<Operation>),
    /// Some time.
    Wait(Timer, Duration),
}

/// Rows that are asked for.
#[derive(Debug, Clone)]
pub(crate) struct RowsAsked {
    /// Of which mailbox.
    pub(crate) mailbox: MailboxId,
    /// Its UIDVALIDITY.
    pub(crate) uidvalidity: UidValidity,
    /// Which rows.
    pub(crate) uids: UidSet,
    /// Those of them whose keywords the store may have wrong.
    pub(crate) doubtful: UidSet,
}

/// What the engine waits to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Timer {
    /// Ask for the mailbox list again after a failure.
    Mailboxes,
    /// Ask for the mailbox list because operations changed the counts.
    Confirm,
    /// Ask what changed in a mailbox.
    Sync(MailboxId),
    /// Ask for rows.
    Rows(MailboxId),
    /// Search.
    Search(ListKey),
    /// Send the queue.
    Queue,
    /// Make sure that what is on screen is right.
    Round,
}

/// What came of a question.
#[derive(Debug)]
pub(crate) enum Answer {
    /// To [`Ask::Mailboxes`].
    Mailboxes(Result<MailboxList, ApiError>),
    /// To [`Ask::Open`], if the store had it.
    Saved(MailboxId, SavedMailbox),
    /// To [`Ask::Open`] and [`Ask::Snapshot`].
    Snapshot(MailboxId, Result<MailboxSnapshot, ApiError>),
    /// To [`Ask::Changes`].
    Changes(MailboxId, Result<Changes, ApiError>),
    /// To [`Ask::Rows`], of the store; the rest is still to come.
    KeptRows(MailboxId, Vec<Rc<Envelope>>),
    /// To [`Ask::Rows`]: all that will come.
    Rows(MailboxId, Result<Envelopes, ApiError>),
    /// To [`Ask::Audit`].
    Sample(MailboxId, Result<Envelopes, ApiError>),
    /// To [`Ask::Search`].
    Search(ListKey, Result<SearchResult, ApiError>),
    /// To [`Ask::Message`].
    Message(MailboxId, MessageKey, Box<Result<Message, ApiError>>),
    /// To [`Ask::Operations`].
    Operations(Result<Vec<Outcome>, ApiError>),
    /// To [`Ask::Wait`].
    Waited(Timer),
}

/// What a failure means for the one who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It may work later.
    Passing,
    /// It may work later, or it is a defect that this very question meets each time.
    Defect,
    /// It will work once the person has signed in.
    SignedOut,
    /// It will not work.
    Lasting,
}

impl Failure {
    /// The meaning of an error.
    pub(crate) fn of(error: &ApiError) -> Self {
        match error.code {
            // Wrong, too: certificates expire, and are renewed.
            ErrorCode::Offline
            | ErrorCode::MailServerDown
            | ErrorCode::MailServerWrong
            | ErrorCode::TooManyAttempts => Self::Passing,
            ErrorCode::Internal => Self::Defect,
            ErrorCode::SignedOut | ErrorCode::WrongPassword => Self::SignedOut,
            _ => Self::Lasting,
        }
    }

    /// The meaning of a refusal of this action. A letter that was not sent goes back to its sender, who
    /// thinks that it went, rather than out at some later time.
    pub(crate) fn of_refusal(action: &Action, error: &ApiError) -> Self {
        match (action, error.code) {
            (Action::Send { .. }, ErrorCode::MailServerDown | ErrorCode::MailServerWrong) => {
                Self::Lasting
            }
            _ => Self::of(error),
        }
    }

    /// Whether to ask again after a while.
    pub(crate) fn is_passing(self) -> bool {
        matches!(self, Self::Passing | Self::Defect)
    }
}

/// How often one kind of question failed in a row, and whether it is waiting to be asked again.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pace {
    failures: u32,
    waiting: Option<Moment>,
}

impl Pace {
    const FIRST: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_secs(30);

    /// Whether it may be asked now.
    pub(crate) fn is_free(&self) -> bool {
        self.waiting.is_none()
    }

    /// It failed; asks to wait under the number `now`. `spread` keeps browsers from asking all at once
    /// when a server comes back.
    pub(crate) fn failed(&mut self, now: Moment, spread: u64) -> Duration {
        let doubled = Self::FIRST.saturating_mul(1 << self.failures.min(5));
        self.failures = self.failures.saturating_add(1);
        self.waiting = Some(now);
        let base = doubled.min(Self::LONGEST);
        let share = (now.wrapping_add(spread)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56;
        base + base.saturating_mul(u32::try_from(share).unwrap_or(0)) / 1024
    }

    /// The waiting under the number `asked` is over. False if it no longer matters.
    pub(crate) fn waited(&mut self, asked: Moment) -> bool {
        let matters = self.waiting == Some(asked);
        if matters {
            self.waiting = None;
        }
        matters
    }

    /// It worked, or there is reason to believe that it will.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn waits_longer_each_time_and_never_too_long() {
        let mut pace = Pace::default();
        let waits: Vec<_> = (1..=9).map(|n| pace.failed(n, 7).as_millis()).collect();
        assert!(waits[0] >= 1000 && waits[0] < 1300, "{waits:?}");
        assert!(waits[3] >= 8000 && waits[8] < 38_000, "{waits:?}");
        assert!(!pace.waited(8), "an older wait does not count");
        assert!(pace.waited(9) && pace.is_free());
    }
}
