//! SPF, DKIM, DMARC and ARC put into one sentence, with how it came about. What counts is the domain that people
//! see in `From`: whatever was found about another one proves nothing (alignment, RFC 7489 §3.1).

use whimbrel_shared::{Address, ReportKind, ReportLine};

use super::{
    authentication::{self, Finding, Results, Trust},
    domain_of, organization,
};
use crate::message::header::names_author;

/// The properties that name the domain a method is about.
const SPF: [&str; 2] = ["smtp.mailfrom", "smtp.mail"];
const DKIM: [&str; 2] = ["header.d", "header.i"];
const DMARC: [&str; 1] = ["header.from"];

/// The verdict on a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// As it is said. Of the sentence, what stands before the colon is its short form.
    pub line: ReportLine,
    /// Domains whose signatures fit; `None` if nobody trusted looked for signatures.
    pub signed_by: Option<Vec<String>>,
}

impl Verdict {
    /// It comes from where it says.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.line.kind == ReportKind::Good
    }
}

/// What is to be thought of who sent a message.
#[must_use]
pub fn verdict(raw: &[u8], from: &[Address], trust: &Trust) -> Verdict {
    let all = authentication::all(raw);
    let believed = authentication::believed(&all, trust);
    let findings: Vec<&Finding> = believed.iter().flat_map(|one| &one.findings).collect();
    let (kind, text) = match from {
        [one] => match domain_of(&one.email).filter(|_| names_author(raw)) {
            Some(domain) => sentence(&findings, &domain),
            None => unreadable(),
        },
        [] => unreadable(),
        _ => (
            ReportKind::Fact,
            "Not verified: it names several senders, of whom none can be proved".to_owned(),
        ),
    };
    let domain = from.first().and_then(|one| domain_of(&one.email));
    let mut more = details(&findings, &domain.unwrap_or_default());
    more.push(source(&believed, !all.is_empty()));
    let signatures = || findings.iter().filter(|one| one.method == "dkim");
    let valid = signatures().filter(|one| one.result == "pass");
    let signed_by = valid.filter_map(|one| one.domain(&DKIM)).collect();
    Verdict {
        signed_by: signatures().next().map(|_| signed_by),
        line: ReportLine {
            kind,
            title: text,
            text: more.join(" "),
            target: String::new(),
        },
    }
}

fn unreadable() -> (ReportKind, String) {
    let text = "Not verified: it does not say from which address it comes";
    (ReportKind::Fact, text.to_owned())
}

fn sentence(findings: &[&Finding], domain: &str) -> (ReportKind, String) {
    let home = organization(domain);
    let is_own = |finding: &Finding, names: &[&str]| {
        let of = finding.domain(names);
        of.is_some_and(|of| organization(&of) == home)
    };
    let has = |method: &str, result: &str, names: &[&str]| {
        let mut of_method = findings.iter().filter(|one| one.method == method);
        of_method.any(|one| one.result == result && is_own(one, names))
    };
    let names_other = |one: &&&Finding| {
        one.domain(&DMARC)
            .is_some_and(|of| organization(&of) != home)
    };
    // Two that disagree: a sender has written one of them, and the worse one counts.
    let mut own = findings
        .iter()
        .filter(|one| one.method == "dmarc" && !names_other(one));
    let dmarc = own.clone().find(|one| one.result == "fail").or(own.next());
    let is_named = dmarc.is_some_and(|one| one.domain(&DMARC).is_some());
    // What mailing lists change is no longer signed, and many domains ask nobody to mind.
    let is_minded = dmarc.is_some_and(|one| one.result == "fail" && !one.is_lenient);
    let dmarc = dmarc.map(|one| one.result.as_str());
    let is_signed = has("dkim", "pass", &DKIM);
    let is_forged = is_minded
        || (has("spf", "fail", &SPF) && !is_signed && matches!(dmarc, None | Some("fail")));
    if is_forged {
        return (ReportKind::Off, format!("Failed: not sent by {domain}"));
    }
    let is_shown = is_signed || has("spf", "pass", &SPF);
    if (dmarc == Some("pass") && is_named) || (is_shown && dmarc != Some("fail")) {
        return (ReportKind::Good, format!("Verified: sent by {domain}"));
    }
    let text = format!("Not verified: nothing shows that {domain} sent it");
    (ReportKind::Fact, text)
}

