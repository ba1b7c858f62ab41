//! `Date` fields: as RFC 5322 §3.3 wants them, and as programs wrote them all the same. A date is told by what its
//! words are, hardly by their order; what may mean two days is no date.

use mail_parser::DateTime;

use crate::message::encoded_word;

/// Bytes of a field that are looked at.
const MAX_FIELD: usize = 200;
/// Years that can be meant: mail began, and no sender's clock is this far off.
const PLAUSIBLE: std::ops::Range<i64> = 0..7_258_118_400;
/// What a number alone may be in seconds since the Unix epoch: 1990 to 2100.
const PLAUSIBLE_ALONE: std::ops::Range<i64> = 631_152_000..4_102_444_800;
/// How months begin, in lower case.
const MONTHS: [&[&str]; 12] = [
    &["jan", "jän", "ene", "gen", "sty", "янв"],
    &["feb", "fév", "fev", "lut", "фев"],
    &["mar", "mär", "mrz", "maa", "мар"],
    &["apr", "avr", "abr", "kwi", "апр"],
    &["may", "mai", "mag", "maj", "mei", "май", "мая"],
    &["jun", "juin", "giu", "cze", "июн"],
    &["jul", "juil", "lug", "lip", "июл"],
    &["aug", "aoû", "aou", "ago", "sie", "авг"],
    &["sep", "set", "wrz", "сен"],
    &["oct", "okt", "ott", "out", "paź", "окт"],
    &["nov", "noi", "lis", "ноя"],
    &["dec", "dez", "déc", "dic", "des", "gru", "дек"],
];
const CHINESE: [&str; 12] = [
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二",
];
/// Zones that go by a name which means one thing only, in minutes.
const ZONES: [(&str, i32); 29] = [
    ("edt", -240),
    ("est", -300),
    ("cdt", -300),
    ("cst", -360),
    ("mdt", -360),
    ("mst", -420),
    ("pdt", -420),
    ("pst", -480),
    ("akdt", -480),
    ("akst", -540),
    ("hst", -600),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("met", 60),
    ("cest", 120),
    ("mest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("msd", 240),
    ("hkt", 480),
    ("sgt", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
];

/// Seconds since the Unix epoch, UTC; `None` if the field tells no day that can be meant. Without a zone it is
/// anybody's guess; UTC is at most half a day wrong.
pub(super) fn read(value: &[u8]) -> Option<i64> {
    let text = encoded_word::decode(value.get(..value.len().min(MAX_FIELD))?);
    if text.trim().bytes().all(|b| b.is_ascii_digit()) {
        let alone = text.trim().parse().ok();
        return alone.filter(|seconds| PLAUSIBLE_ALONE.contains(seconds));
    }
    let words = words(&text);
    let (clock_at, clock) = clock(&words).unwrap_or((words.len(), (0, 0, 0)));
    let after = words.get(clock_at + 1..).unwrap_or_default();
    let half = after.first().map(String::as_str);
    let is_american = matches!(half, Some("am" | "pm"));
    let slashed = || words.iter().find_map(|word| slashed(word, is_american));
    let (year, month, day) = slashed().or_else(|| day(&words, clock_at))?;
    let (mut hour, minute, second) = clock;
    match half {
        Some("pm") if hour < 12 => hour += 12,
        Some("am") if hour == 12 => hour = 0,
        _ => {}
    }
    let date = DateTime {
        year: u16::try_from(year).ok()?,
        month: month as u8,
        day: day as u8,
        hour: 0,
        minute: 0,
        second: 0,
        tz_before_gmt: false,
        tz_hour: 0,
        tz_minute: 0,
    };
    let offset = after.iter().find_map(|word| zone(word)).unwrap_or(0);
    let within = i64::from(hour * 3600 + minute * 60 + second) - i64::from(offset) * 60;
    Some(date.to_timestamp() + within).filter(|seconds| PLAUSIBLE.contains(seconds))
}

/// The words in lower case, without comments; a time stands alone, whatever stood at it.
fn words(text: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut plain = String::with_capacity(text.len());
    for c in text.to_lowercase().chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '"' | ',' | ';' => plain.push(' '),
            ':' => {
                plain.truncate(plain.trim_end().len());
                plain.push(':');
            }
            c if c.is_whitespace() && plain.ends_with(':') => {}
            c => plain.push(c),
        }
    }
    let mut words = Vec::new();
    for word in plain.split_whitespace() {
        let is_clock = word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(':');
        // 2026-03-03T09:12:00.5+01:00
        let (day, clock) = match word.split_once('t') {
            Some(parts) if is_clock && !parts.0.contains(':') => parts,
            _ => ("", word),
        };
        words.extend(Some(day.to_owned()).filter(|day| !day.is_empty()));
        let end = clock.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.');
        let (clock, zone) = clock.split_at(end.filter(|_| is_clock).unwrap_or(clock.len()));
        words.push(clock.to_owned());
        words.extend(Some(zone.to_owned()).filter(|zone| !zone.is_empty()));
    }
    words
}

