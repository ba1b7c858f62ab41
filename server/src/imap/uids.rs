//! Every UID of a mailbox, exact and cheap. A search of 100,000 messages costs Dovecot 13 ms, so the
//! UIDs of the last few mailboxes are kept: when a mailbox is opened again, only what came since is
//! searched for, and the number of messages proves that nothing else changed.

use std::collections::VecDeque;

use whimbrel_shared::{Uid, UidSet, UidValidity};

use super::{
    Error, Result,
    connection::{Connection, flight::Reply},
    name::MailboxName,
    search,
    select::{self, Selected},
    wire::{
        command::{Command, Kind, Set},
        response::Response,
    },
};

/// Mailboxes remembered on one connection.
const MAX_MAILBOXES: usize = 4;
/// Ranges of UIDs remembered of all of them: 64 KiB.
const MAX_RANGES: usize = 8_000;

/// The UIDs of the last few mailboxes, each as of the last look.
#[derive(Debug, Default)]
pub(super) struct Memory {
    known: VecDeque<Known>,
    /// FETCH may be asked for what is gone since an earlier look (QRESYNC, RFC 7162 §3.2.6).
    pub(super) tells_vanished: bool,
}

#[derive(Debug)]
struct Known {
    name: MailboxName,
    uidvalidity: UidValidity,
    uids: UidSet,
    /// Proven since the mailbox was opened, so that the server counts messages as we do.
    is_proven: bool,
}

impl Memory {
    /// The UIDs of a mailbox as of the last look.
    fn recall(&self, name: &MailboxName) -> Option<&Known> {
        self.known.iter().find(|known| known.name == *name)
    }

    fn keep(&mut self, selected: &Selected, uids: &UidSet) {
        self.known.retain(|known| known.name != selected.name);
        if uids.ranges().count() > MAX_RANGES {
            return;
        }
        self.known.push_front(Known {
            name: selected.name.clone(),
            uidvalidity: selected.uidvalidity,
            uids: uids.clone(),
            is_proven: true,
        });
        let mut ranges = 0;
        let fits = |known: &&Known| {
            ranges += known.uids.ranges().count();
            ranges <= MAX_RANGES
        };
        let kept = self.known.iter().take_while(fits).count();
        self.known.truncate(kept.min(MAX_MAILBOXES));
    }

    /// Takes in that a mailbox was opened anew: what happened while it was closed is not known.
    pub(super) fn reopened(&mut self, name: &MailboxName) {
        if let Some(known) = self.known.iter_mut().find(|known| known.name == *name) {
            known.is_proven = false;
        }
    }

    /// Takes in that messages came.
    pub(super) fn extend(&mut self, name: &MailboxName, came: UidSet) {
        if let Some(known) = self.known.iter_mut().find(|known| known.name == *name) {
            known.uids = known.uids.union(&came);
        }
    }

    /// Takes in that messages of the open mailbox are gone. What is remembered and proven are the first
    /// messages of the mailbox as the server counts them; newer ones come after. What is not proven may
    /// count otherwise, and is forgotten: a wrong message would go, and the right number would hide it.
    pub(super) fn observe(&mut self, name: &MailboxName, response: &Response) {
        if matches!(response, Response::Expunge(_)) {
            self.known
                .retain(|known| known.name != *name || known.is_proven);
        }
        let Some(known) = self.known.iter_mut().find(|known| known.name == *name) else {
            return;
        };
        match response {
            Response::Expunge(number) => {
                let gone = (*number as usize).checked_sub(1);
                if let Some(gone) = gone.and_then(|index| nth(&known.uids, index)) {
                    known.uids = known.uids.difference(&UidSet::one(gone));
                }
            }
            // What was gone before the last look is not among them any more.
            Response::Vanished(gone) | Response::VanishedEarlier(gone) => {
                known.uids = known.uids.difference(gone);
            }
            _ => {}
        }
    }
}

/// The UID at a place, counted from 0.
fn nth(uids: &UidSet, mut index: usize) -> Option<Uid> {
    for range in uids.ranges() {
        let length = (range.end() - range.start()) as usize + 1;
        if index < length {
            return u32::try_from(index)
                .ok()
                .map(|offset| range.start() + offset);
        }
        index -= length;
    }
    None
}

/// What was asked by [`look`].
pub(super) struct Question {
    is_open: bool,
    /// Only UIDs above this were searched for; `None`: all.
    above: Option<Uid>,
}

