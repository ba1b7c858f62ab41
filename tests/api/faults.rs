//! A line to the mail server that breaks, stalls and lies: a person gets an answer in time, whole or with a way
//! forward, and what comes next is right.

use std::time::{Duration, Instant};

use whimbrel_shared::{
    Action, ErrorCode, Event, MailboxId, Message, MessageKey, OutcomeKind, Role, UidSet, path,
};
use whimbrel_tests::{
    client::Response,
    imap_proxy::{
        ImapProxy,
        faults::{Fault, Weather},
    },
    letters::plain::letter,
};

use crate::kit::{Desk, mark, offers};

/// The longest that anything may take.
const DEADLINE: Duration = Duration::from_secs(31);

/// A desk with a letter of 200 KB, and the key of that letter.
async fn long_letter() -> (Desk, ImapProxy, MailboxId, MessageKey) {
    let (mut desk, proxy) = Desk::behind_a_proxy().await;
    let long = letter(
        "A long one",
        &"All the waders of the bay.\r\n".repeat(7_500),
    );
    drop(desk.other.append("INBOX", "", &long).await.good());
    let (inbox, snapshot) = desk.inbox().await;
    let key = MessageKey {
        uidvalidity: snapshot.uidvalidity,
        uid: snapshot.uids.last().expect("a letter"),
    };
    (desk, proxy, inbox, key)
}

fn assert_whole(response: Response) {
    let message: Message = response.good().json();
    assert_eq!(message.subject, "A long one");
    assert_eq!(message.text.matches("waders").count(), 7_500);
}

/// Good, or said to be the mail server's fault.
#[track_caller]
fn assert_answered(response: &Response, what: &str) {
    let is_good = response.status().is_success();
    let codes = [ErrorCode::MailServerDown, ErrorCode::MailServerRefused];
    assert!(
        is_good || codes.contains(&response.error().code),
        "{what}: {} {}",
        response.status(),
        response.text()
    );
}

