//! Who a message is from, in ready words: whether that is proved, what looks like a trick, what filters say, and
//! how to leave a mailing list. Pure: what it knows of the reader comes as a [`Circle`].

use std::collections::{BTreeMap, BTreeSet};

use whimbrel_shared::{Address, ReportKind, ReportLine};

use super::header::{self, Header};

pub mod authentication;
pub mod filters;
pub mod look_alike;
pub mod standing;
pub mod trust;
pub mod unsubscribe;
pub mod verdict;

use authentication::Trust;
use verdict::Verdict;

/// Senders of one message that are judged; an honest one has one.
const MOST_SENDERS: usize = 3;
/// Names shorter than this are nobody's alone.
const LEAST_OF_NAME: usize = 5;
/// What to do when something looks like a trick.
const ADVICE: &str = "If it asks for something, ask the person another way before you answer, pay, or open links and files.";
/// Bytes of a name or an address that is remembered.
const LONGEST: usize = 254;
/// People who are remembered.
const MOST_PEOPLE: usize = 1_000;
/// Characters of an address that are repeated to the reader.
const MOST_SHOWN: usize = 120;

/// Since when somebody is known: when their first message arrived, and its UID, for several may arrive at once.
pub type Since = (i64, u32);

/// Since when the reader knows those written to: always.
pub const ALWAYS: Since = (i64::MIN, 0);

/// Whom the reader knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circle {
    /// The reader's own address.
    pub own: String,
    /// Names the reader writes under, as they look ([`look_alike::look_of_name`]).
    pub own_names: BTreeSet<String>,
    /// People written to or heard from: addresses in lower case.
    pub addresses: BTreeMap<String, Since>,
    /// Addresses of those people, by their names as they look.
    pub names: BTreeMap<String, BTreeSet<String>>,
    /// Whose findings are believed.
    pub trust: Trust,
}

impl Circle {
    /// Takes in somebody the reader wrote to or heard from. Beyond [`MOST_PEOPLE`], nobody new.
    pub fn add(&mut self, person: &Address, since: Since) {
        let email = person.email.to_lowercase();
        let is_full = self.addresses.len() >= MOST_PEOPLE;
        let is_new = !self.addresses.contains_key(&email);
        if (is_full && is_new) || email.len() > LONGEST || domain_of(&email).is_none() {
            return;
        }
        let name = look_alike::look_of_name(&person.name);
        if name.chars().count() >= LEAST_OF_NAME && name.len() <= LONGEST {
            self.names.entry(name).or_default().insert(email.clone());
        }
        let known = self.addresses.entry(email).or_insert(since);
        *known = since.min(*known);
    }

    /// Since when an address is known; late if it is not.
    #[must_use]
    pub fn since(&self, email: &str) -> Since {
        let known = self.addresses.get(&email.to_lowercase());
        known.copied().unwrap_or((i64::MAX, u32::MAX))
    }

    /// Domains known before an address was: that of somebody who came later proves nothing for them.
    fn domains_before(&self, since: Since) -> impl Iterator<Item = &str> + Clone {
        let known = self
            .addresses
            .iter()
            .filter(move |(_, known)| **known < since);
        let all = std::iter::once(&self.own).chain(known.map(|(email, _)| email));
        all.filter_map(|email| Some(email.rsplit_once('@')?.1))
    }
}

/// The domain of an address, or of what is one: lower-case ASCII, without a dot at its end. `None` if no domain
/// can be called so.
#[must_use]
pub fn domain_of(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@').unwrap_or(("", address));
    let domain = domain.trim().trim_end_matches(['.', '>']);
    let ascii = idna::domain_to_ascii(domain).ok()?;
    let is_of_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let is_name = (1..=253).contains(&ascii.len()) && ascii.bytes().all(is_of_name);
    is_name.then_some(ascii)
}

/// The part of a domain that somebody registered (by the Public Suffix List), or the domain itself if nobody can.
#[must_use]
pub fn organization(domain: &str) -> String {
    psl::domain_str(domain).unwrap_or(domain).to_owned()
}

/// What is to be said, the verdict first. `is_first`: nothing came from this address before, where that is known.
#[must_use]
pub fn notes(raw: &[u8], header: &Header, circle: &Circle, is_first: Option<bool>) -> Notes {
    let mut verdict = verdict::verdict(raw, &header.from, &circle.trust);
    let mut warnings = Vec::new();
    for from in header.from.iter().take(MOST_SENDERS) {
        warnings.extend(of_domain(from, circle));
        warnings.extend(of_name(from, circle, &verdict));
    }
    warnings.extend(of_reply(raw, header));
    match filters::rating(raw) {
        Some(rating) if rating.is_junk => {
            let title = format!("Your mail server {}.", rating.words());
            warnings.push(line(
                ReportKind::Less,
                title,
                "Filters may err in both directions.",
            ));
        }
        Some(rating) => {
            let quoted = format!(" A mail server on the way {}.", rating.words());
            verdict.line.text.push_str(&quoted);
        }
        None => {}
    }
    let own = circle.own.to_lowercase();
    let stranger = header
        .from
        .first()
        .filter(|from| from.email.to_lowercase() != own);
    if let Some(from) = stranger.filter(|_| is_first == Some(true)) {
        let text = format!("This is the first message from {}.", shown(&from.email));
        let kind = ReportKind::Fact;
        warnings.push(line(
            kind,
            text,
            "Nothing came from there, or went there, before.",
        ));
    }
    // Whoever pretends to be somebody must not hear that the address is read.
    let is_failed = verdict.line.kind == ReportKind::Off;
    let way = unsubscribe::way(raw, verdict.signed_by.as_deref()).filter(|_| !is_failed);
    Notes {
        verdict,
        warnings,
        way,
    }
}