/// The commands that open a mailbox afresh and ask for its UIDs.
pub(super) fn look(conn: &Connection, name: &MailboxName) -> Result<(Vec<Command>, Question)> {
    let mut commands = Vec::new();
    let is_open = conn.selected().is_some_and(|open| open.name == *name);
    if is_open {
        // Lets the server tell which messages went, before SELECT begins a new count.
        commands.push(Command::new("NOOP"));
    }
    let known = conn.memory().recall(name);
    let above = known.and_then(|known| known.uids.last());
    commands.push(select::command(conn, name)?);
    commands.push(match above {
        Some(uid) => search_above(conn, uid),
        None => search_all(conn),
    });
    Ok((commands, Question { is_open, above }))
}

/// The mailbox and its UIDs, from the answers to [`look`] at the front of `replies`.
pub(super) async fn seen(
    conn: &mut Connection,
    question: Question,
    replies: &mut impl Iterator<Item = Reply>,
) -> Result<(Selected, UidSet)> {
    if question.is_open {
        replies.next();
    }
    let selected = select::opened(conn, replies.next())?;
    let reply = replies.next();
    let uids = match question.above {
        None => all_uids(reply, &selected)?,
        Some(above) => match grown(conn, &selected, above, reply)? {
            Some(uids) => uids,
            None => {
                let search = search_all(conn);
                let reply = conn.pipeline(vec![search]).await?.pop();
                let selected = select::opened(conn, None)?;
                all_uids(reply, &selected)?
            }
        },
    };
    let selected = select::opened(conn, None)?;
    if selected.is_exact() {
        conn.memory_mut().keep(&selected, &uids);
    }
    Ok((selected, uids))
}

/// What is remembered and what came since, if the number of messages proves that this is all.
fn grown(
    conn: &Connection,
    selected: &Selected,
    above: Uid,
    reply: Option<Reply>,
) -> Result<Option<UidSet>> {
    let found = search::found(reply)?;
    let Some(known) = conn.memory().recall(&selected.name) else {
        return Ok(None);
    };
    // `N:*` names the last message even if its UID is below N.
    let came: UidSet = match above.checked_add(1) {
        Some(from) => found.intersection(&UidSet::from_ranges(vec![(from, Uid::MAX)])),
        None => UidSet::new(),
    };
    let uids = known.uids.union(&came);
    let proven =
        known.uidvalidity == selected.uidvalidity && uids.len() == selected.exists as usize;
    Ok(proven.then_some(uids))
}

fn search_all(conn: &Connection) -> Command {
    Command::new(if conn.capabilities().esearch {
        "UID SEARCH RETURN (ALL) ALL"
    } else {
        "UID SEARCH ALL"
    })
    .kind(Kind::Search)
}

fn search_above(conn: &Connection, uid: Uid) -> Command {
    let search = search::begin(conn, true).words("UID");
    search.set(&Set::from(uid.saturating_add(1)))
}

/// Every UID of the open mailbox, from the answer to [`search_all`]. An answer that cannot be whole
/// is an error, for what it lacks would count as gone.
fn all_uids(reply: Option<Reply>, selected: &Selected) -> Result<UidSet> {
    let incomplete = || Error::Lost("the list of messages did not arrive whole".to_owned());
    let reply = reply.ok_or_else(incomplete)?.ok()?;
    let uids = match reply.found() {
        Some(found) => found.uids.clone(),
        None if selected.exists == 0 => UidSet::new(),
        None => return Err(incomplete()),
    };
    let plausible = (selected.exists as usize).saturating_add(10_000);
    if uids.len() > plausible || (uids.is_empty() && selected.exists > 0) {
        return Err(incomplete());
    }
    Ok(uids)
}

/// The UIDs that are remembered of a mailbox.
pub(super) fn remembered(conn: &Connection, name: &MailboxName) -> UidSet {
    let known = conn.memory().recall(name);
    known.map(|known| known.uids.clone()).unwrap_or_default()
}

/// Those of the messages remembered `before` that the server has said to be gone since.
pub(super) fn gone_since(conn: &Connection, name: &MailboxName, before: &UidSet) -> UidSet {
    match conn.memory().recall(name) {
        Some(known) => before.difference(&known.uids),
        None => UidSet::new(),
    }
}

/// Every UID of the open mailbox, if no news came since they were looked at.
pub(super) fn unchanged(conn: &Connection, name: &MailboxName) -> Option<UidSet> {
    let open = conn.selected()?;
    let known = conn.memory().recall(name)?;
    let exact = open.name == *name
        && known.is_proven
        && open.is_exact()
        && open.uidvalidity == known.uidvalidity
        && open.exists as usize == known.uids.len();
    exact.then(|| known.uids.clone())
}

#[cfg(test)]
mod tests;
