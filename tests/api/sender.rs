//! Who a message is from: the mail server's findings, tricks with names, and whom the account knows.

use std::time::{Duration, Instant};

use whimbrel_shared::{
    ErrorCode, MailboxId, MailboxList, MessageKey, ReportKind, ReportLine, path,
};
use whimbrel_tests::{app::TestApp, letters::plain::letter, world::PASSWORD};

use crate::kit::{Desk, somebody, world};

/// A letter as it lies in an inbox: what the servers on the way wrote stands above what its sender did.
fn arrived(trace: &str, from: &str, more: &str) -> Vec<u8> {
    format!(
        "{trace}From: {from}\r\nTo: you@whimbrel.example\r\n{more}Subject: Tides\r\n\
         Date: Tue, 03 Nov 2026 08:00:00 +0100\r\nMIME-Version: 1.0\r\n\r\nHigh water\r\n"
    )
    .into_bytes()
}

fn hop(findings: &str) -> String {
    format!(
        "{findings}Received: from elsewhere.example (elsewhere.example [192.0.2.7])\r\n\
         \tby mx.whimbrel.example with ESMTP id 1; Tue, 3 Nov 2026 08:00:00 +0100\r\n"
    )
}

async fn notes(desk: &Desk, mailbox: &MailboxId, key: MessageKey) -> Vec<ReportLine> {
    let url = path::sender(mailbox, key);
    desk.client.get(&url).await.good().json()
}

/// What is said about each message of the inbox, oldest first.
async fn of_inbox(desk: &Desk) -> Vec<Vec<ReportLine>> {
    let (inbox, snapshot) = desk.inbox().await;
    let mut all = Vec::new();
    for uid in snapshot.uids.iter() {
        let uidvalidity = snapshot.uidvalidity;
        all.push(notes(desk, &inbox, MessageKey { uidvalidity, uid }).await);
    }
    all
}

fn warnings(notes: &[ReportLine]) -> Vec<&str> {
    let warnings = notes.iter().filter(|note| note.kind == ReportKind::Less);
    warnings.map(|note| &*note.title).collect()
}

#[tokio::test]
async fn the_receiving_servers_findings_become_one_verdict_and_forged_ones_nothing() {
    let ours = "Authentication-Results: mx.whimbrel.example (the one at the door);\r\n\
        \tspf=pass smtp.mailfrom=fenwick.example; dkim=pass header.d=fenwick.example;\r\n\
        \tdmarc=pass header.from=fenwick.example\r\n";
    let other = ours.replace("fenwick.example", "evil.test");
    let failed =
        "Authentication-Results: mx.whimbrel.example; dmarc=fail header.from=fenwick.example\r\n";
    let from = "Ada <ada@fenwick.example>";
    let letters = [
        arrived(&hop(ours), from, ""),
        arrived(&hop(&other), from, ""),
        arrived(&hop(failed), from, ours),
        arrived(&hop(""), from, ours),
        arrived(&hop(""), from, ""),
    ];
    let letters: Vec<(&str, &[u8])> = letters.iter().map(|letter| ("", &letter[..])).collect();
    let desk = Desk::with_letters(&letters).await;
    let all = of_inbox(&desk).await;
    let verdicts: Vec<_> = all
        .iter()
        .map(|notes| (notes[0].kind, &*notes[0].title))
        .collect();
    let nothing = (
        ReportKind::Fact,
        "Not verified: nothing shows that fenwick.example sent it",
    );
    assert_eq!(
        verdicts,
        [
            (ReportKind::Good, "Verified: sent by fenwick.example"),
            nothing,
            (ReportKind::Off, "Failed: not sent by fenwick.example"),
            nothing,
            nothing,
        ]
    );
    let more = &all[0][0].text;
    assert!(
        more.contains("Signature (DKIM): valid, by fenwick.example."),
        "{more}"
    );
    assert!(more.contains("mail server mx.whimbrel.example"), "{more}");
    assert!(all[3][0].text.contains("anybody may have written"));

    let report: Vec<ReportLine> = desk.client.get(path::MAIL_SERVER).await.good().json();
    let line = report
        .iter()
        .find(|line| line.title == "Who sent a message");
    assert!(
        line.is_some_and(|line| line.text.contains("mx.whimbrel.example")),
        "{line:?}"
    );
}

#[tokio::test]
async fn the_operator_can_say_whose_findings_count() {
    let forged =
        "Authentication-Results: mx.whimbrel.example; dmarc=pass header.from=fenwick.example\r\n";
    let deep = format!(
        "{}Authentication-Results: Filter.Whimbrel.example; dmarc=fail header.from=fenwick.example\r\n",
        hop(forged)
    );
    let settings = "authserv_ids = \"other.example, filter.whimbrel.example\"";
    let app = TestApp::with_settings(world().await, settings).await;
    let address = somebody();
    let mut client = app.client();
    client.sign_in(&address, PASSWORD).await;
    let mut desk = Desk::of(address).await;
    let raw = arrived(&deep, "ada@fenwick.example", "");
    drop(desk.other.append("INBOX", "", &raw).await.good());
    let (inbox, snapshot) = desk.inbox().await;
    let key = MessageKey {
        uidvalidity: snapshot.uidvalidity,
        uid: snapshot.uids.last().expect("a message"),
    };
    let list: MailboxList = client.get(path::MAILBOXES).await.good().json();
    let url = path::sender(&list.mailboxes[0].id, key);
    let told: Vec<ReportLine> = client.get(&url).await.good().json();
    assert_eq!(told[0].kind, ReportKind::Off, "{told:?}");
    // Without a word of the operator, what stands above every hop is learnt instead.
    assert_eq!(notes(&desk, &inbox, key).await[0].kind, ReportKind::Good);
}

