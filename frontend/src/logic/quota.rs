//! How full an account is: in words, and how much that matters.

use whimbrel_shared::Quota;

use super::sizes;

/// From here on a person is warned. Percent.
pub const WARNING: u32 = 80;
/// From here on it is an alarm: soon no new mail arrives. Percent.
pub const DANGER: u32 = 95;

/// The part that is taken, in percent. More than 100 where the limit was lowered.
#[must_use]
pub fn percent(quota: Quota) -> u32 {
    let percent = quota.used.saturating_mul(100) / quota.limit.max(1);
    u32::try_from(percent).unwrap_or(u32::MAX)
}

/// Which of the marks was passed: 0, [`WARNING`] or [`DANGER`].
#[must_use]
pub fn level(percent: u32) -> u32 {
    match percent {
        0..WARNING => 0,
        WARNING..DANGER => WARNING,
        _ => DANGER,
    }
}

/// The mark that a person has been told of, once so much is taken. It is news where it is above
/// `before`; a little room more does not make the same mark news again.
#[must_use]
pub fn told(before: u32, percent: u32) -> u32 {
    before
        .min(level(percent.saturating_add(5)))
        .max(level(percent))
}

/// "3.1 of 5 GB".
#[must_use]
pub fn words(quota: Quota) -> String {
    let (used, limit) = (sizes::words(quota.used), sizes::words(quota.limit));
    let unit = limit.rsplit(' ').next().unwrap_or_default();
    let used = used.strip_suffix(unit).map_or(&*used, str::trim_end);
    format!("{used} of {limit}")
}

/// What is so, and what to do; nothing where there is room.
#[must_use]
pub fn advice(percent: u32) -> &'static str {
    match percent {
        0..WARNING => "",
        WARNING..DANGER => "Your mailbox is filling up. Delete large messages and empty the trash.",
        DANGER..100 => "Your mailbox is almost full. Delete large messages and empty the trash.",
        _ => "Your mailbox is full. Delete large messages and empty the trash.",
    }
}

#[cfg(test)]
mod tests {
    use super::{advice, level, percent, told, words};
    use whimbrel_shared::Quota;

    fn quota(used: u64, limit: u64) -> Quota {
        Quota { used, limit }
    }

    #[test]
    fn amounts_share_their_unit() {
        const GB: u64 = 1 << 30;
        assert_eq!(words(quota(3 * GB + GB / 10, 5 * GB)), "3.1 of 5 GB");
        assert_eq!(words(quota(640 << 20, 5 * GB)), "640 MB of 5 GB");
        assert_eq!(words(quota(0, 1 << 20)), "0 B of 1 MB");
        assert_eq!(words(quota(7, 100)), "7 of 100 B");
    }

    #[test]
    fn it_matters_from_80_and_from_95_percent() {
        assert_eq!(percent(quota(799, 1000)), 79);
        assert_eq!(percent(quota(u64::MAX, 1)), u32::MAX);
        assert_eq!(percent(quota(5, 0)), 500);
        let levels = [0, 79, 80, 94, 95, 100, 4000].map(level);
        assert_eq!(levels, [0, 0, 80, 80, 95, 95, 95]);
        assert!(advice(79).is_empty() && advice(80).contains("Delete"));
    }

    #[test]
    fn a_mark_is_news_once_until_there_is_room_again() {
        let mut before = 0;
        let mut news = Vec::new();
        for percent in [70, 80, 79, 81, 96, 94, 97, 100, 60, 85, 99] {
            let now = told(before, percent);
            if now > before {
                news.push(percent);
            }
            before = now;
        }
        assert_eq!(news, [80, 96, 85, 99]);
    }
}
