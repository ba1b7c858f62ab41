//! Where in the app the person is. The address bar holds it; what is derived from it
//! (mailbox, list, open message) is derived here once.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::*;
use whimbrel_replica::list::ListKey;
use whimbrel_shared::{MailboxId, MessageKey, Role, path};

use super::{App, mail::Mail};
use crate::{
    browser::{history, panes, timers},
    logic::place::{MailPlace, Place},
};

/// Before the number of words that are searched for and do not stand in the address.
const KEPT: &str = "s=";

thread_local! {
    // What was searched for and may not stand in addresses; one names it by its place here. No stored value, for
    // every further kind of them costs the first visit.
    static KEPT_WORDS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The place, and what follows from it.
#[derive(Clone, Copy)]
pub struct Navigation {
    place: RwSignal<Place>,
    /// The folders are drawn in over a narrow window.
    pub drawer: RwSignal<bool>,
    /// The mailbox on screen: the one named, else the inbox; `None` until the mailboxes are known.
    pub mailbox: Memo<Option<MailboxId>>,
    /// The list on screen.
    pub list: Memo<Option<ListKey>>,
    /// The open message.
    pub message: Memo<Option<(MailboxId, MessageKey)>>,
    /// What is searched for.
    pub search: Memo<Option<String>>,
    /// What was searched for may stand in addresses, which browsers keep on disk.
    writes_words: StoredValue<bool>,
}

impl Navigation {
    /// Begins where the address bar says.
    #[must_use]
    pub fn new(mail: Mail) -> Self {
        let place = RwSignal::new(read_address());
        history::on_back(move || place.set(read_address()));
        let mail_place = move || match &*place.read() {
            Place::Mail(place) => Some(place.clone()),
            Place::Settings(_) | Place::Nowhere => None,
        };
        let mailbox = Memo::new(move |_| {
            let named = mail_place()?.mailbox;
            named.or_else(|| mail.mailbox_of_role(Role::Inbox).map(|mailbox| mailbox.id))
        });
        let search = Memo::new(move |_| mail_place()?.search);
        Self {
            place,
            drawer: RwSignal::new(false),
            mailbox,
            list: Memo::new(move |_| {
                Some(ListKey {
                    mailbox: mailbox.get()?,
                    search: search.get(),
                })
            }),
            message: Memo::new(move |_| mailbox.get().zip(mail_place()?.message)),
            search,
            writes_words: StoredValue::new(false),
        }
    }

    /// Whether what was searched for may stand in addresses. Not before this was said.
    pub fn write_words(&self, writes: bool) {
        self.writes_words.set_value(writes);
        if let Place::Mail(place) = &*self.place.read_untracked() {
            history::replace(&self.address_of(place));
        }
    }

    fn address_of(&self, place: &MailPlace) -> String {
        let Some(words) = place
            .search
            .as_ref()
            .filter(|_| !self.writes_words.get_value())
        else {
            return place.url();
        };
        let nth = KEPT_WORDS.with_borrow_mut(|kept| {
            let known = kept.iter().position(|known| known == words);
            known.unwrap_or_else(|| {
                kept.push(words.clone());
                kept.len() - 1
            })
        });
        let place = MailPlace {
            search: None,
            ..place.clone()
        };
        format!("{}?{KEPT}{nth}", place.url())
    }

    /// The place.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place.get()
    }

    /// The settings are on screen.
    #[must_use]
    pub fn is_in_settings(&self) -> bool {
        matches!(*self.place.read(), Place::Settings(_))
    }

    /// What the layout shows where there is room for one pane only: `folders`, `list` or `message`.
    #[must_use]
    pub fn view(&self) -> &'static str {
        if self.drawer.get() {
            "folders"
        } else if self.message.get().is_some() {
            "message"
        } else {
            "list"
        }
    }

    /// Opens a mailbox.
    pub fn open_mailbox(&self, mailbox: MailboxId) {
        self.go(MailPlace {
            mailbox: Some(mailbox),
            ..MailPlace::default()
        });
    }

    /// Opens a message of the list on screen.
    pub fn open_message(&self, key: MessageKey) {
        self.go(MailPlace {
            message: Some(key),
            ..self.here()
        });
    }

    /// Goes back to the list from a message.
    pub fn close_message(&self) {
        if self.message.get_untracked().is_some() {
            self.go(MailPlace {
                message: None,
                ..self.here()
            });
        }
    }

    /// Shows another message in place of one that leaves the list, or none: Back does not lead
    /// to what is gone.
    pub fn replace_message(&self, key: Option<MessageKey>) {
        let place = MailPlace {
            message: key,
            ..self.here()
        };
        history::replace(&self.address_of(&place));
        self.place.set(Place::Mail(place));
    }

    /// Searches the mailbox on screen; `None` shows all of it again.
    pub fn search_for(&self, search: Option<String>) {
        self.go(MailPlace {
            mailbox: self.mailbox.get_untracked(),
            message: None,
            search,
        });
    }

    /// Puts the id of the inbox into an address that named no mailbox.
    pub fn name_the_inbox(&self) {
        let here = self.here();
        if matches!(*self.place.read_untracked(), Place::Mail(_))
            && here.mailbox.is_none()
            && let Some(mailbox) = self.mailbox.get_untracked()
        {
            let place = MailPlace {
                mailbox: Some(mailbox),
                ..here
            };
            history::replace(&self.address_of(&place));
            self.place.set(Place::Mail(place));
        }
    }

    /// The mailbox on screen has another id now (it was renamed): stay in it.
    pub fn mailbox_became(&self, old: &MailboxId, new: MailboxId) {
        let here = self.here();
        if here.mailbox.as_ref() == Some(old) && !untrack(|| self.is_in_settings()) {
            let place = MailPlace {
                mailbox: Some(new),
                ..here
            };
            history::replace(&self.address_of(&place));
            self.place.set(Place::Mail(place));
        }
    }

    /// The address of a message of the list on screen, for a new tab.
    #[must_use]
    pub fn url_of(&self, key: MessageKey) -> String {
        MailPlace {
            mailbox: self.mailbox.get_untracked(),
            message: Some(key),
            // The words kept here are not known there.
            search: (self.search.get_untracked()).filter(|_| self.writes_words.get_value()),
        }
        .url()
    }

    fn here(&self) -> MailPlace {
        match &*self.place.read_untracked() {
            Place::Mail(place) | Place::Settings(place) => place.clone(),
            Place::Nowhere => MailPlace::default(),
        }
    }

    fn go(&self, place: MailPlace) {
        self.drawer.set(false);
        let place = Place::Mail(place);
        if *self.place.read_untracked() == place {
            return;
        }
        if let Place::Mail(place) = &place {
            history::push(&self.address_of(place));
        }
        self.place.set(place);
    }
}