#[tokio::test]
async fn a_line_cut_in_the_middle_of_a_message_is_tried_again() {
    let (desk, proxy, inbox, key) = long_letter().await;
    proxy.fault(Fault::CutInLiteral);
    let began = Instant::now();
    assert_whole(desk.client.get(&path::message(&inbox, key)).await);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn wherever_the_line_is_cut_everything_is_answered_and_goes_on() {
    let (mut desk, proxy, inbox, key) = long_letter().await;
    let archive = desk.role(Role::Archive).await.id;
    let snapshot = desk.snapshot(&inbox).await;
    for bytes in [1, 10, 100, 1_000, 10_000, 100_000] {
        let one = UidSet::one(key.uid);
        let asked = [
            path::MAILBOXES.to_owned(),
            path::mailbox(&inbox, 50),
            path::changes(&inbox, &snapshot.state, &one),
            path::message(&inbox, key),
            path::search(&inbox, "waders"),
        ];
        for url in asked {
            proxy.fault(Fault::CutAfter(bytes));
            assert_answered(&desk.client.get(&url).await, &url);
            proxy.calm();
        }
        for (add, remove) in [(&["$flagged"][..], &[][..]), (&[], &["$flagged"])] {
            proxy.fault(Fault::CutAfter(bytes));
            let outcome = desk
                .perform(mark(&inbox, &snapshot, &one, add, remove))
                .await;
            let is_done = matches!(
                outcome,
                OutcomeKind::Applied { .. } | OutcomeKind::Refused { .. }
            );
            assert!(is_done, "{outcome:?}");
            proxy.calm();
        }
        assert_whole(desk.client.get(&path::message(&inbox, key)).await);
    }
    // A message that is moved while the line breaks is in one of the two folders, once.
    for bytes in [1, 30, 60, 90, 120, 150] {
        drop(
            desk.other
                .append("INBOX", "", &letter("Wanderer", "w"))
                .await
                .good(),
        );
        let (_, snapshot) = desk.inbox().await;
        proxy.fault(Fault::CutAfter(bytes));
        let wanderer = UidSet::one(snapshot.uids.last().expect("a letter"));
        drop(
            desk.perform(shift(&inbox, snapshot.uidvalidity, wanderer, &archive))
                .await,
        );
        proxy.calm();
    }
    let mut found = 0;
    for folder in ["INBOX", "Archive"] {
        desk.other.select(folder).await;
        found += desk.other.search("SUBJECT Wanderer").await.len();
    }
    // Without MOVE it is copied first: doubled rather than lost, and the person is told.
    let extra = if offers("MOVE").await { 0 } else { 6 };
    assert!((6..=6 + extra).contains(&found), "{found} instead of 6");
}

fn shift(from: &MailboxId, uidvalidity: u32, uids: UidSet, to: &MailboxId) -> Action {
    Action::Move {
        mailbox_id: from.clone(),
        uidvalidity,
        uids,
        to: to.clone(),
        add: Vec::new(),
        remove: Vec::new(),
    }
}

#[tokio::test]
async fn a_mail_server_that_falls_silent_is_given_up_in_time_and_harms_nobody_else() {
    let (desk, proxy, inbox, key) = long_letter().await;
    let other = Desk::new().await;
    let silent = Weather {
        silent: true,
        ..Weather::default()
    };
    proxy.weather(silent);
    let began = Instant::now();
    let url = path::message(&inbox, key);
    let (waited, neighbour) = tokio::join!(desk.client.get(&url), async {
        let began = Instant::now();
        drop(other.list().await);
        began.elapsed()
    });
    assert_eq!(waited.error().code, ErrorCode::MailServerDown);
    assert!(began.elapsed() < DEADLINE, "{:?}", began.elapsed());
    assert!(neighbour < Duration::from_secs(3), "{neighbour:?}");
    proxy.calm();
    assert_whole(desk.client.get(&url).await);
}

#[tokio::test]
async fn a_slow_line_is_slow_and_whole() {
    let (desk, proxy, inbox, key) = long_letter().await;
    proxy.weather(Weather {
        pause: Duration::from_millis(1),
        piece: 500,
        ..Weather::default()
    });
    assert_whole(desk.client.get(&path::message(&inbox, key)).await);
}

#[tokio::test]
async fn what_is_no_answer_never_becomes_the_answer_to_the_next_question() {
    let (desk, proxy, inbox, key) = long_letter().await;
    let endless = [b"* ", &b"x".repeat(10 << 20)[..], b"\r\n"].concat();
    let lies: [&[u8]; 10] = [
        b"garbage\r\n",
        b"A9999 OK nobody asked\r\n",
        b"* 1 FETCH (UID 0 FLAGS (\\Seen))\r\n",
        b"* 4294967295 EXISTS\r\n* 0 EXISTS\r\n",
        b"* 1 FETCH (FLAGS NIL BODYSTRUCTURE NIL ENVELOPE NIL)\r\n",
        b"* 1 FETCH (UID 4294967295 FLAGS (\\Seen \\Seen \\Recent odd[flag))\r\n",
        b"* LIST () NIL NIL\r\n* STATUS \"x\" (MESSAGES -1)\r\n* SEARCH 0 x 99999999999\r\n",
        b"* BYE go away\r\n",
        b"+ go on\r\n",
        &endless,
    ];
    for lie in lies {
        proxy.fault(Fault::Say(lie.to_vec()));
        let shown: String = String::from_utf8_lossy(lie).chars().take(40).collect();
        assert_answered(&desk.client.get(&path::mailbox(&inbox, 50)).await, &shown);
        proxy.calm();
        assert_whole(desk.client.get(&path::message(&inbox, key)).await);
        assert_eq!(desk.snapshot(&inbox).await.uids.len(), 1, "{shown}");
    }
    for missing in [1, 3, 400] {
        proxy.fault(Fault::ShortLiteral(missing));
        assert_answered(
            &desk.client.get(&path::mailbox(&inbox, 50)).await,
            "a short literal",
        );
        proxy.calm();
        assert_eq!(
            desk.snapshot(&inbox).await.envelopes[0].subject,
            "A long one"
        );
    }
}

#[tokio::test]
async fn words_of_the_administrator_are_told_once() {
    let (desk, proxy) = Desk::behind_a_proxy().await;
    let (inbox, _) = desk.inbox().await;
    let mut events = desk.client.events(&path::events(Some(&inbox))).await;
    while !matches!(events.next().await, Some(Event::Mailboxes { .. })) {}
    for _ in 0..2 {
        proxy.fault(Fault::Say(b"* OK [ALERT] We move on Sunday\r\n".to_vec()));
    }
    let mut told = 0;
    let listening = async {
        drop(desk.list().await);
        loop {
            if let Some(Event::Alert { text }) = events.next().await {
                assert_eq!(text, "We move on Sunday");
                told += 1;
            }
        }
    };
    drop(tokio::time::timeout(Duration::from_secs(14), listening).await);
    assert_eq!(told, 1);
}

#[tokio::test]
async fn a_mail_server_that_is_back_is_used_again_without_signing_in() {
    let (desk, proxy, inbox, key) = long_letter().await;
    proxy.weather(Weather {
        refuses: true,
        ..Weather::default()
    });
    proxy.cut_all();
    let down = desk.client.get(path::MAILBOXES).await.error();
    assert_eq!(down.code, ErrorCode::MailServerDown);
    assert!(!down.remedy.is_empty());
    proxy.calm();
    assert_whole(desk.client.get(&path::message(&inbox, key)).await);
}
