//! Which rows of a list are ticked. A hundred thousand ticked rows are a few ranges.

use whimbrel_shared::{Uid, UidSet, UidValidity};

/// The ticked rows of one list. Lists are ordered by UID, so a span of rows is a span of UIDs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The UIDVALIDITY of `uids`; 0 while nothing was ever ticked.
    pub uidvalidity: UidValidity,
    /// The ticked messages.
    pub uids: UidSet,
    /// Where a span that is drawn with Shift begins.
    anchor: Option<Uid>,
}

impl Selection {
    /// Whether a message is ticked.
    #[must_use]
    pub fn contains(&self, uid: Uid) -> bool {
        self.uids.contains(uid)
    }

    /// Whether nothing is ticked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.uids.is_empty()
    }

    /// Ticks a message, or takes its tick away.
    pub fn toggle(&mut self, uidvalidity: UidValidity, uid: Uid) {
        self.belong_to(uidvalidity);
        let one = UidSet::one(uid);
        self.uids = if self.uids.contains(uid) {
            self.uids.difference(&one)
        } else {
            self.uids.union(&one)
        };
        self.anchor = Some(uid);
    }

    /// Ticks everything from the last ticked message to this one. `all` are the rows there are;
    /// `from` begins the span where nothing was ticked yet.
    pub fn extend(&mut self, uidvalidity: UidValidity, from: Option<Uid>, to: Uid, all: &UidSet) {
        self.belong_to(uidvalidity);
        let anchor = *self.anchor.get_or_insert(from.unwrap_or(to));
        let span = UidSet::from_ranges(vec![(anchor, to)]);
        self.uids = self.uids.union(&span.intersection(all));
    }

    /// Ticks every row there is.
    pub fn all(&mut self, uidvalidity: UidValidity, all: UidSet) {
        self.belong_to(uidvalidity);
        self.uids = all;
    }

    /// Takes every tick away. A span with Shift may still begin at `anchor`.
    pub fn clear(&mut self, anchor: Option<Uid>) {
        self.uids = UidSet::new();
        self.anchor = anchor;
    }

    fn belong_to(&mut self, uidvalidity: UidValidity) {
        if self.uidvalidity != uidvalidity {
            *self = Self {
                uidvalidity,
                ..Self::default()
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::UidSet;

    use super::Selection;

    fn set(text: &str) -> UidSet {
        text.parse().unwrap()
    }

    #[test]
    fn shift_draws_a_span_in_either_direction_over_existing_rows_only() {
        let all = set("1:4,8:100");
        let mut selection = Selection::default();
        selection.toggle(7, 10);
        selection.extend(7, None, 3, &all);
        assert_eq!(selection.uids, set("3:4,8:10"));
        selection.extend(7, None, 12, &all);
        assert_eq!(selection.uids, set("3:4,8:12"));
    }

    #[test]
    fn shift_without_a_tick_begins_where_the_person_stands() {
        let mut selection = Selection::default();
        selection.extend(7, Some(5), 7, &set("1:9"));
        assert_eq!(selection.uids, set("5:7"));
    }

    #[test]
    fn a_renumbered_mailbox_forgets_the_ticks() {
        let mut selection = Selection::default();
        selection.all(7, set("1:100000"));
        selection.toggle(8, 5);
        assert_eq!(selection.uids, set("5"));
    }

    #[test]
    fn a_second_click_takes_the_tick_away() {
        let mut selection = Selection::default();
        selection.toggle(7, 5);
        selection.toggle(7, 5);
        assert!(selection.is_empty());
    }
}
