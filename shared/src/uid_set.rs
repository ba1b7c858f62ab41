//! A set of UIDs as sorted ranges: 100,000 messages in a row are one range.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Uid;

/// A set of UIDs. Text form as in IMAP (RFC 9051 `sequence-set`): `1:5,7`; empty is the empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct UidSet {
    /// Sorted, apart by at least one missing UID, never empty ranges, never UID 0.
    ranges: Vec<(Uid, Uid)>,
}

impl UidSet {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The set of one UID.
    #[must_use]
    pub fn one(uid: Uid) -> Self {
        Self::from_ranges(vec![(uid, uid)])
    }

    /// The set of these ranges, in any order, overlapping or not. UID 0 is left out.
    #[must_use]
    pub fn from_ranges(mut ranges: Vec<(Uid, Uid)>) -> Self {
        for range in &mut ranges {
            if range.0 > range.1 {
                *range = (range.1, range.0);
            }
            range.0 = range.0.max(1);
        }
        ranges.retain(|range| range.0 <= range.1);
        ranges.sort_unstable();
        let mut merged: Vec<(Uid, Uid)> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match merged.last_mut() {
                Some(last) if start <= last.1.saturating_add(1) => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        Self { ranges: merged }
    }

    /// How many UIDs are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ranges
            .iter()
            .map(|(start, end)| (end - start) as usize + 1)
            .sum()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether `uid` is in it.
    #[must_use]
    pub fn contains(&self, uid: Uid) -> bool {
        let after = self.ranges.partition_point(|range| range.0 <= uid);
        after
            .checked_sub(1)
            .and_then(|i| self.ranges.get(i))
            .is_some_and(|range| uid <= range.1)
    }

    /// The lowest UID.
    #[must_use]
    pub fn first(&self) -> Option<Uid> {
        self.ranges.first().map(|range| range.0)
    }

    /// The highest UID.
    #[must_use]
    pub fn last(&self) -> Option<Uid> {
        self.ranges.last().map(|range| range.1)
    }

    /// The ranges, ascending.
    pub fn ranges(&self) -> impl DoubleEndedIterator<Item = RangeInclusive<Uid>> + '_ {
        self.ranges.iter().map(|&(start, end)| start..=end)
    }

    /// The UIDs, ascending; `.rev()` for newest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Uid> + '_ {
        self.ranges().flatten()
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::from_ranges(self.ranges.iter().chain(&other.ranges).copied().collect())
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut ours, mut theirs) = (
            self.ranges.iter().peekable(),
            other.ranges.iter().peekable(),
        );
        let mut both = Vec::new();
        while let (Some(a), Some(b)) = (ours.peek(), theirs.peek()) {
            let (start, end) = (a.0.max(b.0), a.1.min(b.1));
            if start <= end {
                both.push((start, end));
            }
            if a.1 < b.1 {
                ours.next()
            } else {
                theirs.next()
            };
        }
        Self { ranges: both }
    }

    /// What is in this one only.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        let mut cuts = other.ranges.iter().peekable();
        for &(mut start, end) in &self.ranges {
            while cuts.next_if(|cut| cut.1 < start).is_some() {}
            let mut open = true;
            while let Some(cut) = cuts.peek().filter(|cut| cut.0 <= end) {
                if cut.0 > start {
                    left.push((start, cut.0 - 1));
                }
                if cut.1 >= end {
                    open = false;
                    break;
                }
                start = cut.1 + 1;
                cuts.next();
            }
            if open && start <= end {
                left.push((start, end));
            }
        }
        Self { ranges: left }
    }
}

impl FromIterator<Uid> for UidSet {
    fn from_iter<I: IntoIterator<Item = Uid>>(uids: I) -> Self {
        Self::from_ranges(uids.into_iter().map(|uid| (uid, uid)).collect())
    }
}

impl fmt::Display for UidSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (start, end)) in self.ranges.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            if start == end {
                write!(f, "{start}")?
            } else {
                write!(f, "{start}:{end}")?
            }
        }
        Ok(())
    }
}

/// The text is no set of UIDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAUidSet;

impl fmt::Display for NotAUidSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a set of UIDs looks like 1:5,7")
    }
}

impl std::error::Error for NotAUidSet {}

impl FromStr for UidSet {
    type Err = NotAUidSet;

    fn from_str(text: &str) -> Result<Self, NotAUidSet> {
        let number = |text: &str| {
            text.parse::<Uid>()
                .ok()
                .filter(|&uid| uid > 0)
                .ok_or(NotAUidSet)
        };
        let mut ranges = Vec::new();
        for item in text.split(',').filter(|_| !text.is_empty()) {
            let (start, end) = item.split_once(':').unwrap_or((item, item));
            ranges.push((number(start)?, number(end)?));
        }
        Ok(Self::from_ranges(ranges))
    }
}

impl Serialize for UidSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UidSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::UidSet;

    fn set(text: &str) -> UidSet {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_writes_the_imap_form() {
        assert_eq!(set("7,3:5,4,6").to_string(), "3:7");
        assert_eq!(set("5:3,9").to_string(), "3:5,9");
        assert_eq!(set("").to_string(), "");
        for wrong in ["0", "1:", "a", "1,,2", "*", "1:*"] {
            assert!(wrong.parse::<UidSet>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn counts_and_finds() {
        let uids = set("2:4,8,4294967295");
        assert_eq!(uids.len(), 5);
        assert_eq!(
            uids.iter().rev().collect::<Vec<_>>(),
            [u32::MAX, 8, 4, 3, 2]
        );
        assert!([2, 4, 8, u32::MAX].iter().all(|&uid| uids.contains(uid)));
        assert!(![1, 5, 7, 9].iter().any(|&uid| uids.contains(uid)));
    }

    #[test]
    fn agrees_with_plain_sets() {
        let plain = |bits: u32| {
            (1..=10)
                .filter(move |i| bits >> i & 1 == 1)
                .collect::<UidSet>()
        };
        for a in (0..2048).step_by(7) {
            for b in (0..2048).step_by(11) {
                assert_eq!(plain(a).union(&plain(b)), plain(a | b));
                assert_eq!(plain(a).intersection(&plain(b)), plain(a & b));
                assert_eq!(
                    plain(a).difference(&plain(b)),
                    plain(a & !b),
                    "{} {}",
                    plain(a),
                    plain(b)
                );
            }
        }
    }
}
