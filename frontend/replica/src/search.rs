//! One search in one mailbox: the UIDs the server found, minus those that are gone since.

use whimbrel_shared::{ApiError, SearchResult, UidSet, UidValidity};

use crate::{
    order::Order,
    question::{Moment, Pace},
};

/// How many searches of a mailbox are remembered.
pub(crate) const REMEMBERED: usize = 8;

/// A search.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// What was found and is still there; `None` until the first answer.
    pub(crate) found: Option<SearchResult>,
    /// When that was found.
    pub(crate) answered: Moment,
    /// Why nothing is known.
    pub(crate) error: Option<ApiError>,
    /// To be asked.
    pub(crate) wish: bool,
    /// On its way.
    pub(crate) asked: Option<Moment>,
    /// After failures.
    pub(crate) pace: Pace,
    /// The rows as shown, the queue included.
    pub(crate) order: Order,
}

impl Search {
    /// Whether it was answered since anybody last wished to know.
    pub(crate) fn is_fresh(&self) -> bool {
        self.found.is_some() && self.error.is_none() && !self.wish && self.asked.is_none()
    }

    /// Takes away what a complete list of UIDs, asked for at `asked`, shows to be gone. What the search
    /// found above the highest UID of an older list is newer than the list and stays.
    pub(crate) fn shrink(&mut self, uidvalidity: UidValidity, uids: &UidSet, asked: Moment) {
        let Some(found) = &mut self.found else {
            return;
        };
        if found.uidvalidity != uidvalidity {
            self.found = None;
            self.wish = true;
            return;
        }
        let mut known = uids.clone();
        if self.answered > asked {
            let above = uids.last().unwrap_or(0).saturating_add(1);
            known = known.union(&UidSet::from_ranges(vec![(above, u32::MAX)]));
        }
        found.uids = found.uids.intersection(&known);
    }
}
