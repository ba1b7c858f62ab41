//! Orders and conversations of a folder, compared with what Dovecot itself says to another program.
#![expect(
    clippy::print_stderr,
    reason = "says what an order costs to whoever measures"
)]

use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use whimbrel_shared::{
    Changes, MailboxId, MailboxOrder, MailboxThreads, OrderBy, Role, State, Uid, UidSet, path,
};
use whimbrel_tests::{
    imap_client::ImapClient,
    letters::{Plan, Spread},
    world::MailServer,
};

use crate::kit::{Desk, offers, server, somebody, world};

/// A letter with these header lines.
fn letter(header: &str) -> Vec<u8> {
    let lines = header.replace('\n', "\r\n");
    format!("{lines}\r\nMIME-Version: 1.0\r\n\r\nText.\r\n").into_bytes()
}

async fn order(desk: &Desk, mailbox: &MailboxId, by: OrderBy) -> MailboxOrder {
    asked(desk, &path::order(mailbox, by)).await
}

async fn threads(desk: &Desk, mailbox: &MailboxId) -> MailboxThreads {
    asked(desk, &path::threads(mailbox)).await
}

/// What is answered; how long that takes is seen with `--nocapture`.
async fn asked<T: DeserializeOwned>(desk: &Desk, url: &str) -> T {
    let start = Instant::now();
    let answer = desk.client.get(url).await.good();
    let what = url.rsplit('/').next().unwrap_or_default();
    eprintln!(
        "{what}: {:?}, {} bytes",
        start.elapsed(),
        answer.bytes().len()
    );
    answer.json()
}

/// How many letters are put in order; `WHIMBREL_LETTERS` says more.
fn many() -> u32 {
    let count = std::env::var("WHIMBREL_LETTERS").ok();
    count.map_or(3_000, |count| count.parse().expect("a number"))
}

/// The words of the one untagged answer that begins with `word`.
async fn told(other: &mut ImapClient, command: &str, word: &str) -> String {
    let answer = other.command(command).await.good();
    let line = answer
        .lines()
        .find_map(|line| Some(line.strip_prefix(word)?.trim().to_owned()));
    line.unwrap_or_default()
}

#[tokio::test]
async fn every_order_is_what_a_person_expects() {
    let letters = [
        letter(
            "From: Zoe <a@x.example>\nTo: Ben <b@x.example>\nSubject: Re: apples\n\
             Date: Mon, 02 Nov 2026 10:00:00 +0000",
        ),
        letter(
            "From: adam@x.example\nTo: Ada <z@x.example>\nSubject: [list] Cherries and more\n\
             Date: Mon, 02 Nov 2026 10:00:00 +0200",
        ),
        letter(
            "From: =?utf-8?Q?M=C3=B6we?= <c@x.example>\nTo: cleo@x.example\nSubject: Bananas\n\
             Date: Sun, 01 Nov 2026 23:00:00 -0930",
        ),
    ];
    let all: Vec<(&str, &[u8])> = letters.iter().map(|raw| ("", &raw[..])).collect();
    let desk = Desk::with_letters(&all).await;
    let (inbox, snapshot) = desk.inbox().await;
    let uids: Vec<Uid> = snapshot.uids.iter().collect();
    for (by, expected) in [
        (OrderBy::ReceivedAt, [0, 1, 2]),
        (OrderBy::SentAt, [1, 2, 0]),
        (OrderBy::From, [1, 2, 0]),
        (OrderBy::To, [1, 0, 2]),
        (OrderBy::Subject, [0, 2, 1]),
    ] {
        if by == OrderBy::ReceivedAt && server() == MailServer::Courier {
            continue; // it turns around what came within one second
        }
        let order = order(&desk, &inbox, by).await;
        assert_eq!(order.uids.0, expected.map(|i| uids[i]), "{by}");
        assert_eq!(order.uidvalidity, snapshot.uidvalidity);
    }
    let bad = format!("/api/mailboxes/{inbox}/order?by=colour");
    assert_eq!(desk.client.get(&bad).await.status(), 400);
}

#[tokio::test]
async fn answers_belong_to_what_they_answer() {
    let letters = [
        letter("Subject: Lunch\nMessage-ID: <1@x.example>"),
        letter("Subject: Lunch\nMessage-ID: <2@x.example>"),
        letter("Subject: Re: Lunch\nMessage-ID: <3@x.example>\nIn-Reply-To: <1@x.example>"),
        letter(
            "Subject: where?\nMessage-ID: <4@x.example>\nReferences: <1@x.example> <3@x.example>",
        ),
        letter("Subject: Re: lost\nMessage-ID: <5@x.example>\nReferences: <0@x.example>"),
        letter("Subject: Re: lost\nMessage-ID: <6@x.example>\nReferences: <0@x.example>"),
    ];
    let all: Vec<(&str, &[u8])> = letters.iter().map(|raw| ("", &raw[..])).collect();
    let desk = Desk::with_letters(&all).await;
    let (inbox, snapshot) = desk.inbox().await;
    let uids: Vec<Uid> = snapshot.uids.iter().collect();
    let found = threads(&desk, &inbox).await;
    let set = |places: &[usize]| places.iter().map(|&i| uids[i]).collect::<UidSet>();
    // By THREAD=REFERENCES (RFC 5256), the same subject is the same conversation.
    let by_subject = offers("THREAD=REFERENCES").await && !offers("THREAD=REFS").await;
    let lunch: &[usize] = if by_subject {
        &[0, 1, 2, 3]
    } else {
        &[0, 2, 3]
    };
    assert_eq!(found.threads, [set(lunch), set(&[4, 5])]);
    assert_eq!(found.uids, snapshot.uids);
}

