//! Which row of the list the keyboard is on. It keeps its place when its message leaves.

use leptos::prelude::*;
use whimbrel_replica::list::ListKey;
use whimbrel_shared::{MessageKey, UidSet};

use super::{mail::Mail, navigation::Navigation};
use crate::browser::panes;

/// A wish to see the row of the cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Counts wishes; 0 before the first.
    pub turn: u32,
    /// The row is to have the focus, too.
    pub focus: bool,
}

/// The row the keyboard is on.
#[derive(Clone, Copy)]
pub struct Cursor {
    navigation: Navigation,
    mail: Mail,
    /// The list, the message, and where it was when the keyboard came to it.
    set: RwSignal<Option<(ListKey, MessageKey, usize)>>,
    /// The row the keyboard is on: as set, else the open message.
    pub key: Memo<Option<MessageKey>>,
    /// Changes when the row is to be scrolled to.
    pub wanted: RwSignal<Wanted>,
    /// The last wish that a row fulfilled.
    answered: StoredValue<u32>,
}

impl Cursor {
    /// On no row.
    #[must_use]
    pub fn new(navigation: Navigation, mail: Mail) -> Self {
        let set: RwSignal<Option<(ListKey, MessageKey, usize)>> = RwSignal::new(None);
        let key = Memo::new(move |_| {
            let list = navigation.list.get()?;
            let open = navigation.message.get().map(|(_, key)| key);
            match &*set.read() {
                Some((of, key, index)) if *of == list => {
                    let there = mail.index_of(&list, *key).map(|_| *key);
                    // Its message left: the one that took its place.
                    let last = mail.list(&list).total.checked_sub(1);
                    there.or_else(|| mail.key_at(&list, (*index).min(last?)))
                }
                _ => open.filter(|key| mail.index_of(&list, *key).is_some()),
            }
        });
        Self {
            navigation,
            mail,
            set,
            key,
            wanted: RwSignal::new(Wanted::default()),
            answered: StoredValue::new(0),
        }
    }

    /// Puts the cursor on a message of the list on screen, without moving the focus.
    pub fn put(&self, key: MessageKey) {
        if let Some(list) = self.navigation.list.get_untracked() {
            let index = self.mail.replica().index_of(&list, key).unwrap_or(0);
            self.set.set(Some((list, key, index)));
        }
    }

    /// Puts the cursor on the message that takes the place of the one under it, and gives its row
    /// the focus unless something that stays has it.
    pub fn put_in_place(&self, key: MessageKey) {
        if panes::has_focus("[role=grid], dialog") || panes::is_focus_nowhere() {
            self.focus(key);
        } else {
            self.put(key);
        }
    }

    /// Puts the cursor on a message and gives its row the focus.
    pub fn focus(&self, key: MessageKey) {
        self.put(key);
        self.want(true);
    }

    /// Scrolls to the row of the cursor, and leaves the focus where it is.
    pub fn reveal(&self) {
        self.want(false);
    }

    /// The row of the cursor is about to fulfil a wish; false if that was done before.
    #[must_use]
    pub fn answer(&self, wanted: Wanted) -> bool {
        let is_open = self.answered.get_value() != wanted.turn;
        self.answered.set_value(wanted.turn);
        is_open
    }

    fn want(&self, focus: bool) {
        self.wanted.update(|wanted| {
            wanted.turn = wanted.turn.wrapping_add(1);
            wanted.focus = focus;
        });
    }

    /// Where the cursor is in the list; `None` if it is nowhere.
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        let list = self.navigation.list.get_untracked()?;
        self.mail
            .replica()
            .index_of(&list, self.key.get_untracked()?)
    }

    /// The message `step` rows away; the first row if the cursor is nowhere. `None` at the ends.
    #[must_use]
    pub fn away(&self, step: isize) -> Option<MessageKey> {
        let list = self.navigation.list.get_untracked()?;
        let replica = self.mail.replica();
        let last = replica.list(&list).total.checked_sub(1)?;
        let there = match self.index() {
            Some(index) => index.saturating_add_signed(step).min(last),
            None => 0,
        };
        replica.key_at(&list, there)
    }

    /// The message that takes the place of the open one when `leaving` go: the next older one
    /// that stays, else the next newer one.
    #[must_use]
    pub fn neighbour(&self, from: MessageKey, leaving: &UidSet) -> Option<MessageKey> {
        let list = self.navigation.list.get_untracked()?;
        let replica = self.mail.replica();
        let staying = replica.keys(&list).difference(leaving);
        let older = staying
            .ranges()
            .rev()
            .find(|range| *range.start() < from.uid);
        let newer = staying.ranges().find(|range| *range.end() > from.uid);
        let uid = older
            .map(|range| (*range.end()).min(from.uid.saturating_sub(1)))
            .or_else(|| newer.map(|range| (*range.start()).max(from.uid.saturating_add(1))))?;
        Some(MessageKey {
            uidvalidity: from.uidvalidity,
            uid,
        })
    }
}
