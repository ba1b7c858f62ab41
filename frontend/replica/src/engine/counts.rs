//! What an operation does to the counts of folders, guessed from the rows that are known. A guess stands
//! only until the server's next mailbox list.

use whimbrel_shared::{
    Action, Keyword, MailboxId, MessageKey, OperationId, Role, UidSet, UidValidity,
};

use super::Engine;
use crate::tree::Shift;

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    all: usize,
    unread: i64,
    read: i64,
}

impl Engine {
    /// How an operation that is about to be queued shifts the counts.
    pub(super) fn shifts(&self, id: &OperationId, action: &Action) -> Vec<Shift> {
        let shift = |mailbox: &MailboxId, total: usize, unread: i64, sign: i64| Shift {
            id: id.clone(),
            applied: None,
            mailbox: mailbox.clone(),
            total: sign * i64::try_from(total).unwrap_or(i64::MAX),
            unread,
        };
        let gets = |keywords: &[Keyword]| keywords.iter().any(|k| k.as_str() == Keyword::SEEN);
        let Some((mailbox, uidvalidity, uids)) = action.rows() else {
            return self.letter_shifts(id, action);
        };
        let count = self.count(mailbox, uidvalidity, uids);
        let (all, unread) = (i64::try_from(count.all).unwrap_or(i64::MAX), count.unread);
        match action {
            Action::SetKeywords { add, .. } if gets(add) => {
                vec![shift(mailbox, 0, -unread, 1)]
            }
            Action::SetKeywords { remove, .. } if gets(remove) => {
                vec![shift(mailbox, 0, count.read, 1)]
            }
            Action::Move {
                to, add, remove, ..
            } if to != mailbox => {
                let arriving = match (gets(add), gets(remove)) {
                    (true, _) => 0,
                    (false, true) => all,
                    (false, false) => unread,
                };
                vec![
                    shift(mailbox, count.all, -unread, -1),
                    shift(to, count.all, arriving, 1),
                ]
            }
            Action::Copy { to, .. } => vec![shift(to, count.all, unread, 1)],
            Action::Destroy { .. } => vec![shift(mailbox, count.all, -unread, -1)],
            _ => Vec::new(),
        }
    }

    /// A letter that is sent leaves Drafts; one that is saved anew comes there.
    fn letter_shifts(&self, id: &OperationId, action: &Action) -> Vec<Shift> {
        let total = match action {
            Action::Send { replaces, .. } if replaces.is_some() => -1,
            Action::SaveDraft { replaces: None, .. } => 1,
            _ => return Vec::new(),
        };
        let drafts = self.tree.of_role(Role::Drafts);
        let shift = drafts.map(|drafts| Shift {
            id: id.clone(),
            applied: None,
            mailbox: drafts.id.clone(),
            total,
            unread: 0,
        });
        shift.into_iter().collect()
    }

    /// How many of these messages are shown, and how many of them are known to be unread or read.
    fn count(&self, mailbox: &MailboxId, uidvalidity: UidValidity, uids: &UidSet) -> Count {
        let folder = self.folders.get(mailbox);
        let Some((folder, mirror)) = folder.and_then(|f| Some((f, f.mirror.as_ref()?))) else {
            let all = uids.len();
            return Count {
                all,
                ..Count::default()
            };
        };
        let there = folder.order.uids().intersection(uids);
        let all = there.len();
        if all == folder.order.len()
            && let Some(shown) = self.tree.find(mailbox)
        {
            let unread = i64::from(shown.unread_emails);
            let read = i64::from(shown.total_emails) - unread;
            return Count { all, unread, read };
        }
        let mut count = Count {
            all,
            ..Count::default()
        };
        for &uid in mirror.known.keys().filter(|uid| there.contains(**uid)) {
            let key = MessageKey { uidvalidity, uid };
            let is_read = self
                .envelope(mailbox, key)
                .is_some_and(|row| row.keywords.contains(Keyword::SEEN));
            count.read += i64::from(is_read);
            count.unread += i64::from(!is_read);
        }
        count
    }
}