/// Where the time of day stands, and what it is.
fn clock(words: &[String]) -> Option<(usize, (u32, u32, u32))> {
    let with = |between: char| {
        let times = words.iter().enumerate();
        times.filter_map(move |(at, word)| Some((at, time(word, between)?)))
    };
    // With dots it may as well be a day, which stands before the time.
    with(':').next().or_else(|| with('.').next_back())
}

/// Hour, minute and second, of which parts do not count.
fn time(word: &str, between: char) -> Option<(u32, u32, u32)> {
    let number = |digits: &str| match digits.len() {
        1 | 2 => digits.parse::<u32>().ok(),
        _ => None,
    };
    let mut parts = word.split(between);
    let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
    let second = match parts.next() {
        Some(second) => number(second.split('.').next()?)?,
        None if between == ':' => 0,
        None => return None,
    };
    let is_time = hour <= 24 && minute < 60 && second <= 60 && parts.next().is_none();
    is_time.then_some((hour, minute, second))
}

/// Year, month and day, which stand as one word or as three.
fn day(words: &[String], clock_at: usize) -> Option<(u32, u32, u32)> {
    let others = words.iter().enumerate();
    let others = others
        .filter(|&(at, _)| at != clock_at)
        .map(|(_, word)| word);
    let others: Vec<&str> = others
        .flat_map(|word| match word.find(['-', '/']) {
            Some(1..) => word.split(['-', '/']).collect(),
            _ => vec![word.as_str()],
        })
        .collect();
    for (at, word) in others.iter().enumerate() {
        let following = |more: usize| others.get(at + more).copied().and_then(number);
        let found = match (number(word), following(1), following(2)) {
            (Some(year @ 1000..), Some(month), Some(day)) => Some((year, month, day)),
            _ if word.matches('.').count() == 2 => dotted(word),
            (Some(day @ 1..=31), ..) => in_words(&others, at, day),
            _ => None,
        };
        if let Some((year, month, day)) = found {
            return real(year, month, day);
        }
    }
    None
}

/// 11/16/2026: the month comes first in America, where days have two halves, and the day elsewhere.
fn slashed(word: &str, is_american: bool) -> Option<(u32, u32, u32)> {
    let mut numbers = word.split('/').map(number);
    let (first, second, year) = (numbers.next()??, numbers.next()??, numbers.next()??);
    if year < 1000 || numbers.next().is_some() {
        return None;
    }
    if second > 12 || is_american || first == second {
        return real(year, first, second).or_else(|| real(year, second, first));
    }
    (first > 12).then(|| real(year, second, first))?
}

fn real(year: u32, month: u32, day: u32) -> Option<(u32, u32, u32)> {
    let is_real = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    is_real.then_some((year, month, day))
}

/// 3.12.2026, which is written where days come first.
fn dotted(word: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = word.split('.').map(number);
    let (day, month, year) = (numbers.next()??, numbers.next()??, numbers.next()??);
    (year >= 1000).then_some((year, month, day))
}

/// The month's name beside the number of the day, and the year somewhere behind both.
fn in_words(words: &[&str], day_at: usize, day: u32) -> Option<(u32, u32, u32)> {
    let month_at = |at: Option<usize>| words.get(at?).copied().and_then(month);
    // `mar 03/02/2026` is a Tuesday, and which day comes first is not known.
    let is_number = |more: usize| words.get(day_at + more).copied().and_then(number).is_some();
    let before = day_at
        .checked_sub(1)
        .filter(|_| !(is_number(1) && is_number(2)));
    let month = month_at(Some(day_at + 1)).or_else(|| month_at(before))?;
    let behind = words.get(day_at + 1..).unwrap_or_default();
    let year = behind.iter().find(|word| number(word).is_some())?;
    let year = match (year.len(), number(year)?) {
        (..=2, short @ ..50) => 2000 + short,
        (..=3, short) => 1900 + short,
        (_, year) => year,
    };
    Some((year, month, day))
}

