//! What keeps the folder on screen right even if the server says nothing: every half minute a slice of
//! the rows that are kept is asked for its keywords where the server cannot say what changed, and every
//! five minutes a sample of rows, the count and the state are compared with what is known. A folder that
//! is found to differ starts over.

use std::{rc::Rc, time::Duration};

use whimbrel_shared::{ApiError, Envelope, Envelopes, MailboxId, State, UidSet};

use super::Engine;
use crate::{
    folder::{Folder, Mirror, Telling, Told, Wish},
    notice::Notice,
    question::{Ask, Moment, RowsAsked, Timer},
};

/// From one round to the next.
const ROUND: Duration = Duration::from_secs(30);
/// Every so many rounds what is known is compared with what the server says.
const AUDIT_EVERY: u32 = 10;
/// Rows that are compared.
const SAMPLE: usize = 20;

/// The rounds, which go on while a list is on screen.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    waiting: Option<Moment>,
    count: u32,
}

/// A comparison under way.
#[derive(Debug)]
pub(crate) struct Audit {
    /// When the sample was asked for.
    asked: Moment,
    /// What the mailbox looked like then; nothing can be said if it looks different before the end.
    state: State,
    sample: UidSet,
    /// The sample came; whether it differs from what was known.
    differs: Option<bool>,
}

impl Engine {
    /// Waits for the next round, if anything is on screen.
    pub(super) fn keep_rounds(&mut self) {
        if self.rounds.waiting.is_none() && self.shown.is_some() {
            self.rounds.waiting = Some(self.ask(Ask::Wait(Timer::Round, ROUND)));
        }
    }

    /// A round is over.
    pub(super) fn round_is_over(&mut self, asked: Moment) {
        if self.rounds.waiting != Some(asked) {
            return;
        }
        self.rounds.waiting = None;
        self.rounds.count = self.rounds.count.wrapping_add(1);
        let is_due = self.rounds.count.is_multiple_of(AUDIT_EVERY);
        let Some(mailbox) = self.shown.as_ref().map(|list| list.mailbox.clone()) else {
            return;
        };
        if !self.is_connected() || self.is_signed_out() {
            return;
        }
        if let Some(folder) = self.folders.get_mut(&mailbox)
            && folder.mirror.is_some()
            && folder.telling != Telling::Changed
        {
            folder.scan.is_due = true;
            folder.wish(Wish::Unknown);
        }
        if is_due {
            self.begin_audit(&mailbox);
        }
    }

    fn begin_audit(&mut self, mailbox: &MailboxId) {
        let (spread, asked) = (self.rounds.count as usize, self.now + 1);
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return;
        };
        let Some(mirror) = &folder.mirror else {
            return;
        };
        let sample = sample(mirror, spread);
        let uidvalidity = mirror.uidvalidity;
        folder.audit = Some(Audit {
            asked,
            state: mirror.state.clone(),
            sample: sample.clone(),
            differs: sample.is_empty().then_some(false),
        });
        if sample.is_empty() {
            return folder.wish(Wish::Unknown);
        }
        self.ask(Ask::Audit(RowsAsked {
            mailbox: mailbox.clone(),
            uidvalidity,
            uids: sample,
            doubtful: UidSet::new(),
        }));
    }

    /// The sample came, or could not: the state and the count are asked for after it.
    pub(super) fn sample_came(
        &mut self,
        asked: Moment,
        mailbox: &MailboxId,
        answer: Result<Envelopes, ApiError>,
    ) {
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return;
        };
        let Some(audit) = folder.audit.take_if(|audit| audit.asked == asked) else {
            return;
        };
        let (Ok(rows), Some(mirror)) = (answer, &folder.mirror) else {
            return; // what is wrong with the line or the folder shows elsewhere
        };
        let is_told = folder.telling == Telling::Changed;
        let differs = rows.envelopes.iter().any(|row| {
            let known = mirror.known.get(&row.uid).map(|known| &known.envelope);
            known.is_some_and(|known| !is_same(known, row, is_told))
        });
        let came: UidSet = rows.envelopes.iter().map(|row| row.uid).collect();
        let is_lacking = !audit.sample.difference(&came).is_empty();
        folder.audit = Some(Audit {
            differs: Some(differs || is_lacking),
            ..audit
        });
        folder.wish(Wish::Unknown);
    }

    /// The server said what changed since: the end of a comparison. Whether the folder has to start over.
    pub(super) fn audit_fails(&mut self, mailbox: &MailboxId, told: &Told) -> bool {
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return false;
        };
        let Some(audit) = folder.audit.take_if(|audit| audit.differs.is_some()) else {
            return false;
        };
        let is_missed = folder.mirror.as_ref().is_some_and(|mirror| {
            let is_still = mirror.state == audit.state && told.state == audit.state;
            is_still && (audit.differs == Some(true) || mirror.uids != told.uids)
        });
        if is_missed {
            self.out.tell(Notice::Mismatch(mailbox.clone()));
        }
        is_missed
    }
}

/// Some of the rows whose keywords are thought to be right, others each time.
fn sample(mirror: &Mirror, spread: usize) -> UidSet {
    let sure = || mirror.known.iter().filter(|(_, known)| !known.is_doubtful);
    let step = sure().count().div_ceil(SAMPLE).max(1);
    let start = spread.wrapping_mul(7919) % step;
    sure()
        .skip(start)
        .step_by(step)
        .map(|(uid, _)| *uid)
        .collect()
}

/// Whether the server says of a message what is known of it; keywords count if it tells their changes.
fn is_same(known: &Rc<Envelope>, row: &Envelope, is_told: bool) -> bool {
    let is_content = known.subject == row.subject
        && known.from == row.from
        && known.size == row.size
        && known.received_at == row.received_at;
    is_content && (!is_told || known.keywords == row.keywords)
}

/// Where the scan of rows that are not on screen has come.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// The next question is to ask a slice.
    pub(crate) is_due: bool,
    /// Rows below this UID come next; `None`: from the newest.
    below: Option<u32>,
}

impl Folder {
    /// The next slice of the rows that are known, if it is due.
    pub(super) fn slice(&mut self) -> UidSet {
        /// Rows in one slice.
        const ROWS: usize = 1000;
        /// Ranges of UIDs in one slice; a URL has to hold them.
        const RANGES: usize = 200;
        if !std::mem::take(&mut self.scan.is_due) {
            return UidSet::new();
        }
        let Some(mirror) = &self.mirror else {
            return UidSet::new();
        };
        let end = self.scan.below.take().unwrap_or(u32::MAX);
        let mut uids: Vec<u32> = Vec::new();
        let mut ranges = 0;
        for (&uid, _) in mirror.known.range(..end).rev() {
            let goes_on = uids.last().is_some_and(|last| last - 1 == uid);
            ranges += usize::from(!goes_on);
            if uids.len() >= ROWS || ranges > RANGES {
                self.scan.below = uids.last().copied();
                break;
            }
            uids.push(uid);
        }
        uids.into_iter().collect()
    }
}
