//! What the API tests share: one mail world for all of them, a person of one's own for each, and
//! short words for what tests do all the time. Asserts nothing by itself but that helpers succeed.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use tokio::sync::OnceCell;
use whimbrel_shared::{
    Action, Envelope, Keyword, Mailbox, MailboxId, MailboxList, MailboxSnapshot, Message,
    MessageKey, Operation, OperationId, Outcome, OutcomeKind, Role, UidSet, path,
};
use whimbrel_tests::{
    app::TestApp,
    client::TestClient,
    dovecot::Person,
    imap_client::ImapClient,
    imap_proxy::{
        ImapProxy,
        hiding::{DIALECTS, Extension},
    },
    logs,
    provider::Provider,
    world::{MailServer, PASSWORD, World},
};

/// More than there are tests.
const PEOPLE: usize = 200;
static WORLD: OnceCell<World> = OnceCell::const_new();
static WORDS: OnceCell<BTreeSet<String>> = OnceCell::const_new();
static NEXT_PERSON: AtomicUsize = AtomicUsize::new(0);
static NEXT_OPERATION: AtomicUsize = AtomicUsize::new(0);

pub(crate) async fn world() -> &'static World {
    WORLD
        .get_or_init(async || {
            logs::listen();
            let people: Vec<Person> = (0..PEOPLE)
                .map(|i| Person::new(&address_of(i), PASSWORD))
                .collect();
            let (server, hidden) = dialect();
            let world = World::at(server, &people).await.expect("a mail world");
            match hidden {
                [] => world,
                hidden => world.lacking(hidden).expect("a proxy"),
            }
        })
        .await
}

/// The mail server of this run and what it lacks: `WHIMBREL_DIALECT` names it.
fn dialect() -> (MailServer, &'static [Extension]) {
    match std::env::var("WHIMBREL_DIALECT").as_deref() {
        Err(_) => (MailServer::Dovecot, &[]),
        Ok("cyrus") => (MailServer::Cyrus, &[]),
        Ok("courier") => (MailServer::Courier, &[]),
        Ok(name) => {
            let known = DIALECTS.iter().find(|(known, _)| *known == name);
            (
                MailServer::Dovecot,
                known.expect("a dialect of hiding.rs").1,
            )
        }
    }
}

/// The mail server of this run.
pub(crate) fn server() -> MailServer {
    dialect().0
}

/// Whether the mail server of this run says that it can do this, such as `MOVE`.
pub(crate) async fn offers(word: &str) -> bool {
    let asked = WORDS.get_or_init(async || {
        let world = world().await;
        let port = world.proxied_port();
        let mut client = ImapClient::signed_in(port, &somebody(), PASSWORD).await;
        let lines = client.command("CAPABILITY").await.good();
        let words: String = lines.lines().collect();
        words.split_whitespace().map(str::to_uppercase).collect()
    });
    asked.await.contains(word)
}

/// Whether the mail server tells what happens in the open folder at once. Courier as Debian sets it looks once
/// a minute while it idles.
pub(crate) async fn tells_at_once() -> bool {
    server() != MailServer::Courier && offers("IDLE").await
}

fn address_of(number: usize) -> String {
    format!("person{number}@whimbrel.example")
}

/// Somebody nobody else uses.
pub(crate) fn somebody() -> String {
    let number = NEXT_PERSON.fetch_add(1, Ordering::Relaxed);
    assert!(number < PEOPLE, "make PEOPLE larger");
    address_of(number)
}

/// A person who is signed in, and their second mail program.
pub(crate) struct Desk {
    pub(crate) address: String,
    pub(crate) app: TestApp,
    pub(crate) client: TestClient,
    pub(crate) other: ImapClient,
}

impl Desk {
    /// An empty account, signed in.
    pub(crate) async fn new() -> Self {
        Self::of(somebody()).await
    }

    /// The account of this person, signed in.
    pub(crate) async fn of(address: String) -> Self {
        Self::at(TestApp::start(world().await).await, address).await
    }

    /// An empty account whose line to the mail server can be broken.
    pub(crate) async fn behind_a_proxy() -> (Self, ImapProxy) {
        let world = world().await;
        let proxy = ImapProxy::hiding(world.imap_port(), dialect().1).expect("a proxy");
        let app = TestApp::with_imap_port(world, proxy.port).await;
        (Self::at(app, somebody()).await, proxy)
    }

