//! A person's desk for tests: a replica on a line with delays and troubles, and the server at the far end.

use std::{cell::RefCell, future::Future, ops::Range, rc::Rc, time::Duration};

use tokio::{task::LocalSet, time::sleep};
use whimbrel_shared::{Action, Event, Keyword, Mailbox, MailboxId, MessageKey, OperationId};

use super::{
    model::{World, id},
    wire::Line,
};
use crate::{
    list::ListKey, memory_store::MemoryStore, notice::Notice, replica::Replica, store::Store,
};

/// A replica with everything around it.
pub(crate) struct Desk<S = MemoryStore> {
    pub(crate) line: Line,
    pub(crate) replica: Replica<Line, S>,
    pub(crate) notices: Rc<RefCell<Vec<Notice>>>,
    /// What was looked at last.
    pub(crate) last: RefCell<Option<(ListKey, Range<usize>)>>,
}

impl Desk {
    /// A desk at a server with `count` unread letters in the inbox.
    pub(crate) fn with_letters(count: u32) -> Self {
        let mut world = World::new();
        world.deliver("INBOX", count);
        Self::at(Line::new(world), MemoryStore::default())
    }
}

impl<S: Store> Desk<S> {
    pub(crate) fn at(line: Line, store: S) -> Self {
        let notices: Rc<RefCell<Vec<Notice>>> = Rc::default();
        let heard = Rc::clone(&notices);
        let replica = Replica::new(
            line.clone(),
            store,
            |future| drop(tokio::task::spawn_local(future)),
            move |notice| heard.borrow_mut().push(notice.clone()),
        );
        Self {
            line,
            replica,
            notices,
            last: RefCell::default(),
        }
    }

    /// Opens a mailbox with its first rows on screen, and waits until all is quiet.
    pub(crate) async fn open(&self, path: &str) {
        self.replica.want_mailboxes();
        self.look(&list(path), 0..30);
        rest().await;
    }

    pub(crate) fn look(&self, list: &ListKey, rows: Range<usize>) {
        *self.last.borrow_mut() = Some((list.clone(), rows.clone()));
        // The two come in either order in a reactive world.
        self.replica.want_rows(list, rows.clone());
        self.replica.want_list(list);
        self.replica.want_rows(list, rows);
    }

    /// The UIDs shown, ascending.
    pub(crate) fn shown(&self, path: &str) -> String {
        self.replica.keys(&list(path)).to_string()
    }

    /// Total and unread as shown.
    pub(crate) fn counts(&self, path: &str) -> (u32, u32) {
        let mailbox = self.replica.mailbox(&id(path)).unwrap();
        (mailbox.total_emails, mailbox.unread_emails)
    }

    pub(crate) fn uidvalidity(&self, path: &str) -> u32 {
        self.replica.list(&list(path)).uidvalidity.unwrap()
    }

    pub(crate) fn mark_read(&self, path: &str, uids: &str) -> OperationId {
        self.replica.perform(Action::SetKeywords {
            mailbox_id: id(path),
            uidvalidity: self.uidvalidity(path),
            uids: uids.parse().unwrap(),
            add: vec![Keyword::new(Keyword::SEEN)],
            remove: Vec::new(),
        })
    }

    pub(crate) fn move_to(&self, path: &str, uids: &str, to: &MailboxId) -> OperationId {
        self.replica.perform(Action::Move {
            mailbox_id: id(path),
            uidvalidity: self.uidvalidity(path),
            uids: uids.parse().unwrap(),
            to: to.clone(),
            add: Vec::new(),
            remove: Vec::new(),
        })
    }

    pub(crate) fn create(&self, name: &str) -> OperationId {
        self.replica.perform(Action::CreateMailbox {
            parent_id: None,
            name: name.to_owned(),
            role: None,
        })
    }

    pub(crate) fn is_read(&self, path: &str, uid: u32) -> bool {
        let uidvalidity = self.uidvalidity(path);
        let key = MessageKey { uidvalidity, uid };
        let row = self.replica.envelope(&id(path), key).unwrap();
        row.keywords.contains(Keyword::SEEN)
    }

    pub(crate) fn changed(&self, path: &str) {
        let state = self.line.world(|world| world.folder(path).state());
        self.replica.receive(Event::MailboxChanged {
            mailbox_id: id(path),
            state: Some(state),
        });
    }

    pub(crate) fn heard(&self, is_it: impl Fn(&Notice) -> bool) -> usize {
        self.notices.borrow().iter().filter(|n| is_it(n)).count()
    }

    pub(crate) fn refusals(&self) -> usize {
        self.heard(|notice| matches!(notice, Notice::Refused { .. }))
    }

    pub(crate) fn done(&self) -> usize {
        self.heard(|notice| matches!(notice, Notice::Applied { .. }))
    }

    /// Panics unless the replica shows what the server has.
    #[track_caller]
    pub(crate) fn agrees(&self, path: &str) {
        self.agrees_on(path, &(0..usize::MAX));
    }

    /// The same, but only of these rows what is in them.
    #[track_caller]
    pub(crate) fn agrees_on(&self, path: &str, rows: &Range<usize>) {
        let folder = list(path);
        let truth = self
            .line
            .world(|world| world.snapshot(&id(path), u32::MAX).unwrap());
        assert_eq!(self.shown(path), truth.uids.to_string(), "rows of {path}");
        assert_eq!(
            self.replica.list(&folder).uidvalidity,
            Some(truth.uidvalidity)
        );
        for row in truth.envelopes {
            let index = self.replica.index_of(
                &folder,
                MessageKey {
                    uidvalidity: truth.uidvalidity,
                    uid: row.uid,
                },
            );
            let shown = self.replica.row(&folder, index.unwrap()).unwrap();
            if let Some(shown) = shown.envelope.filter(|_| rows.contains(&index.unwrap())) {
                assert_eq!(*shown, row, "row of {path}");
            }
        }
        let list = self.line.world(|world| world.list());
        for (shown, truth) in self
            .replica
            .mailboxes()
            .mailboxes
            .iter()
            .zip(&list.mailboxes)
        {
            // A mark that is not counted changes the state, and the list is not asked for it.
            let state = shown.state.clone();
            assert_eq!(
                *shown,
                Mailbox {
                    state,
                    ..truth.clone()
                }
            );
        }
        assert_eq!(
            self.replica.mailboxes().mailboxes.len(),
            list.mailboxes.len()
        );
    }
}

pub(crate) fn list(path: &str) -> ListKey {
    ListKey::whole(id(path))
}

pub(crate) fn search(path: &str, text: &str) -> ListKey {
    ListKey {
        mailbox: id(path),
        search: Some(text.to_owned()),
    }
}

/// Waits until everything has come to rest; the clock is not a real one.
pub(crate) async fn rest() {
    sleep(Duration::from_secs(120)).await;
}

/// Waits a few milliseconds.
pub(crate) async fn wait(milliseconds: u64) {
    sleep(Duration::from_millis(milliseconds)).await;
}

/// Runs a test with a clock that leaps when nothing happens.
pub(crate) fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    LocalSet::new().block_on(&runtime, test);
}
