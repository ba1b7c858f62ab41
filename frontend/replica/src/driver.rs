//! Runs the engine: carries its questions to the transport and the store, its writes to the store, its
//! notices to the listener. No borrow of the engine is held across an await or while others' code runs.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use whimbrel_shared::{ApiError, Envelopes, Message, OperationId, OutcomeKind, UidSet};

use crate::{
    engine::{Engine, Out},
    messages::Name,
    notice::Notice,
    question::{Answer, Ask, Moment, Question, RowsAsked, WINDOW},
    replica::LocalFuture,
    store::{Saved, Store, Write},
    transport::Transport,
    wait::{Bring, Wait, wait},
    words,
};

/// The engine with everything it needs to live.
pub(crate) struct Driver<T, S> {
    /// The line.
    pub(crate) transport: T,
    store: S,
    spawn: Box<dyn Fn(LocalFuture)>,
    listener: Box<dyn Fn(&Notice)>,
    engine: RefCell<Engine>,
    /// A future that tells notices is on its way.
    is_telling: Cell<bool>,
    writes: RefCell<Vec<Write>>,
    is_writing: Cell<bool>,
    /// Who waits until everything is written.
    readers: RefCell<Vec<Bring<()>>>,
    openers: RefCell<Vec<Opener>>,
    performers: RefCell<Vec<(OperationId, Bring<OutcomeKind>)>>,
}

type Opened = Result<Rc<Message>, ApiError>;
type Opener = (Name, Bring<Opened>);