#[tokio::test]
async fn an_empty_folder_has_an_order_too() {
    let desk = Desk::new().await;
    let archive = desk.role(Role::Archive).await.id;
    for by in OrderBy::ALL {
        assert_eq!(order(&desk, &archive, by).await.uids.0, [0; 0], "{by}");
    }
    assert_eq!(threads(&desk, &archive).await.threads, []);
}

#[tokio::test]
async fn thousands_are_ordered_as_dovecot_does_and_hold_nobody_up() {
    if server() != MailServer::Dovecot {
        return; // the letters are laid into its folder
    }
    let count = many();
    let address = somebody();
    let plan = Plan {
        seed: 7,
        count,
        owner: address.split('@').next().unwrap().to_owned(),
        until: 1_790_000_000,
        days: 700,
        spread: Spread::Inbox,
    };
    world().await.fill(plan).expect("room for letters");
    let mut desk = Desk::of(address).await;
    let (inbox, snapshot) = desk.inbox().await;
    assert_eq!(snapshot.uids.len(), count as usize);
    desk.other.select("INBOX").await;
    for (by, criterion) in [
        (OrderBy::ReceivedAt, "ARRIVAL"),
        (OrderBy::SentAt, "DATE"),
        (OrderBy::Size, "SIZE"),
    ] {
        let order = order(&desk, &inbox, by).await;
        let command = format!("UID SORT ({criterion}) UTF-8 ALL");
        let theirs = told(&mut desk.other, &command, "* SORT").await;
        let theirs: Vec<Uid> = theirs.split(' ').map(|uid| uid.parse().unwrap()).collect();
        assert_eq!(order.uids.0, theirs, "{by}");
    }
    let subjects = order(&desk, &inbox, OrderBy::Subject).await;
    let uids: UidSet = subjects.uids.0.iter().copied().collect();
    assert_eq!(
        (uids, subjects.uids.0.len()),
        (snapshot.uids.clone(), count as usize)
    );

    let found = threads(&desk, &inbox).await;
    let in_threads: usize = found.threads.iter().map(UidSet::len).sum();
    assert!(
        in_threads > 100 && in_threads <= count as usize,
        "{in_threads}"
    );
    assert_eq!(found.uids, snapshot.uids);

    // Both are asked at once; the list does not wait for the order.
    let client = desk.client.clone();
    let url = path::order(&inbox, OrderBy::From);
    let ordering = tokio::spawn(async move { client.get(&url).await.good().status() });
    let start = Instant::now();
    desk.snapshot(&inbox).await;
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(ordering.await.unwrap(), 200);
}

#[tokio::test]
async fn changes_are_whole_however_often_the_folder_was_left() {
    let letters: Vec<Vec<u8>> = (0..12)
        .map(|i| letter(&format!("Subject: {i}\nMessage-ID: <c{i}@x.example>")))
        .collect();
    let all: Vec<(&str, &[u8])> = letters.iter().map(|raw| ("", &raw[..])).collect();
    let mut desk = Desk::with_letters(&all).await;
    let archive = desk.role(Role::Archive).await.id;
    let (inbox, snapshot) = desk.inbox().await;
    let mut state: State = snapshot.state;
    desk.other.select("INBOX").await;
    for round in 0..4_usize {
        desk.snapshot(&archive).await; // the inbox is left
        let uids = desk.other.uids().await;
        // As many go as come: their number says nothing.
        desk.other.expunge(&uids[round].to_string()).await;
        drop(desk.other.append("INBOX", "", &letters[0]).await.good());
        desk.other.noop().await; // before that, Courier does not show it
        if round % 2 == 1 {
            desk.other
                .store(&uids[round + 2].to_string(), "+FLAGS (\\Flagged)")
                .await;
        }
        let uids = desk.other.uids().await;
        let url = path::changes(&inbox, &state, &snapshot.uids);
        let changes: Changes = desk.client.get(&url).await.good().json();
        let Changes::Since {
            state: now,
            uids: told,
            keywords,
        } = changes
        else {
            panic!("start over")
        };
        assert_eq!(told.iter().collect::<Vec<_>>(), uids, "round {round}");
        let flagged = keywords
            .iter()
            .filter(|change| change.keywords.contains("$flagged"))
            .count();
        assert!(flagged >= round % 2, "round {round}: {keywords:?}");
        state = now;
    }
}
