//! Who listens, and what of it somebody can see.

use std::collections::BTreeMap;

use whimbrel_shared::MailboxId;

use crate::imap::{mailbox_ids::MailboxIds, name::MailboxName};

/// What the tabs behind a listener show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// The folders on screen.
    pub open: Vec<MailboxId>,
    /// Nobody can see any of it: the tabs are behind others, or the screen is off.
    pub is_hidden: bool,
}

/// All listeners of an account.
#[derive(Default)]
pub(super) struct Listeners {
    /// By listener number, so the newest is last.
    pub(super) sights: BTreeMap<u64, Sight>,
    /// There is a watcher.
    pub(super) running: bool,
}

impl Listeners {
    /// Somebody can see what a listener shows.
    pub(super) fn is_looked_at(&self) -> bool {
        self.sights.values().any(|sight| !sight.is_hidden)
    }

    /// The folders on screen, the newest listener's first. Of hidden tabs the newest one's folder is
    /// waited on if there is no other; the rest can wait until the counts are asked.
    pub(super) fn on_screen(&self, mailbox_ids: &MailboxIds) -> Vec<MailboxName> {
        let of = |hidden: bool| {
            let sights = self.sights.values().rev();
            sights
                .filter(move |sight| sight.is_hidden == hidden)
                .flat_map(|sight| &sight.open)
        };
        let mut ids: Vec<&MailboxId> = Vec::new();
        for id in of(false) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if ids.is_empty() {
            ids.extend(of(true).next());
        }
        ids.into_iter()
            .filter_map(|id| mailbox_ids.name(id))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Listeners, Sight};
    use crate::imap::{mailbox_ids::MailboxIds, name::MailboxName};

    fn listeners(sights: &[(&[&str], bool)]) -> Listeners {
        let name = |name: &&str| MailboxIds::default().of(&MailboxName::from_wire(name.as_bytes()));
        let sight = |(open, is_hidden): &(&[&str], bool)| Sight {
            open: open.iter().map(name).collect(),
            is_hidden: *is_hidden,
        };
        Listeners {
            sights: (0..).zip(sights.iter().map(sight)).collect(),
            running: true,
        }
    }

    fn on_screen(sights: &[(&[&str], bool)]) -> Vec<String> {
        let names = listeners(sights).on_screen(&MailboxIds::default());
        let text = |name: &MailboxName| String::from_utf8_lossy(name.wire()).into_owned();
        names.iter().map(text).collect()
    }

    #[test]
    fn what_was_opened_last_is_waited_on() {
        let tabs: [(&[&str], bool); 3] =
            [(&["INBOX"], false), (&["Sent"], false), (&["INBOX"], false)];
        assert_eq!(on_screen(&tabs), ["INBOX", "Sent"]);
        assert_eq!(on_screen(&[(&["Sent", "INBOX"], false)]), ["Sent", "INBOX"]);
        assert!(on_screen(&[(&[], false)]).is_empty());
    }

    #[test]
    fn hidden_tabs_make_no_work_beyond_one_folder() {
        let one_visible: [(&[&str], bool); 3] =
            [(&["INBOX"], false), (&["Sent"], true), (&["Junk"], true)];
        assert_eq!(on_screen(&one_visible), ["INBOX"]);
        assert!(listeners(&one_visible).is_looked_at());
        let all_hidden: [(&[&str], bool); 2] = [(&["INBOX"], true), (&["Sent"], true)];
        assert_eq!(on_screen(&all_hidden), ["Sent"]);
        assert!(!listeners(&all_hidden).is_looked_at());
    }
}
