//! What in a message tells its sender who reads it: pictures that are there to be asked for, links that lead through
//! somebody who counts, and marks in addresses. Named in words; nothing is changed or left out by this.

use std::{collections::BTreeMap, sync::LazyLock};

use url::Url;

/// Names of one kind that are counted, and that are told.
const MOST_NAMES: usize = 100;
const MOST_TOLD: usize = 6;
/// Characters of the name of a host that are told.
const MOST_OF_HOST: usize = 60;

/// What was found, by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trackers {
    pixels: BTreeMap<String, u32>,
    links: BTreeMap<String, u32>,
    parameters: BTreeMap<String, u32>,
    /// Links with such parameters.
    marked: u32,
}

impl Trackers {
    /// Looks at a picture from elsewhere. `is_unseen`: it is too small to be seen, or hidden.
    pub fn picture(&mut self, url: &Url, is_unseen: bool) {
        let host = url.host_str().unwrap_or_default();
        let known = name(&KNOWN.pixels, host, url.path());
        if let Some(name) = known.or(is_unseen.then_some(host)) {
            count(&mut self.pixels, name);
        }
    }

    /// Looks at a link, written as browsers do.
    pub fn link(&mut self, href: &str) {
        let rest = href.split_once("://").map(|(_, rest)| rest);
        let (host, path) = rest
            .and_then(|rest| rest.split_once('/'))
            .unwrap_or_default();
        let (path, _) = path.split_once('#').unwrap_or((path, ""));
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if let Some(name) = name(&KNOWN.links, host, &format!("/{path}")) {
            count(&mut self.links, name);
        }
        let names = query.split('&').map(|field| field.split('=').next());
        let mut is_marked = false;
        for known in names.flatten().filter_map(parameter) {
            count(&mut self.parameters, known);
            is_marked = true;
        }
        self.marked = self.marked.saturating_add(u32::from(is_marked));
    }

    /// Takes in what was found in another text of the message.
    pub fn add(&mut self, other: &Self) {
        let kinds = [
            (&mut self.pixels, &other.pixels),
            (&mut self.links, &other.links),
            (&mut self.parameters, &other.parameters),
        ];
        for (own, others) in kinds {
            for (name, number) in others {
                let known = own.entry(name.clone()).or_default();
                *known = known.saturating_add(*number);
            }
        }
        self.marked = self.marked.saturating_add(other.marked);
    }

    /// In words, a line for each kind that there is.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let all =
            |names: &BTreeMap<String, u32>| names.values().fold(0_u32, |a, b| a.saturating_add(*b));
        let line = |number: u32, one: &str, many: &str, names: &BTreeMap<String, u32>| {
            let what = if number == 1 { one } else { many };
            (number > 0).then(|| format!("{number} {what}: {}", told(names)))
        };
        let lines = [
            line(
                all(&self.pixels),
                "tracking pixel",
                "tracking pixels",
                &self.pixels,
            ),
            line(
                all(&self.links),
                "link that counts who follows it",
                "links that count who follows them",
                &self.links,
            ),
            line(
                self.marked,
                "link with a tracking mark",
                "links with tracking marks",
                &self.parameters,
            ),
        ];
        lines.into_iter().flatten().collect()
    }
}

/// The most frequent names.
fn told(names: &BTreeMap<String, u32>) -> String {
    let mut sorted: Vec<_> = names.iter().collect();
    sorted.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
    let first: Vec<&str> = sorted
        .iter()
        .map(|(name, _)| &***name)
        .take(MOST_TOLD)
        .collect();
    let more = if first.len() < names.len() {
        " and others"
    } else {
        ""
    };
    format!("{}{more}", first.join(", "))
}

fn count(names: &mut BTreeMap<String, u32>, name: &str) {
    let start = name.char_indices().rev().nth(MOST_OF_HOST - 1);
    let short = start
        .and_then(|(start, _)| name.get(start..))
        .unwrap_or(name);
    if names.len() < MOST_NAMES || names.contains_key(short) {
        let number = names.entry(short.to_owned()).or_default();
        *number = number.saturating_add(1);
    }
}

