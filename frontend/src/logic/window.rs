//! Which rows of a long list are in the page: those in sight, and some on either side so that
//! normal scrolling meets no empty place.

use std::ops::Range;

/// Rows kept on either side of those in sight.
pub const OVERSCAN: usize = 10;
/// However high the window is, no more rows than this are in the page.
const AT_MOST: usize = 120;

/// What is seen of a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// Pixels scrolled.
    pub top: f64,
    /// Height of what is seen, in pixels.
    pub height: f64,
    /// Height of a row, in pixels; positive.
    pub row: f64,
}

impl Sight {
    /// Where a row begins, in pixels from the beginning of the list.
    #[must_use]
    pub fn top_of(&self, index: usize) -> f64 {
        Self::top_of_row(self.row, index)
    }

    /// The same for rows of this height.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "rows are far below 2^53")]
    pub fn top_of_row(row: f64, index: usize) -> f64 {
        index as f64 * row
    }

    /// The rows that are at least partly in sight.
    #[must_use]
    pub fn rows(&self, total: usize) -> Range<usize> {
        let row = self.row.max(1.0);
        // Floats become whole numbers by cutting, and never negative ones.
        let first = (self.top.max(0.0) / row) as usize;
        let end = ((self.top.max(0.0) + self.height.max(0.0)) / row).ceil() as usize;
        first.min(total)..end.min(total).min(first.saturating_add(AT_MOST))
    }

    /// The rows that are kept in the page.
    #[must_use]
    pub fn kept(&self, total: usize) -> Range<usize> {
        let seen = self.rows(total);
        seen.start.saturating_sub(OVERSCAN)..seen.end.saturating_add(OVERSCAN).min(total)
    }

    /// Where to scroll so that a row is wholly in sight; `None` if it is.
    #[must_use]
    pub fn reveal(&self, index: usize) -> Option<f64> {
        let (above, below) = (self.top_of(index), self.top_of(index.saturating_add(1)));
        if above < self.top {
            Some(above)
        } else if below > self.top + self.height {
            Some(below - self.height)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AT_MOST, OVERSCAN, Sight};

    fn sight(top: f64) -> Sight {
        Sight {
            top,
            height: 700.0,
            row: 72.0,
        }
    }

    #[test]
    fn rows_in_sight_are_kept_with_neighbours() {
        assert_eq!(sight(0.0).rows(100_000), 0..10);
        assert_eq!(sight(36.0).rows(100_000), 0..11);
        assert_eq!(sight(0.0).kept(100_000), 0..10 + OVERSCAN);
        assert_eq!(sight(7_200.0).kept(100_000), 90..110 + OVERSCAN);
    }

    #[test]
    fn the_ends_of_the_list_bound_what_is_kept() {
        assert_eq!(sight(0.0).kept(3), 0..3);
        assert_eq!(sight(1e9).kept(5), 0..5);
        assert_eq!(sight(-50.0).rows(5), 0..5);
        assert_eq!(sight(0.0).kept(0), 0..0);
    }

    #[test]
    fn however_high_the_window_the_page_stays_small() {
        let huge = Sight {
            top: 0.0,
            height: 1e7,
            row: 36.0,
        };
        assert!(huge.kept(100_000).len() <= AT_MOST + 2 * OVERSCAN);
    }

    #[test]
    fn scrolling_to_a_row_moves_no_more_than_needed() {
        assert_eq!(sight(720.0).reveal(10), None);
        assert_eq!(sight(720.0).reveal(2), Some(144.0));
        assert_eq!(sight(0.0).reveal(50), Some(51.0 * 72.0 - 700.0));
    }
}
