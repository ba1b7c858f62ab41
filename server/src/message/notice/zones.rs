//! Time zones as an invitation brings them along (RFC 5545 §3.6.5): what a clock there is ahead of UTC at a
//! given time. Knows yearly rules of the kind "last Sunday in March", which is what such zones are made of.

use time::{Date, Duration, Month, PrimitiveDateTime, Weekday};

use super::{
    content_lines::Line,
    when::{date_time, weekday},
};

/// One zone.
#[derive(Debug, Default)]
pub(super) struct Zone {
    pub(super) id: String,
    observances: Vec<Observance>,
}

/// Standard time or daylight-saving time, from a moment on or every year.
#[derive(Debug)]
struct Observance {
    start: PrimitiveDateTime,
    /// Minutes ahead of UTC.
    offset: i32,
    rule: Option<Rule>,
}

/// Every year in this month on the `nth` of these days, counted from the end if negative.
#[derive(Debug, Clone, Copy)]
struct Rule {
    month: Month,
    nth: i8,
    day: Weekday,
}

/// Zones and observances of one file.
const MAX: usize = 50;

/// All zones of a file.
pub(super) fn read(lines: &[Line]) -> Vec<Zone> {
    let mut zones: Vec<Zone> = Vec::new();
    let mut within = None;
    let mut observance: Vec<&Line> = Vec::new();
    for line in lines {
        let value = line.value.trim().to_ascii_uppercase();
        match (line.name.as_str(), value.as_str()) {
            ("BEGIN", "VTIMEZONE") if zones.len() < MAX => zones.push(Zone::default()),
            ("BEGIN", "STANDARD" | "DAYLIGHT") => {
                within = Some(());
                observance.clear();
            }
            ("END", "STANDARD" | "DAYLIGHT") => {
                within = None;
                if let (Some(zone), Some(read)) = (zones.last_mut(), read_one(&observance))
                    && zone.observances.len() < MAX
                {
                    zone.observances.push(read);
                }
            }
            ("TZID", _) => {
                if let Some(zone) = zones.last_mut().filter(|zone| zone.id.is_empty()) {
                    line.value.trim().clone_into(&mut zone.id);
                }
            }
            _ if within.is_some() => observance.push(line),
            _ => {}
        }
    }
    zones
}

fn read_one(lines: &[&Line]) -> Option<Observance> {
    let value = |name: &str| lines.iter().find(|line| line.name == name);
    let start = date_time(&value("DTSTART")?.value)?;
    let offset = offset(value("TZOFFSETTO")?.value.trim())?;
    let rule = value("RRULE").and_then(|line| rule(&line.value));
    Some(Observance {
        start,
        offset,
        rule,
    })
}

/// `+0530`, in minutes.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => (1, text),
    };
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4)?.parse().ok()?;
    Some(sign * (hours * 60 + minutes))
}

fn rule(text: &str) -> Option<Rule> {
    let (mut month, mut by_day) = (None, None);
    for piece in text.split(';') {
        match piece.split_once('=')? {
            ("BYMONTH", number) => {
                let number: u8 = number.trim().parse().ok()?;
                month = Month::try_from(number).ok();
            }
            ("BYDAY", day) => by_day = Some(day.trim()),
            _ => {}
        }
    }
    let by_day = by_day?;
    let (nth, day) = by_day.split_at_checked(by_day.len().checked_sub(2)?)?;
    Some(Rule {
        month: month?,
        nth: if nth.is_empty() { 1 } else { nth.parse().ok()? },
        day: weekday(day)?,
    })
}

impl Rule {
    fn in_year(self, year: i32) -> Option<Date> {
        let first = Date::from_calendar_date(year, self.month, 1).ok()?;
        let days = i64::from(self.month.length(year));
        let of_day = |date: Date| {
            let (from, to) = (
                date.weekday().number_days_from_monday(),
                self.day.number_days_from_monday(),
            );
            i64::from((7 + to - from) % 7)
        };
        let to_first = of_day(first);
        let nth = if self.nth > 0 {
            to_first + 7 * (i64::from(self.nth) - 1)
        } else {
            let last = to_first + (days - 1 - to_first) / 7 * 7;
            last + 7 * (i64::from(self.nth) + 1)
        };
        first.checked_add(Duration::days(nth))
    }
}

impl Observance {
    /// When it last began, before or at this time.
    fn onset(&self, at: PrimitiveDateTime) -> Option<PrimitiveDateTime> {
        let began = |year| {
            let date = self.rule?.in_year(year)?;
            Some(PrimitiveDateTime::new(date, self.start.time()))
        };
        [began(at.year()), began(at.year() - 1), Some(self.start)]
            .into_iter()
            .flatten()
            .find(|onset| *onset <= at && *onset >= self.start)
    }
}

impl Zone {
    /// Minutes that a clock there is ahead of UTC when it shows this.
    pub(super) fn offset_at(&self, at: PrimitiveDateTime) -> Option<i32> {
        let onsets = self.observances.iter();
        let latest = onsets
            .filter_map(|one| Some((one.onset(at)?, one.offset)))
            .max_by_key(|(onset, _)| *onset);
        let any = || self.observances.first().map(|one| one.offset);
        latest.map(|(_, offset)| offset).or_else(any)
    }
}
