//! Links: which may be followed, where they lead in words that the reader is told, and which of them show one
//! address and lead to another. Judges what a link says, never whom it leads to.

pub(super) mod base;
mod claims;

use url::Url;

use self::claims::Claim;
use super::attributes::{MAX_URL, squeeze};
use crate::message::header::idn;

/// The class of the words behind a link that shows another address than it leads to. Senders cannot use it: an
/// element that bears it is left out, with all that is in it.
pub(super) const CLASS: &str = "w-leads";

/// Parameters of a link; each costs the serializer a look through the whole of it.
const MAX_PARAMETERS: usize = 200;
/// Characters of a path that are told.
const MAX_PATH: usize = 60;
/// Characters of a name that are told; of a longer one its end, which says whose it is.
const MAX_NAME: usize = 80;
/// Addresses of one link that are looked at.
const MAX_ADDRESSES: usize = 20;
/// Bytes of the text of a link that are looked at. Of one with more, it is always told where it leads.
const MAX_TEXT: usize = 4 * 1024;

/// A link that may stay.
pub(super) struct Link {
    /// What `href` is set to.
    pub(super) href: String,
    place: Place,
    /// What a reader sees of it.
    text: String,
}

/// Where a link leads.
enum Place {
    /// To this host.
    Web { host: String, shown: String },
    /// To a new letter to these addresses.
    Letter(Vec<String>),
    /// To a telephone.
    Call(String),
}

/// A link a person may follow: absolute, `http`, `https`, `mailto` or `tel`, its host in ASCII. A name and a password
/// in front of the host are left out: they are there to be taken for it.
pub(super) fn read(value: &str) -> Option<Link> {
    let value = squeeze(value);
    if value.len() > MAX_URL || value.matches('&').count() > MAX_PARAMETERS {
        return None;
    }
    let value = scheme_lacking(&value).unwrap_or_default().to_owned() + &value;
    let mut url = Url::parse(&value).ok()?;
    let place = match url.scheme() {
        "http" | "https" => {
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
            let host = url.host_str()?.to_owned();
            let shown = idn::domain_shown(&host);
            let shown = ending(&shown.unwrap_or_else(|| host.clone()));
            Place::Web { host, shown }
        }
        "mailto" => Place::Letter(recipients(&url)),
        "tel" => Place::Call(beginning(&decoded(url.path()), MAX_PATH)),
        _ => return None,
    };
    let href = String::from(url);
    if href.len() > MAX_URL {
        return None;
    }
    Some(Link {
        href,
        place,
        text: String::new(),
    })
}

/// What people leave out in front of an address, if `value` is one without it.
fn scheme_lacking(value: &str) -> Option<&'static str> {
    let start = value.get(.."www.".len()).unwrap_or_default();
    let email = value.split('?').next().unwrap_or_default();
    let (local, domain) = email.split_once('@').unwrap_or_default();
    let is_email = !local.is_empty()
        && !local.contains([':', '/', '\\', '#', ' '])
        && !domain.contains('@')
        && claims::address(email).is_some();
    match value {
        _ if value.starts_with("//") => Some("https:"),
        _ if start.eq_ignore_ascii_case("www.") => Some("http://"),
        _ if is_email => Some("mailto:"),
        _ => None,
    }
}

impl Link {
    /// Where it really leads, for whoever points at it.
    pub(super) fn title(&self) -> String {
        match &self.place {
            Place::Web { shown, .. } => {
                let (scheme, rest) = self.href.split_once("://").unwrap_or_default();
                let path = rest.find('/').and_then(|at| rest.get(at..));
                let path = beginning(path.unwrap_or_default(), MAX_PATH);
                format!("{scheme}://{shown}{}{path}", self.port())
            }
            Place::Letter(to) => format!("Write to {}", people(to)),
            Place::Call(number) => format!("Call {number}"),
        }
    }

    /// The host that it leads to, or what else it does.
    pub(super) fn place(&self) -> String {
        match &self.place {
            Place::Web { shown, .. } => shown.clone(),
            _ => self.title(),
        }
    }

