//! IMAP's `date-time` (`"17-Jul-1996 02:44:25 -0700"`, RFC 9051 §9) as seconds since the Unix epoch.

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Seconds since the Unix epoch, UTC; `None` if it is no date.
pub(crate) fn epoch_seconds(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let mut words = text.split_ascii_whitespace();
    let mut date = words.next()?.split('-');
    let day = in_range(date.next()?, 1, 31)?;
    let month = date.next()?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|&name| name == month)? as i64 + 1;
    let year = in_range(date.next()?, 1, 9999)?;
    let mut time = words.next()?.split(':');
    let hour = in_range(time.next()?, 0, 23)?;
    let minute = in_range(time.next()?, 0, 59)?;
    let second = in_range(time.next().unwrap_or("0"), 0, 60)?;
    let local = days_since_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some(local - words.next().and_then(zone_seconds).unwrap_or(0))
}

fn in_range(text: &str, low: i64, high: i64) -> Option<i64> {
    text.parse()
        .ok()
        .filter(|number| (low..=high).contains(number))
}

/// `+hhmm` in seconds.
fn zone_seconds(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = digits.split_at_checked(2)?;
    Some(sign * (in_range(hours, 0, 24)? * 3600 + in_range(minutes, 0, 59)? * 60))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar (years counted from March).
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::epoch_seconds;

    #[test]
    fn reads_dates_in_any_zone() {
        for (text, expected) in [
            ("01-Jan-1970 00:00:00 +0000", Some(0)),
            ("17-Jul-1996 02:44:25 -0700", Some(837_596_665)),
            (" 1-Mar-2024 00:00:00 +0100", Some(1_709_247_600)),
            ("29-Feb-2000 23:59:60 +0000", Some(951_868_800)),
            ("31-Dec-1969 23:59:59 +0000", Some(-1)),
            ("NIL", None),
            ("32-Jan-2020 00:00:00 +0000", None),
            ("", None),
        ] {
            assert_eq!(epoch_seconds(text.as_bytes()), expected, "{text}");
        }
    }
}
