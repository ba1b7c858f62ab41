//! The queue of operations: in order, each with its id until the server has said what became of it.
//! Sends what cannot get in each other's way in one request; never guesses whether something arrived.

use std::collections::VecDeque;

use whimbrel_shared::{Action, ApiError, Operation, OperationId, Outcome, OutcomeKind};

use crate::question::{Failure, Moment, Pace};

/// Operations in one request.
const AT_ONCE: usize = 50;
/// So often an operation may meet a defect of the server's before it is given up.
const DEFECTS: u32 = 8;

/// The operations that wait.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    entries: VecDeque<Entry>,
    /// When what is on its way was sent.
    asked: Option<Moment>,
    /// After failures.
    pub(crate) pace: Pace,
    /// A request failed in a way that one of its operations may be the cause of.
    one_by_one: bool,
    last_number: u64,
}

/// An operation that waits.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its number in the store; grows.
    pub(crate) number: u64,
    /// The operation.
    pub(crate) operation: Operation,
    /// It was sent at least once, so the server may have applied it.
    pub(crate) was_sent: bool,
    is_on_its_way: bool,
    defects: u32,
}

/// What an answer means for the queue.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Operations that left the queue, with what became of them.
    pub(crate) done: Vec<(Entry, OutcomeKind)>,
    /// The person must sign in before anything else is sent.
    pub(crate) signed_out: bool,
    /// The queue is to be sent again after a while.
    pub(crate) must_wait: bool,
}

