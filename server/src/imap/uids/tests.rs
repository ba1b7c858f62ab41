//! How much is remembered of mailboxes.

use whimbrel_shared::{Uid, UidSet};

use super::Memory;
use crate::imap::{name::MailboxName, select::Selected};

/// A mailbox of which every other message is gone.
fn riddled(name: &str, messages: u32) -> (Selected, UidSet) {
    let selected = Selected {
        name: MailboxName::from_wire(name.as_bytes()),
        uidvalidity: 7,
        uidnext: 2 * messages + 1,
        exists: messages,
        highest_modseq: None,
        news: 0,
        arrived: 0,
        changes: 0,
        is_derived: false,
        can_store_keywords: true,
        permanent_flags: Vec::new(),
        read_only: false,
    };
    let uids: UidSet = (1..=messages).map(|n: Uid| 2 * n).collect();
    (selected, uids)
}

#[test]
fn one_riddled_mailbox_is_remembered_and_older_ones_make_room() {
    let mut memory = Memory::default();
    let (small, few) = riddled("small", 10);
    let (large, many) = riddled("large", 7_995);
    memory.keep(&small, &few);
    memory.keep(&large, &many);
    assert!(memory.recall(&large.name).is_some());
    assert!(memory.recall(&small.name).is_none());
    memory.keep(&small, &few);
    assert!(memory.recall(&small.name).is_some());
    assert!(memory.recall(&large.name).is_none());
}

#[test]
fn a_mailbox_of_too_many_pieces_costs_the_others_nothing() {
    let mut memory = Memory::default();
    let (small, few) = riddled("small", 10);
    memory.keep(&small, &few);
    let (large, many) = riddled("large", 9_000);
    memory.keep(&large, &many);
    assert!(memory.recall(&large.name).is_none());
    assert!(memory.recall(&small.name).is_some());
}
