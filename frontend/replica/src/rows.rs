//! Which rows to fetch next: those on screen first, then their neighbours; at most 200 a question and
//! two questions at a time, so that only the latest wish counts while a person scrolls fast.

use std::ops::Range;

use whimbrel_shared::{Uid, UidSet};

use crate::{
    order::Order,
    question::{Moment, Pace},
};

/// Rows in one question (the server refuses more).
const AT_ONCE: usize = 200;
/// Questions on their way at a time.
const FLIGHTS: usize = 2;
/// Rows on screen that are looked at; a range that is longer is no screen.
const SCREEN: usize = 1000;
/// Rows fetched ahead on either side.
const AHEAD: usize = 100;
/// Fewer missing neighbours are not worth a question.
const WORTH_ASKING: usize = 40;

/// Where a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A person sees it.
    OnScreen,
    /// It may be seen next.
    Near,
}

/// The rows of a mailbox that are wanted.
#[derive(Debug, Default)]
pub(crate) struct RowsWanted {
    /// Of which search, and which rows; `None` while no list of the mailbox is on screen.
    wanted: Option<(Option<String>, Range<usize>)>,
    flights: Vec<(Moment, UidSet)>,
    /// Asked for and not given, though they are said to be there: not asked again until something changes
    /// or is to be tried again.
    pub(crate) absent: UidSet,
    /// After failures.
    pub(crate) pace: Pace,
}

impl RowsWanted {
    /// These rows are on screen now.
    pub(crate) fn want(&mut self, search: Option<String>, rows: Range<usize>) {
        let end = rows.end.min(rows.start.saturating_add(SCREEN));
        self.wanted = Some((search, rows.start..end));
    }

    /// Nothing of this mailbox is on screen now.
    pub(crate) fn want_nothing(&mut self) {
        self.wanted = None;
    }

    /// Of which search the wanted rows are.
    pub(crate) fn search(&self) -> Option<&str> {
        self.wanted.as_ref()?.0.as_deref()
    }

    /// The wanted rows.
    pub(crate) fn range(&self) -> Option<Range<usize>> {
        self.wanted.as_ref().map(|(_, rows)| rows.clone())
    }

    /// The row in the middle of the screen; 0 if none is wanted.
    pub(crate) fn middle(&self) -> usize {
        self.range().map_or(0, |rows| rows.start.midpoint(rows.end))
    }

    /// Whether something is on its way.
    pub(crate) fn is_busy(&self) -> bool {
        !self.flights.is_empty()
    }

    /// Nothing on its way matters any more, nor what failed.
    pub(crate) fn cancel(&mut self) {
        self.try_again();
        self.flights.clear();
    }

    /// There is reason to believe that what failed will work.
    pub(crate) fn try_again(&mut self) {
        self.pace.reset();
        self.absent = UidSet::new();
    }

    /// Whether the question of that moment is on its way.
    pub(crate) fn awaits(&self, asked: Moment) -> bool {
        self.flights.iter().any(|(at, _)| *at == asked)
    }

    /// An answer came; returns what was asked, `None` if it does not matter any more.
    pub(crate) fn land(&mut self, asked: Moment) -> Option<UidSet> {
        let place = self.flights.iter().position(|(at, _)| *at == asked)?;
        Some(self.flights.remove(place).1)
    }

    /// The next question, of rows of `order`, the list that is on screen; `None` if there is none to ask.
    pub(crate) fn next(
        &mut self,
        order: &Order,
        is_known: impl Fn(Uid, Place) -> bool,
        now: Moment,
    ) -> Option<UidSet> {
        if self.flights.len() >= FLIGHTS || !self.pace.is_free() {
            return None;
        }
        let rows = self.range()?;
        let coming = self
            .flights
            .iter()
            .fold(self.absent.clone(), |coming, (_, uids)| coming.union(uids));
        let missing = |rows: Range<usize>, most: usize, place: Place| -> UidSet {
            let uids = order.uids_in(rows).difference(&coming);
            uids.iter()
                .rev()
                .filter(|&uid| !is_known(uid, place))
                .take(most)
                .collect()
        };
        let mut ask = missing(rows.clone(), AT_ONCE, Place::OnScreen);
        let is_urgent = !ask.is_empty();
        let after = rows.end..rows.end.saturating_add(AHEAD);
        let before = rows.start.saturating_sub(AHEAD)..rows.start;
        for neighbours in [after, before] {
            let room = AT_ONCE.saturating_sub(ask.len());
            ask = ask.union(&missing(neighbours, room, Place::Near));
        }
        if !is_urgent && (ask.len() < WORTH_ASKING || self.is_busy()) {
            return None;
        }
        self.flights.push((now, ask.clone()));
        Some(ask)
    }
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::UidSet;

    use super::RowsWanted;
    use crate::order::Order;

    fn order() -> Order {
        Order::new("1:100000".parse().unwrap())
    }

    #[test]
    fn asks_for_the_screen_with_its_neighbours() {
        let mut rows = RowsWanted::default();
        rows.want(None, 1000..1030);
        let asked = rows.next(&order(), |_, _| false, 1).unwrap();
        assert_eq!(asked.len(), 200);
        assert!((1000..1030).all(|row| asked.contains(100_000 - row)));
        assert_eq!(rows.next(&order(), |uid, _| asked.contains(uid), 2), None);
    }

    #[test]
    fn scrolling_fast_asks_for_two_places_at_most_and_then_for_the_last() {
        let mut rows = RowsWanted::default();
        let mut asked = Vec::new();
        for step in 0..100 {
            rows.want(None, step * 300..step * 300 + 30);
            asked.extend(rows.next(&order(), |_, _| false, step as u64));
        }
        assert_eq!(asked.len(), 2);
        rows.land(0).unwrap();
        let last = rows.next(&order(), |_, _| false, 100).unwrap();
        assert!(last.contains(100_000 - 99 * 300));
        assert_eq!(last.intersection(&asked[1]), UidSet::new());
    }

    #[test]
    fn a_few_missing_neighbours_are_left_for_later() {
        let mut rows = RowsWanted::default();
        rows.want(None, 100..130);
        let known = |uid: u32, _| (99_771..=99_900 + 90).contains(&uid);
        assert_eq!(rows.next(&order(), known, 1), None);
        rows.absent = "1:100000".parse().unwrap();
        assert_eq!(rows.next(&order(), |_, _| false, 1), None);
    }
}
