//! The `Date` header of a letter (RFC 5322 §3.3), from seconds since the Unix epoch.

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// Such as `Sun, 22 Nov 2026 12:00:00 +0100`, in a time zone of so many minutes east.
pub(super) fn header(seconds: i64, minutes_east: i64) -> String {
    let local = seconds + minutes_east * 60;
    let (days, time) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let sign = if minutes_east < 0 { '-' } else { '+' };
    let zone = minutes_east.abs();
    format!(
        "{}, {day} {} {year} {:02}:{:02}:{:02} {sign}{:02}{:02}",
        DAYS[days.rem_euclid(7) as usize],
        MONTHS[month - 1],
        time / 3600,
        time / 60 % 60,
        time % 60,
        zone / 60,
        zone % 60,
    )
}

// Year, month (1 to 12) and day of so many days after 1970-01-01, in the Gregorian calendar.
// Counts from 1 March of year 0, so that the leap day is the last of its year.
fn civil(days: i64) -> (i64, usize, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as usize, day)
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn known_days() {
        assert_eq!(header(0, 0), "Thu, 1 Jan 1970 00:00:00 +0000");
        assert_eq!(header(951_782_400, 0), "Tue, 29 Feb 2000 00:00:00 +0000");
        assert_eq!(
            header(1_795_305_600, -210),
            "Sat, 21 Nov 2026 20:30:00 -0330"
        );
    }
}
