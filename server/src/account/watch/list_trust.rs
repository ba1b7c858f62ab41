//! How far the word of a connection on the account's mailboxes goes. A connection that stood while others
//! made, renamed or deleted mailboxes may list gone ones, and leave out new ones, for as long as it lives:
//! Dovecot 2.3 reads its index of them again only when time stamps tell it to (seen 2026-11-25: seven of
//! thirty storms of changes left such connections; a fresh one was always right). So for a moment any
//! connection is believed, then only one that was made since. Does no I/O.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use whimbrel_shared::{MailboxId, MailboxList};

/// This long after a change of names, connections may have missed another one.
const SETTLES: Duration = Duration::from_secs(2);
/// A connection this young was made for the question.
const FRESH: Duration = Duration::from_secs(1);

/// What is known of an account's mailboxes, over all its connections.
#[derive(Debug, Default)]
pub(super) struct ListTrust(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    names: BTreeSet<MailboxId>,
    /// When other names were last listed than before; `None` if that never happened.
    changed_at: Option<Instant>,
    /// The names were not confirmed since by a connection that cannot have missed anything.
    is_doubtful: bool,
}

impl ListTrust {
    /// Whether the list of a connection that stands since `opened_at` may be believed at `now`.
    pub(super) fn trusts(&self, opened_at: Instant, now: Instant) -> bool {
        let Some(settled) = self.settled_at() else {
            return true;
        };
        now < settled || opened_at >= settled || now.duration_since(opened_at) < FRESH
    }

    /// When the list has to be asked of a fresh connection; `None` if there is no need.
    pub(super) fn check_due(&self) -> Option<Instant> {
        let is_doubtful = self.known().as_ref().is_some_and(|known| known.is_doubtful);
        self.settled_at().filter(|_| is_doubtful)
    }

    /// Takes in what was listed. True if the names are others than before.
    pub(super) fn hear(&self, list: &MailboxList, now: Instant) -> bool {
        let names: BTreeSet<_> = list.mailboxes.iter().map(|m| m.id.clone()).collect();
        let mut known = self.known();
        let Some(known) = known.as_mut() else {
            *known = Some(Known {
                names,
                changed_at: None,
                is_doubtful: false,
            });
            return false;
        };
        let is_change = known.names != names;
        if is_change {
            *known = Known {
                names,
                changed_at: Some(now),
                is_doubtful: true,
            };
        }
        is_change
    }

    /// Takes in what was listed by a connection that stands since `opened_at`, and that everybody is
    /// told of. True if that ends a doubt, so that it has to be told even if it says nothing new: somebody
    /// may have been told otherwise meanwhile.
    pub(super) fn hear_for_all(
        &self,
        list: &MailboxList,
        opened_at: Instant,
        now: Instant,
    ) -> bool {
        let settled = self.check_due();
        if self.hear(list, now) {
            return false;
        }
        let ends_doubt = settled.is_some_and(|settled| opened_at >= settled);
        if ends_doubt && let Some(known) = self.known().as_mut() {
            known.is_doubtful = false;
        }
        ends_doubt
    }

    fn settled_at(&self) -> Option<Instant> {
        let changed_at = self.known().as_ref()?.changed_at?;
        Some(changed_at + SETTLES)
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use whimbrel_shared::{Mailbox, MailboxId, MailboxList, Rights};

    use super::{ListTrust, SETTLES};

    fn list(names: &[&str]) -> MailboxList {
        let my_rights = Rights {
            may_read_items: true,
            may_add_items: true,
            may_remove_items: true,
            may_create_child: true,
            may_rename: true,
            may_delete: true,
        };
        let mailbox = |name: &&str| Mailbox {
            id: MailboxId((*name).to_owned()),
            parent_id: None,
            name: (*name).to_owned(),
            role: None,
            sort_order: 0,
            total_emails: 0,
            unread_emails: 0,
            is_subscribed: true,
            my_rights,
            state: None,
        };
        MailboxList {
            mailboxes: names.iter().map(mailbox).collect(),
            may_create_top_level: true,
        }
    }

    #[test]
    fn after_a_change_only_a_younger_connection_is_believed() {
        let trust = ListTrust::default();
        let start = Instant::now();
        let later = |seconds: u64| start + Duration::from_secs(seconds);
        assert!(!trust.hear(&list(&["INBOX"]), start));
        assert!(trust.trusts(start, later(100)), "nothing ever changed");
        assert_eq!(trust.check_due(), None);

        assert!(trust.hear(&list(&["INBOX", "New"]), later(10)));
        let due = later(10) + SETTLES;
        assert_eq!(trust.check_due(), Some(due));
        assert!(trust.trusts(start, later(11)), "who else could be asked");
        assert!(!trust.trusts(start, due));
        assert!(trust.trusts(due, later(60)));
        assert!(trust.trusts(later(59), later(59)));
    }

    #[test]
    fn the_list_of_a_fresh_connection_ends_the_doubt_and_is_told_once() {
        let trust = ListTrust::default();
        let start = Instant::now();
        trust.hear(&list(&["INBOX"]), start);
        let changed = list(&["INBOX", "New"]);
        assert!(!trust.hear_for_all(&changed, start, start), "news anyway");
        let due = trust.check_due().expect("a doubt");
        assert!(
            !trust.hear_for_all(&changed, start, due),
            "the same old connection"
        );
        assert!(trust.hear_for_all(&changed, due, due));
        assert!(!trust.hear_for_all(&changed, due, due));
        assert_eq!(trust.check_due(), None);
    }
}
