//! Rows of LIST into the list people see: parents before children, siblings in order, one mailbox
//! a role. Pure.

use std::collections::{BTreeMap, BTreeSet};

use whimbrel_shared::{Mailbox, MailboxId, MailboxList, Rights, Role};

use super::{listing::Counts, roles};
use crate::imap::{mailbox_ids::MailboxIds, name::MailboxName, wire::response::Listed};

/// Bytes of a name; longer ones are left out.
const MAX_NAME: usize = 1000;
/// Mailboxes of one list, mere parents included; what is beyond is left out.
const MOST_ENTRIES: usize = 50_000;

/// A mailbox before it has its place.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) parent: Option<MailboxName>,
    /// The last level, decoded.
    pub(super) name: String,
    pub(super) attributes: BTreeSet<String>,
    delimiter: Option<u8>,
    is_subscribed: bool,
    /// LIST named it: no mere parent, no leftover subscription.
    is_listed: bool,
}

impl Entry {
    /// Whether it has the attribute, lower-case with its backslash.
    pub(super) fn has(&self, attribute: &str) -> bool {
        self.attributes.contains(attribute)
    }

    /// Whether messages can be in it.
    pub(super) fn can_open(&self) -> bool {
        self.is_listed && !self.has("\\noselect") && !self.has("\\nonexistent")
    }
}

/// Whether a row of LIST is a mailbox that can be opened.
pub(super) fn can_open(row: &Listed) -> bool {
    let closed = |a: &String| a == "\\noselect" || a == "\\nonexistent";
    !row.is_lsub && !row.attributes.iter().any(closed)
}

/// The list for people.
pub(super) fn build(
    rows: &[Listed],
    counts: &BTreeMap<MailboxName, Counts>,
    ids: &MailboxIds,
) -> MailboxList {
    let entries = entries(rows);
    let roles = roles::assign(&entries);
    let mut children: BTreeMap<Option<&MailboxName>, Vec<(&MailboxName, &Entry)>> = BTreeMap::new();
    for (name, entry) in &entries {
        let siblings = children.entry(entry.parent.as_ref()).or_default();
        siblings.push((name, entry));
    }
    for siblings in children.values_mut() {
        siblings.sort_by_cached_key(|(name, entry)| {
            let role = roles.get(name).copied();
            (roles::order(role), entry.name.to_lowercase(), *name)
        });
    }
    let mut mailboxes = Vec::with_capacity(entries.len());
    let mut waiting: Vec<_> = ordered(&children, None);
    while let Some((order, name, entry)) = waiting.pop() {
        let below = ordered(&children, Some(name));
        let role = roles.get(name).copied();
        let rights = rights(entry, role, !below.is_empty());
        let places = (
            ids.of(name),
            entry.parent.as_ref().map(|above| ids.of(above)),
        );
        let told = (role, order, rights);
        mailboxes.push(mailbox(name, entry, places, told, counts.get(name)));
        waiting.extend(below);
    }
    MailboxList {
        mailboxes,
        may_create_top_level: true,
    }
}

/// Children of `parent` with their places, last first, as a stack wants them.
fn ordered<'a>(
    children: &BTreeMap<Option<&MailboxName>, Vec<(&'a MailboxName, &'a Entry)>>,
    parent: Option<&MailboxName>,
) -> Vec<(u32, &'a MailboxName, &'a Entry)> {
    let siblings = children.get(&parent).map_or(&[][..], Vec::as_slice);
    let places = siblings.iter().zip(0..);
    let mut ordered: Vec<_> = places
        .map(|(&(name, entry), place)| (place, name, entry))
        .collect();
    ordered.reverse();
    ordered
}

