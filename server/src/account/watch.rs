//! News of an account: one watcher while somebody listens. It waits in IDLE on the folder on screen,
//! asks for the counts of all folders now and then, and tells every listener. It reads only.

mod back_off;
mod list_trust;
pub mod listeners;
mod mailboxes;
mod quota;
mod rhythm;
mod seen;
mod sharing;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, broadcast},
    time::{Instant, sleep},
};
use tracing::debug;
use whimbrel_shared::{Event, Quota, SessionEnd};

use crate::imap::{
    self, Error,
    connection::Connection,
    idle::{Woken, idle},
    mailboxes::status,
    name::MailboxName,
    select::select,
};

use super::connections::Connections;

use self::{
    back_off::BackOff,
    list_trust::ListTrust,
    listeners::{Listeners, Sight},
    quota::Room,
    rhythm::Rhythm,
    seen::{FirstSight, Seen, tell_state},
    sharing::watch_without_connection,
};

/// Counts of folders that are not on screen are asked this often.
pub const COUNTS_EVERY: Duration = Duration::from_secs(10);
/// However much happens, counts are not asked more often than this.
const COUNTS_APART: Duration = Duration::from_millis(500);
/// A second folder on screen (in another tab) is asked this often.
pub const SECOND_FOLDER_EVERY: Duration = Duration::from_secs(2);
/// The watcher goes home this long after the last listener.
const LINGER: Duration = Duration::from_secs(60);

/// What travels to the listeners.
#[derive(Debug, Clone)]
pub enum News {
    /// For everybody.
    Event(Event),
    /// For the tabs of one session. Without a word of how, another session took its place: its tabs
    /// have new cookies by now, and need but connect again.
    SessionEnded(String, Option<SessionEnd>),
}

/// The news of one account. Cheap to clone.
#[derive(Clone)]
pub struct Watch(Arc<Inner>);

struct Inner {
    connections: Connections,
    news: broadcast::Sender<News>,
    listeners: Mutex<Listeners>,
    wake: Notify,
    next_id: AtomicU64,
    closing: AtomicBool,
    /// The mail server does not answer.
    lost: AtomicBool,
    list_trust: Arc<ListTrust>,
    room: Room,
}

/// A listener. Dropping it ends listening.
pub struct Listener {
    watch: Watch,
    id: u64,
    /// The news since listening began.
    pub news: broadcast::Receiver<News>,
}

impl Listener {
    /// The mail server did not answer when it was last asked.
    #[must_use]
    pub fn is_mail_server_lost(&self) -> bool {
        self.watch.0.lost.load(Ordering::Relaxed)
    }

    /// How full the account was when it was last asked, where something limits it.
    #[must_use]
    pub fn quota(&self) -> Option<Quota> {
        self.watch.known_quota().flatten()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.watch.listeners().sights.remove(&self.id);
        self.watch.0.wake.notify_one();
    }
}

impl Watch {
    /// Nobody listens yet.
    #[must_use]
    pub fn new(connections: Connections) -> Self {
        let (news, _) = broadcast::channel(256);
        Self(Arc::new(Inner {
            connections,
            news,
            listeners: Mutex::default(),
            wake: Notify::new(),
            next_id: AtomicU64::new(0),
            closing: AtomicBool::new(false),
            lost: AtomicBool::new(false),
            list_trust: Arc::default(),
            room: Room::default(),
        }))
    }

    /// Listens to the news. If somebody looks, all folders are looked at now.
    #[must_use]
    pub fn listen(&self, sight: Sight) -> Listener {
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        let news = self.0.news.subscribe();
        let mut listeners = self.listeners();
        listeners.sights.insert(id, sight);
        if !std::mem::replace(&mut listeners.running, true) {
            tokio::spawn(watch(self.clone()));
        }
        drop(listeners);
        self.0.wake.notify_one();
        Listener {
            watch: self.clone(),
            id,
            news,
        }
    }

    /// The news from now on, for whoever shows nothing. That nobody else listens, ends it for them as well.
    #[must_use]
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.0.news.subscribe()
    }

    /// Somebody listens.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        !self.listeners().sights.is_empty()
    }

    /// Something was changed here: look at all folders now.
    pub fn nudge(&self) {
        self.0.wake.notify_one();
    }

    /// The watcher goes home as soon as the last listener has gone, without lingering.
    pub fn close(&self) {
        self.0.closing.store(true, Ordering::Relaxed);
        self.0.wake.notify_one();
    }

    /// The password is not right any more: every listener is told, and the watcher goes home.
    pub fn expire(&self) {
        self.tell(Event::SessionEnded {
            reason: SessionEnd::Expired,
        });
        self.close();
    }

    /// Tells the tabs of a session that it has ended; see [`News::SessionEnded`].
    pub fn session_ended(&self, session_id: &str, how: Option<SessionEnd>) {
        let news = News::SessionEnded(session_id.to_owned(), how);
        drop(self.0.news.send(news));
    }

    /// What the administrator said on any connection of the account; kept until somebody listens.
    fn tell_alerts(&self) {
        if !self.is_watched() {
            return;
        }
        for text in self.0.connections.opener().alerts().take() {
            self.tell(Event::Alert { text });
        }
    }

    /// Tells whether the mail server answers, if that is news.
    fn lost(&self, lost: bool) {
        if self.0.lost.swap(lost, Ordering::Relaxed) != lost {
            self.tell(if lost {
                Event::MailServerLost
            } else {
                Event::MailServerBack
            });
        }
    }

    fn tell(&self, event: Event) {
        drop(self.0.news.send(News::Event(event)));
    }

    fn listeners(&self) -> std::sync::MutexGuard<'_, Listeners> {
        self.0
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Until the folders are to be looked at, or the watcher's connection is to be given up.
    async fn is_wanted(&self) {
        tokio::select! {
            () = self.0.wake.notified() => {}
            () = self.0.connections.opener().must_share() => {}
        }
    }

    /// Ends the watcher if nobody listens.
    fn may_go(&self) -> bool {
        let mut listeners = self.listeners();
        listeners.running = !listeners.sights.is_empty();
        !listeners.running
    }
}

