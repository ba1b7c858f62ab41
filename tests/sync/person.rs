//! One person at one device: a replica with its queue, the stream of news, and what was asked of it.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    time::Duration,
};

use tokio::{
    sync::Notify,
    task::spawn_local,
    time::{sleep, timeout},
};
use whimbrel_replica::{
    list::ListKey, memory_store::MemoryStore, notice::Notice, replica::Replica,
};
use whimbrel_shared::{Action, Keyword, Mailbox, MailboxId, MessageKey, OperationId, UidSet, path};
use whimbrel_tests::client::TestClient;

use crate::{
    dice::Dice,
    ledger::{KEPT, LASTING, Ledger},
    story::Folders,
    truth,
    wire::Wire,
};

pub(crate) struct Device {
    pub(crate) replica: Rc<Replica<Wire, MemoryStore>>,
    pub(crate) folders: Folders,
    dice: Dice,
    ledger: Rc<Ledger>,
    is_bad: Rc<Cell<bool>>,
    on_screen: Rc<RefCell<Option<MailboxId>>>,
    turned: Rc<Notify>,
    deeds: RefCell<BTreeMap<OperationId, Deed>>,
    told: Rc<RefCell<BTreeMap<OperationId, Vec<Notice>>>>,
}

/// What has to be so if an operation is accepted.
enum Deed {
    Copy(String),
    Mark(String, String),
    Move(String),
    Other,
}

/// A row one may do something to.
struct Pick {
    mailbox: Mailbox,
    key: MessageKey,
    subject: String,
}

impl Device {
    pub(crate) fn start(name: &str, client: TestClient, dice: Dice, ledger: Rc<Ledger>) -> Self {
        let is_bad = Rc::new(Cell::new(false));
        let wire = Wire {
            client: client.clone(),
            dice: dice.clone(),
            is_bad: Rc::clone(&is_bad),
            name: name.to_owned(),
            operations: Cell::new(0),
        };
        let told: Rc<RefCell<BTreeMap<OperationId, Vec<Notice>>>> = Rc::default();
        let hearing = (Rc::clone(&told), Rc::clone(&ledger));
        let replica = Replica::new(
            wire,
            MemoryStore::default(),
            |future| drop(spawn_local(future)),
            move |notice: &Notice| {
                if let Notice::Applied { id, .. }
                | Notice::Gone { id, .. }
                | Notice::Refused { id, .. } = notice
                {
                    hearing.1.ended(id);
                    hearing
                        .0
                        .borrow_mut()
                        .entry(id.clone())
                        .or_default()
                        .push(notice.clone());
                }
            },
        );
        let device = Self {
            replica: Rc::new(replica),
            folders: Folders::Stay,
            dice,
            ledger,
            is_bad,
            on_screen: Rc::default(),
            turned: Rc::default(),
            deeds: RefCell::default(),
            told,
        };
        spawn_local(device.listen(client));
        device.replica.want_mailboxes();
        device
    }

