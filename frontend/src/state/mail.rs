//! The replica, and the signals that say when what was read from it may have changed.
//! Every reading function here tracks; every changing function goes through the replica's queue.

use std::rc::Rc;

use leptos::prelude::*;
use whimbrel_replica::{
    list::{ListKey, ListView, Row},
    memory_store::MemoryStore,
    notice::Notice,
    refusals::Refusal,
    replica::Replica,
};
use whimbrel_shared::{
    Action, Envelope, Mailbox, MailboxId, MailboxList, Message, MessageKey, OperationId,
    OutcomeKind, Role, UidSet,
};

use crate::browser::{timers, transport::HttpTransport};

/// The replica of this app.
pub type AppReplica = Replica<HttpTransport, MemoryStore>;

/// How the line to the mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Not tried yet.
    Connecting,
    /// News arrive by themselves.
    Online,
    /// Whimbrel's server does not answer.
    Offline,
    /// Whimbrel's server answers, the mail server does not.
    MailServerLost,
}

impl Line {
    /// Whether it is known that nothing comes over it.
    #[must_use]
    pub fn is_cut(self) -> bool {
        matches!(self, Self::Offline | Self::MailServerLost)
    }
}

type Listener = Box<dyn Fn(&Notice)>;

/// The replica and its signals.
#[derive(Clone, Copy)]
pub struct Mail {
    replica: StoredValue<AppReplica, LocalStorage>,
    listener: StoredValue<Option<Listener>, LocalStorage>,
    /// How the line is; [`crate::state::live`] keeps it.
    pub line: RwSignal<Line>,
    mailboxes: Trigger,
    lists: Trigger,
    rows: Trigger,
    messages: Trigger,
    queue: Trigger,
    refusals: Trigger,
}

impl Mail {
    /// A replica that knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        let listener: StoredValue<Option<Listener>, LocalStorage> = StoredValue::new_local(None);
        let replica = Replica::new(
            HttpTransport,
            MemoryStore::default(),
            timers::spawn,
            move |notice: &Notice| {
                listener.with_value(|listener| {
                    if let Some(listener) = listener {
                        listener(notice);
                    }
                });
            },
        );
        Self {
            replica: StoredValue::new_local(replica),
            listener,
            line: RwSignal::new(Line::Connecting),
            mailboxes: Trigger::new(),
            lists: Trigger::new(),
            rows: Trigger::new(),
            messages: Trigger::new(),
            queue: Trigger::new(),
            refusals: Trigger::new(),
        }
    }

    /// Who is told of news, after the signals.
    pub fn listen(&self, listener: impl Fn(&Notice) + 'static) {
        let mail = *self;
        self.listener.set_value(Some(Box::new(move |notice| {
            mail.stir(notice);
            listener(notice);
        })));
    }

    pub(super) fn line_is(&self, line: Line) {
        if self.line.get_untracked() != line {
            self.line.set(line);
        }
    }

    fn stir(&self, notice: &Notice) {
        match notice {
            Notice::Mailboxes => self.mailboxes.notify(),
            Notice::List(_) => self.lists.notify(),
            Notice::Rows(_) => self.rows.notify(),
            Notice::Message(..) => {
                self.messages.notify();
                self.rows.notify();
            }
            Notice::Queue => self.queue.notify(),
            Notice::Refused { .. } | Notice::Gone { .. } | Notice::Applied { .. } => {
                self.refusals.notify();
            }
            _ => {}
        }
    }

    /// The replica itself. Reading from it does not track.
    #[must_use]
    pub fn replica(&self) -> AppReplica {
        self.replica.get_value()
    }

    /// All mailboxes; empty before they are known.
    #[must_use]
    pub fn mailboxes(&self) -> Rc<MailboxList> {
        self.mailboxes.track();
        self.replica().mailboxes()
    }

    /// One mailbox.
    #[must_use]
    pub fn mailbox(&self, id: &MailboxId) -> Option<Mailbox> {
        self.mailboxes.track();
        self.replica().mailbox(id)
    }

    /// The mailbox of a role.
    #[must_use]
    pub fn mailbox_of_role(&self, role: Role) -> Option<Mailbox> {
        self.mailboxes.track();
        self.replica().mailbox_of_role(role)
    }

    /// How far a list is known, and how long it is.
    #[must_use]
    pub fn list(&self, key: &ListKey) -> ListView {
        self.lists.track();
        self.replica().list(key)
    }

    /// One row of a list, newest first.
    #[must_use]
    pub fn row(&self, key: &ListKey, index: usize) -> Option<Row> {
        self.lists.track();
        self.rows.track();
        self.replica().row(key, index)
    }

    /// The message at a place of a list.
    #[must_use]
    pub fn key_at(&self, key: &ListKey, index: usize) -> Option<MessageKey> {
        self.lists.track();
        self.replica().key_at(key, index)
    }

    /// The place of a message in a list.
    #[must_use]
    pub fn index_of(&self, key: &ListKey, message: MessageKey) -> Option<usize> {
        self.lists.track();
        self.replica().index_of(key, message)
    }

    /// All messages of a list.
    #[must_use]
    pub fn keys(&self, key: &ListKey) -> UidSet {
        self.lists.track();
        self.replica().keys(key)
    }

    /// What a list shows of a message; `None` while it is not known.
    #[must_use]
    pub fn envelope(&self, mailbox: &MailboxId, key: MessageKey) -> Option<Rc<Envelope>> {
        self.rows.track();
        self.replica().envelope(mailbox, key)
    }

    /// A message that was opened before, with its keywords as they are now.
    #[must_use]
    pub fn message(&self, mailbox: &MailboxId, key: MessageKey) -> Option<Rc<Message>> {
        self.messages.track();
        self.rows.track();
        self.replica().message(mailbox, key)
    }

    /// How many changes wait to be sent.
    #[must_use]
    pub fn queue_len(&self) -> usize {
        self.queue.track();
        self.replica().queue_len()
    }

    /// Changes that could not be made and that nobody has seen to yet, oldest first.
    #[must_use]
    pub fn could_not_apply(&self) -> Vec<Refusal> {
        self.refusals.track();
        self.replica().could_not_apply()
    }

    /// Somebody has seen to one of them.
    pub fn dismiss(&self, id: &OperationId) {
        self.replica().dismiss(id);
        self.refusals.notify();
    }

    /// Changes something: shown at once, sent in order, taken back if the server refuses.
    pub fn perform(&self, action: Action) -> OperationId {
        self.replica().perform(action)
    }

    /// The same, for what has to be awaited.
    pub async fn perform_and_wait(&self, action: Action) -> OutcomeKind {
        self.replica().perform_and_wait(action).await
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self::new()
    }
}
