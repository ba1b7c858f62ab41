//! Operations that were not done, kept until the person has seen them: nothing is dropped in silence.
//! It does not say in words what was meant.

use std::collections::VecDeque;

use whimbrel_shared::{Action, ApiError, OperationId};

/// So many are kept; the oldest go first.
const MOST: usize = 200;

/// An operation that was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub id: OperationId,
    /// What was meant.
    pub action: Action,
    /// Why, and what to do.
    pub error: ApiError,
}

/// Those that were not seen yet, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Refusals(VecDeque<Refusal>);

impl Refusals {
    /// One more.
    pub(crate) fn keep(&mut self, refusal: Refusal) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(refusal);
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<Refusal> {
        self.0.iter().cloned().collect()
    }

    /// The person has seen it.
    pub(crate) fn dismiss(&mut self, id: &OperationId) {
        self.0.retain(|refusal| refusal.id != *id);
    }
}
