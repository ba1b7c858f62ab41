//! Puts what was found out about a mail server into sentences. Pure.

use whimbrel_shared::{Quota, ReportItem, ReportSection, ReportTone, ServerReport};

use super::abilities::{ABILITIES, Ability};
use crate::{config::Security, imap::introduction::Introduction};

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
}

impl Findings {
    /// The whole in words.
    pub(super) fn report(&self) -> ServerReport {
        let (mut less, mut off, mut good) = (Vec::new(), Vec::new(), Vec::new());
        for ability in &ABILITIES {
            let (items, text) = match self.hindrance(ability) {
                None => (&mut good, format!("Your mail server can {}.", ability.can)),
                Some((Hindrance::SwitchedOff, text)) => (&mut off, text),
                Some((Hindrance::Lacking, text)) => (&mut less, text),
            };
            items.push(ReportItem {
                title: format!("{} ({})", ability.about, ability.extension),
                text,
            });
        }
        let sections = [
            (ReportTone::Less, "Slower or missing", less),
            (
                ReportTone::Off,
                "Switched off by whoever runs Whimbrel",
                off,
            ),
            (ReportTone::Fact, "Connection", self.facts()),
            (ReportTone::Good, "All there", good),
        ];
        let summary = summary(sections[0].2.len(), sections[1].2.len());
        let sections = sections
            .into_iter()
            .filter(|(.., items)| !items.is_empty())
            .map(|(tone, title, items)| ReportSection {
                title: title.to_owned(),
                tone,
                items,
            });
        ServerReport {
            summary,
            sections: sections.collect(),
        }
    }

    /// Why an extension is not used, and what comes of that.
    fn hindrance(&self, ability: &Ability) -> Option<(Hindrance, String)> {
        let Ability { can, instead, .. } = ability;
        let (offered, used) = (self.server.offered, self.server.used);
        if !ability.is_in(offered) {
            let text = format!("Your mail server cannot {can}. {instead}");
            return Some((Hindrance::Lacking, text));
        }
        if !ability.is_in(used) {
            let text = format!("Your mail server could {can}, but is not asked to. {instead}");
            return Some((Hindrance::SwitchedOff, text));
        }
        if let Some(needed) = ability.lacks(used) {
            let text =
                format!("Your mail server can {can}, but only together with {needed}. {instead}");
            return Some((Hindrance::Lacking, text));
        }
        (ability.waits && self.connections == 1).then(|| {
            let text = format!(
                "Your mail server can {can}, but not beside everything else on one connection. \
                 Whimbrel looks every 2 seconds instead."
            );
            (Hindrance::Lacking, text)
        })
    }

    fn facts(&self) -> Vec<ReportItem> {
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
        [
            (
                "Program",
                program.unwrap_or("It does not say what it is called."),
            ),
            ("Protection", protection),
            ("Connections", &connections),
            ("Room for mail", room),
        ]
        .map(|(title, text)| ReportItem {
            title: title.to_owned(),
            text: text.to_owned(),
        })
        .into()
    }
}

enum Hindrance {
    /// The server cannot do it, or it cannot be used with it.
    Lacking,
    /// The operator does not want it used.
    SwitchedOff,
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
    use whimbrel_shared::{ReportTone, ServerReport};

    use super::{ABILITIES, Findings};
    use crate::{
        config::{EXTENSIONS, Security},
        imap::{capabilities::Capabilities, introduction::Introduction},
    };

    fn report(words: &[&str], disabled: &[&'static str], connections: usize) -> ServerReport {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        Findings {
            server: Introduction::new(Capabilities::read(&words), disabled),
            security: Security::Tls,
            connections,
            quota: None,
        }
        .report()
    }

    /// What is told in a tone, by the beginning of its title.
    fn told<'a>(report: &'a ServerReport, tone: ReportTone, title: &str) -> Option<&'a str> {
        let sections = report.sections.iter().filter(|one| one.tone == tone);
        let mut items = sections.flat_map(|section| &section.items);
        let item = items.find(|item| item.title.starts_with(title))?;
        Some(&item.text)
    }

    #[test]
    fn a_server_that_can_everything_is_praised() {
        let report = report(&EXTENSIONS, &[], 3);
        let tones: Vec<_> = report.sections.iter().map(|one| one.tone).collect();
        assert_eq!(tones, [ReportTone::Fact, ReportTone::Good]);
        assert!(report.summary.contains("everything"));
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
                let sections = report.sections.iter();
                let told = sections.filter(|one| one.tone != ReportTone::Fact);
                let count: usize = told.map(|section| section.items.len()).sum();
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
                ReportTone::Less,
                "New mail in the open folder (IDLE)"
            ),
            Some(
                "Your mail server cannot tell Whimbrel about new mail in the open folder at once. \
                 Whimbrel looks every 2 seconds instead."
            )
        );
        let notify = told(&poorer, ReportTone::Less, "New mail in other folders");
        assert!(notify.is_some_and(|text| text.contains("only together with IDLE")));
        let moving = told(&poorer, ReportTone::Off, "Moving messages");
        assert!(moving.is_some_and(|text| text.contains("is not asked to")));
        assert_eq!(
            poorer.summary,
            "Everything works; 2 things are slower or missing. One is switched off."
        );
        let alone = report(&EXTENSIONS, &[], 1);
        assert!(told(&alone, ReportTone::Less, "New mail in the open folder").is_some());
        let connections = told(&alone, ReportTone::Fact, "Connections");
        assert!(connections.is_some_and(|text| text.contains("one connection")));
    }
}