/// What is to be said of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notes {
    /// Whether it comes from where it says.
    pub verdict: Verdict,
    /// What else to know.
    pub warnings: Vec<ReportLine>,
    /// How to leave the mailing list it came from.
    pub way: Option<unsubscribe::Way>,
}

fn line(kind: ReportKind, title: String, text: &str) -> ReportLine {
    ReportLine {
        kind,
        title,
        text: text.to_owned(),
        target: String::new(),
    }
}

fn warning(title: String) -> ReportLine {
    line(ReportKind::Less, title, ADVICE)
}

/// A domain that looks like one that the reader knows, or like no language.
fn of_domain(from: &Address, circle: &Circle) -> Option<ReportLine> {
    let domain = domain_of(&from.email)?;
    let since = circle.since(&from.email);
    if let Some(known) = look_alike::of_domain(&domain, circle.domains_before(since)) {
        let own = domain_of(&circle.own).unwrap_or_default();
        let whose = if known == own {
            "your own"
        } else {
            "one you know"
        };
        let text = format!("{domain} looks like {known}, {whose}, but is another.");
        return Some(warning(text));
    }
    look_alike::is_mixed(&domain).then(|| {
        warning(format!(
            "{domain} mixes letters of several alphabets, to look like something else."
        ))
    })
}

/// A name that is an address, or that of somebody the reader knows, or the reader's.
fn of_name(from: &Address, circle: &Circle, verdict: &Verdict) -> Option<ReportLine> {
    let email = from.email.to_lowercase();
    let domain = domain_of(&email)?;
    let home = organization(&domain);
    if let Some(other) = address_within(&from.name) {
        let is_other = domain_of(&other).is_some_and(|of| organization(&of) != home);
        return is_other.then(|| {
            warning(format!(
                "The name says {}, but the message comes from {}.",
                shown(&other),
                shown(&email)
            ))
        });
    }
    let name = look_alike::look_of_name(&from.name);
    if email == circle.own.to_lowercase() {
        return None;
    }
    let since = circle.since(&email);
    if circle.own_names.contains(&name) && since != ALWAYS {
        let text = format!("It bears your own name, but comes from {}.", shown(&email));
        return Some(warning(text));
    }
    let of_name = circle.names.get(&name)?.iter();
    let mut before = of_name.filter(|known| circle.since(known) < since);
    let is_at_home = |known: &&String| domain_of(known).is_some_and(|of| organization(&of) == home);
    let is_proved = verdict.is_verified() && before.clone().any(|known| is_at_home(&known));
    let usual = before.next().filter(|_| !is_proved)?;
    Some(warning(format!(
        "You know somebody of this name as {}; this comes from {}.",
        shown(usual),
        shown(&email)
    )))
}

/// Something like an address in a name.
fn address_within(name: &str) -> Option<String> {
    let is_around = |c: char| c.is_whitespace() || "<>()[]\"',;:".contains(c);
    let mut words = name.split(is_around);
    let word = words.find(|word| {
        word.split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
    })?;
    domain_of(word)?;
    Some(word.to_lowercase())
}

/// Answers that would go elsewhere, but for those to a mailing list.
fn of_reply(raw: &[u8], header: &Header) -> Option<ReportLine> {
    let is_list = ["list-id", "list-post"]
        .iter()
        .any(|name| header::first(raw, name).is_some());
    let homes: BTreeSet<String> = header
        .from
        .iter()
        .filter_map(|from| Some(organization(&domain_of(&from.email)?)))
        .collect();
    let is_elsewhere = |reply: &&Address| {
        domain_of(&reply.email).is_some_and(|domain| !homes.contains(&organization(&domain)))
    };
    let reply = header.reply_to.iter().find(is_elsewhere)?;
    let from = homes.first().filter(|_| !is_list)?;
    Some(warning(format!(
        "Answers would go to {}, not to {from}.",
        shown(&reply.email)
    )))
}

/// An address as it may stand in a sentence: short, and of no characters that cannot be seen.
fn shown(email: &str) -> String {
    let seen = email
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace());
    let short: String = seen.take(MOST_SHOWN).collect();
    match short
        .rsplit_once('@')
        .and_then(|(local, domain)| Some((local, domain_of(domain)?)))
    {
        Some((local, domain)) => format!("{local}@{domain}"),
        None => short,
    }
}

#[cfg(test)]
mod tests;
