//! Which rows of the list on screen are ticked. Another list begins with no ticks; a row that
//! leaves the list loses its tick.

use leptos::prelude::*;
use whimbrel_replica::list::ListKey;
use whimbrel_shared::{MessageKey, Uid, UidSet, UidValidity};

use super::{mail::Mail, navigation::Navigation};
use crate::logic::selection::Selection;

/// The ticked rows.
#[derive(Clone, Copy)]
pub struct Selected {
    navigation: Navigation,
    mail: Mail,
    /// The ticks, and the list they were made in.
    made: RwSignal<(Option<ListKey>, Selection)>,
    /// The ticks of the list on screen, without rows that are gone.
    current: Memo<Selection>,
}

impl Selected {
    /// Nothing is ticked.
    #[must_use]
    pub fn new(navigation: Navigation, mail: Mail) -> Self {
        let made = RwSignal::new((None, Selection::default()));
        let current = Memo::new(move |_| {
            let list = navigation.list.get();
            let made = made.read();
            match list {
                Some(list) if made.0.as_ref() == Some(&list) && !made.1.is_empty() => {
                    let mut selection = made.1.clone();
                    selection.uids = if mail.list(&list).uidvalidity == Some(selection.uidvalidity)
                    {
                        selection.uids.intersection(&mail.keys(&list))
                    } else {
                        UidSet::new()
                    };
                    selection
                }
                _ => Selection::default(),
            }
        });
        Self {
            navigation,
            mail,
            made,
            current,
        }
    }

    /// The ticked messages.
    #[must_use]
    pub fn uids(&self) -> UidSet {
        self.current.read().uids.clone()
    }

    /// The UIDVALIDITY of the ticked messages.
    #[must_use]
    pub fn uidvalidity(&self) -> UidValidity {
        self.current.read().uidvalidity
    }

    /// How many are ticked.
    #[must_use]
    pub fn len(&self) -> usize {
        self.current.read().uids.len()
    }

    /// Whether nothing is ticked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.current.read().is_empty()
    }

    /// Whether a message is ticked.
    #[must_use]
    pub fn contains(&self, key: MessageKey) -> bool {
        let current = self.current.read();
        current.uidvalidity == key.uidvalidity && current.contains(key.uid)
    }

    /// Ticks a message, or takes its tick away.
    pub fn toggle(&self, key: MessageKey) {
        self.change(|selection, _| selection.toggle(key.uidvalidity, key.uid));
    }

    /// Ticks everything from the last ticked message (else from `from`) to this one.
    pub fn extend(&self, from: Option<Uid>, to: MessageKey) {
        self.change(|selection, all| selection.extend(to.uidvalidity, from, to.uid, &all));
    }

    /// Ticks everything in the list, or takes all ticks away if everything is ticked.
    pub fn toggle_all(&self) {
        let Some(list) = self.navigation.list.get_untracked() else {
            return;
        };
        let replica = self.mail.replica();
        let everything = self.current.read_untracked().uids.len() == replica.keys(&list).len();
        if everything {
            self.clear();
        } else {
            let uidvalidity = replica.list(&list).uidvalidity.unwrap_or_default();
            self.change(|selection, all| selection.all(uidvalidity, all));
        }
    }

    /// Takes every tick away.
    pub fn clear(&self) {
        if !self.made.read_untracked().1.is_empty() {
            self.change(|selection, _| selection.clear(None));
        }
    }

    fn change(&self, change: impl FnOnce(&mut Selection, UidSet)) {
        let Some(list) = self.navigation.list.get_untracked() else {
            return;
        };
        let all = self.mail.replica().keys(&list);
        let mut selection = self.current.get_untracked();
        change(&mut selection, all);
        self.made.set((Some(list), selection));
    }
}
