//! The rows of a list as numbers: which UID is at which index, newest first. Kept as ranges with the
//! number of UIDs before each, so that 100,000 rows in a row are one entry and both ways are a search.

use std::ops::Range;

use whimbrel_shared::{Uid, UidSet};

/// UIDs in descending order, found by index and by UID.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    uids: UidSet,
    /// Ascending.
    spans: Vec<Span>,
    len: usize,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    first: Uid,
    last: Uid,
    /// How many UIDs are below `first`.
    before: usize,
}

impl Order {
    /// The rows of these UIDs.
    pub(crate) fn new(uids: UidSet) -> Self {
        let mut len = 0;
        let spans = uids
            .ranges()
            .map(|range| {
                let (first, last) = (*range.start(), *range.end());
                let before = len;
                len += (last - first) as usize + 1;
                Span {
                    first,
                    last,
                    before,
                }
            })
            .collect();
        Self { uids, spans, len }
    }

    /// The UIDs in it.
    pub(crate) fn uids(&self) -> &UidSet {
        &self.uids
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The UID of row `index`; `None` beyond the end.
    pub(crate) fn uid_at(&self, index: usize) -> Option<Uid> {
        let place = self.len.checked_sub(index)?.checked_sub(1)?;
        let after = self.spans.partition_point(|span| span.before <= place);
        let span = self.spans.get(after.checked_sub(1)?)?;
        u32::try_from(place - span.before)
            .ok()
            .and_then(|offset| span.first.checked_add(offset))
    }

    /// The row of `uid`; `None` if it is not in the list.
    pub(crate) fn index_of(&self, uid: Uid) -> Option<usize> {
        let after = self.spans.partition_point(|span| span.first <= uid);
        let span = self.spans.get(after.checked_sub(1)?)?;
        let place = span.before + (uid - span.first) as usize;
        (uid <= span.last).then(|| self.len - 1 - place)
    }

    /// The UIDs of these rows, as far as there are rows.
    pub(crate) fn uids_in(&self, rows: Range<usize>) -> UidSet {
        let end = rows.end.min(self.len);
        let (Some(newest), Some(oldest)) = (
            self.uid_at(rows.start),
            end.checked_sub(1).and_then(|last| self.uid_at(last)),
        ) else {
            return UidSet::new();
        };
        if newest < oldest {
            return UidSet::new();
        }
        self.uids
            .intersection(&UidSet::from_ranges(vec![(oldest, newest)]))
    }
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::UidSet;

    use super::Order;

    fn order(uids: &str) -> Order {
        Order::new(uids.parse().unwrap())
    }

    #[test]
    fn the_newest_row_is_first() {
        let order = order("1:3,7,9:10");
        let rows: Vec<_> = (0..7).map(|index| order.uid_at(index)).collect();
        assert_eq!(
            rows,
            [Some(10), Some(9), Some(7), Some(3), Some(2), Some(1), None]
        );
        for index in 0..6 {
            assert_eq!(
                order.index_of(order.uid_at(index).unwrap()),
                Some(index),
                "{index}"
            );
        }
        assert!(
            [4, 6, 8, 11]
                .iter()
                .all(|&uid| order.index_of(uid).is_none())
        );
    }

    #[test]
    fn a_range_of_rows_is_a_set_of_uids() {
        let order = order("1:3,7,9:10");
        assert_eq!(order.uids_in(1..4).to_string(), "3,7,9");
        assert_eq!(order.uids_in(4..99).to_string(), "1:2");
        let backwards = std::ops::Range { start: 3, end: 2 };
        for empty in [6..9, 2..2, 0..0, backwards] {
            assert!(order.uids_in(empty.clone()).is_empty(), "{empty:?}");
        }
        assert_eq!(Order::new(UidSet::new()).uid_at(0), None);
    }

    #[test]
    fn a_hundred_thousand_scattered_rows_are_found() {
        let order = Order::new((1..=100_000).map(|n| n * 3).collect());
        assert_eq!(order.len(), 100_000);
        for index in (0..100_000).step_by(997) {
            let uid = order.uid_at(index).unwrap();
            assert_eq!(order.index_of(uid), Some(index));
        }
        assert_eq!(order.uids_in(50_000..50_200).len(), 200);
    }
}
