//! How much of a date is worth saying. The words themselves are the browser's (`browser/intl`).

/// A day in the person's own time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Such as 2026.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// How much of a date is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Short {
    /// It was today: the time alone.
    Time,
    /// It was this year: day and month.
    DayAndMonth,
    /// Day, month and year.
    WithYear,
}

/// What to say of `then` if today is `today`. A day to come says its year, since it is a mistake or a lie.
#[must_use]
pub fn short(then: Day, today: Day) -> Short {
    let of = |day: Day| (day.month, day.day);
    if then == today {
        Short::Time
    } else if then.year == today.year && of(then) < of(today) {
        Short::DayAndMonth
    } else {
        Short::WithYear
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Short, short};

    #[test]
    fn says_no_more_than_needed() {
        let day = |year, month, day| Day { year, month, day };
        let today = day(2026, 11, 26);
        assert_eq!(short(today, today), Short::Time);
        assert_eq!(short(day(2026, 11, 25), today), Short::DayAndMonth);
        assert_eq!(short(day(2026, 1, 1), today), Short::DayAndMonth);
        assert_eq!(short(day(2025, 12, 31), today), Short::WithYear);
        assert_eq!(short(day(2026, 11, 27), today), Short::WithYear);
        assert_eq!(short(day(1970, 1, 1), today), Short::WithYear);
    }
}
