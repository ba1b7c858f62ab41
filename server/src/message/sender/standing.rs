//! Whether a message is from the address it says, as far as that decides what is done for the reader without a
//! question. Says nothing to people but why not.

use whimbrel_shared::{Address, ReportKind};

use super::{
    authentication::{self, Trust},
    domain_of, verdict,
};
use crate::message::header;

/// How a message stands to the address in its `From`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The mail server found that its domain sent it.
    Proved,
    /// The mail server says of no message who sent it, and nobody else says so of this one.
    Unsaid,
    /// Nothing shows it.
    Unproved,
    /// The mail server found that its domain did not send it.
    Failed,
    /// It lies in Junk, or is marked as junk.
    Junk,
    /// That could not be found out in time.
    Late,
}

impl Standing {
    /// Of a header and its `From`, where it lies not in Junk.
    #[must_use]
    pub fn of(raw: &[u8], from: &[Address], trust: &Trust) -> Self {
        let is_silent = || *trust == Trust::default() && authentication::all(raw).is_empty();
        match verdict::verdict(raw, from, trust).line.kind {
            ReportKind::Good => Self::Proved,
            ReportKind::Off => Self::Failed,
            _ if from.len() == 1 && is_silent() && header::names_author(raw) => Self::Unsaid,
            _ => Self::Unproved,
        }
    }

    /// Why nothing is done by itself, as the end of a sentence; `None` if it may be. `email`: the address in `From`.
    #[must_use]
    pub fn objection(self, email: &str) -> Option<String> {
        let domain = domain_of(email).unwrap_or_else(|| "its sender".to_owned());
        match self {
            Self::Proved | Self::Unsaid => None,
            Self::Unproved => Some(format!("nothing shows that {domain} sent this message")),
            Self::Failed => Some(format!("{domain} did not send this message")),
            Self::Junk => Some("this message is junk".to_owned()),
            Self::Late => Some("it is not known yet who sent this message".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(raw: &str, trust: &[&str]) -> Standing {
        let trust = Trust {
            on_top: trust.iter().map(|id| (*id).to_owned()).collect(),
            ..Trust::default()
        };
        let from = header::parse(raw.as_bytes()).from;
        Standing::of(raw.as_bytes(), &from, &trust)
    }

    fn letter(results: &str) -> String {
        format!(
            "Authentication-Results: mx.tern.example; {results}\r\n\
             Received: from a by mx.tern.example\r\nFrom: Ada <ada@fenwick.example>\r\n\r\n"
        )
    }

    #[test]
    fn where_the_mail_server_looks_only_its_word_counts() {
        let here = ["mx.tern.example"];
        for (results, standing) in [
            ("dmarc=pass header.from=fenwick.example", Standing::Proved),
            ("dkim=pass header.d=fenwick.example", Standing::Proved),
            ("dkim=pass header.d=evil.example", Standing::Unproved),
            ("dmarc=none", Standing::Unproved),
            ("dmarc=fail header.from=fenwick.example", Standing::Failed),
        ] {
            assert_eq!(of(&letter(results), &here), standing, "{results}");
        }
        let silent = "Received: from a by mx.tern.example\r\nFrom: ada@fenwick.example\r\n\r\n";
        assert_eq!(of(silent, &here), Standing::Unproved);
    }

    #[test]
    fn a_sender_in_the_place_of_an_author_is_not_proved() {
        let letter =
            letter("spf=pass smtp.mailfrom=fenwick.example; dkim=pass header.d=fenwick.example");
        assert_eq!(of(&letter, &["mx.tern.example"]), Standing::Proved);
        for from in ["Sender:", "From: \r\nSender:"] {
            let letter = letter.replace("From:", from);
            assert_eq!(header::parse(letter.as_bytes()).from.len(), 1);
            assert_eq!(of(&letter, &["mx.tern.example"]), Standing::Unproved);
            let silent = format!("{from} Ada <ada@fenwick.example>\r\n\r\n");
            assert_eq!(of(&silent, &[]), Standing::Unproved);
        }
    }

    #[test]
    fn where_nobody_looks_nothing_can_be_asked_for() {
        let silent = "Received: from a by mx.tern.example\r\nFrom: ada@fenwick.example\r\n\r\n";
        assert_eq!(of(silent, &[]), Standing::Unsaid);
        // Somebody looked, but it is not known who: the sender, perhaps.
        for results in ["dmarc=pass header.from=fenwick.example", "dmarc=fail"] {
            assert_eq!(of(&letter(results), &[]), Standing::Unproved);
        }
        for from in [
            "From: a@b.example, c@d.example\r\n",
            "From: nobody\r\nFrom: a@b.example\r\n",
            "",
        ] {
            assert_eq!(
                of(&format!("{from}Subject: x\r\n\r\n"), &[]),
                Standing::Unproved,
                "{from}"
            );
        }
    }
}