impl<T: Transport, S: Store> Driver<T, S> {
    /// A driver whose engine waits for the store.
    pub(crate) fn start(
        transport: T,
        store: S,
        spawn: Box<dyn Fn(LocalFuture)>,
        listener: Box<dyn Fn(&Notice)>,
    ) -> Rc<Self> {
        let spread = transport
            .new_operation_id()
            .0
            .bytes()
            .fold(0_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
            });
        let driver = Rc::new(Self {
            transport,
            store,
            spawn,
            listener,
            engine: RefCell::new(Engine::new(spread)),
            is_telling: Cell::new(false),
            writes: RefCell::default(),
            is_writing: Cell::new(false),
            readers: RefCell::default(),
            openers: RefCell::default(),
            performers: RefCell::default(),
        });
        let loading = Rc::clone(&driver);
        (driver.spawn)(Box::pin(async move {
            // Without its store the replica still works, as on a first visit.
            let saved: Saved = loading.store.load().await.unwrap_or_default();
            loading.with(|engine| engine.loaded(saved));
        }));
        driver
    }

    /// Reads.
    pub(crate) fn read<R>(&self, read: impl FnOnce(&Engine) -> R) -> R {
        read(&self.engine.borrow())
    }

    /// Reads what is kept by how lately it was read.
    pub(crate) fn read_message(&self, name: &Name) -> Option<Rc<Message>> {
        self.engine.borrow_mut().message(name)
    }

    /// Alters the engine's state and sets going what follows.
    pub(crate) fn with<R>(self: &Rc<Self>, alter: impl FnOnce(&mut Engine) -> R) -> R {
        let (result, out, has_news) = {
            let mut engine = self.engine.borrow_mut();
            let result = alter(&mut engine);
            engine.ask_what_is_wished();
            let notices = std::mem::take(&mut engine.out.notices);
            let out = std::mem::take(&mut engine.out);
            let has_news = !notices.is_empty();
            engine.out.notices = notices;
            (result, out, has_news)
        };
        self.set_going(out);
        if has_news && !self.is_telling.replace(true) {
            let driver = Rc::clone(self);
            (self.spawn)(Box::pin(async move { driver.tell() }));
        }
        result
    }

    /// Waits for the message; the engine must have been told to ask for it.
    pub(crate) fn opened(&self, name: Name) -> Wait<Opened> {
        let (bring, wait) = wait();
        self.openers.borrow_mut().push((name, bring));
        wait
    }

    /// Waits for what becomes of an operation; must be called before it is performed.
    pub(crate) fn outcome(&self, id: OperationId) -> Wait<OutcomeKind> {
        let (bring, wait) = wait();
        self.performers.borrow_mut().push((id, bring));
        wait
    }

    /// Nobody will answer those who wait for messages.
    pub(crate) fn turn_openers_away(&self) {
        for (_, bring) in self.openers.take() {
            bring.bring(Err(words::signed_out()));
        }
    }

    fn set_going(self: &Rc<Self>, out: Out) {
        for question in out.questions {
            let driver = Rc::clone(self);
            (self.spawn)(Box::pin(async move { driver.carry(question).await }));
        }
        self.writes.borrow_mut().extend(out.writes);
        if !self.writes.borrow().is_empty() && !self.is_writing.replace(true) {
            let driver = Rc::clone(self);
            (self.spawn)(Box::pin(async move { driver.write().await }));
        }
        for (id, outcome) in out.outcomes {
            let found = {
                let mut performers = self.performers.borrow_mut();
                let place = performers.iter().position(|(waits, _)| *waits == id);
                place.map(|place| performers.swap_remove(place).1)
            };
            if let Some(bring) = found {
                self.engine.borrow_mut().dismiss(&id);
                bring.bring(outcome);
            }
        }
    }

    fn tell(&self) {
        self.is_telling.set(false);
        let notices = std::mem::take(&mut self.engine.borrow_mut().out.notices);
        for notice in &notices {
            (self.listener)(notice);
        }
    }

    async fn write(&self) {
        loop {
            let writes = self.writes.take();
            if writes.is_empty() {
                break;
            }
            // A store that fails costs what it would have kept, never the mail.
            let _ = self.store.write(writes).await;
        }
        self.is_writing.set(false);
        for reader in self.readers.take() {
            reader.bring(());
        }
    }

    /// The store, once everything is written.
    async fn store(&self) -> &S {
        if self.is_writing.get() {
            let (bring, wait) = wait();
            self.readers.borrow_mut().push(bring);
            wait.await;
        }
        &self.store
    }

    async fn carry(self: Rc<Self>, question: Question) {
        let Question { asked, ask } = question;
        let answer = match ask {
            Ask::Mailboxes => Answer::Mailboxes(self.transport.mailboxes().await),
            Ask::Open(mailbox) => match self.store().await.mailbox(&mailbox).await {
                Ok(Some(saved)) => Answer::Saved(mailbox, saved),
                _ => {
                    let answer = self.transport.snapshot(&mailbox, WINDOW).await;
                    Answer::Snapshot(mailbox, answer)
                }
            },
            Ask::Snapshot(mailbox) => {
                let answer = self.transport.snapshot(&mailbox, WINDOW).await;
                Answer::Snapshot(mailbox, answer)
            }
            Ask::Changes(mailbox, since, shown) => {
                let answer = self.transport.changes(&mailbox, &since, &shown).await;
                Answer::Changes(mailbox, answer)
            }
            Ask::Rows(rows) => self.rows(asked, rows).await,
            Ask::Audit(rows) => {
                let (mailbox, uids) = (rows.mailbox, rows.uids);
                let answer = self.fetch_rows(&mailbox, rows.uidvalidity, &uids).await;
                Answer::Sample(mailbox, answer)
            }
            Ask::Search(list) => {
                let text = list.search.as_deref().unwrap_or_default();
                let answer = self.transport.search(&list.mailbox, text).await;
                Answer::Search(list, answer)
            }
            Ask::Message(mailbox, key) => return self.message(asked, (mailbox, key)).await,
            Ask::Operations(operations) => {
                Answer::Operations(self.transport.operations(&operations).await)
            }
            Ask::Wait(timer, time) => {
                self.transport.sleep(time).await;
                Answer::Waited(timer)
            }
        };
        self.with(|engine| engine.answered(asked, answer));
    }

    async fn rows(self: &Rc<Self>, asked: Moment, rows: RowsAsked) -> Answer {
        let RowsAsked {
            mailbox,
            uidvalidity,
            uids,
            doubtful,
        } = rows;
        let sure = uids.difference(&doubtful);
        let mut missing = uids;
        if !sure.is_empty() {
            let store = self.store().await;
            let kept = store.envelopes(&mailbox, uidvalidity, &sure).await;
            let kept = kept.unwrap_or_default();
            missing = missing.difference(&kept.iter().map(|row| row.uid).collect());
            let answer = Answer::KeptRows(mailbox.clone(), kept);
            self.with(|engine| engine.answered(asked, answer));
        }
        if missing.is_empty() {
            let envelopes = Vec::new();
            return Answer::Rows(mailbox, Ok(Envelopes { envelopes }));
        }
        let answer = self.fetch_rows(&mailbox, uidvalidity, &missing).await;
        Answer::Rows(mailbox, answer)
    }

    async fn fetch_rows(
        &self,
        mailbox: &whimbrel_shared::MailboxId,
        uidvalidity: u32,
        uids: &UidSet,
    ) -> Result<Envelopes, ApiError> {
        self.transport.envelopes(mailbox, uidvalidity, uids).await
    }

    async fn message(self: Rc<Self>, asked: Moment, name: Name) {
        let kept = self.store().await.message(&name.0, name.1).await;
        let answer = match kept {
            Ok(Some(message)) => Ok(Message::clone(&message)),
            _ => self.transport.message(&name.0, name.1).await,
        };
        let error = answer.as_ref().err().cloned();
        let answer = Answer::Message(name.0.clone(), name.1, Box::new(answer));
        self.with(|engine| engine.answered(asked, answer));
        let (mine, others) = self
            .openers
            .take()
            .into_iter()
            .partition(|(waits, _)| *waits == name);
        *self.openers.borrow_mut() = others;
        let mine: Vec<Opener> = mine;
        for (_, bring) in mine {
            let message = self.read_message(&name);
            let error = error.clone().unwrap_or_else(words::signed_out);
            bring.bring(message.ok_or(error));
        }
    }
}
