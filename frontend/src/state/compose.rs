//! Letters being written: which composers are open, and what each began as.

use std::rc::Rc;

use leptos::prelude::*;
use whimbrel_shared::{Address, MailboxId, Message, MessageKey};

/// What a composer begins as.
#[derive(Debug, Clone, PartialEq)]
pub enum Begin {
    /// An empty letter, perhaps to somebody.
    New {
        /// To whom.
        to: Vec<Address>,
    },
    /// An answer to the sender.
    Reply(Rc<Message>),
    /// An answer to everybody.
    ReplyAll(Rc<Message>),
    /// Passing on, text and files within the letter.
    Forward(Rc<Message>),
    /// Passing on as a file.
    ForwardAsAttachment(Rc<Message>),
    /// Going on with a draft.
    Draft {
        /// Where it is.
        mailbox_id: MailboxId,
        /// Its key there.
        key: MessageKey,
    },
}

/// One open composer.
#[derive(Debug, Clone, PartialEq)]
pub struct Composer {
    /// Its own number.
    pub id: u32,
    /// What it began as.
    pub begin: Begin,
}

/// The open composers.
#[derive(Clone, Copy)]
pub struct Composers {
    open: RwSignal<Vec<Composer>, LocalStorage>,
    next_id: StoredValue<u32>,
}

impl Composers {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self {
            open: RwSignal::new_local(Vec::new()),
            next_id: StoredValue::new(1),
        }
    }

    /// The open composers, oldest first.
    #[must_use]
    pub fn open(&self) -> Vec<Composer> {
        self.open.get()
    }

    /// Opens a composer, unless one is at work on the same draft already.
    pub fn begin(&self, begin: Begin) {
        let is_open = matches!(begin, Begin::Draft { .. })
            && self
                .open
                .read_untracked()
                .iter()
                .any(|open| open.begin == begin);
        if is_open {
            return;
        }
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.open.update(|open| open.push(Composer { id, begin }));
    }

    /// Closes a composer; what it held is saved or sent by then.
    pub fn close(&self, id: u32) {
        self.open
            .update(|open| open.retain(|composer| composer.id != id));
    }

    /// An empty letter.
    pub fn new_letter(&self) {
        self.begin(Begin::New { to: Vec::new() });
    }

    /// An answer to the sender.
    pub fn reply(&self, message: Rc<Message>) {
        self.begin(Begin::Reply(message));
    }

    /// An answer to everybody.
    pub fn reply_all(&self, message: Rc<Message>) {
        self.begin(Begin::ReplyAll(message));
    }

    /// Passing on, within the letter.
    pub fn forward(&self, message: Rc<Message>) {
        self.begin(Begin::Forward(message));
    }

    /// Passing on, as a file.
    pub fn forward_as_attachment(&self, message: Rc<Message>) {
        self.begin(Begin::ForwardAsAttachment(message));
    }

    /// Going on with a draft.
    pub fn edit_draft(&self, mailbox_id: MailboxId, key: MessageKey) {
        self.begin(Begin::Draft { mailbox_id, key });
    }
}

impl Default for Composers {
    fn default() -> Self {
        Self::new()
    }
}
