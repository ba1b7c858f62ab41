//! What was last told of the folders, so that only news is told.

use std::collections::BTreeMap;

use whimbrel_shared::{Event, MailboxId, MailboxList, State};

use super::Watch;

/// What was last told.
#[derive(Default)]
pub(super) struct Seen {
    list: MailboxList,
    states: BTreeMap<MailboxId, State>,
}

impl Seen {
    /// The next list is told even if it is as the last one.
    pub(super) fn forget_list(&mut self) {
        self.list = MailboxList::default();
    }
}

/// What to do with the first state ever seen of a mailbox.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FirstSight {
    /// Tell it.
    Tell,
    /// Keep it for comparison.
    Keep,
}

/// Tells a mailbox's state if it is news, and gives whether it is.
pub(super) fn tell_state(
    watch: &Watch,
    seen: &mut Seen,
    id: &MailboxId,
    state: State,
    first: FirstSight,
) -> bool {
    if seen.states.get(id) == Some(&state) {
        return false;
    }
    let known = seen.states.insert(id.clone(), state.clone()).is_some();
    if known || first == FirstSight::Tell {
        watch.tell(Event::MailboxChanged {
            mailbox_id: id.clone(),
            state: Some(state),
        });
    }
    true
}

/// Tells the folders and their counts if they are news; then there may be more or less room, too.
pub(super) fn tell_list(watch: &Watch, seen: &mut Seen, list: MailboxList) {
    for mailbox in &list.mailboxes {
        if let Some(state) = &mailbox.state {
            tell_state(watch, seen, &mailbox.id, state.clone(), FirstSight::Keep);
        }
    }
    if list != seen.list {
        watch.0.room.may_have_changed();
        watch.tell(Event::Mailboxes { list: list.clone() });
        seen.list = list;
    }
}
