//! How full the account is: asked within the watcher's rounds when mail came or went, and told when
//! that changed something. The mail server is not asked more often than twice a minute, but for
//! changes made here.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;
use whimbrel_shared::{Event, Quota};

use super::Watch;
use crate::{
    account::connections::{Lane, Repeat},
    imap::{self, connection::Connection, quota},
};

/// Whatever others do to the account, it is not asked more often than this.
const APART: Duration = Duration::from_secs(30);
/// It is asked this often if nothing happens: the limit may be another one.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// The room of the account.
#[derive(Default)]
pub(super) struct Room {
    /// When the mail server was last asked. Held while it is asked.
    asked_at: tokio::sync::Mutex<Option<Instant>>,
    /// What it said; outer `None` before it was asked.
    known: Mutex<Option<Option<Quota>>>,
    /// Mail came or went.
    is_stale: AtomicBool,
    /// Something was done here that takes room or makes some.
    is_urgent: AtomicBool,
}

impl Room {
    /// Mail came or went.
    pub(super) fn may_have_changed(&self) {
        self.is_stale.store(true, Ordering::Relaxed);
    }

    fn is_due(&self, asked_at: Option<Instant>) -> bool {
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        asked_at.is_none_or(|at| {
            let age = at.elapsed();
            is_set(&self.is_urgent) || age >= EVERY || (age >= APART && is_set(&self.is_stale))
        })
    }

    /// What happens from now on may make the coming answer old.
    fn is_asked_now(&self) {
        self.is_urgent.store(false, Ordering::Relaxed);
        self.is_stale.store(false, Ordering::Relaxed);
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<Option<Quota>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    /// Something was done here that takes room or makes some: look at all folders now, and at that.
    pub fn room_changed(&self) {
        self.0.room.is_urgent.store(true, Ordering::Relaxed);
        self.nudge();
    }

    /// How full the account was when it was last asked; outer `None` before that.
    #[must_use]
    pub fn known_quota(&self) -> Option<Option<Quota>> {
        *self.0.room.known()
    }

    /// How full the account is, asked through the interactive lane unless it is known well enough.
    ///
    /// # Errors
    /// When the mail server cannot be asked.
    pub async fn quota(&self) -> imap::Result<Option<Quota>> {
        let room = &self.0.room;
        let mut asked_at = room.asked_at.lock().await;
        if room.is_due(*asked_at) {
            room.is_asked_now();
            let connections = &self.0.connections;
            let asking = connections.run(Lane::Interactive, Repeat::Once, |connection| {
                Box::pin(quota::quota(connection))
            });
            self.learn(asking.await?);
            *asked_at = Some(Instant::now());
        }
        Ok(self.known_quota().flatten())
    }

    /// The same on the watcher's own connection; nothing if somebody else is asking just now.
    pub(super) async fn look_at_quota(&self, connection: &mut Connection) -> imap::Result<()> {
        let room = &self.0.room;
        if let Ok(mut asked_at) = room.asked_at.try_lock()
            && room.is_due(*asked_at)
        {
            room.is_asked_now();
            self.learn(quota::quota(connection).await?);
            *asked_at = Some(Instant::now());
        }
        Ok(())
    }

    fn learn(&self, quota: Option<Quota>) {
        let before = self.0.room.known().replace(quota);
        if before.flatten() != quota {
            self.tell(Event::Quota { quota });
        }
    }
}
