//! How often something repeats (RFC 5545 §3.3.10) in words. A rule with a part that is not told is not told at
//! all: half of it would name the wrong days.

use std::fmt::Write as _;

use time::{Date, Month, Weekday};

use super::when::{date_time, day, weekday};

/// Days and months of one rule that are told.
const MAX_NAMED: usize = 14;

/// The parts of a rule.
struct Rule<'r> {
    parts: Vec<(String, &'r str)>,
    /// The day on which it begins.
    start: Option<Date>,
}

/// How often, in words, for something that begins on `start`; `None` if the rule cannot be told.
pub(super) fn told(rule: &str, start: Option<Date>) -> Option<String> {
    let parts = rule.split(';').filter_map(|part| part.split_once('='));
    let parts = parts.map(|(key, value)| (key.trim().to_ascii_uppercase(), value.trim()));
    let parts = parts.take(30).collect();
    let rule = Rule { parts, start };
    let unit = match rule.part("FREQ")?.to_ascii_uppercase().as_str() {
        "YEARLY" => "year",
        "MONTHLY" => "month",
        "WEEKLY" => "week",
        "DAILY" => "day",
        "HOURLY" => "hour",
        _ => return None,
    };
    let mut words = match rule.number("INTERVAL").filter(|every| *every > 1) {
        Some(every) => format!("every {every} {unit}s"),
        None => format!("every {unit}"),
    };
    words.push_str(&rule.days(unit)?);
    if let Some(times) = rule.number("COUNT") {
        let _ = write!(words, ", {times} times");
    }
    if let Some(until) = rule.part("UNTIL") {
        let _ = write!(words, ", until {}", day(date_time(until)?.date()));
    }
    Some(words)
}

impl Rule<'_> {
    fn part(&self, name: &str) -> Option<&str> {
        let found = self.parts.iter().find(|(key, _)| key == name);
        found.map(|&(_, value)| value)
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.part(name)?.parse().ok()
    }

    /// On which days, in which months; empty if the start says it all.
    fn days(&self, unit: &str) -> Option<String> {
        let told = ["BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"];
        let is_other = |key: &str| key.starts_with("BY") && !told.contains(&key);
        if self.parts.iter().any(|(key, _)| is_other(key)) {
            return None;
        }
        let months = match self.part("BYMONTH") {
            Some(months) => Some(named_months(months)?),
            None => None,
        };
        // Within a year a day means nothing without its month.
        let is_within = unit == "month" || (unit == "year" && months.is_some());
        let days = match (
            self.part("BYDAY"),
            self.part("BYMONTHDAY"),
            self.part("BYSETPOS"),
        ) {
            (None, None, None) => None,
            (Some(days), None, None) => {
                let has_numbers = days.contains(|c: char| c.is_ascii_digit());
                let is_meant = if has_numbers {
                    is_within
                } else {
                    unit == "week" || unit == "day"
                };
                Some(is_meant.then(|| named_days(days))??)
            }
            (Some(days), None, Some(place)) if is_within => {
                Some(format!("the {} {}", place_of(place)?, kind_of(days)?))
            }
            (None, Some(days), None) if is_within => {
                let is_start = self
                    .start
                    .is_some_and(|start| start.day().to_string() == days);
                if is_start {
                    None
                } else {
                    Some(named_month_days(days)?)
                }
            }
            _ => return None,
        };
        let is_start = |months: &str| {
            let month = self.start.map(|start| start.month().to_string());
            month.as_deref() == Some(months)
        };
        Some(match (days, months) {
            (None, None) => String::new(),
            (Some(days), None) => format!(" on {days}"),
            (Some(days), Some(months)) if unit == "year" => format!(" on {days} of {months}"),
            (Some(days), Some(months)) => format!(" on {days}, in {months}"),
            (None, Some(months)) if unit == "year" && is_start(&months) => String::new(),
            (None, Some(months)) => format!(" in {months}"),
        })
    }
}

/// Each piece between commas in words; `None` if one of them cannot be told.
fn each(list: &str, named: impl Fn(&str) -> Option<String>) -> Option<String> {
    let named = list.split(',').map(|one| named(one.trim()));
    let named: Vec<String> = named.take(MAX_NAMED + 1).collect::<Option<_>>()?;
    (named.len() <= MAX_NAMED).then(|| named.join(", "))
}

/// `2TU,-1FR` as "the second Tuesday, the last Friday".
fn named_days(days: &str) -> Option<String> {
    each(days, |one| {
        let (nth, name) = one.split_at_checked(one.len().checked_sub(2)?)?;
        let name = weekday(name)?;
        Some(match nth {
            "" => name.to_string(),
            nth => format!("the {} {name}", place_of(nth)?),
        })
    })
}

fn place_of(nth: &str) -> Option<&'static str> {
    Some(match nth.trim_start_matches('+') {
        "1" => "first",
        "2" => "second",
        "3" => "third",
        "4" => "fourth",
        "-1" => "last",
        _ => return None,
    })
}

/// What the days of a week are together: `MO,TU,WE,TH,FR` is a weekday.
fn kind_of(days: &str) -> Option<String> {
    let days = days.split(',').take(MAX_NAMED);
    let days: Vec<Weekday> = days.map(|one| weekday(one.trim())).collect::<Option<_>>()?;
    let count = |from: Weekday, more: u8| {
        (0..more)
            .filter(|&day| days.contains(&from.nth_next(day)))
            .count()
    };
    Some(
        match (count(Weekday::Monday, 5), count(Weekday::Saturday, 2)) {
            (5, 0) => "weekday".to_owned(),
            (0, 2) => "day of a weekend".to_owned(),
            (5, 2) => "day".to_owned(),
            (1, 0) | (0, 1) => days.first()?.to_string(),
            _ => return None,
        },
    )
}

/// `1,-1` as "the 1st, the last day".
fn named_month_days(days: &str) -> Option<String> {
    each(days, |one| {
        let day = match one {
            "-1" => return Some("the last day".to_owned()),
            one => one
                .parse::<u8>()
                .ok()
                .filter(|day| (1..=31).contains(day))?,
        };
        let ending = match (day / 10, day % 10) {
            (1, _) => "th",
            (_, 1) => "st",
            (_, 2) => "nd",
            (_, 3) => "rd",
            _ => "th",
        };
        Some(format!("the {day}{ending}"))
    })
}

fn named_months(months: &str) -> Option<String> {
    each(months, |one| {
        let month = Month::try_from(one.parse::<u8>().ok()?).ok()?;
        Some(month.to_string())
    })
}
