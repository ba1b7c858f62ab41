//! An account's IMAP connections and the tasks that own them. Each lane is a queue with one task and
//! at most one connection, so commands of a lane follow each other and none is ever cut short by a
//! caller that went away. Must not know what is asked.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::timeout,
};

use crate::imap::{self, Error, connection::Connection, mailbox_ids::MailboxIds};

use super::{Login, MailServers};

mod lane;
pub mod opener;
pub mod pace;
mod sharing;

use lane::{LaneTask, Order, Shares};
use opener::Opener;

/// The interactive connection is given back after this long without a question.
const INTERACTIVE_IDLE: Duration = Duration::from_secs(5 * 60);
/// The bulk connection is given back after this long without a question.
const BULK_IDLE: Duration = Duration::from_secs(30);

/// The lane lets its connection go within this time, unless it is being used.
const GIVING_BACK: Duration = Duration::from_secs(3);

/// Which connection a question goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// A person waits for it: short.
    Interactive,
    /// It may take long: downloads, searches.
    Bulk,
}

/// Whether work may run again on a fresh connection when the first one turns out dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It may: reading, or changing in a way that a second time does not change more.
    Once,
    /// It must not: appending, copying.
    Never,
}

type Answer = imap::Result<()>;
type Work = Box<dyn for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, Answer> + Send>;

struct Job {
    work: Work,
    repeat: Repeat,
    /// Told when the work could not even start; when it ran, it has answered by itself.
    failed: oneshot::Sender<Error>,
}

impl Job {
    /// Whoever asked has gone, and it need not be done all the same. Changes are told to go on by somebody
    /// who waits for them to the end.
    fn is_stale(&self) -> bool {
        self.repeat == Repeat::Once && self.failed.is_closed()
    }
}

/// The lanes of one account. Cheap to clone; the tasks end when the last clone is gone.
#[derive(Clone)]
pub struct Connections {
    interactive: mpsc::Sender<Job>,
    bulk: mpsc::Sender<Job>,
    /// Bulk work that has to share the interactive connection, and comes after everything else.
    spare: mpsc::Sender<Job>,
    opener: Opener,
    /// To the interactive lane.
    orders: mpsc::Sender<Order>,
}

impl Connections {
    /// Starts the lanes. Nothing is connected before the first question.
    #[must_use]
    pub fn start(servers: MailServers, login: Arc<Login>, mailbox_ids: MailboxIds) -> Self {
        let opener = Opener::new(servers, login, mailbox_ids);
        let (orders, to_interactive) = mpsc::channel(8);
        let (interactive, jobs) = mpsc::channel(64);
        let (spare, rest) = mpsc::channel(64);
        let lane = LaneTask {
            jobs,
            shares: Shares::With(rest),
            opener: opener.clone(),
            idle: INTERACTIVE_IDLE,
            orders: to_interactive,
        };
        tokio::spawn(lane.serve());
        let (bulk, jobs) = mpsc::channel(64);
        let lane = LaneTask {
            jobs,
            shares: Shares::To(spare.clone()),
            opener: opener.clone(),
            idle: BULK_IDLE,
            orders: mpsc::channel(1).1, // nobody has any
        };
        tokio::spawn(lane.serve());
        Self {
            interactive,
            bulk,
            spare,
            opener,
            orders,
        }
    }

    /// Takes over a connection that was made to verify a password, unless there is one to ask on already.
    pub async fn adopt(&self, mut connection: Connection) {
        self.opener.adopt(&mut connection);
        let order = Order::Take(Box::new(connection));
        // A lane that has ended needs none.
        if let Err(TrySendError::Full(Order::Take(spare))) = self.orders.try_send(order) {
            spare.logout().await;
        }
    }

    /// The mail server allows no more connections, and somebody needs one to sign in: gives back all that
    /// are not being used. The account opens none for questions until the answer of this is dropped.
    pub async fn give_back(&self) -> oneshot::Sender<()> {
        self.opener.must_share_now();
        let (given_back, is_given_back) = oneshot::channel();
        let (pause, until) = oneshot::channel();
        let order = Order::GiveBack { given_back, until };
        if self.orders.try_send(order).is_ok() {
            let _ = timeout(GIVING_BACK, is_given_back).await;
        }
        pause
    }

    /// Opens connections of its own, for the watcher.
    #[must_use]
    pub fn opener(&self) -> &Opener {
        &self.opener
    }

    /// Runs `work` on the connection of `lane`, to its end even if the caller stops waiting. Work that may
    /// be repeated does not begin any more after that.
    ///
    /// # Errors
    /// What `work` returns, or why there is no connection.
    pub async fn run<T, F>(&self, lane: Lane, repeat: Repeat, work: F) -> imap::Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, imap::Result<T>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let (failed, failure) = oneshot::channel();
        let answer = std::sync::Mutex::new(Some(answer));
        let answer = Arc::new(answer);
        let work = Arc::new(std::sync::Mutex::new(work));
        let work: Work = Box::new(move |connection| {
            let answer = answer.clone();
            let running = work.lock().unwrap_or_else(PoisonError::into_inner)(connection);
            Box::pin(async move {
                let result = running.await;
                if let Err(error) = &result
                    && error.is_lost()
                {
                    return result.map(drop);
                }
                let sender = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(sender) = sender {
                    drop(sender.send(result));
                }
                Ok(())
            })
        });
        let sender = self.lane(lane);
        sender
            .send(Job {
                work,
                repeat,
                failed,
            })
            .await
            .map_err(|_| Error::Lost("the account is closed".to_owned()))?;
        match answered.await {
            Ok(result) => result,
            Err(_) => Err(failure
                .await
                .unwrap_or_else(|_| Error::Lost("the account is closed".to_owned()))),
        }
    }

    /// The mail server refused the password: nothing is asked any more.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.opener.is_refused()
    }

    /// A lane ended, which only a defect can bring about.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.interactive.is_closed() || self.bulk.is_closed()
    }

    fn lane(&self, lane: Lane) -> &mpsc::Sender<Job> {
        match lane {
            Lane::Interactive => &self.interactive,
            Lane::Bulk if self.opener.at_most() >= 3 => &self.bulk,
            Lane::Bulk => &self.spare,
        }
    }
}
