//! How a mailing list says one can leave it: `List-Unsubscribe` (RFC 2369) and one-click (RFC 8058). Does nothing
//! by itself; what is sent, is sent on a click.

use url::Url;
use whimbrel_shared::{Draft, ReportKind, ReportLine};

use crate::message::{header, mailto};

/// Ways of one field that are looked at.
const MOST_WAYS: usize = 10;
/// Bytes of an address that are too many.
const LONGEST: usize = 4 * 1024;
/// What is posted (RFC 8058 §3.1), and the value of `List-Unsubscribe-Post` (§3.2).
pub const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

/// How to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By a request that the server makes.
    OneClick(Url),
    /// By a letter: a `mailto:` address.
    Letter(Url),
    /// On a page elsewhere.
    Page(Url),
}

/// The best way that a header offers. `signed_by`: domains whose DKIM signatures fit, where that is known; one-click
/// is then only believed under a signature that covers both fields (RFC 8058 §4).
#[must_use]
pub fn way(raw: &[u8], signed_by: Option<&[String]>) -> Option<Way> {
    let ways = ways(&header::first(raw, "list-unsubscribe")?);
    let mut pages = ways.iter().filter(|url| url.scheme() == "https");
    let wants_post = header::first(raw, "list-unsubscribe-post")
        .is_some_and(|post| post.trim().eq_ignore_ascii_case(ONE_CLICK));
    // A signature is for the lowest of several fields, and this is the topmost.
    let is_alone = ["list-unsubscribe", "list-unsubscribe-post"]
        .iter()
        .all(|name| header::each(raw).filter(|(of, _)| of == name).count() == 1);
    let is_signed = is_alone && signed_by.is_none_or(|domains| is_covered(raw, domains));
    let page = pages.next().cloned();
    if let Some(page) = page.clone().filter(|_| wants_post && is_signed) {
        return Some(Way::OneClick(page));
    }
    let letter = ways.iter().find(|url| url.scheme() == "mailto").cloned();
    letter.map(Way::Letter).or(page.map(Way::Page))
}

