//! The conversations of a mailbox (RFC 5256 §3): asked of the server where it can find them, else made
//! of the message ids that [`ids`] fetches batch by batch and [`Links`] ties together.

use std::{
    collections::{BTreeMap, HashMap, hash_map::RandomState},
    hash::BuildHasher as _,
};

use whimbrel_shared::{MailboxThreads, Uid, UidSet, UidValidity};

use super::{
    Error, Result,
    connection::Connection,
    name::MailboxName,
    order,
    wire::{
        command::{Command, Kind},
        response::Response,
    },
};

/// Ids of one message that are followed: the oldest, and the latest.
const MOST_IDS: usize = 20;

/// The conversations, if the server can find them.
///
/// # Errors
/// [`super::Error::MailboxGone`].
pub async fn found(conn: &mut Connection, name: &MailboxName) -> Result<Option<MailboxThreads>> {
    let capabilities = conn.capabilities();
    // REFS costs Dovecot a sixth of REFERENCES.
    let command = match (capabilities.thread_refs, capabilities.thread_references) {
        (true, _) => "UID THREAD REFS UTF-8 ALL",
        (false, true) => "UID THREAD REFERENCES UTF-8 ALL",
        (false, false) => return Ok(None),
    };
    let selected = order::open(conn, name).await?;
    let command = Command::new(command).kind(Kind::Search);
    let reply = conn.run(command.patient(order::PATIENCE)).await;
    let reply = match reply {
        // It cannot after all.
        Err(Error::No { .. } | Error::Bad(_)) => return Ok(None),
        reply => reply?,
    };
    let threads = reply.data.into_iter().find_map(|response| match response {
        Response::Thread(threads) => Some(threads),
        _ => None,
    });
    let threads = threads.unwrap_or_default();
    let ranges = threads.iter().flat_map(UidSet::ranges);
    let uids = UidSet::from_ranges(ranges.map(|range| (*range.start(), *range.end())).collect());
    let is_whole = uids.len() >= selected.exists as usize;
    Ok(is_whole.then(|| MailboxThreads {
        state: selected.state(),
        uidvalidity: selected.uidvalidity,
        uids,
        threads: conversations(threads),
    }))
}

/// The threads of two and more, by their newest message.
fn conversations(mut threads: Vec<UidSet>) -> Vec<UidSet> {
    threads.retain(|thread| thread.len() > 1);
    threads.sort_by_key(UidSet::last);
    threads
}

/// The ids by which messages belong together: their own, and those that they answer.
///
/// # Errors
/// [`super::Error::MailboxGone`], [`super::Error::UidValidityChanged`].
pub async fn ids(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
    uids: &UidSet,
) -> Result<BTreeMap<Uid, Vec<String>>> {
    let items = "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES)]<0.16384>)";
    let rows = order::rows(conn, name, uidvalidity, uids, items).await?;
    let ids = rows.into_iter().filter_map(|(uid, row)| {
        let header = row.fields?;
        let later = header.references.iter().skip(1).rev().take(MOST_IDS - 1);
        let all = std::iter::once(&header.message_id)
            .chain(header.references.first())
            .chain(later)
            .filter(|id| !id.is_empty());
        Some((uid, all.cloned().collect()))
    });
    Ok(ids.collect())
}

/// Ties messages together that name one another, without a look at subjects: as `THREAD=REFS`, but that
/// a message which answers two conversations makes them one. Keeps ids as numbers that nobody outside
/// can foresee.
#[derive(Debug, Default)]
pub struct Links {
    hasher: RandomState,
    /// The message that an id led to first.
    places: HashMap<u64, usize>,
    uids: Vec<Uid>,
    /// The message that each belongs to; itself if it is the first.
    parents: Vec<usize>,
}

impl Links {
    /// Takes in a message and the ids it names.
    pub fn add(&mut self, uid: Uid, ids: &[String]) {
        let place = self.uids.len();
        self.uids.push(uid);
        self.parents.push(place);
        for id in ids {
            let id = self.hasher.hash_one(id);
            let other = *self.places.entry(id).or_insert(place);
            self.tie(place, other);
        }
    }

    /// The conversations of two and more, by their newest message.
    #[must_use]
    pub fn conversations(mut self) -> Vec<UidSet> {
        let mut threads: BTreeMap<usize, Vec<Uid>> = BTreeMap::new();
        for (place, uid) in std::mem::take(&mut self.uids).into_iter().enumerate() {
            let first = self.first(place);
            threads.entry(first).or_default().push(uid);
        }
        let threads = threads.into_values().filter(|uids| uids.len() > 1);
        conversations(threads.map(UidSet::from_iter).collect())
    }

    fn tie(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        // The older one leads.
        if let Some(parent) = self.parents.get_mut(one.max(other)) {
            *parent = one.min(other);
        }
    }

    fn first(&mut self, mut place: usize) -> usize {
        while let Some(&parent) = self.parents.get(place) {
            if parent == place {
                break;
            }
            let grandparent = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(way) = self.parents.get_mut(place) {
                *way = grandparent; // half the way next time
            }
            place = grandparent;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::Links;
    use crate::imap::scripted::set;

    #[test]
    fn messages_that_name_one_another_belong_together() {
        let mut links = Links::default();
        let ids = |ids: &[&str]| -> Vec<String> { ids.iter().map(|&id| id.to_owned()).collect() };
        links.add(1, &ids(&["a"]));
        links.add(2, &ids(&["b", "a"]));
        links.add(3, &ids(&["c"]));
        links.add(4, &ids(&["d", "lost"])); // what it answers is not here
        links.add(5, &ids(&[]));
        links.add(6, &ids(&["e", "lost"]));
        links.add(7, &ids(&["f", "a", "b"]));
        assert_eq!(links.conversations(), [set("4,6"), set("1:2,7")]);
    }

    #[test]
    fn a_long_chain_is_one_conversation() {
        let mut links = Links::default();
        for uid in (1..=20_000).rev() {
            links.add(uid, &[format!("id{uid}"), format!("id{}", uid - 1)]);
        }
        assert_eq!(links.conversations(), [set("1:20000")]);
    }
}
