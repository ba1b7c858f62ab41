//! The dates and times of invitations (RFC 5545 §3.3) in words: when, in which time zone.

use std::fmt::Write as _;

use time::{Date, Duration, Month, PrimitiveDateTime, Time, Weekday};

use super::{content_lines::Line, zones::Zone};

/// `20261203T150000`, with or without `Z`; a date alone is its midnight.
pub(super) fn date_time(text: &str) -> Option<PrimitiveDateTime> {
    let text = text.trim();
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u16>().ok();
    let month = Month::try_from(u8::try_from(number(4..6)?).ok()?).ok()?;
    let day = u8::try_from(number(6..8)?).ok()?;
    let date = Date::from_calendar_date(i32::from(number(0..4)?), month, day).ok()?;
    let time = match text.get(8..9) {
        Some("T") => {
            let part = |range| u8::try_from(number(range)?).ok();
            let second = part(13..15).unwrap_or(0).min(59);
            Time::from_hms(part(9..11)?, part(11..13)?, second).ok()?
        }
        _ => Time::MIDNIGHT,
    };
    Some(PrimitiveDateTime::new(date, time))
}

/// `MO`, `TU`, …
pub(super) fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}

/// From when to when, in words; `None` if the start cannot be read.
pub(super) fn span(
    start: &Line,
    end: Option<&Line>,
    duration: Option<&Line>,
    zones: &[Zone],
) -> Option<String> {
    let from = date_time(&start.value)?;
    let is_day = is_day(start);
    let until = end
        .and_then(|line| date_time(&line.value))
        .or_else(|| from.checked_add(length(&duration?.value)?))
        .filter(|until| *until > from);
    if is_day {
        let last = until.and_then(|until| until.date().previous_day());
        let last = last.filter(|last| *last > from.date());
        return Some(match last {
            Some(last) => format!("{} to {}, all day", day(from.date()), day(last)),
            None => format!("{}, all day", day(from.date())),
        });
    }
    let mut words = format!("{}, {}", day(from.date()), clock(from.time()));
    match until {
        Some(until) if until.date() == from.date() => {
            let _ = write!(words, " to {}", clock(until.time()));
        }
        Some(until) => {
            let _ = write!(words, " to {}, {}", day(until.date()), clock(until.time()));
        }
        None => {}
    }
    words.push_str(&zone(start, from, zones));
    let other = end.filter(|end| end.parameter("TZID") != start.parameter("TZID"));
    if let Some((end, until)) = other.zip(until) {
        let there = zone(end, until, zones);
        let _ = write!(words, "; the end is in{there}");
    }
    Some(words)
}

/// What a list of moments names, in words: a day alone where the time is that of `start`.
pub(super) fn one_of(line: &Line, value: &str, start: Option<&Line>, zones: &[Zone]) -> String {
    // Of a period, when it begins.
    let value = value.split('/').next().unwrap_or_default();
    let line = line.with(value);
    let zone = line.parameter("TZID");
    let start = start.filter(|start| start.parameter("TZID") == zone);
    let start = start.and_then(|start| date_time(&start.value));
    match (date_time(value), start) {
        (Some(at), Some(start)) if at.time() == start.time() => day(at.date()),
        _ => moment(&line, zones).unwrap_or_else(|| value.to_owned()),
    }
}

/// One moment, in words.
pub(super) fn moment(line: &Line, zones: &[Zone]) -> Option<String> {
    let at = date_time(&line.value)?;
    if is_day(line) {
        return Some(day(at.date()));
    }
    let zone = zone(line, at, zones);
    Some(format!("{}, {}{zone}", day(at.date()), clock(at.time())))
}

fn is_day(line: &Line) -> bool {
    line.parameter("VALUE")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("date"))
        || line.value.trim().len() == 8
}

/// In which zone a time is, and how far its clocks are ahead of UTC then.
fn zone(line: &Line, at: PrimitiveDateTime, zones: &[Zone]) -> String {
    if line.value.trim().ends_with(['Z', 'z']) {
        return " UTC".to_owned();
    }
    let Some(id) = line.parameter("TZID") else {
        return " (local time, no time zone is named)".to_owned();
    };
    let known = zones.iter().find(|zone| zone.id == id);
    let offset = known.and_then(|zone| zone.offset_at(at));
    // `/example.org/Tzfile/Europe/Oslo`, of which the last two name the zone.
    let shown = match id.rmatch_indices('/').nth(1) {
        Some((at, _)) if id.starts_with('/') => id.get(at..).unwrap_or_default(),
        _ => id,
    };
    let name: String = shown.trim_start_matches('/').chars().take(80).collect();
    match offset {
        Some(minutes) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
            format!(" ({name}, UTC{sign}{hours:02}:{minutes:02})")
        }
        None => format!(" ({name})"),
    }
}

/// `PT1H30M`, `P1D`, `P2W` (RFC 5545 §3.3.6).
fn length(text: &str) -> Option<Duration> {
    let text = text.trim().trim_start_matches('+').strip_prefix('P')?;
    let mut length = Duration::ZERO;
    let mut number: i64 = 0;
    for c in text.chars() {
        let unit = match c {
            'T' => continue,
            'W' => Duration::WEEK,
            'D' => Duration::DAY,
            'H' => Duration::HOUR,
            'M' => Duration::MINUTE,
            'S' => Duration::SECOND,
            digit => {
                let digit = i64::from(digit.to_digit(10)?);
                number = number.checked_mul(10)?.checked_add(digit)?;
                continue;
            }
        };
        let seconds = unit.whole_seconds().checked_mul(number)?;
        length = length.checked_add(Duration::seconds(seconds))?;
        number = 0;
    }
    Some(length)
}

pub(super) fn day(date: Date) -> String {
    let (day, month, year) = (date.day(), date.month(), date.year());
    format!("{}, {day} {month} {year}", date.weekday())
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