fn mailbox(
    name: &MailboxName,
    entry: &Entry,
    (id, parent_id): (MailboxId, Option<MailboxId>),
    (role, sort_order, my_rights): (Option<Role>, u32, Rights),
    counts: Option<&Counts>,
) -> Mailbox {
    let counts = counts.filter(|_| entry.can_open());
    Mailbox {
        id,
        parent_id,
        name: if name.is_inbox() {
            "Inbox".to_owned()
        } else {
            entry.name.clone()
        },
        role,
        sort_order,
        total_emails: counts.map_or(0, |&(_, total, _)| total),
        unread_emails: counts.map_or(0, |&(_, _, unread)| unread),
        is_subscribed: entry.is_subscribed,
        my_rights,
        state: counts.map(|(state, ..)| state.clone()),
    }
}

fn rights(entry: &Entry, role: Option<Role>, has_children: bool) -> Rights {
    let opens = entry.can_open();
    let is_view = matches!(role, Some(Role::All | Role::Flagged));
    let is_inbox = role == Some(Role::Inbox);
    Rights {
        may_read_items: opens,
        may_add_items: opens && !is_view,
        may_remove_items: opens,
        may_create_child: entry.delimiter.is_some() && !entry.has("\\noinferiors"),
        may_rename: entry.is_listed && !is_inbox && !is_view,
        may_delete: entry.is_listed && !is_inbox && !is_view && (opens || !has_children),
    }
}

/// Every mailbox once, and every parent that LIST left out.
fn entries(rows: &[Listed]) -> BTreeMap<MailboxName, Entry> {
    let mut entries: BTreeMap<MailboxName, Entry> = BTreeMap::new();
    let rows = rows.iter().take(MOST_ENTRIES);
    for row in rows.filter(|row| row.name.len() <= MAX_NAME) {
        let name = MailboxName::from_wire(trimmed(row));
        let entry = match entries.get_mut(&name) {
            Some(entry) => entry,
            None if row.is_lsub => continue, // a subscription to what is gone
            None => entries.entry(name.clone()).or_default(),
        };
        if row.is_lsub {
            entry.is_subscribed |= !row.attributes.iter().any(|a| a == "\\noselect");
            continue;
        }
        entry.is_listed = true;
        entry.delimiter = row.delimiter;
        entry.is_subscribed |= row.attributes.iter().any(|a| a == "\\subscribed");
        entry.attributes.extend(row.attributes.iter().cloned());
        (entry.parent, entry.name) = name.levels(row.delimiter);
        add_parents(&mut entries, &name);
    }
    without_the_gone(entries)
}

/// Leaves out names that are not there and have nothing below them (RFC 5258 §3.5): news of NOTIFY that a
/// mailbox went, heard within the answer to LIST.
fn without_the_gone(mut entries: BTreeMap<MailboxName, Entry>) -> BTreeMap<MailboxName, Entry> {
    let parents: BTreeSet<MailboxName> =
        entries.values().filter_map(|e| e.parent.clone()).collect();
    entries.retain(|name, entry| !entry.has("\\nonexistent") || parents.contains(name));
    entries
}

/// A name without the delimiter that some servers put after a mere parent.
fn trimmed(row: &Listed) -> &[u8] {
    let name: &[u8] = &row.name;
    match (name.split_last(), row.delimiter) {
        (Some((last, shorter)), Some(delimiter)) if *last == delimiter && !shorter.is_empty() => {
            shorter
        }
        _ => name,
    }
}

fn add_parents(entries: &mut BTreeMap<MailboxName, Entry>, name: &MailboxName) {
    let mut below = name.clone();
    // One name of a thousand bytes may claim five hundred parents.
    while entries.len() < MOST_ENTRIES
        && let Some(entry) = entries.get(&below)
    {
        let delimiter = entry.delimiter;
        let Some(above) = entry.parent.clone() else {
            return;
        };
        if entries.contains_key(&above) {
            return;
        }
        let (parent, name) = above.levels(delimiter);
        let missing = Entry {
            parent,
            name,
            delimiter,
            ..Entry::default()
        };
        entries.insert(above.clone(), missing);
        below = above;
    }
}
