//! Sizes in words: "48 KB", "1.2 MB".

/// `bytes` in the largest unit that leaves at least 1, with one decimal below 10.
/// A kilobyte is 1,024 bytes, as in the limits of mail servers.
#[must_use]
pub fn words(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut unit = "KB";
    // In tenths, so that no float is needed.
    let mut tenths = tenths_of(bytes, 1024);
    for larger in ["MB", "GB", "TB"] {
        if tenths < 10_000 {
            break;
        }
        unit = larger;
        tenths = tenths.div_ceil(1024);
    }
    if tenths < 100 && !tenths.is_multiple_of(10) && unit != "KB" {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    } else {
        format!("{} {unit}", (tenths + 5) / 10)
    }
}

fn tenths_of(bytes: u64, unit: u64) -> u64 {
    bytes.saturating_mul(10).saturating_add(unit / 2) / unit
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn says_sizes_as_people_do() {
        assert_eq!(words(0), "0 B");
        assert_eq!(words(1023), "1023 B");
        assert_eq!(words(1024), "1 KB");
        assert_eq!(words(48 * 1024 + 100), "48 KB");
        assert_eq!(words(640 * 1024), "640 KB");
        assert_eq!(words(1_258_291), "1.2 MB");
        assert_eq!(words(25 * 1024 * 1024), "25 MB");
        assert_eq!(words(6_657_199_309), "6.2 GB");
        assert!(words(u64::MAX).ends_with("TB"));
    }
}
