//! An account's IMAP connections and the tasks that own them. Each lane is a queue with one task and
//! at most one connection, so commands of a lane follow each other and none is ever cut short by a
//! caller that went away. Must not know what is asked.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time::{sleep, timeout},
};
use tracing::debug;

use crate::imap::{self, Error, connection::Connection};

use super::{Login, MailServers};

pub mod opener;
pub mod pace;
mod sharing;

use opener::Opener;
use pace::Haste;

/// A connection unused for this long is asked whether it lives before it is used.
const PROBE_AFTER: Duration = Duration::from_secs(20);
/// The interactive connection is given back after this long without a question.
const INTERACTIVE_IDLE: Duration = Duration::from_secs(5 * 60);
/// The bulk connection is given back after this long without a question.
const BULK_IDLE: Duration = Duration::from_secs(30);

/// How long to wait, time after time, until the account's other connections are given back.
const LETTING_GO: [Duration; 3] = [
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

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

/// The lanes of one account. Cheap to clone; the tasks end when the last clone is gone.
#[derive(Clone)]
pub struct Connections {
    interactive: mpsc::Sender<Job>,
    bulk: mpsc::Sender<Job>,
    /// Bulk work that has to share the interactive connection, and comes after everything else.
    spare: mpsc::Sender<Job>,
    opener: Opener,
    adopted: Arc<Mutex<Option<Connection>>>,
}

impl Connections {
    /// Starts the lanes. Nothing is connected before the first question.
    #[must_use]
    pub fn start(servers: MailServers, login: Arc<Login>) -> Self {
        let opener = Opener::new(servers, login);
        let adopted = Arc::new(Mutex::new(None));
        let (interactive, jobs) = mpsc::channel(64);
        let (spare, rest) = mpsc::channel(64);
        let lane = LaneTask {
            jobs,
            shares: Shares::With(rest),
            opener: opener.clone(),
            idle: INTERACTIVE_IDLE,
            adopted: adopted.clone(),
        };
        tokio::spawn(lane.serve());
        let (bulk, jobs) = mpsc::channel(64);
        let lane = LaneTask {
            jobs,
            shares: Shares::To(spare.clone()),
            opener: opener.clone(),
            idle: BULK_IDLE,
            adopted: Arc::default(),
        };
        tokio::spawn(lane.serve());
        Self {
            interactive,
            bulk,
            spare,
            opener,
            adopted,
        }
    }

    /// Takes over a connection that was made to verify a password.
    pub async fn adopt(&self, mut connection: Connection) {
        self.opener.adopt(&mut connection);
        *self.adopted.lock().await = Some(connection);
    }

    /// Opens connections of its own, for the watcher.
    #[must_use]
    pub fn opener(&self) -> &Opener {
        &self.opener
    }

    /// Runs `work` on the connection of `lane`, to its end even if the caller stops waiting.
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

/// A lane's task: its queue, and what it is served by.
struct LaneTask {
    jobs: mpsc::Receiver<Job>,
    shares: Shares,
    opener: Opener,
    /// The connection is given back after this long without a question.
    idle: Duration,
    adopted: Arc<Mutex<Option<Connection>>>,
}

/// What becomes of a lane when the account has to get by with one connection.
enum Shares {
    /// It takes these jobs too, whenever it has none of its own.
    With(mpsc::Receiver<Job>),
    /// It gives its jobs away, and its connection up.
    To(mpsc::Sender<Job>),
}

impl LaneTask {
    async fn serve(mut self) {
        let mut held: Option<Connection> = None;
        loop {
            let opener = self.opener.clone();
            let gives_up = matches!(self.shares, Shares::To(_)) && held.is_some();
            let job = tokio::select! {
                biased;
                job = timeout(self.idle, self.next()) => job,
                () = opener.must_share(), if gives_up => {
                    close(held.take()).await;
                    continue;
                }
            };
            let job = match job {
                Ok(Some(job)) => job,
                Ok(None) => break,
                Err(_) => {
                    close(held.take()).await;
                    close(self.adopted.lock().await.take()).await;
                    continue;
                }
            };
            if held.is_none() {
                held = self.adopted.lock().await.take();
            }
            held = self.serve_job(job, held).await;
        }
        close(held).await;
    }

    async fn next(&mut self) -> Option<Job> {
        match &mut self.shares {
            Shares::With(rest) => tokio::select! {
                biased;
                job = self.jobs.recv() => job,
                Some(job) = rest.recv() => Some(job),
            },
            Shares::To(_) => self.jobs.recv().await,
        }
    }

    async fn serve_job(&self, job: Job, held: Option<Connection>) -> Option<Connection> {
        let mut held = alive(held).await;
        let was_fresh = held.is_none();
        let mut tries = if was_fresh || job.repeat == Repeat::Never {
            1
        } else {
            2
        };
        loop {
            let mut connection = match held.take() {
                Some(connection) => connection,
                None => match self.open().await {
                    Ok(connection) => connection,
                    Err(error) => {
                        self.fail(job, error).await;
                        return None;
                    }
                },
            };
            let outcome = (job.work)(&mut connection).await;
            tries -= 1;
            match outcome {
                Ok(()) => return Some(connection).filter(Connection::is_usable),
                Err(error) if tries > 0 => debug!(%error, "asking again on a fresh connection"),
                Err(error) => {
                    drop(job.failed.send(error));
                    return None;
                }
            }
        }
    }

    /// A connection. The lane that shall have the only one waits until the others have let go of theirs.
    async fn open(&self) -> imap::Result<Connection> {
        let waits = match self.shares {
            Shares::With(_) => &LETTING_GO[..],
            Shares::To(_) => &[],
        };
        for wait in waits {
            match self.opener.open(Haste::Person).await {
                Err(Error::TooManyConnections(_)) => sleep(*wait).await,
                opened => return opened,
            }
        }
        self.opener.open(Haste::Person).await
    }

    /// There is no connection: the other lane may have one to share.
    async fn fail(&self, job: Job, error: Error) {
        match &self.shares {
            Shares::To(spare) if matches!(error, Error::TooManyConnections(_)) => {
                drop(spare.send(job).await);
            }
            _ => drop(job.failed.send(error)),
        }
    }
}

/// The connection, if it is there and still answers.
async fn alive(held: Option<Connection>) -> Option<Connection> {
    let mut connection = held.filter(Connection::is_usable)?;
    if connection.idle_for() > PROBE_AFTER && connection.noop().await.is_err() {
        return None;
    }
    Some(connection)
}

async fn close(held: Option<Connection>) {
    if let Some(connection) = held.filter(Connection::is_usable) {
        connection.logout().await;
    }
}