    /// The stream of news, opened again whenever it ends.
    fn listen(&self, client: TestClient) -> impl Future<Output = ()> + 'static {
        let (replica, dice) = (Rc::clone(&self.replica), self.dice.clone());
        let (is_bad, on_screen) = (Rc::clone(&self.is_bad), Rc::clone(&self.on_screen));
        let turned = Rc::clone(&self.turned);
        async move {
            loop {
                let open = on_screen.borrow().clone();
                let mut events = client.events(&path::events(open.as_ref())).await;
                let patience = Duration::from_millis(if is_bad.get() {
                    200 + dice.below(2_000)
                } else {
                    600_000
                });
                let hearing = async {
                    loop {
                        tokio::select! {
                            event = events.next() => match event {
                                Some(event) => replica.receive(event),
                                None => break,
                            },
                            () = turned.notified() => break,
                        }
                    }
                };
                if timeout(patience, hearing).await.is_err() {
                    replica.set_connected(false);
                    sleep(Duration::from_millis(300)).await;
                }
            }
        }
    }

    pub(crate) fn bad(&self, is_bad: bool) {
        if self.is_bad.replace(is_bad) && !is_bad {
            self.turned.notify_one();
        }
    }

    /// Puts a folder on screen.
    pub(crate) fn open(&self, mailbox: &MailboxId) {
        self.on_screen.replace(Some(mailbox.clone()));
        self.turned.notify_one();
        let list = ListKey::whole(mailbox.clone());
        self.replica.want_list(&list);
        self.replica.want_rows(&list, 0..200);
    }

    /// Does one thing of those a person may do.
    pub(crate) fn act(&self) {
        let before = self.ledger.operations.get();
        for _ in 0..8 {
            self.try_to_act();
            if self.ledger.operations.get() > before {
                return;
            }
        }
    }

    fn try_to_act(&self) {
        let mailboxes = &self.replica.mailboxes().mailboxes;
        if self.dice.one_in(8) {
            if let Some(mailbox) = self.dice.pick(mailboxes) {
                self.open(&mailbox.id);
            }
            return;
        }
        let scratch: Vec<&Mailbox> = mailboxes
            .iter()
            .filter(|m| m.name.starts_with("Scratch"))
            .collect();
        let made = format!("Scratch-{}", self.ledger.another());
        let picked = self.pick();
        let kinds = match self.folders {
            Folders::Change => 13,
            Folders::Stay => 10,
        };
        let (action, deed) = match (self.dice.below(kinds), picked, self.dice.pick(&scratch)) {
            (0..=2, Some(row), _) => self.flag(&row),
            (3..=4, Some(row), _) if row.subject.starts_with(KEPT) => match self.mark(&row) {
                Some(doing) => doing,
                None => return,
            },
            (5..=7, Some(row), _) => match self.target(&row) {
                Some(to) => (shift(&row, to, false), Deed::Move(row.subject)),
                None => return,
            },
            (8, Some(row), _) if row.subject.starts_with(KEPT) => match self.target(&row) {
                Some(to) => (shift(&row, to, true), Deed::Copy(row.subject)),
                None => return,
            },
            (9, Some(row), _) if !row.subject.starts_with(KEPT) => (destroy(&row), Deed::Other),
            (10, _, Some(mailbox)) => (rename(mailbox, made), Deed::Other),
            (11, _, Some(mailbox)) => {
                let mailbox_id = mailbox.id.clone();
                (Action::DeleteMailbox { mailbox_id }, Deed::Other)
            }
            (12, ..) => (create(made), Deed::Other),
            _ => return,
        };
        let id = self.replica.perform(action);
        if let Deed::Move(subject) = &deed {
            self.ledger.moves(id.clone(), subject);
        }
        self.deeds.borrow_mut().insert(id, deed);
        self.ledger.operations.set(self.ledger.operations.get() + 1);
    }

    /// A row whose letter is known.
    fn pick(&self) -> Option<Pick> {
        let list = self.replica.mailboxes();
        let mailbox = self.dice.pick(&list.mailboxes)?;
        let key = ListKey::whole(mailbox.id.clone());
        let total = self.replica.list(&key).total;
        let row = self
            .replica
            .row(&key, usize::try_from(self.dice.below(total as u64)).ok()?)?;
        Some(Pick {
            mailbox: mailbox.clone(),
            key: row.key,
            subject: row.envelope?.subject.clone(),
        })
    }

    fn flag(&self, row: &Pick) -> (Action, Deed) {
        let keyword = self.dice.pick(&[Keyword::SEEN, Keyword::FLAGGED]).copied();
        let keyword = vec![Keyword::new(keyword.unwrap_or(Keyword::SEEN))];
        let (add, remove) = if self.dice.one_in(2) {
            (keyword, Vec::new())
        } else {
            (Vec::new(), keyword)
        };
        (keywords(row, add, remove), Deed::Other)
    }

    fn mark(&self, row: &Pick) -> Option<(Action, Deed)> {
        let mark = self.ledger.new_mark(&row.subject)?;
        let action = keywords(row, vec![Keyword::new(&mark)], Vec::new());
        Some((action, Deed::Mark(row.subject.clone(), mark)))
    }

    /// Another folder: for a letter to keep, one that stays.
    fn target(&self, row: &Pick) -> Option<MailboxId> {
        let is_kept = row.subject.starts_with(KEPT);
        let list = self.replica.mailboxes();
        let lasts = |mailbox: &Mailbox| {
            let mut lasting = LASTING.iter();
            lasting.any(|name| name.eq_ignore_ascii_case(&truth::path(&list, mailbox)))
        };
        let mailboxes = list.mailboxes.iter();
        let ids: Vec<_> = mailboxes
            .filter(|mailbox| mailbox.id != row.mailbox.id && (!is_kept || lasts(mailbox)))
            .map(|mailbox| &mailbox.id)
            .collect();
        self.dice.pick(&ids).map(|id| (*id).clone())
    }

    /// Enters into the ledger what became of everything; gives what was told never or twice.
    pub(crate) fn settle(&self) -> Vec<String> {
        let told = self.told.borrow();
        let mut complaints = Vec::new();
        for (id, deed) in &*self.deeds.borrow() {
            let told = told.get(id).map_or(&[][..], Vec::as_slice);
            let [notice] = told else {
                complaints.push(format!("{id:?} was told {} times", told.len()));
                continue;
            };
            match (deed, notice) {
                (Deed::Copy(subject), Notice::Applied { moved, .. }) => {
                    self.ledger.copied(subject, moved.len())
                }
                (Deed::Copy(subject), Notice::Refused { .. }) => {
                    self.ledger.perhaps_copied(subject)
                }
                (Deed::Mark(subject, mark), Notice::Applied { .. }) => {
                    self.ledger.marked(subject, mark)
                }
                _ => {}
            }
        }
        complaints
    }
}

fn keywords(row: &Pick, add: Vec<Keyword>, remove: Vec<Keyword>) -> Action {
    Action::SetKeywords {
        mailbox_id: row.mailbox.id.clone(),
        uidvalidity: row.key.uidvalidity,
        uids: UidSet::one(row.key.uid),
        add,
        remove,
    }
}

fn shift(row: &Pick, to: MailboxId, is_copy: bool) -> Action {
    let (mailbox_id, uidvalidity) = (row.mailbox.id.clone(), row.key.uidvalidity);
    let uids = UidSet::one(row.key.uid);
    if is_copy {
        return Action::Copy {
            mailbox_id,
            uidvalidity,
            uids,
            to,
        };
    }
    let (add, remove) = (Vec::new(), Vec::new());
    Action::Move {
        mailbox_id,
        uidvalidity,
        uids,
        to,
        add,
        remove,
    }
}

fn destroy(row: &Pick) -> Action {
    Action::Destroy {
        mailbox_id: row.mailbox.id.clone(),
        uidvalidity: row.key.uidvalidity,
        uids: UidSet::one(row.key.uid),
    }
}

fn create(name: String) -> Action {
    Action::CreateMailbox {
        parent_id: None,
        name,
        role: None,
    }
}

fn rename(mailbox: &Mailbox, name: String) -> Action {
    Action::RenameMailbox {
        mailbox_id: mailbox.id.clone(),
        parent_id: None,
        name,
    }
}