#[tokio::test]
async fn somebody_who_pretends_to_be_known_is_told_of_and_those_who_are_known_are_not() {
    let mut desk = Desk::new().await;
    let sent = "From: Ingrid Solberg <ingrid@whimbrel.example>\r\nTo: Bo Lund <bo@curlew.example>\r\n\r\nhello\r\n";
    drop(
        desk.other
            .append("Sent", "\\Seen", sent.as_bytes())
            .await
            .good(),
    );
    for from in [
        "Ada Fenwick <ada@fenwick.example>",
        "Bo Lund <bo@curlew.example>",
        "Ada Fenwick <af@free.test>",
        "Bo <bo@curiew.example>",
        "\"bo@curlew.example\" <x@evil.test>",
        "Ingrid Solberg <chief@evil.test>",
        "Ada Fenwick <ada@fenwick.example>",
    ] {
        let more = "X-Spam-Status: No, score=1.0 required=5.0\r\n";
        let raw = arrived(&hop(""), from, more);
        drop(desk.other.append("INBOX", "", &raw).await.good());
    }
    let all = of_inbox(&desk).await;
    let told: Vec<_> = all.iter().map(|notes| warnings(notes)).collect();
    assert_eq!(
        told,
        [
            vec![],
            vec![],
            vec![
                "You know somebody of this name as ada@fenwick.example; this comes from af@free.test."
            ],
            vec!["curiew.example looks like curlew.example, one you know, but is another."],
            vec!["The name says bo@curlew.example, but the message comes from x@evil.test."],
            vec!["It bears your own name, but comes from chief@evil.test."],
            vec![],
        ]
    );
    let is_first = |notes: &Vec<ReportLine>| {
        notes
            .iter()
            .any(|note| note.title.starts_with("This is the first"))
    };
    let first: Vec<bool> = all.iter().map(is_first).collect();
    assert_eq!(first, [true, false, true, true, true, true, false]);
    assert!(all[0][0].text.contains("rates this 1 of 5: not junk"));

    // What one wrote oneself needs no verdict.
    let sent = desk.mailbox("Sent").await.id;
    let key = desk.newest(&sent).await.key;
    assert_eq!(notes(&desk, &sent, key).await, []);
}

#[tokio::test]
async fn an_older_message_is_found_however_many_came_since() {
    let mut desk = Desk::new().await;
    let old = arrived(&hop(""), "Ada <ada@fenwick.example>", "");
    drop(desk.other.append("INBOX", "", &old).await.good());
    for number in 0..205 {
        let raw = letter(&format!("between {number}"), "text");
        drop(desk.other.append("INBOX", "", &raw).await.good());
    }
    for from in ["ada@fenwick.example", "bo@curlew.example"] {
        let raw = arrived(&hop(""), from, "");
        drop(desk.other.append("INBOX", "", &raw).await.good());
    }
    let (inbox, snapshot) = desk.inbox().await;
    let mut first = Vec::new();
    for uid in snapshot.uids.iter().rev().take(2) {
        let key = MessageKey {
            uidvalidity: snapshot.uidvalidity,
            uid,
        };
        let notes = notes(&desk, &inbox, key).await;
        first.push(
            notes
                .iter()
                .any(|note| note.title.starts_with("This is the first")),
        );
    }
    assert_eq!(first, [true, false], "the newest, and the one before");
}

#[tokio::test]
async fn it_is_told_after_the_message_is_there_and_soon() {
    let raw = arrived(&hop(""), "ada@fenwick.example", "");
    let desk = Desk::with_letters(&[("", &raw)]).await;
    let (inbox, _) = desk.inbox().await;
    let key = desk.newest(&inbox).await.key;
    drop(notes(&desk, &inbox, key).await);
    let began = Instant::now();
    for _ in 0..20 {
        drop(notes(&desk, &inbox, key).await);
    }
    // What is known is kept: twenty answers without a look at the mailbox.
    assert!(
        began.elapsed() < Duration::from_secs(1),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn nobody_else_is_told() {
    let raw = arrived(&hop(""), "ada@fenwick.example", "");
    let desk = Desk::with_letters(&[("", &raw)]).await;
    let (inbox, _) = desk.inbox().await;
    let url = path::sender(&inbox, desk.newest(&inbox).await.key);
    let stranger = Desk::new().await;
    assert_eq!(
        stranger.client.get(&url).await.error().code,
        ErrorCode::MailboxGone
    );
    let nobody = desk.app.client();
    assert_eq!(nobody.get(&url).await.error().code, ErrorCode::SignedOut);
}
