//! Letters being written: which composers are open, and what each began as.

use std::rc::Rc;

use leptos::prelude::*;
use whimbrel_shared::{Draft, MailboxId, Message, MessageKey};

use super::letter::{Letter, Shown};

/// What a composer begins as.
#[derive(Debug, Clone)]
pub enum Begin {
    /// A new letter, empty or not.
    New(Box<Draft>),
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

impl Begin {
    /// What the bar of the composer says.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::New(_) => "New message",
            Self::Reply(_) => "Reply",
            Self::ReplyAll(_) => "Reply to all",
            Self::Forward(_) | Self::ForwardAsAttachment(_) => "Forward",
            Self::Draft { .. } => "Draft",
        }
    }

    /// Whether one begins with the text rather than with the recipients.
    #[must_use]
    pub fn has_recipients(&self) -> bool {
        matches!(
            self,
            Self::Reply(_) | Self::ReplyAll(_) | Self::Draft { .. }
        )
    }
}

/// One open composer.
#[derive(Clone)]
struct Composer {
    begin: Begin,
    letter: Letter,
}

/// The open composers.
#[derive(Clone, Copy)]
pub struct Composers {
    open: RwSignal<Vec<Composer>, LocalStorage>,
    next_id: StoredValue<u32>,
    /// Letters live with the app: one that is being saved outlives its composer.
    owner: StoredValue<Owner>,
}

impl Composers {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self {
            open: RwSignal::new_local(Vec::new()),
            next_id: StoredValue::new(1),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// The letters being written, oldest first.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.open
            .with(|open| open.iter().map(|composer| composer.letter).collect())
    }

    /// What a letter began as.
    #[must_use]
    pub fn begin_of(&self, letter: Letter) -> Option<Begin> {
        self.open.with_untracked(|open| {
            let found = open.iter().find(|composer| composer.letter.id == letter.id);
            found.map(|composer| composer.begin.clone())
        })
    }

    /// Whether closing the tab would lose something.
    #[must_use]
    pub fn is_anything_unsaved(&self) -> bool {
        self.open
            .with_untracked(|open| open.iter().any(|composer| composer.letter.is_at_stake()))
    }

    /// Opens a composer, unless one is at work on the same draft already.
    pub fn begin(&self, begin: Begin) {
        if let Begin::Draft { mailbox_id, key } = &begin {
            let known = self.open.with_untracked(|open| {
                let began_so = |composer: &Composer| match &composer.begin {
                    Begin::Draft {
                        mailbox_id: of,
                        key: began,
                    } => of == mailbox_id && began == key,
                    _ => false,
                };
                let same = |composer: &&Composer| {
                    began_so(composer) || composer.letter.is_draft(mailbox_id, *key)
                };
                open.iter().find(same).map(|composer| composer.letter)
            });
            if let Some(letter) = known {
                self.show(letter, Shown::Open);
                return;
            }
        }
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        let letter = self.owner.get_value().with(|| Letter::new(id));
        self.open
            .update(|open| open.push(Composer { begin, letter }));
        self.show(letter, Shown::Open);
    }

    /// Shows a composer; only one has room, so the others become bars.
    pub fn show(&self, letter: Letter, shown: Shown) {
        self.open.with_untracked(|open| {
            for other in open.iter().map(|composer| composer.letter) {
                let takes_room = matches!(other.shown.get_untracked(), Shown::Open | Shown::Filled);
                if other.id != letter.id && takes_room && shown != Shown::Minimised {
                    other.shown.set(Shown::Minimised);
                }
            }
        });
        letter.shown.set(shown);
    }

    /// Closes a composer; what it held is saved or sent by then.
    pub fn close(&self, id: u32) {
        self.open
            .update(|open| open.retain(|composer| composer.letter.id != id));
    }

    /// Closes all composers; what is not saved is lost.
    pub(super) fn forget_everything(&self) {
        for letter in untrack(|| self.letters()) {
            letter.give_up();
        }
        self.open.set(Vec::new());
    }

    /// An empty letter.
    pub fn new_letter(&self) {
        self.begin(Begin::New(Box::default()));
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
