//! Somebody who reads, files, searches, writes and waits, at random; over HTTP, as the app does.

use std::time::Duration;

use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};
use whimbrel_shared::{
    Action, Address, Draft, Keyword, MailboxId, MailboxList, MailboxSnapshot, MessageKey,
    Operation, OperationId, Role, SessionInfo, UidSet, path,
};
use whimbrel_tests::{
    http::{HttpAnswer, HttpConnection},
    world::PASSWORD,
};

use crate::figures::Tally;

/// The pause between two things one does is this long on average.
const PAUSE_MS: u64 = 4_000;

struct Life<'a> {
    http: HttpConnection,
    account_id: String,
    address: String,
    addresses: &'a [String],
    tally: &'a Tally,
    random: u64,
    operations: u64,
    inbox: MailboxId,
    archive: MailboxId,
    snapshot: MailboxSnapshot,
    listening: Option<JoinHandle<()>>,
}

/// Signs in, and does things until `ends`.
pub(crate) async fn live(
    origin: &str,
    number: usize,
    addresses: &[String],
    tally: &Tally,
    ends: Instant,
) {
    let mut http = HttpConnection::open(origin).await;
    http.sign_in(&addresses[number], PASSWORD).await;
    let session = http.get(path::SESSION).await;
    let session: SessionInfo = serde_json::from_slice(&session.body).expect("a session");
    let list = http.get(path::MAILBOXES).await;
    let list: MailboxList = serde_json::from_slice(&list.body).expect("the folders");
    let of_role = |role| {
        let found = list
            .mailboxes
            .iter()
            .find(|mailbox| mailbox.role == Some(role));
        found.expect("that folder").id.clone()
    };
    let inbox = of_role(Role::Inbox);
    let archive = of_role(Role::Archive);
    let snapshot = http.get(&path::mailbox(&inbox, 50)).await;
    let mut life = Life {
        account_id: session.account_id,
        address: addresses[number].clone(),
        addresses,
        tally,
        random: 0x9E37_79B9_7F4A_7C15 ^ (number as u64 + 1),
        operations: 0,
        inbox,
        archive,
        snapshot: serde_json::from_slice(&snapshot.body).expect("the inbox"),
        listening: None,
        http,
    };
    while Instant::now() < ends {
        life.act(ends).await;
        let pause = life.dice(2 * PAUSE_MS);
        sleep(Duration::from_millis(pause)).await;
    }
    if let Some(listening) = life.listening {
        listening.abort();
    }
}

impl Life<'_> {
    /// 0 to `sides` - 1.
    fn dice(&mut self, sides: u64) -> u64 {
        // xorshift64*, so that each life is the same every time.
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        (self.random.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }

    async fn act(&mut self, ends: Instant) {
        match self.dice(200) {
            0..40 => self.list().await,
            40..110 => self.open().await,
            110..150 => self.flag().await,
            150..165 => self.shift().await,
            165..180 => self.search().await,
            180..186 => self.draft().await,
            186 => self.send().await,
            187..192 => self.folders().await,
            _ => self.listen(ends).await,
        }
    }

    async fn get(&mut self, what: &'static str, url: &str) -> HttpAnswer {
        self.come_again().await;
        let began = Instant::now();
        let answer = self.http.get(url).await;
        self.tally.note(what, answer.status, began.elapsed());
        answer
    }

    /// The server closes a line that was silent for a while; a browser opens another then.
    async fn come_again(&mut self) {
        self.http = self.http.another().await;
    }

    async fn perform(&mut self, what: &'static str, action: Action) {
        self.operations += 1;
        let operation = Operation {
            id: OperationId(format!("soak-{}-{}", self.random, self.operations)),
            action,
        };
        let json = serde_json::to_string(&[operation]).expect("JSON");
        self.come_again().await;
        let began = Instant::now();
        let answer = self
            .http
            .post(path::OPERATIONS, &json, &self.account_id)
            .await;
        self.tally.note(what, answer.status, began.elapsed());
    }

    async fn list(&mut self) {
        let url = path::mailbox(&self.inbox, 50);
        let answer = self.get("list", &url).await;
        if let Ok(snapshot) = serde_json::from_slice(&answer.body) {
            self.snapshot = snapshot;
        }
    }

    async fn folders(&mut self) {
        self.get("folders", path::MAILBOXES).await;
    }

    /// Some message of the inbox as it was last seen.
    fn some_uid(&mut self) -> Option<u32> {
        let length = self.snapshot.uids.len() as u64;
        let nth = self.dice(length.max(1));
        self.snapshot.uids.iter().nth(usize::try_from(nth).ok()?)
    }

    async fn open(&mut self) {
        let Some(uid) = self.some_uid() else { return };
        let key = MessageKey {
            uidvalidity: self.snapshot.uidvalidity,
            uid,
        };
        let (message, body) = (
            path::message(&self.inbox, key),
            path::body(&self.inbox, key),
        );
        let answer = self.get("open", &message).await;
        if answer.status == 200 {
            self.get("body", &body).await;
        }
    }

    async fn flag(&mut self) {
        let Some(uid) = self.some_uid() else { return };
        let word = vec![Keyword::new(["$seen", "$flagged"][self.dice(2) as usize])];
        let (add, remove) = if self.dice(2) == 0 {
            (word, Vec::new())
        } else {
            (Vec::new(), word)
        };
        let action = Action::SetKeywords {
            mailbox_id: self.inbox.clone(),
            uidvalidity: self.snapshot.uidvalidity,
            uids: UidSet::one(uid),
            add,
            remove,
        };
        self.perform("flag", action).await;
    }

    async fn shift(&mut self) {
        let Some(uid) = self.some_uid() else { return };
        let action = Action::Move {
            mailbox_id: self.inbox.clone(),
            uidvalidity: self.snapshot.uidvalidity,
            uids: UidSet::one(uid),
            to: self.archive.clone(),
            add: Vec::new(),
            remove: Vec::new(),
        };
        self.perform("move", action).await;
        self.list().await;
    }

    async fn search(&mut self) {
        let word = ["tide", "report", "bird", "meeting"][self.dice(4) as usize];
        let url = path::search(&self.inbox, word);
        self.get("search", &url).await;
    }

    fn letter(&mut self) -> Box<Draft> {
        let other = self.dice(self.addresses.len() as u64) as usize;
        Box::new(Draft {
            to: vec![Address {
                name: String::new(),
                email: self.addresses[other].clone(),
            }],
            subject: format!("From {}", self.address),
            text: "Four curlews and a whimbrel.\n".repeat(20),
            ..Draft::default()
        })
    }

    async fn draft(&mut self) {
        let draft = self.letter();
        self.perform(
            "draft",
            Action::SaveDraft {
                draft,
                replaces: None,
            },
        )
        .await;
    }

    async fn send(&mut self) {
        let draft = self.letter();
        self.perform(
            "send",
            Action::Send {
                draft,
                replaces: None,
            },
        )
        .await;
    }

    /// Opens a tab that listens, or closes the one that does.
    async fn listen(&mut self, ends: Instant) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
            return;
        }
        let tab = self.http.another().await;
        let url = path::events(Some(&self.inbox));
        self.listening = Some(tokio::spawn(async move {
            tab.listen(&url, ends).await;
        }));
        self.tally.note("listen", 200, Duration::ZERO);
    }
}