/// What each method found, in words.
fn details(findings: &[&Finding], domain: &str) -> Vec<String> {
    let told = findings
        .iter()
        .filter_map(|finding| match finding.method.as_str() {
            "spf" => Some(of_spf(finding)),
            "dkim" => Some(of_dkim(finding, domain)),
            "dmarc" => Some(of_dmarc(finding, domain)),
            "arc" => of_arc(finding),
            _ => None,
        });
    let mut details: Vec<String> = Vec::new();
    for line in told {
        if !details.contains(&line) {
            details.push(line);
        }
    }
    details
}

fn of_spf(finding: &Finding) -> String {
    let of = finding.domain(&SPF);
    let of = of.unwrap_or_else(|| "a domain that is not named".to_owned());
    let found = match finding.result.as_str() {
        "pass" => format!("allowed to send for {of}"),
        "fail" | "hardfail" => format!("not allowed to send for {of}"),
        "softfail" => format!("probably not allowed to send for {of}"),
        "none" | "neutral" => format!("{of} does not say who may send for it"),
        _ => format!("what {of} says could not be asked"),
    };
    format!("Sending computer (SPF): {found}.")
}

fn of_dkim(finding: &Finding, domain: &str) -> String {
    let of = finding.domain(&DKIM);
    let by = of
        .as_ref()
        .map_or_else(String::new, |of| format!(", by {of}"));
    let is_other = |of: &String| organization(of) != organization(domain);
    let found = match finding.result.as_str() {
        "pass" if of.as_ref().is_none_or(is_other) => {
            format!("valid{by}, which says nothing about the sender's domain")
        }
        "pass" => format!("valid{by}"),
        "none" => "there is none".to_owned(),
        "fail" => format!("not valid{by}: forged, or the message was changed on the way"),
        _ => format!("could not be checked{by}"),
    };
    format!("Signature (DKIM): {found}.")
}

fn of_dmarc(finding: &Finding, domain: &str) -> String {
    let of = finding.domain(&DMARC).unwrap_or_else(|| domain.to_owned());
    let found = match finding.result.as_str() {
        "pass" => "kept".to_owned(),
        "fail" if finding.is_lenient => "broken, which it asks nobody to mind".to_owned(),
        "fail" => "broken".to_owned(),
        "none" => "it has none".to_owned(),
        _ => "could not be asked".to_owned(),
    };
    format!("Rules of {of} (DMARC): {found}.")
}

fn of_arc(finding: &Finding) -> Option<String> {
    let found = match finding.result.as_str() {
        "pass" => "those who passed it on say, under seal, what they found",
        "fail" => "the seals of those who passed it on do not fit",
        _ => return None,
    };
    Some(format!("Passed on (ARC): {found}."))
}

