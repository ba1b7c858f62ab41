//! Two accounts at one Whimbrel: one whose mail server is hostile, and a neighbour's, which must not notice.

use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use whimbrel_shared::{ErrorCode, MailboxId, MailboxList, MailboxSnapshot, Role, path};
use whimbrel_tests::{
    app::TestApp,
    client::{Response, TestClient},
    imap_fork::ImapFork,
    imap_proxy::ImapProxy,
    letters::plain::letter,
    scripted_imap::{Script, ScriptedImap},
    world::PASSWORD,
};

use crate::kit::{second_program, somebody, world};

/// The longest that any answer may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(31);
/// Nineteen of twenty of the neighbour's requests take less.
const QUICK: Duration = Duration::from_secs(1);

/// The two accounts.
pub(crate) struct Street {
    /// Somebody whose mail server is hostile.
    pub(crate) client: TestClient,
    /// The address of that person.
    pub(crate) address: String,
    /// Leads the two to their mail servers.
    pub(crate) fork: ImapFork,
    neighbour: Neighbour,
    /// Its data folder goes with it.
    _app: TestApp,
}

impl Street {
    /// One account at the mail server on `port`, signed in.
    pub(crate) async fn beside(port: u16) -> Self {
        let (address, neighbour) = (somebody(), somebody());
        let world = world().await;
        let fork = ImapFork::new(&[&address], port, world.dovecot.ports.imap).expect("a fork");
        let app = TestApp::with_imap_port(world, fork.port).await;
        let neighbour = Neighbour::begin(&app, &neighbour).await;
        let mut client = app.client();
        client.sign_in(&address, PASSWORD).await;
        Self {
            client,
            address,
            fork,
            neighbour,
            _app: app,
        }
    }

    /// One account at a scripted mail server.
    pub(crate) async fn beside_script(script: Script) -> (Self, ScriptedImap) {
        let peer = ScriptedImap::start(script).await;
        (Self::beside(peer.port()).await, peer)
    }

    /// One account at a Dovecot whose line can be broken.
    pub(crate) async fn beside_proxy() -> (Self, ImapProxy) {
        let proxy = ImapProxy::before(world().await.dovecot.ports.imap).expect("a proxy");
        (Self::beside(proxy.port).await, proxy)
    }

    /// The inbox as it is shown.
    pub(crate) async fn inbox(&self) -> (MailboxId, MailboxSnapshot) {
        let id = inbox_of(&self.client).await;
        let snapshot = self.client.get(&path::mailbox(&id, 50)).await;
        (id, snapshot.good().json())
    }

    /// How often the struck account signed in so far.
    pub(crate) fn sign_ins(&self) -> usize {
        let sign_ins = self.fork.sign_ins();
        sign_ins
            .iter()
            .filter(|(name, _)| *name == self.address)
            .count()
    }

    /// The neighbour did not notice anything.
    pub(crate) async fn neighbour_is_undisturbed(self) {
        self.neighbour.saw_nothing().await;
    }
}

pub(crate) async fn inbox_of(client: &TestClient) -> MailboxId {
    let list: MailboxList = client.get(path::MAILBOXES).await.good().json();
    let inbox = list
        .mailboxes
        .into_iter()
        .find(|m| m.role == Some(Role::Inbox));
    inbox.expect("an inbox").id
}

/// Somebody who lists folders and letters all the time.
pub(crate) struct Neighbour {
    task: JoinHandle<()>,
    times: std::sync::Arc<std::sync::Mutex<Vec<Duration>>>,
}

impl Neighbour {
    pub(crate) async fn begin(app: &TestApp, address: &str) -> Self {
        let mut other = second_program(address).await;
        drop(
            other
                .append("INBOX", "", &letter("Hello", "neighbour"))
                .await
                .good(),
        );
        let mut client = app.client();
        client.sign_in(address, PASSWORD).await;
        let inbox = inbox_of(&client).await;
        let times = std::sync::Arc::<std::sync::Mutex<Vec<Duration>>>::default();
        let kept = times.clone();
        let task = tokio::spawn(async move {
            loop {
                for url in [path::MAILBOXES.to_owned(), path::mailbox(&inbox, 50)] {
                    let began = Instant::now();
                    drop(client.get(&url).await.good());
                    kept.lock().expect("no panic").push(began.elapsed());
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        Self { task, times }
    }

    /// Ends, and looks at what it saw.
    pub(crate) async fn saw_nothing(self) {
        // The last request, too, is let go on: one that hangs is one that was disturbed.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let failed = self.task.is_finished();
        self.task.abort();
        let mut times = self.times.lock().expect("no panic").clone();
        times.sort_unstable();
        assert!(!failed, "the neighbour got an error");
        assert!(
            times.len() >= 4,
            "the neighbour hardly got an answer: {times:?}"
        );
        let slow = times[times.len() * 95 / 100];
        assert!(
            slow < QUICK,
            "a neighbour's request took {slow:?} of {}",
            times.len()
        );
    }
}

/// Good, or said to be the mail server's fault.
#[track_caller]
pub(crate) fn assert_answered(response: &Response, what: &str) {
    let codes = [
        ErrorCode::MailServerDown,
        ErrorCode::MailServerRefused,
        ErrorCode::MailServerWrong,
    ];
    assert!(
        response.status().is_success() || codes.contains(&response.error().code),
        "{what}: {} {}",
        response.status(),
        response.text()
    );
}