/// Why a watcher's round ended.
enum Ended {
    /// Nobody listens any more.
    NobodyListens,
    /// The account has to get by with one connection now, or no longer.
    SharingChanged,
}

/// The watcher's life: connect, look, wait, look again; back off while the mail server is away.
async fn watch(watch: Watch) {
    let mut seen = Seen::default();
    let mut back_off = BackOff::default();
    loop {
        let ended = if watch.0.connections.opener().only_one() {
            watch_without_connection(&watch, &mut seen).await
        } else {
            round(&watch, &mut seen, &mut back_off).await
        };
        match ended {
            Ok(Ended::NobodyListens) => return,
            Ok(Ended::SharingChanged) => continue,
            Err(Error::TooManyConnections(_)) => {}
            Err(Error::WrongPassword(_)) => {
                // A refused password is not tried again: the person is asked for the new one,
                // and the next listener starts afresh.
                watch.tell(Event::SessionEnded {
                    reason: SessionEnd::Expired,
                });
                watch.listeners().running = false;
                return;
            }
            Err(error) => {
                debug!(%error, "the watcher lost the mail server");
                watch.lost(true);
            }
        }
        back_off.rest(watch.0.wake.notified()).await;
        if watch.may_go() {
            return;
        }
    }
}

/// One connection's worth of watching.
async fn round(watch: &Watch, seen: &mut Seen, back_off: &mut BackOff) -> imap::Result<Ended> {
    let mut connection = watch.open_watching().await?;
    let opened = Instant::now();
    let mut rhythm = Rhythm::new();
    loop {
        if nobody_listens(watch).await {
            connection.logout().await;
            return Ok(Ended::NobodyListens);
        }
        let on_screen = watch.listeners().on_screen(watch.mailbox_ids());
        look_at_screen(watch, &mut connection, &on_screen, seen).await?;
        if rhythm.is_due() {
            let again = watch.look_at_mailboxes(&mut connection, seen).await?;
            rhythm.taken(watch.listeners().is_looked_at());
            if let Some(again) = again {
                rhythm.at_the_latest(again.into());
            }
        }
        watch.look_at_quota(&mut connection).await?;
        watch.tell_alerts();
        watch.lost(false);
        back_off.lives(opened);
        let rest = if on_screen.len() > 1 {
            rhythm.unasked(true)
        } else {
            rhythm.rest()
        };
        let woken = idle(&mut connection, rest, watch.is_wanted()).await?;
        if watch.0.connections.opener().only_one() {
            connection.logout().await;
            return Ok(Ended::SharingChanged);
        }
        match woken {
            Woken::Timeout => {}
            Woken::Changed | Woken::Stopped => rhythm.hurry(),
            Woken::Unsupported => {
                tokio::select! {
                    () = sleep(rhythm.unasked(watch.listeners().is_looked_at())) => {}
                    () = watch.is_wanted() => rhythm.hurry(),
                }
                connection.noop().await?;
            }
        }
    }
}

/// Waits a little for somebody to come back, if nobody listens; whether it was in vain.
async fn nobody_listens(watch: &Watch) -> bool {
    if watch.is_watched() {
        return false;
    }
    if !watch.0.closing.load(Ordering::Relaxed) {
        tokio::select! {
            () = sleep(LINGER) => {}
            () = watch.is_wanted() => {}
        }
    }
    watch.may_go()
}

/// Tells what changed in the folders on screen. The first one is selected (and waited on), the
/// others are asked by STATUS.
async fn look_at_screen(
    watch: &Watch,
    connection: &mut Connection,
    on_screen: &[MailboxName],
    seen: &mut Seen,
) -> imap::Result<()> {
    for (i, name) in on_screen.iter().enumerate() {
        let state = if i == 0 {
            select(connection, name)
                .await
                .map(|selected| selected.state())
        } else {
            status(connection, name).await.map(|(state, ..)| state)
        };
        match state {
            // Told also at first sight: something may have come between the listener's own look
            // and this one.
            Ok(state) => {
                let id = watch.mailbox_ids().of(name);
                tell_state(watch, seen, &id, state, FirstSight::Tell);
            }
            Err(Error::MailboxGone | Error::No { .. } | Error::Unsupported(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