/// Who says all this.
fn source(believed: &[Results], has_others: bool) -> String {
    let id = believed.first().map(|results| results.id.as_str());
    match id {
        Some(id) => match domain_of(id) {
            Some(id) => format!("Found out by your mail server {id}."),
            None => "Found out by your mail server.".to_owned(),
        },
        None if has_others => {
            "The message holds findings, but not of your mail server: anybody may have written them."
                .to_owned()
        }
        None => "Your mail server says nothing about it.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(from: &str, results: &str) -> ReportLine {
        let trust = Trust {
            anywhere: std::iter::once("mx.tern.example".to_owned()).collect(),
            ..Trust::default()
        };
        let raw =
            format!("Authentication-Results: mx.tern.example; {results}\r\nFrom: {from}\r\n\r\n");
        let from = crate::message::header::parse(raw.as_bytes()).from;
        verdict(raw.as_bytes(), &from, &trust).line
    }

    fn kind(results: &str) -> ReportKind {
        of("Ada <ada@news.fenwick.example>", results).kind
    }

    #[test]
    fn what_was_found_about_the_senders_domain_proves_it() {
        for results in [
            "dmarc=pass header.from=news.fenwick.example",
            "dmarc=pass (p=none) header.from=FENWICK.example; spf=fail smtp.mailfrom=fenwick.example",
            "dkim=pass header.d=fenwick.example",
            "dkim=fail header.d=fenwick.example; dkim=pass header.i=@mail.fenwick.example header.s=x",
            "spf=pass smtp.mailfrom=bounce@b.fenwick.example",
            "dkim=pass header.d=fenwick.example; spf=fail smtp.mailfrom=fenwick.example",
        ] {
            assert_eq!(kind(results), ReportKind::Good, "{results}");
        }
        let note = of("ada@fenwick.example", "dkim=pass header.d=fenwick.example");
        assert_eq!(note.title, "Verified: sent by fenwick.example");
        assert_eq!(
            note.text,
            "Signature (DKIM): valid, by fenwick.example. Found out by your mail server mx.tern.example."
        );
    }

    #[test]
    fn what_was_found_about_another_domain_proves_nothing() {
        for results in [
            "dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example",
            "dmarc=pass header.from=evil.example",
            "dkim=pass header.d=example; spf=pass",
            "dkim=pass header.d=fenwick.example.evil.test",
            "dkim=pass header.d=notfenwick.example",
            "dkim=pass",
            "spf=pass smtp.helo=fenwick.example",
            "spf=softfail smtp.mailfrom=fenwick.example",
            "dkim=fail header.d=fenwick.example",
            "dkim=temperror header.d=fenwick.example; dmarc=none",
            "dmarc=bestguesspass header.from=fenwick.example",
            "none",
        ] {
            assert_eq!(kind(results), ReportKind::Fact, "{results}");
        }
        let note = of("a@fenwick.example", "dkim=pass header.d=evil.example");
        assert!(
            note.text.contains("by evil.example, which says nothing"),
            "{note:?}"
        );
    }

    #[test]
    fn what_speaks_against_the_domain_is_said() {
        for results in [
            "dmarc=fail header.from=fenwick.example; dkim=pass header.d=evil.example",
            "dmarc=fail",
            "spf=fail smtp.mailfrom=fenwick.example",
            "spf=fail smtp.mailfrom=fenwick.example; arc=fail",
        ] {
            assert_eq!(kind(results), ReportKind::Off, "{results}");
        }
        // A mailing list changes what it passes on, and sends it itself.
        let passed_on =
            "dkim=fail header.d=fenwick.example; spf=pass smtp.mailfrom=lists.example; ";
        for dmarc in [
            "dmarc=fail (p=NONE sp=QUARANTINE dis=NONE) header.from=fenwick.example",
            "dmarc=fail reason=\"not aligned\" header.from=fenwick.example (policy=none)",
            "dmarc=fail action=none header.from=fenwick.example",
        ] {
            assert_eq!(
                kind(&format!("{passed_on}{dmarc}")),
                ReportKind::Fact,
                "{dmarc}"
            );
            assert_eq!(
                kind(&format!("spf=fail smtp.mailfrom=fenwick.example; {dmarc}")),
                ReportKind::Off
            );
        }
        for dmarc in [
            "dmarc=fail (p=reject dis=none)",
            "dmarc=fail (sp=none; p=quarantine)",
        ] {
            assert_eq!(
                kind(&format!("{passed_on}{dmarc}")),
                ReportKind::Off,
                "{dmarc}"
            );
        }
        // One of the two was written by a sender, through a server that is careless with comments.
        let both = "spf=pass (x); dmarc=pass header.from=fenwick.example (@evil.example) smtp.mailfrom=x; \
            dmarc=fail (p=reject) header.from=fenwick.example";
        assert_eq!(kind(both), ReportKind::Off);
        // Anybody can seal what they pass on, or made up.
        assert_eq!(kind("dmarc=fail; arc=pass"), ReportKind::Off);
        let note = of("a@fenwick.example", "dmarc=fail");
        assert_eq!(note.title, "Failed: not sent by fenwick.example");
    }

    #[test]
    fn who_hides_in_from_is_not_verified() {
        let good = "dmarc=pass; dkim=pass header.d=fenwick.example";
        for from in [
            "a@fenwick.example, b@evil.example",
            "a@fenwick.example\r\nFrom: b@evil.example",
            "nobody",
            "",
        ] {
            assert_eq!(of(from, good).kind, ReportKind::Fact, "{from}");
        }
    }

    #[test]
    fn findings_of_strangers_are_not_repeated() {
        let raw = b"Authentication-Results: evil.example; dmarc=pass\r\n\r\n";
        let from = [Address {
            name: String::new(),
            email: "a@fenwick.example".to_owned(),
        }];
        let told = verdict(raw, &from, &Trust::default());
        assert_eq!(told.line.kind, ReportKind::Fact);
        assert!(
            told.line
                .text
                .starts_with("The message holds findings, but not of your mail server")
        );
        assert_eq!(told.signed_by, None);
    }
}