/// A place of which is known who counts there.
struct Place {
    host: &'static str,
    path: &'static str,
    name: String,
}

struct Known {
    pixels: Vec<Place>,
    links: Vec<Place>,
    parameters: Vec<&'static str>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut known = Known {
        pixels: Vec::new(),
        links: Vec::new(),
        parameters: Vec::new(),
    };
    for line in include_str!("trackers.txt").lines() {
        let mut words = line.split(' ');
        let (kind, first) = (words.next(), words.next().unwrap_or_default());
        let place = |mut words: std::str::Split<'static, char>| Place {
            host: first,
            path: words.next().unwrap_or_default(),
            name: words.collect::<Vec<_>>().join(" "),
        };
        match kind {
            Some("pixel") => known.pixels.push(place(words)),
            Some("link") => known.links.push(place(words)),
            Some("parameter") => known.parameters.push(first),
            _ => {}
        }
    }
    known
});

/// Who counts at this place.
fn name(places: &'static [Place], host: &str, path: &str) -> Option<&'static str> {
    let is_of = |place: &&Place| {
        let above = host.strip_suffix(place.host);
        let is_host = place.host == "*"
            || above.is_some_and(|above| above.is_empty() || above.ends_with('.'));
        is_host && (place.path == "-" || path.contains(place.path))
    };
    places.iter().find(is_of).map(|place| &*place.name)
}

/// The parameter of this name, if it is there to follow somebody.
fn parameter(name: &str) -> Option<&'static str> {
    let is_of = |known: &&&str| match known.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => **known == name,
    };
    KNOWN.parameters.iter().find(is_of).copied()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{KNOWN, Trackers};

    #[test]
    fn the_list_is_whole() {
        assert!(KNOWN.pixels.len() > 30 && KNOWN.links.len() > 10 && KNOWN.parameters.len() > 20);
        for place in KNOWN.pixels.iter().chain(&KNOWN.links) {
            assert!(!place.name.is_empty(), "{}", place.host);
            assert!(
                place.path == "-" || place.path.starts_with('/'),
                "{}",
                place.host
            );
        }
    }

    #[test]
    fn trackers_are_counted_and_named() {
        let mut found = Trackers::default();
        for (url, is_unseen) in [
            ("https://u1.list-manage.com/track/open.php?u=1", true),
            ("https://u1.list-manage.com/track/open.php?u=2", false),
            ("https://news.wader.example/p.gif", true),
            ("https://news.wader.example/godwit.jpg", false),
            ("https://notlist-manage.com/track/open.php", false),
            ("https://track.wader.example/wf/open?upn=x", false),
        ] {
            found.picture(&Url::parse(url).unwrap(), is_unseen);
        }
        for link in [
            "https://u1.list-manage.com/track/click?u=1",
            "https://wader.example/?utm_source=a&utm_medium=b&id=1",
            "https://wader.example/?fbclid=a#utm_source=b",
            "https://wader.example/utm_source?xutm_id=1&fbclidx=2",
            "mailto:a@b.example?utm_source=x",
        ] {
            found.link(link);
        }
        assert_eq!(
            found.words(),
            [
                "4 tracking pixels: Mailchimp, SendGrid, news.wader.example",
                "1 link that counts who follows it: Mailchimp",
                "2 links with tracking marks: utm_*, fbclid",
            ]
        );
        let mut twice = found.clone();
        twice.add(&found);
        assert!(twice.words()[0].starts_with("8 tracking pixels: Mailchimp"));
        assert_eq!(Trackers::default().words(), Vec::<String>::new());
    }

    #[test]
    fn a_thousand_hosts_make_no_long_words() {
        let mut found = Trackers::default();
        for number in 0..1_000 {
            let url = format!("https://{}{number}.example/", "a.".repeat(100));
            found.picture(&Url::parse(&url).unwrap(), true);
        }
        let words = found.words().concat();
        assert!(
            words.len() < 500 && words.ends_with(" and others"),
            "{words}"
        );
    }
}