    /// Somebody's account at a provider.
    pub(crate) async fn at_provider(provider: &Provider) -> Self {
        let app = TestApp::at_provider(world().await, provider).await;
        let address = "somebody@whimbrel.example".to_owned();
        let other = ImapClient::signed_in(provider.imap_port(), &address, PASSWORD).await;
        Self::with(app, address, other).await
    }

    async fn at(app: TestApp, address: String) -> Self {
        let other = second_program(&address).await;
        Self::with(app, address, other).await
    }

    async fn with(app: TestApp, address: String, other: ImapClient) -> Self {
        let mut client = app.client();
        client.sign_in(&address, PASSWORD).await;
        Self {
            address,
            app,
            client,
            other,
        }
    }

    /// An account whose inbox holds these letters, marked so.
    pub(crate) async fn with_letters(letters: &[(&str, &[u8])]) -> Self {
        let mut desk = Self::new().await;
        for (flags, letter) in letters {
            drop(desk.other.append("INBOX", flags, letter).await.good());
        }
        desk
    }

    pub(crate) async fn list(&self) -> MailboxList {
        self.client.get(path::MAILBOXES).await.good().json()
    }

    pub(crate) async fn mailbox(&self, name: &str) -> Mailbox {
        let list = self.list().await;
        let found = list
            .mailboxes
            .iter()
            .find(|mailbox| mailbox.name == name)
            .cloned();
        found.unwrap_or_else(|| panic!("no folder {name:?} in {list:?}"))
    }

    pub(crate) async fn role(&self, role: Role) -> Mailbox {
        let list = self.list().await;
        list.mailboxes
            .into_iter()
            .find(|mailbox| mailbox.role == Some(role))
            .expect("that role")
    }

    pub(crate) async fn snapshot(&self, mailbox: &MailboxId) -> MailboxSnapshot {
        self.client
            .get(&path::mailbox(mailbox, 50))
            .await
            .good()
            .json()
    }

    pub(crate) async fn inbox(&self) -> (MailboxId, MailboxSnapshot) {
        let id = self.role(Role::Inbox).await.id;
        let snapshot = self.snapshot(&id).await;
        (id, snapshot)
    }

    /// The newest message of a folder, opened.
    pub(crate) async fn newest(&self, mailbox: &MailboxId) -> Message {
        let snapshot = self.snapshot(mailbox).await;
        let uid = snapshot.uids.last().expect("a message");
        let key = MessageKey {
            uidvalidity: snapshot.uidvalidity,
            uid,
        };
        self.client
            .get(&path::message(mailbox, key))
            .await
            .good()
            .json()
    }

    pub(crate) async fn perform(&self, action: Action) -> OutcomeKind {
        let operation = operation(action);
        self.perform_all(std::slice::from_ref(&operation))
            .await
            .remove(0)
            .outcome
    }

    pub(crate) async fn perform_all(&self, operations: &[Operation]) -> Vec<Outcome> {
        let outcomes: Vec<Outcome> = self
            .client
            .post(path::OPERATIONS, &operations)
            .await
            .good()
            .json();
        let (asked, answered): (Vec<_>, Vec<_>) = (
            operations.iter().map(|o| &o.id).collect(),
            outcomes.iter().map(|o| &o.id).collect(),
        );
        assert_eq!(asked, answered);
        outcomes
    }
}

pub(crate) async fn second_program(address: &str) -> ImapClient {
    ImapClient::signed_in(world().await.imap_port(), address, PASSWORD).await
}

pub(crate) fn operation(action: Action) -> Operation {
    let number = NEXT_OPERATION.fetch_add(1, Ordering::Relaxed);
    Operation {
        id: OperationId(format!("test-{number}")),
        action,
    }
}

pub(crate) fn mark(
    id: &MailboxId,
    snapshot: &MailboxSnapshot,
    uids: &UidSet,
    add: &[&str],
    remove: &[&str],
) -> Action {
    let keywords = |names: &[&str]| names.iter().map(|name| Keyword::new(name)).collect();
    Action::SetKeywords {
        mailbox_id: id.clone(),
        uidvalidity: snapshot.uidvalidity,
        uids: uids.clone(),
        add: keywords(add),
        remove: keywords(remove),
    }
}

pub(crate) fn has(envelope: &Envelope, keyword: &str) -> bool {
    envelope.keywords.contains(keyword)
}

#[track_caller]
pub(crate) fn assert_applied(outcome: &OutcomeKind) {
    assert!(
        matches!(outcome, OutcomeKind::Applied { .. }),
        "{outcome:?}"
    );
}
