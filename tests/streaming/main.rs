//! The memory of the server while a file of 24 MiB passes through it: uploaded, saved with a draft, sent, and
//! taken from one letter into the next. Whimbrel runs in a process of its own, which is this very program.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "prints what it measures, and stops where that cannot be"
)]

use std::time::Duration;

use mail_parser::{MessageParser, MimeHeaders as _};
use whimbrel_shared::{
    Action, Address, Draft, DraftAttachment, MailboxId, MessageKey, Operation, OperationId,
    Outcome, OutcomeKind, PartId, SessionInfo, Upload, path,
};
use whimbrel_tests::{
    child::{self, Supervised},
    http::HttpConnection,
    imap_client::ImapClient,
    own_process,
    world::{ADA, BEN, PASSWORD, World},
};

const FILE: usize = 24 << 20;
/// KiB by which the server may grow while the file passes.
const BUDGET: u64 = 2 * 1024;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, config] = arguments.as_slice()
        && word == own_process::SERVE
    {
        return own_process::serve_here(config).await;
    }
    let world = World::start().await.expect("a mail world");
    let [port] = child::free_ports().expect("a free port");
    let origin = format!("http://localhost:{port}");
    let server = Server(own_process::start(&world, "streaming", &origin, port).await);
    let mut desk = Desk::of(HttpConnection::open(&origin).await).await;

    // Everything once with a small file, so that what is kept for good is there.
    let small = desk.upload("x".repeat(300_000)).await;
    let (drafts, key) = desk.save(small.clone()).await;
    desk.send(small).await;
    desk.save(part_of(drafts, key)).await;

    let mut file = "The tide comes in, the tide goes out.\n".repeat(FILE / 38 + 1);
    file.truncate(FILE);
    let grown = server
        .watch("on its way up", desk.upload(file.clone()))
        .await;
    let (drafts, key) = server
        .watch("saved with a draft", desk.save(grown.clone()))
        .await;
    server
        .watch("sent, and a copy kept", desk.send(grown))
        .await;
    let forwarded = part_of(drafts, key);
    server
        .watch("forwarded from a draft", desk.save(forwarded))
        .await;
    assert_eq!(arrived(&world).await, file.as_bytes());
}

/// A running Whimbrel.
struct Server(Supervised);

impl Server {
    /// Does it, and looks how much memory the server had at most.
    async fn watch<T>(&self, what: &str, doing: impl Future<Output = T>) -> T {
        let pid = self.0.pid();
        own_process::forget_peak(pid);
        let before = own_process::memory(pid, "VmRSS:");
        let done = doing.await;
        let grown = own_process::memory(pid, "VmHWM:").saturating_sub(before);
        println!("24 MiB {what}: the server grew by {grown} KiB from {before} ({BUDGET} at most)");
        assert!(grown < BUDGET, "over the budget");
        done
    }
}

/// Ada at work.
struct Desk {
    http: HttpConnection,
    account: String,
    operations: u32,
}

impl Desk {
    async fn of(mut http: HttpConnection) -> Self {
        http.sign_in(ADA, PASSWORD).await;
        let session = http.get(path::SESSION).await.body;
        let session: SessionInfo = serde_json::from_slice(&session).expect("a session");
        Self {
            http,
            account: session.account_id,
            operations: 0,
        }
    }

    async fn upload(&mut self, file: String) -> DraftAttachment {
        let url = path::uploads("tides.txt");
        let answer = self
            .http
            .post_body(&self.account, &url, "text/plain", &file)
            .await;
        assert_eq!(answer.status, 200);
        let upload: Upload = serde_json::from_slice(&answer.body).expect("an upload");
        assert_eq!(upload.size, file.len() as u64);
        DraftAttachment::Upload(upload)
    }

    async fn save(&mut self, attachment: DraftAttachment) -> (MailboxId, MessageKey) {
        let draft = Box::new(draft(attachment));
        let saved = self
            .perform(Action::SaveDraft {
                draft,
                replaces: None,
            })
            .await;
        let OutcomeKind::Applied { moved, .. } = saved else {
            panic!("{saved:?}")
        };
        let moved = moved.into_iter().next().expect("where it is");
        (moved.mailbox_id, moved.key)
    }

    async fn send(&mut self, attachment: DraftAttachment) {
        let draft = Box::new(draft(attachment));
        let sent = self
            .perform(Action::Send {
                draft,
                replaces: None,
            })
            .await;
        let is_fine = matches!(&sent, OutcomeKind::Applied { warning: None, .. });
        assert!(is_fine, "{sent:?}");
    }

    async fn perform(&mut self, action: Action) -> OutcomeKind {
        self.operations += 1;
        let id = OperationId(format!("streaming-{}", self.operations));
        let body = serde_json::to_string(&[Operation { id, action }]).expect("JSON");
        let answer = self
            .http
            .post_body(&self.account, path::OPERATIONS, "application/json", &body)
            .await;
        assert_eq!(answer.status, 200);
        let mut outcomes: Vec<Outcome> = serde_json::from_slice(&answer.body).expect("outcomes");
        outcomes.pop().expect("an outcome").outcome
    }
}

fn draft(attachment: DraftAttachment) -> Draft {
    Draft {
        to: vec![Address {
            name: String::new(),
            email: BEN.to_owned(),
        }],
        subject: "Tides".to_owned(),
        text: "See the file.".to_owned(),
        attachments: vec![attachment],
        ..Draft::default()
    }
}

/// The file of a letter that [`draft`] made.
fn part_of(mailbox_id: MailboxId, key: MessageKey) -> DraftAttachment {
    DraftAttachment::Part {
        mailbox_id,
        key,
        part: PartId::new("2").expect("a section"),
        name: "again.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        size: 0,
    }
}

/// The file of the second letter that Ben got.
async fn arrived(world: &World) -> Vec<u8> {
    let mut ben = ImapClient::signed_in(world.dovecot.ports.imap, BEN, PASSWORD).await;
    for _ in 0..200 {
        if ben.select("INBOX").await.exists > 1 {
            let uid = *ben.uids().await.last().expect("a message");
            let letter = ben.message(uid).await;
            let letter = MessageParser::new().parse(&letter).expect("a letter");
            let file = letter.attachments().next().expect("a file");
            assert_eq!(file.attachment_name(), Some("tides.txt"));
            return file.contents().to_vec();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing arrived")
}