    /// The port with its colon, if it is an unusual one.
    fn port(&self) -> String {
        let port = Url::parse(&self.href).ok().and_then(|url| url.port());
        port.map(|port| format!(":{port}")).unwrap_or_default()
    }

    /// Takes in text that stands in the link. However wide a gap is, it counts as one space.
    pub(super) fn reads(&mut self, text: &str) {
        for c in text
            .chars()
            .filter(|c| c.is_whitespace() || !c.is_control())
        {
            if self.text.len() > MAX_TEXT {
                return;
            }
            match c {
                c if !c.is_whitespace() => self.text.push(c),
                _ if self.text.ends_with(' ') => {}
                _ => self.text.push(' '),
            }
        }
    }

    /// Takes in that an element begins or ends, and the line with it or not.
    pub(super) fn passes(&mut self, is_line: bool) {
        if self.text.len() <= MAX_TEXT {
            self.text.push(if is_line { '\n' } else { claims::EDGE });
        }
    }

    /// Where it leads, in words, if its text shows something else.
    pub(super) fn warning(&self) -> Option<String> {
        let is_honest = self.text.len() <= MAX_TEXT
            && claims::of(&self.text)
                .iter()
                .all(|claim| self.is_true(claim));
        let words = match &self.place {
            _ if is_honest => return None,
            Place::Web { shown, .. } => format!("(leads to {shown})"),
            Place::Letter(to) => format!("(writes to {})", people(to)),
            Place::Call(number) => format!("(calls {number})"),
        };
        Some(words)
    }

    fn is_true(&self, claim: &Claim) -> bool {
        match (&self.place, claim) {
            (Place::Web { host, .. }, Claim::File(name)) => {
                self.href.contains(name) || claims::is_same_owner(name, host)
            }
            (_, Claim::File(_)) => true,
            (Place::Web { host, shown }, Claim::Host(name)) => {
                let is_disguised = host == shown && host.contains("xn--");
                claims::is_same_owner(name, host) && !is_disguised
            }
            (Place::Web { host, .. }, Claim::Address { domain, .. }) => {
                claims::is_same_owner(domain, host)
            }
            (Place::Letter(to), Claim::Host(name)) => to.iter().all(|email| {
                let domain = email.rsplit_once('@').map(|(_, domain)| domain);
                domain.is_some_and(|domain| claims::is_same_owner(name, domain))
            }),
            (Place::Letter(to), Claim::Address { email, .. }) => to.contains(email),
            (Place::Call(_), _) => false,
        }
    }
}

/// To whom a `mailto:` address leads (RFC 6068 §2), in small letters, domains in ASCII.
fn recipients(url: &Url) -> Vec<String> {
    let fields = url.query().unwrap_or_default().split('&');
    let fields = fields.filter_map(|field| field.split_once('='));
    let is_to = |name: &str| {
        ["to", "cc", "bcc"]
            .iter()
            .any(|to| name.eq_ignore_ascii_case(to))
    };
    let named = fields
        .filter(|(name, _)| is_to(name))
        .map(|(_, value)| value);
    let lists = std::iter::once(url.path()).chain(named).map(decoded);
    let lists: Vec<String> = lists.collect();
    lists
        .iter()
        .flat_map(|list| list.split(','))
        .filter(|email| !email.trim().is_empty())
        .take(MAX_ADDRESSES)
        .map(|email| claims::address(email).unwrap_or_else(|| email.trim().to_lowercase()))
        .collect()
}

fn decoded(text: &str) -> String {
    let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    text.chars().filter(|c| !claims::is_unseen(*c)).collect()
}

fn people(to: &[String]) -> String {
    match to {
        [] => "nobody yet".to_owned(),
        [one] => ending(one),
        [first, rest @ ..] => format!("{} and {} more", ending(first), rest.len()),
    }
}

/// At most so many characters of the beginning.
fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// At most [`MAX_NAME`] characters of the end.
fn ending(text: &str) -> String {
    match text.char_indices().rev().nth(MAX_NAME) {
        Some((start, c)) => format!("…{}", text.get(start + c.len_utf8()..).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
