//! Puts what was found out about a mail server into sentences. Pure.

use whimbrel_shared::{Quota, ReportKind, ReportLine};

use super::abilities::{ABILITIES, Ability};
use crate::{
    config::Security, imap::introduction::Introduction, message::sender::authentication::Trust,
};

/// What was found out.
pub(super) struct Findings {
    /// What the server says of itself.
    pub(super) server: Introduction,
    /// How the line to it is protected.
    pub(super) security: Security,
    /// As many connections the account may have.
    pub(super) connections: usize,
    /// How full the account is; outer `None` as long as that is not known.
    pub(super) quota: Option<Option<Quota>>,
    /// Whose findings about senders are believed; `None` if that is not known.
    pub(super) trust: Option<Trust>,
}

impl Findings {
    /// The whole in words, what matters most first.
    pub(super) fn report(&self) -> Vec<ReportLine> {
        let told: Vec<_> = ABILITIES.iter().map(|ability| self.told(ability)).collect();
        let of = |kind| told.iter().filter(move |line| line.kind == kind).cloned();
        let less: Vec<_> = of(ReportKind::Less).collect();
        let off: Vec<_> = of(ReportKind::Off).collect();
        let summary = summary(less.len(), off.len());
        let sections = [
            ("Slower or missing", less),
            ("Switched off by whoever runs Whimbrel", off),
            ("Connection", self.facts()),
            ("All there", of(ReportKind::Good).collect()),
        ];
        let mut report = vec![line(ReportKind::Heading, "", &summary)];
        for (title, lines) in sections.into_iter().filter(|(_, lines)| !lines.is_empty()) {
            report.push(line(ReportKind::Heading, title, ""));
            report.extend(lines);
        }
        report
    }

    /// What there is to say of an extension.
    fn told(&self, ability: &Ability) -> ReportLine {
        let (kind, text) = self.hindrance(ability).unwrap_or_else(|| {
            let text = format!("Your mail server can {}.", ability.can);
            (ReportKind::Good, text)
        });
        let title = format!("{} ({})", ability.about, ability.extension);
        line(kind, &title, &text)
    }

    /// Why an extension is not used, and what comes of that.
    fn hindrance(&self, ability: &Ability) -> Option<(ReportKind, String)> {
        let Ability { can, instead, .. } = ability;
        let (offered, used) = (self.server.offered, self.server.used);
        if !ability.is_in(offered) {
            let text = format!("Your mail server cannot {can}. {instead}");
            return Some((ReportKind::Less, text));
        }
        if !ability.is_in(used) {
            let text = format!("Your mail server could {can}, but is not asked to. {instead}");
            return Some((ReportKind::Off, text));
        }
        if let Some(needed) = ability.lacks(used) {
            let text =
                format!("Your mail server can {can}, but only together with {needed}. {instead}");
            return Some((ReportKind::Less, text));
        }
        (ability.waits && self.connections == 1).then(|| {
            let text = format!(
                "Your mail server can {can}, but not beside everything else on one connection. \
                 Whimbrel looks every 2 seconds instead."
            );
            (ReportKind::Less, text)
        })
    }

    fn facts(&self) -> Vec<ReportLine> {
        let program = self.server.name.as_deref();
        let protection = match self.security {
            Security::Tls | Security::StartTls => {
                "What Whimbrel and your mail server say to each other is encrypted (TLS)."
            }
            Security::Plain => {
                "What Whimbrel and your mail server say to each other is not encrypted: they are \
                 on the same machine, or in a network that whoever runs Whimbrel trusts."
            }
        };
        let connections = match self.connections {
            1 => "Whimbrel has one connection for everything: a search or a large file holds up \
                  the rest."
                .to_owned(),
            count => format!("Whimbrel uses up to {count} at the same time."),
        };
        let room = match self.quota {
            Some(Some(_)) => {
                "Your mail server sets a limit; how much is taken stands below the folders."
            }
            Some(None) if self.server.used.quota => "Your mail server sets no limit.",
            _ => "Not known.",
        };
        let senders = self
            .trust
            .as_ref()
            .map_or_else(|| "Not known.".to_owned(), finders);
        [
            (
                "Program",
                program.unwrap_or("It does not say what it is called."),
            ),
            ("Protection", protection),
            ("Connections", &connections),
            ("Room for mail", room),
            ("Who sent a message", &senders),
        ]
        .map(|(title, text)| line(ReportKind::Fact, title, text))
        .into()
    }
}