impl Way {
    /// As it is offered. `ours`: the path that makes the server post; the letter to write is below it.
    #[must_use]
    pub fn line(&self, ours: String) -> ReportLine {
        let (how, more, target) = match self {
            Self::OneClick(url) => (
                format!("{} takes you off if you wish", host(url)),
                "Whimbrel asks it to, and tells it nothing else.",
                ours,
            ),
            Self::Letter(url) => {
                let to = letter(url).to.into_iter().next().unwrap_or_default();
                (
                    format!("a letter to {} takes you off", super::shown(&to.email)),
                    "You see the letter before it is sent.",
                    format!("{ours}/draft"),
                )
            }
            Self::Page(url) => (
                format!("a page at {} says how to leave", host(url)),
                "Whoever runs the page learns that you read this.",
                url.to_string(),
            ),
        };
        ReportLine {
            kind: ReportKind::Fact,
            title: format!("This is mail of a list: {how}."),
            text: more.to_owned(),
            target,
        }
    }
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// The letter that leaves a list: to one address, and nothing else that a stranger could wish for but its subject and
/// text.
#[must_use]
pub fn letter(url: &Url) -> Draft {
    let Draft {
        mut to,
        subject,
        text,
        ..
    } = mailto::letter(url);
    to.truncate(1);
    Draft {
        to,
        subject,
        text,
        ..Draft::default()
    }
}

/// The addresses in angle brackets, in order; those that nobody should follow are left out.
fn ways(value: &str) -> Vec<Url> {
    let bracketed = value.split('<').skip(1).take(MOST_WAYS);
    let texts = bracketed.filter_map(|piece| Some(piece.split_once('>')?.0));
    texts.filter_map(usable).collect()
}

fn usable(text: &str) -> Option<Url> {
    // Folding leaves white space within.
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let url = Url::parse(&text).ok().filter(|_| text.len() <= LONGEST)?;
    let is_usable = match url.scheme() {
        "https" => url.username().is_empty() && url.password().is_none() && url.has_host(),
        "mailto" => url.path().contains('@') && super::domain_of(url.path()).is_some(),
        _ => false,
    };
    is_usable.then_some(url)
}

/// Whether a signature of one of these domains covers both fields.
fn is_covered(raw: &[u8], domains: &[String]) -> bool {
    let signatures = header::each(raw).filter(|(name, _)| name == "dkim-signature");
    signatures.take(MOST_WAYS).any(|(_, value)| {
        let text: String = String::from_utf8_lossy(&value)
            .to_lowercase()
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        let tag = |name: &str| {
            let mut tags = text.split(';').filter_map(|tag| tag.split_once('='));
            tags.find(|(tag, _)| *tag == name).map(|(_, value)| value)
        };
        let is_of = tag("d").is_some_and(|of| domains.iter().any(|domain| domain == of));
        let covered = tag("h").unwrap_or_default();
        let covers = |field: &str| covered.split(':').any(|one| one == field);
        is_of && covers("list-unsubscribe") && covers("list-unsubscribe-post")
    })
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::Address;

    use super::*;

    const POST: &str = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";

    fn of(header: &str, signed_by: Option<&[&str]>) -> Option<(&'static str, String)> {
        let domains =
            signed_by.map(|all| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        match way(header.as_bytes(), domains.as_deref())? {
            Way::OneClick(url) => Some(("post", url.into())),
            Way::Letter(url) => Some(("letter", url.into())),
            Way::Page(url) => Some(("page", url.into())),
        }
    }

    #[test]
    fn the_best_way_is_found_however_it_is_written() {
        let both = "LIST-unsubscribe: (leave) <mailto:leave@news.example?subject=leave>,\r\n <https://news.example/\r\n\tleave?id=7> (web)\r\n";
        assert_eq!(
            of(both, None),
            Some((
                "letter",
                "mailto:leave@news.example?subject=leave".to_owned()
            ))
        );
        let posted = format!("{both}List-Unsubscribe-Post: list-unsubscribe=one-click \r\n");
        assert_eq!(
            of(&posted, None),
            Some(("post", "https://news.example/leave?id=7".to_owned()))
        );
        let page = "List-Unsubscribe: <https://news.example/l>\r\n";
        assert_eq!(
            of(page, None),
            Some(("page", "https://news.example/l".to_owned()))
        );
    }

    #[test]
    fn a_letter_says_what_the_list_wants_and_nothing_else() {
        let url = Url::parse(
            "mailto:leave%2Bada@news.example,other@x.example?SUBJECT=leave%20a+b%0d%0aBcc:%20x&bcc=y@evil.test\
             &attach=/etc/passwd&body=please%0D%0Aleave",
        );
        let way = Way::Letter(url.unwrap());
        let line = way.line("/ours".to_owned());
        let Way::Letter(url) = &way else {
            panic!("a letter")
        };
        let letter = letter(url);
        let wanted = Draft {
            to: vec![Address {
                name: String::new(),
                email: "leave+ada@news.example".to_owned(),
            }],
            subject: "leave a+b Bcc: x".to_owned(),
            text: "please\nleave".to_owned(),
            ..Draft::default()
        };
        assert_eq!(letter, wanted);
        assert_eq!(line.target, "/ours/draft");
        assert!(
            line.title.contains("a letter to leave+ada@news.example"),
            "{}",
            line.title
        );
    }

    #[test]
    fn what_nobody_should_follow_is_no_way() {
        for value in [
            "https://news.example/leave",
            "<http://news.example/leave>",
            "<javascript:alert(1)>",
            "<https://ada:secret@news.example/>",
            "<mailto:>",
            "<mailto:nobody>",
            "<file:///etc/passwd>, <//news.example/>",
            "<https://news.example/",
            "",
        ] {
            assert_eq!(
                of(&format!("List-Unsubscribe: {value}\r\n{POST}"), None),
                None,
                "{value}"
            );
        }
    }

    #[test]
    fn one_click_wants_a_signature_over_both_fields_where_signatures_were_looked_for() {
        let news = |d: &str, h: &str| {
            format!(
                "DKIM-Signature: v=1; a=rsa-sha256;\r\n d={d}; h=From:{h};\r\n bh=x; b=y\r\nList-Unsubscribe: <https://n.example/l>\r\n{POST}"
            )
        };
        let whole = "List-Unsubscribe : List-\r\n Unsubscribe-Post";
        let way = |header: &str, by: Option<&[&str]>| of(header, by).map(|(kind, _)| kind);
        let ours: Option<&[&str]> = Some(&["n.example"]);
        assert_eq!(way(&news("N.example", whole), ours), Some("post"));
        assert_eq!(way(&news("n.example", whole), None), Some("post"));
        assert_eq!(
            way(&news("n.example", "List-Unsubscribe"), ours),
            Some("page")
        );
        assert_eq!(way(&news("other.example", whole), ours), Some("page"));
        assert_eq!(way(&news("n.example", whole), Some(&[])), Some("page"));
    }
}
