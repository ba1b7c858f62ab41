//! News of an account: one watcher while somebody listens. It waits in IDLE on the folder on screen,
//! asks for the counts of all folders now and then, and tells every listener. It reads only.

mod back_off;
mod list_trust;
mod mailboxes;
mod quota;
mod seen;

use std::{
    collections::BTreeMap,
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
use whimbrel_shared::{Event, MailboxId, Quota, SessionEnd};

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
    quota::Room,
    seen::{FirstSight, Seen, tell_state},
};

/// Counts of folders that are not on screen are asked this often.
const COUNTS_EVERY: Duration = Duration::from_secs(10);
/// However much happens, counts are not asked more often than this.
const COUNTS_APART: Duration = Duration::from_millis(500);
/// A second folder on screen (in another tab) is asked this often.
const SECOND_FOLDER_EVERY: Duration = Duration::from_secs(2);
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

#[derive(Default)]
struct Listeners {
    /// By listener number, so the newest is last: the folder it has on screen.
    open: BTreeMap<u64, Option<MailboxId>>,
    running: bool,
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
        self.watch.listeners().open.remove(&self.id);
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

    /// Listens to the news; `open` is the folder on this listener's screen.
    #[must_use]
    pub fn listen(&self, open: Option<MailboxId>) -> Listener {
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        let news = self.0.news.subscribe();
        let mut listeners = self.listeners();
        listeners.open.insert(id, open);
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

    /// Somebody listens.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        !self.listeners().open.is_empty()
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

    /// What the administrator said on any connection of the account.
    fn tell_alerts(&self) {
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

    /// The folders on screen, the newest listener's first.
    fn on_screen(&self) -> Vec<MailboxName> {
        let mut ids: Vec<MailboxId> = Vec::new();
        for id in self.listeners().open.values().rev().flatten() {
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        ids.iter().filter_map(MailboxName::from_id).collect()
    }

    /// Until the folders are to be looked at, or the watcher's connection is to be given up.
    async fn is_wanted(&self) {
        tokio::select! {
            () = self.0.wake.notified() => {}
            () = self.0.connections.opener().must_share() => {}
        }
    }

    /// The same as [`Self::may_go`], in case somebody comes back soon.
    async fn may_go_after_a_while(&self) -> bool {
        if !self.0.closing.load(Ordering::Relaxed) {
            tokio::select! {
                () = sleep(LINGER) => {}
                () = self.is_wanted() => {}
            }
        }
        self.may_go()
    }

    /// Ends the watcher if nobody listens.
    fn may_go(&self) -> bool {
        let mut listeners = self.listeners();
        listeners.running = !listeners.open.is_empty();
        !listeners.running
    }
}

/// The watcher's life: connect, look, wait, look again; back off while the mail server is away.
async fn watch(watch: Watch) {
    let mut seen = Seen::default();
    let mut back_off = BackOff::default();
    loop {
        let ended = round(&watch, &mut seen, &mut back_off).await;
        match ended {
            Ok(()) => return,
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

/// One connection's worth of watching. `Ok` when nobody listens any more.
async fn round(watch: &Watch, seen: &mut Seen, back_off: &mut BackOff) -> imap::Result<()> {
    let opener = watch.0.connections.opener();
    if opener.only_one() {
        return watch_without_connection(watch, seen).await;
    }
    let mut connection = watch.open_watching().await?;
    let opened = Instant::now();
    let mut counts_due = Instant::now();
    let mut counts_taken = None;
    loop {
        if !watch.is_watched() && watch.may_go_after_a_while().await {
            connection.logout().await;
            return Ok(());
        }
        let on_screen = watch.on_screen();
        look_at_screen(watch, &mut connection, &on_screen, seen).await?;
        if Instant::now() >= counts_due {
            let again = watch.look_at_mailboxes(&mut connection, seen).await?;
            counts_taken = Some(Instant::now());
            counts_due = Instant::now() + COUNTS_EVERY;
            counts_due = again.map_or(counts_due, |again| counts_due.min(again.into()));
        }
        watch.look_at_quota(&mut connection).await?;
        watch.tell_alerts();
        watch.lost(false);
        back_off.lives(opened);
        let rest = counts_due.saturating_duration_since(Instant::now());
        let rest = if on_screen.len() > 1 {
            rest.min(SECOND_FOLDER_EVERY)
        } else {
            rest
        };
        let woken = idle(&mut connection, rest, watch.is_wanted()).await?;
        if opener.only_one() {
            connection.logout().await;
            return watch_without_connection(watch, seen).await;
        }
        match woken {
            Woken::Timeout => {}
            Woken::Changed | Woken::Stopped => {
                counts_due = counts_taken.map_or_else(Instant::now, |taken| taken + COUNTS_APART);
            }
            Woken::Unsupported => {
                tokio::select! {
                    () = sleep(rest.min(SECOND_FOLDER_EVERY)) => {}
                    () = opener.must_share() => {}
                }
                connection.noop().await?;
            }
        }
    }
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
            Ok(state) => tell_state(watch, seen, &name.to_id(), state, FirstSight::Tell),
            Err(Error::MailboxGone | Error::No { .. } | Error::Unsupported(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// With one connection for everything, the folders are asked when nobody else asks anything.
async fn watch_without_connection(watch: &Watch, seen: &mut Seen) -> imap::Result<()> {
    loop {
        if watch.may_go() {
            return Ok(());
        }
        watch.tell_mailboxes(seen).await?;
        watch.lost(false);
        watch.tell_alerts();
        watch.quota().await?;
        tokio::select! {
            () = sleep(SECOND_FOLDER_EVERY) => {}
            () = watch.0.wake.notified() => {}
        }
    }
}