/// Who finds out whether senders are who they say.
fn finders(trust: &Trust) -> String {
    let ids = trust.anywhere.iter().chain(&trust.on_top);
    let mut ids: Vec<&str> = ids
        .map(|id| {
            if id.is_empty() {
                "a server without a name"
            } else {
                id
            }
        })
        .collect();
    ids.dedup();
    if ids.is_empty() {
        return "Your mail server does not write into messages whether their senders are proved \
                (Authentication-Results), or not in a place where nobody else could have. Whoever runs \
                Whimbrel can name it (authserv_ids)."
            .to_owned();
    }
    format!(
        "What {} found out about a sender is believed, and nobody else's word.",
        ids.join(" and ")
    )
}

fn line(kind: ReportKind, title: &str, text: &str) -> ReportLine {
    ReportLine {
        kind,
        title: title.to_owned(),
        text: text.to_owned(),
        target: String::new(),
    }
}

fn summary(less: usize, off: usize) -> String {
    let is_less = match less {
        0 => "Your mail server can do everything that Whimbrel makes use of.".to_owned(),
        1 => "Everything works; one thing is slower or missing.".to_owned(),
        count => format!("Everything works; {count} things are slower or missing."),
    };
    match off {
        0 => is_less,
        1 => format!("{is_less} One is switched off."),
        count => format!("{is_less} {count} are switched off."),
    }
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::{ReportKind, ReportLine};

    use super::{ABILITIES, Findings};
    use crate::{
        config::{EXTENSIONS, Security},
        imap::{capabilities::Capabilities, introduction::Introduction},
    };

    fn report(words: &[&str], disabled: &[&'static str], connections: usize) -> Vec<ReportLine> {
        // The way of threading is part of the word.
        let said = |word: &&str| word.replace("THREAD", "THREAD=REFS");
        let words: Vec<String> = words.iter().map(said).collect();
        Findings {
            server: Introduction::new(Capabilities::read(&words), disabled),
            security: Security::Tls,
            connections,
            quota: None,
            trust: None,
        }
        .report()
    }

    /// What is told in a kind of line, by the beginning of its title.
    fn told<'a>(report: &'a [ReportLine], kind: ReportKind, title: &str) -> Option<&'a str> {
        let mut lines = report.iter().filter(|line| line.kind == kind);
        let line = lines.find(|line| line.title.starts_with(title))?;
        Some(&line.text)
    }

    #[test]
    fn a_server_that_can_everything_is_praised() {
        let report = report(&EXTENSIONS, &[], 3);
        let headings = report
            .iter()
            .filter(|line| line.kind == ReportKind::Heading);
        let titles: Vec<_> = headings.map(|line| &*line.title).collect();
        assert_eq!(titles, ["", "Connection", "All there"]);
        assert!(report[0].text.contains("everything"));
    }

    #[test]
    fn every_extension_is_told_of_once_whatever_is_missing() {
        for missing in EXTENSIONS {
            let words: Vec<_> = EXTENSIONS
                .into_iter()
                .filter(|one| *one != missing)
                .collect();
            for (words, off) in [(words.as_slice(), None), (&EXTENSIONS[..], Some(missing))] {
                let report = report(words, off.as_slice(), 3);
                let told = |line: &&ReportLine| {
                    !matches!(line.kind, ReportKind::Heading | ReportKind::Fact)
                };
                let count = report.iter().filter(told).count();
                assert_eq!(count, ABILITIES.len(), "without {missing}");
            }
        }
    }

    #[test]
    fn it_says_why_something_is_slower() {
        let words: Vec<_> = EXTENSIONS
            .into_iter()
            .filter(|one| *one != "IDLE")
            .collect();
        let poorer = report(&words, &["MOVE"], 3);
        assert_eq!(
            told(
                &poorer,
                ReportKind::Less,
                "New mail in the open folder (IDLE)"
            ),
            Some(
                "Your mail server cannot tell Whimbrel about new mail in the open folder at once. \
                 Whimbrel looks every 2 seconds instead."
            )
        );
        let notify = told(&poorer, ReportKind::Less, "New mail in other folders");
        assert!(notify.is_some_and(|text| text.contains("only together with IDLE")));
        let moving = told(&poorer, ReportKind::Off, "Moving messages");
        assert!(moving.is_some_and(|text| text.contains("is not asked to")));
        assert_eq!(
            poorer[0].text,
            "Everything works; 2 things are slower or missing. One is switched off."
        );
        let senders = told(&poorer, ReportKind::Fact, "Who sent a message");
        assert_eq!(senders, Some("Not known."));
        let alone = report(&EXTENSIONS, &[], 1);
        assert!(told(&alone, ReportKind::Less, "New mail in the open folder").is_some());
        let connections = told(&alone, ReportKind::Fact, "Connections");
        assert!(connections.is_some_and(|text| text.contains("one connection")));
    }
}
