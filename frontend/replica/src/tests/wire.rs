//! The line between a replica and the server in memory: delays, failures and lost answers as tests want
//! them, and every call written down.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    time::Duration,
};

use tokio::time::sleep;
use whimbrel_shared::{
    ApiError, Changes, Envelopes, ErrorCode, MailboxId, MailboxList, MailboxSnapshot, Message,
    MessageKey, Operation, OperationId, Outcome, SearchResult, State, UidSet,
};

use super::model::{World, error};
use crate::transport::Transport;

/// What happens to one call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fate {
    /// It works.
    Works,
    /// It never reaches the server, or the server cannot.
    Fails(ErrorCode),
    /// The server does it; the answer is lost.
    AnswerLost,
}

/// The time each way, and the fate, of each call.
pub(crate) type Weather = Box<dyn FnMut() -> (Duration, Fate)>;

/// The server as tests hold it, with the line to it.
#[derive(Clone)]
pub(crate) struct Line(Rc<Shared>);

struct Shared {
    world: RefCell<World>,
    /// Every call, in order of arrival, as `verb mailbox …`.
    calls: RefCell<Vec<String>>,
    delay: Cell<Duration>,
    /// Of the next calls; afterwards all work.
    fates: RefCell<VecDeque<Fate>>,
    /// Of all calls, while set.
    weather: RefCell<Option<Weather>>,
    last_id: Cell<u32>,
}

impl Line {
    pub(crate) fn world<R>(&self, look: impl FnOnce(&mut World) -> R) -> R {
        look(&mut self.0.world.borrow_mut())
    }

    /// The calls that begin like this.
    pub(crate) fn calls(&self, beginning: &str) -> Vec<String> {
        let calls = self.0.calls.borrow();
        let those = calls.iter().filter(|call| call.starts_with(beginning));
        those.cloned().collect()
    }

    pub(crate) fn forget_calls(&self) {
        self.0.calls.borrow_mut().clear();
    }

    /// Milliseconds there, and as many back.
    pub(crate) fn slow_down(&self, milliseconds: u64) {
        self.0.delay.set(Duration::from_millis(milliseconds));
    }

    pub(crate) fn next_fates(&self, fates: &[Fate]) {
        self.0.fates.borrow_mut().extend(fates.iter().cloned());
    }

    pub(crate) fn weather(&self, weather: Option<Weather>) {
        *self.0.weather.borrow_mut() = weather;
    }

    pub(crate) fn cut(&self) {
        self.weather(Some(Box::new(|| {
            (Duration::ZERO, Fate::Fails(ErrorCode::Offline))
        })));
    }

    async fn call<R>(
        &self,
        name: String,
        act: impl FnOnce(&mut World) -> Result<R, ApiError>,
    ) -> Result<R, ApiError> {
        let weather = self
            .0
            .weather
            .borrow_mut()
            .as_mut()
            .map(|weather| weather());
        let (delay, fate) = match weather {
            Some(weather) => weather,
            None => {
                let fate = self.0.fates.borrow_mut().pop_front();
                (self.0.delay.get(), fate.unwrap_or(Fate::Works))
            }
        };
        sleep(delay).await;
        self.0.calls.borrow_mut().push(name);
        if let Fate::Fails(code) = fate {
            return Err(error(code));
        }
        let answer = self.world(act);
        sleep(delay).await;
        match fate {
            Fate::Works => answer,
            _ => Err(error(ErrorCode::Offline)),
        }
    }
}

impl Transport for Line {
    async fn mailboxes(&self) -> Result<MailboxList, ApiError> {
        self.call("mailboxes".to_owned(), |world| Ok(world.list()))
            .await
    }

    async fn snapshot(&self, m: &MailboxId, window: u32) -> Result<MailboxSnapshot, ApiError> {
        self.call(format!("snapshot {m}"), |world| world.snapshot(m, window))
            .await
    }

    async fn changes(
        &self,
        m: &MailboxId,
        since: &State,
        shown: &UidSet,
    ) -> Result<Changes, ApiError> {
        self.call(format!("changes {m} {shown}"), |world| {
            world.changes(m, since, shown)
        })
        .await
    }

    async fn envelopes(
        &self,
        m: &MailboxId,
        uidvalidity: u32,
        uids: &UidSet,
    ) -> Result<Envelopes, ApiError> {
        let name = format!("envelopes {m} {uids}");
        self.call(name, |world| world.envelopes(m, uidvalidity, uids))
            .await
    }

    async fn search(&self, m: &MailboxId, text: &str) -> Result<SearchResult, ApiError> {
        self.call(format!("search {m} {text}"), |world| world.search(m, text))
            .await
    }

    async fn message(&self, m: &MailboxId, key: MessageKey) -> Result<Message, ApiError> {
        self.call(format!("message {m} {key}"), |world| world.message(m, key))
            .await
    }

    async fn operations(&self, operations: &[Operation]) -> Result<Vec<Outcome>, ApiError> {
        let name = format!("operations {}", operations.len());
        self.call(name, |world| {
            Ok(operations.iter().map(|one| world.operation(one)).collect())
        })
        .await
    }

    fn new_operation_id(&self) -> OperationId {
        self.0.last_id.set(self.0.last_id.get() + 1);
        OperationId(format!("op-{}", self.0.last_id.get()))
    }

    async fn sleep(&self, time: Duration) {
        sleep(time).await;
    }
}

impl Line {
    pub(crate) fn new(world: World) -> Self {
        Self(Rc::new(Shared {
            world: RefCell::new(world),
            calls: RefCell::default(),
            delay: Cell::new(Duration::from_millis(10)),
            fates: RefCell::default(),
            weather: RefCell::default(),
            last_id: Cell::default(),
        }))
    }
}