/// A number, with what is said behind it: `3.`, `3rd`.
fn number(word: &str) -> Option<u32> {
    let ends = ["st", "nd", "rd", "th", "."];
    let digits = ends.iter().find_map(|end| word.strip_suffix(end));
    let digits = digits.unwrap_or(word);
    let is_number = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

fn month(word: &str) -> Option<u32> {
    let place = match word.strip_suffix('月') {
        Some(number) => match number.parse::<usize>() {
            Ok(number) => number.checked_sub(1).filter(|place| *place < 12),
            Err(_) => CHINESE.iter().position(|&name| name == number),
        },
        None => MONTHS
            .iter()
            .position(|names| names.iter().any(|name| word.starts_with(name))),
    };
    u32::try_from(place? + 1).ok().filter(|month| *month <= 12)
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// Minutes ahead of UTC; `None` if it is no zone.
fn zone(word: &str) -> Option<i32> {
    if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Some(*minutes);
    }
    let rest = ["gmt", "utc", "ut"]
        .iter()
        .find_map(|name| word.strip_prefix(name));
    if rest == Some("") || word == "z" {
        return Some(0);
    }
    let rest = rest.unwrap_or(word);
    let sign = match rest.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits: String = rest.chars().skip(1).filter(|&c| c != ':').collect();
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) = match digits.len() {
        ..=2 => (number, 0),
        _ => (number / 100, number % 100),
    };
    // Beyond that there is no place on Earth.
    Some(if hours <= 14 && minutes < 60 {
        sign * (hours * 60 + minutes)
    } else {
        0
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::read;

    #[track_caller]
    fn assert_read(text: &str, expected: Option<i64>) {
        assert_eq!(read(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn reads_dates_as_programs_wrote_them() {
        let noon = Some(1_772_529_120); // 3 March 2026, 09:12 UTC
        for text in [
            "Tue, 3 Mar 2026 10:12:00 +0100 (CET)",
            "Tue, 3 Mar 2026 09:12:00 UT",
            "3 Mar 26 09:12 -0000",
            "Tuesday, 3 March 2026 10:12:00 GMT+01:00",
            "Tue Mar  3 04:12:00 EST 2026",
            "Tue Mar  3 09:12:00 2026",
            "Mar 3, 2026 09:12:00 AM",
            "2026-03-03T10:12:00.25+01:00",
            "2026-03-03 09:12:00Z",
            "Tue, 03-Mar-2026 09:12:00 GMT",
            "03.03.2026 09:12:00",
            "Di, 3. Mär 2026 10:12:00 MEZ +0100",
            "mar., 3 mars 2026 10:12:00 +0100",
            "Вт, 3 мар 2026 12:12:00 +0300",
            "星期二, 3 三月 2026 17:12:00 +0800",
            "=?utf-8?q?Tue=2C_3_Mar_2026_09:12:00_Z?=",
            " \"Tue , 3 Mar 2026  9 : 12 : 00 +9999\"",
            "Tue, 3 Mar 2026 10.12.00 +1",
            "Tue, 3 Mar 2026 09:12:00GMT",
            "Tue, 3 Mar 2026 04:12:00EST",
            "3/3/2026 9:12:00 AM",
            "03/03/2026 09:12",
            " 1772529120 ",
        ] {
            assert_read(text, noon);
        }
        assert_read("mar., 3 févr. 2026 09:12:00 +0000", Some(1_770_109_920));
        assert_read("Tue, 3 Mar 2026 09:12:00 PM", Some(1_772_572_320));
        let nine = Some(1_794_819_600); // 16 November 2026, 09:00 UTC
        assert_read("11/16/2026 9:00:00 AM", nine);
        assert_read("11/16/2026 09:00:00", nine);
        assert_read("16/11/2026 09:00:00", nine);
        assert_read("3/4/2026 9:12:00 PM", Some(1_772_658_720));
        assert_read("Wed, 31 Dec 2008 23:59:60 +0000", Some(1_230_768_000));
        assert_read("Sun, 3 Mar 102 00:00:00 +0000", Some(1_015_113_600));
        assert_read("Tue, 3 Mar 98 24:00:00 +0000", Some(888_969_600));
        assert_read("Tue, 3 Mar 2026 25:12:00 +0100", Some(1_772_496_000));
        assert_read("Sun, 29 Feb 2004 00:00:00 +0000", Some(1_078_012_800));
    }

    #[test]
    fn what_is_no_day_is_no_date() {
        for text in [
            "",
            "yesterday",
            "531152000",
            "17725255200",
            "03/04/2026 09:12:00",
            "13/13/2026 09:12:00 AM",
            "mar 03/02/2026 09:12:00 +0100",
            "3 4294967296月 2026",
            "Mon, 30 Feb 2026 09:12:00 +0000",
            "Tue, 3 Mar 9999 09:12:00 +0000",
            "Tue, 3 Mar 0000 09:12:00 +0000",
            "Tue, 0 Mar 2026 09:12:00 +0000",
        ] {
            assert_read(text, None);
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,60}", words in "([0-9]{1,5}|mar|[+-][0-9]{0,6}|[0-9:.t-]{0,9}| ){0,12}") {
            let _ = (read(text.as_bytes()), read(words.as_bytes()));
        }

        #[test]
        fn what_is_right_is_read_as_a_parser_of_mail_does(seconds in 0_i64..4_000_000_000) {
            let date = mail_parser::DateTime::from_timestamp(seconds).to_rfc822();
            prop_assert_eq!(read(date.as_bytes()), Some(seconds));
        }
    }
}