impl App {
    /// Shows the settings.
    pub fn open_settings(self) {
        let navigation = self.navigation;
        if !untrack(|| navigation.is_in_settings()) {
            let before = navigation.here();
            navigation.drawer.set(false);
            history::push(path::SETTINGS);
            navigation.place.set(Place::Settings(before));
            timers::next_frame(|| {
                panes::focus_first("#settings");
            });
        }
    }

    /// Goes back to where the person was before the settings.
    pub fn close_settings(self) {
        self.navigation.go(self.navigation.here());
        timers::next_frame(|| {
            panes::focus_first(".list-pane [role=grid], .list-pane button");
        });
    }

    /// Draws the folders in over a narrow window, and goes there.
    pub fn open_drawer(self) {
        /// Until the drawer has begun to show, nothing in it can have the focus.
        const SHOWING: Duration = Duration::from_millis(50);
        self.navigation.drawer.set(true);
        timers::after(SHOWING, || {
            panes::focus_first(".sidebar [role=treeitem][tabindex='0']");
        });
    }

    /// Draws the folders away, and goes back to the button that drew them in.
    pub fn close_drawer(self) {
        self.navigation.drawer.set(false);
        timers::next_frame(|| {
            panes::focus_first(".list-pane [aria-label='Show folders']");
        });
    }
}

fn read_address() -> Place {
    let (pathname, query) = history::address();
    let nth = query.strip_prefix(KEPT).and_then(|nth| nth.parse().ok());
    let words = nth.and_then(|nth: usize| KEPT_WORDS.with_borrow(|kept| kept.get(nth).cloned()));
    match Place::read(&pathname, &query) {
        Place::Mail(place) if words.is_some() => Place::Mail(MailPlace {
            search: words,
            ..place
        }),
        place => place,
    }
}