impl Queue {
    /// How many operations wait.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The operations that wait, in order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Whether a request is on its way.
    pub(crate) fn is_busy(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether the operation was sent and not answered.
    pub(crate) fn may_be_applied(&self, id: &OperationId) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.operation.id == *id && entry.was_sent)
    }

    /// Adds an operation at the end; returns its number.
    pub(crate) fn push(&mut self, operation: Operation) -> u64 {
        self.last_number += 1;
        self.entries.push_back(Entry {
            number: self.last_number,
            operation,
            was_sent: false,
            is_on_its_way: false,
            defects: 0,
        });
        self.last_number
    }

    /// Puts an operation that left the queue back to its place, as this; it is sent as if for the first time.
    pub(crate) fn put_back(&mut self, left: &Entry, operation: Operation) {
        let is_before = |entry: &&Entry| entry.number < left.number;
        let place = self.entries.iter().take_while(is_before).count();
        let entry = Entry {
            number: left.number,
            operation,
            was_sent: false,
            is_on_its_way: false,
            defects: 0,
        };
        self.entries.insert(place, entry);
    }

    /// Puts what an earlier visit left before what was queued since, which gets new numbers.
    pub(crate) fn put_first(&mut self, saved: Vec<(u64, Operation)>) {
        let mut since = std::mem::take(&mut self.entries);
        for (number, operation) in saved {
            self.last_number = self.last_number.max(number);
            self.entries.push_back(Entry {
                number,
                operation,
                was_sent: true,
                is_on_its_way: false,
                defects: 0,
            });
        }
        for entry in &mut since {
            self.last_number += 1;
            entry.number = self.last_number;
        }
        self.entries.append(&mut since);
    }

    /// The next request, if one is to be sent now.
    pub(crate) fn next(&mut self, now: Moment) -> Option<Vec<Operation>> {
        if self.asked.is_some() || !self.pace.is_free() {
            return None;
        }
        let most = if self.one_by_one { 1 } else { AT_ONCE };
        let mut count = 0;
        for entry in self.entries.iter().take(most) {
            let before = self.entries.iter().take(count);
            if count > 0 && before.into_iter().any(|one| is_in_the_way(one, entry)) {
                break;
            }
            count += 1;
        }
        let mut operations = Vec::new();
        for entry in self.entries.iter_mut().take(count) {
            entry.is_on_its_way = true;
            entry.was_sent = true;
            operations.push(entry.operation.clone());
        }
        self.asked = (count > 0).then_some(now);
        (count > 0).then_some(operations)
    }

    /// An answer came; `None` if it does not matter any more.
    pub(crate) fn land(
        &mut self,
        asked: Moment,
        answer: Result<Vec<Outcome>, ApiError>,
    ) -> Option<Verdict> {
        if self.asked != Some(asked) {
            return None;
        }
        self.asked = None;
        let mut verdict = Verdict::default();
        match answer {
            Ok(outcomes) => self.judge(outcomes, &mut verdict),
            Err(error) => self.failed(&error, &mut verdict),
        }
        for entry in &mut self.entries {
            entry.is_on_its_way = false;
        }
        Some(verdict)
    }

    /// Takes an operation out that was never sent.
    pub(crate) fn take_unsent(&mut self, id: &OperationId) -> Option<Entry> {
        let is_it = |entry: &Entry| entry.operation.id == *id && !entry.was_sent;
        let place = self.entries.iter().position(is_it)?;
        self.entries.remove(place)
    }

    /// Takes the operations out that were never sent and that `choose` chooses.
    pub(crate) fn take_unsent_where(&mut self, choose: impl Fn(&Action) -> bool) -> Vec<Entry> {
        let (taken, kept) = std::mem::take(&mut self.entries)
            .into_iter()
            .partition(|entry| !entry.was_sent && choose(&entry.operation.action));
        self.entries = kept;
        Vec::from(taken)
    }

    /// Rewrites operations that are not on their way; returns those that `rewrite` changed.
    pub(crate) fn rewrite(&mut self, mut rewrite: impl FnMut(&mut Action) -> bool) -> Vec<Entry> {
        let waiting = self.entries.iter_mut().filter(|entry| !entry.is_on_its_way);
        waiting
            .filter_map(|entry| rewrite(&mut entry.operation.action).then(|| entry.clone()))
            .collect()
    }

    /// What the answer leaves out was not tried, nor, as far as it counts, what failed after another.
    fn judge(&mut self, mut outcomes: Vec<Outcome>, verdict: &mut Verdict) {
        let mut kept = VecDeque::new();
        let mut first_failure = None;
        for mut entry in std::mem::take(&mut self.entries) {
            let place = outcomes.iter().position(|o| o.id == entry.operation.id);
            let outcome = match place {
                Some(place) if entry.is_on_its_way => outcomes.swap_remove(place).outcome,
                _ => {
                    verdict.must_wait |= entry.is_on_its_way;
                    kept.push_back(entry);
                    continue;
                }
            };
            let failure = match &outcome {
                OutcomeKind::Refused { error, .. } => {
                    Failure::of_refusal(&entry.operation.action, error)
                }
                _ => Failure::Lasting,
            };
            if failure == Failure::Defect && first_failure.is_none() {
                entry.defects += 1;
            }
            if failure == Failure::Lasting || entry.defects >= DEFECTS {
                verdict.done.push((entry, outcome));
            } else {
                verdict.signed_out |= failure == Failure::SignedOut;
                verdict.must_wait |= failure.is_passing();
                first_failure.get_or_insert(failure);
                kept.push_back(entry);
            }
        }
        self.entries = kept;
        if !verdict.done.is_empty() {
            self.one_by_one = false;
            self.pace.reset();
        }
        self.one_by_one |= first_failure == Some(Failure::Defect);
    }

    fn failed(&mut self, error: &ApiError, verdict: &mut Verdict) {
        let failure = Failure::of(error);
        verdict.signed_out = failure == Failure::SignedOut;
        verdict.must_wait = failure.is_passing();
        let is_alone = self.entries.iter().filter(|e| e.is_on_its_way).count() == 1;
        let first = self.entries.iter().position(|entry| entry.is_on_its_way);
        let first = first.unwrap_or_default();
        let gives_up = match (failure, self.entries.get_mut(first)) {
            (Failure::Lasting, _) => is_alone,
            (Failure::Defect, Some(first)) if is_alone => {
                first.defects += 1;
                first.defects >= DEFECTS
            }
            _ => false,
        };
        self.one_by_one |= matches!(failure, Failure::Lasting | Failure::Defect);
        if gives_up && let Some(entry) = self.entries.remove(first) {
            let error = error.clone();
            let refused = OutcomeKind::Refused {
                error,
                refused_recipients: Vec::new(),
            };
            verdict.done.push((entry, refused));
            self.one_by_one = false;
        }
    }
}

/// Whether the second must wait for the outcome of the first.
fn is_in_the_way(first: &Entry, second: &Entry) -> bool {
    match (
        first.operation.action.rows(),
        second.operation.action.rows(),
    ) {
        (Some(one), Some(other)) => {
            one.0 == other.0 && one.1 == other.1 && !one.2.intersection(other.2).is_empty()
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests;
