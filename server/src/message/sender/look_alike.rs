//! Domains and names that look like others without being them: by letters of other alphabets, by one letter more,
//! less or exchanged, or with the other's name in front of their own.

use unicode_security::{
    RestrictionLevel, RestrictionLevelDetection as _, confusable_detection::skeleton,
};

use super::organization;

/// Shorter names are one letter apart by chance.
const LEAST_LETTERS: usize = 5;
/// Longer ones are no domain names.
const MOST_LETTERS: usize = 253;

/// The first of `known` (domains, in ASCII) that `domain` looks like; `None` if it is of one of them itself.
#[must_use]
pub fn of_domain<'a>(
    domain: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    let own = organization(domain);
    let mut others = known.clone().filter(|known| !known.is_empty());
    if domain.len() > MOST_LETTERS || others.clone().any(|known| organization(known) == own) {
        return None;
    }
    let look = look(&own);
    others.find(|known| {
        let known = organization(known);
        domain.starts_with(&format!("{known}."))
            || look == self::look(&known)
            || is_near(&own, &known)
    })
}

/// Whether some label of a domain mixes alphabets as no language does (UTS 39 §5.2).
#[must_use]
pub fn is_mixed(domain: &str) -> bool {
    let (text, _) = idna::domain_to_unicode(domain);
    let mut labels = text.split('.');
    labels.any(|label| !label.check_restriction_level(RestrictionLevel::HighlyRestrictive))
}

/// A name as it looks, so that two that look the same are equal. Spaces at the ends and case do not count.
#[must_use]
pub fn look_of_name(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    skeletal(&words.join(" "))
}

fn look(domain: &str) -> String {
    let (text, _) = idna::domain_to_unicode(domain);
    skeletal(&text).replace("vv", "w").replace("cl", "d")
}

/// The skeleton of UTS 39 §4, of small letters, because what looks alike as a capital does not otherwise.
fn skeletal(text: &str) -> String {
    let plain: String = skeleton(&text.to_lowercase()).collect();
    skeleton(&plain.to_lowercase()).collect()
}

/// One letter more, less, other or exchanged with its neighbour, in front of the same ending.
fn is_near(one: &str, other: &str) -> bool {
    let (Some((one, its_end)), Some((other, end))) = (one.split_once('.'), other.split_once('.'))
    else {
        return false;
    };
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let is_long = one.len().min(other.len()) >= LEAST_LETTERS;
    is_long && its_end == end && one != other && is_one_off(&one, &other)
}

fn is_one_off(one: &[char], other: &[char]) -> bool {
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (
        one.get(start..).unwrap_or_default(),
        other.get(start..).unwrap_or_default(),
    );
    let behind = one.iter().rev().zip(other.iter().rev());
    let end = behind.take_while(|(a, b)| a == b).count();
    let (one, other) = (
        one.get(..one.len().saturating_sub(end)).unwrap_or_default(),
        other
            .get(..other.len().saturating_sub(end))
            .unwrap_or_default(),
    );
    match (one, other) {
        ([a, b], [c, d]) => a == d && b == c,
        _ => one.len() <= 1 && other.len() <= 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = [
        "fenwick.example",
        "mail.curlew.example",
        "paypal.example",
        "abc.example",
    ];

    fn like(domain: &str) -> Option<&'static str> {
        let (ascii, _) = (idna::domain_to_ascii(domain).unwrap(), ());
        of_domain(&ascii, KNOWN.into_iter())
    }

    #[test]
    fn tricks_are_seen_through() {
        for (domain, known) in [
            ("fenwlck.example", "fenwick.example"),
            ("fenwcik.example", "fenwick.example"),
            ("fenwik.example", "fenwick.example"),
            ("fenwickk.example", "fenwick.example"),
            ("fenvvick.example", "fenwick.example"),
            ("post.fenw1ck.example", "fenwick.example"),
            ("fenwіck.example", "fenwick.example"),
            ("fеnwісk.example", "fenwick.example"),
            ("paypa1.example", "paypal.example"),
            ("рaypal.example", "paypal.example"),
            ("curiew.example", "mail.curlew.example"),
            ("fenwick.example.account-check.test", "fenwick.example"),
        ] {
            assert_eq!(like(domain), Some(known), "{domain}");
        }
    }

    #[test]
    fn honest_names_are_left_alone() {
        for domain in [
            "fenwick.example",
            "news.fenwick.example",
            "www.curlew.example",
            "fenwick.test",
            "abd.example",
            "fencraft.example",
            "bücher.example",
            "москва.example",
        ] {
            assert_eq!(like(domain), None, "{domain}");
        }
        assert_eq!(of_domain(&"a".repeat(10_000), KNOWN.into_iter()), None);
        assert_eq!(of_domain("", KNOWN.into_iter()), None);
    }

    #[test]
    fn alphabets_that_no_language_mixes_are_noticed() {
        for (domain, is) in [
            ("fenwіck.example", true),
            ("xn--fenwck-cwf.example", true),
            ("fenwick.example", false),
            ("bücher.example", false),
            ("москва.example", false),
            ("日本ニュース.example", false),
        ] {
            assert_eq!(is_mixed(domain), is, "{domain}");
        }
    }

    #[test]
    fn names_look_the_same_whatever_they_are_made_of() {
        assert_eq!(
            look_of_name("  Ada   Fenwick "),
            look_of_name("ada fenwick")
        );
        assert_eq!(look_of_name("Аda Fenwick"), look_of_name("Ada Fenwick"));
        assert_ne!(look_of_name("Ada Fenwick"), look_of_name("Ida Fenwick"));
    }
}
