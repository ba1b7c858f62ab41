//! The task of a lane: serves one job after the other on at most one connection, and gives that back when
//! nobody uses it or somebody needs it more. Must not know what is asked.

use std::time::Duration;

use tokio::{
    sync::{mpsc, oneshot},
    time::{sleep, timeout},
};
use tracing::debug;

use super::{Job, Repeat, opener::Opener, pace::Haste};
use crate::imap::{self, Error, connection::Connection};

/// A connection unused for this long is asked whether it lives before it is used.
const PROBE_AFTER: Duration = Duration::from_secs(20);

/// How long to wait, time after time, until the account's other connections are given back.
const LETTING_GO: [Duration; 3] = [
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// What a lane does before its next job.
pub(super) enum Order {
    /// Goes on with this connection, unless it has one.
    Take(Box<Connection>),
    /// Gives its connection back, and opens no other until the other end of `until` is gone.
    GiveBack {
        given_back: oneshot::Sender<()>,
        until: oneshot::Receiver<()>,
    },
}

/// A lane's task: its queue, and what it is served by.
pub(super) struct LaneTask {
    pub(super) jobs: mpsc::Receiver<Job>,
    pub(super) shares: Shares,
    pub(super) opener: Opener,
    /// The connection is given back after this long without a question.
    pub(super) idle: Duration,
    pub(super) orders: mpsc::Receiver<Order>,
}

/// What becomes of a lane when the account has to get by with one connection.
pub(super) enum Shares {
    /// It takes these jobs too, whenever it has none of its own.
    With(mpsc::Receiver<Job>),
    /// It gives its jobs away, and its connection up.
    To(mpsc::Sender<Job>),
}

impl LaneTask {
    /// Serves until the queue is closed.
    pub(super) async fn serve(mut self) {
        let mut held: Option<Connection> = None;
        loop {
            let opener = self.opener.clone();
            let gives_up = matches!(self.shares, Shares::To(_)) && held.is_some();
            let job = tokio::select! {
                biased;
                Some(order) = self.orders.recv() => {
                    held = obey(order, held).await;
                    continue;
                }
                job = timeout(self.idle, next(&mut self.jobs, &mut self.shares)) => job,
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
                    continue;
                }
            };
            if !job.is_stale() {
                held = self.serve_job(job, held).await;
            }
        }
        close(held).await;
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

async fn next(jobs: &mut mpsc::Receiver<Job>, shares: &mut Shares) -> Option<Job> {
    match shares {
        Shares::With(rest) => tokio::select! {
            biased;
            job = jobs.recv() => job,
            Some(job) = rest.recv() => Some(job),
        },
        Shares::To(_) => jobs.recv().await,
    }
}

/// What is held after an order.
async fn obey(order: Order, held: Option<Connection>) -> Option<Connection> {
    let held = held.filter(Connection::is_usable);
    match order {
        Order::Take(connection) if held.is_none() => Some(*connection),
        Order::Take(connection) => {
            connection.logout().await;
            held
        }
        Order::GiveBack { given_back, until } => {
            close(held).await;
            let _ = given_back.send(()); // who does not wait any more holds `until` all the same
            let _ = until.await; // ends when the other end is dropped
            None
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
