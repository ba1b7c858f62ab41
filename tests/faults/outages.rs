//! The line to the mail server, or the mail server itself, is gone for a while: everybody is told, comes back
//! by themselves and in good order, and what was done meanwhile is done once.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use whimbrel_shared::{Event, OutcomeKind, UidSet, path};
use whimbrel_tests::{
    app::TestApp,
    client::{EventStream, TestClient},
    dovecot::Person,
    imap_client::ImapClient,
    imap_proxy::{ImapProxy, faults::Weather},
    letters::plain::letter,
    scripted_imap::{Reaction, send},
    world::{PASSWORD, World},
};

use crate::{
    kit::{Desk, mark, operation, somebody, world},
    street::{DEADLINE, Street, assert_answered, inbox_of},
    structure::one_letter,
};

/// The next event that is `wanted`; panics when it takes longer than `patience`.
pub(crate) async fn wait_for(events: &mut EventStream, wanted: &Event, patience: Duration) {
    let waiting = async {
        while let Some(event) = events.next().await {
            if event == *wanted {
                return;
            }
        }
        panic!("the stream ended before {wanted:?}");
    };
    let came = tokio::time::timeout(patience, waiting).await;
    came.unwrap_or_else(|_| panic!("no {wanted:?} within {patience:?}"));
}

#[tokio::test]
async fn fifty_people_whose_lines_are_cut_at_once_come_back_one_after_the_other() {
    const PEOPLE: usize = 50;
    let world = world().await;
    let before = world.dovecot.ports.imap;
    // Behind the fork, so that its clock tells when they sign in again.
    let proxy = ImapProxy::before(before).expect("a proxy");
    let fork = whimbrel_tests::imap_fork::ImapFork::new(&[], before, proxy.port).expect("a fork");
    let app = TestApp::with_imap_port(world, fork.port).await;
    let mut tabs = Vec::new();
    for _ in 0..PEOPLE {
        let mut client = app.client();
        client.sign_in(&somebody(), PASSWORD).await;
        let inbox = inbox_of(&client).await;
        let mut events = client.events(&path::events(Some(&inbox))).await;
        while !matches!(events.next().await, Some(Event::Mailboxes { .. })) {}
        tabs.push((client, events));
    }
    let known = fork.sign_ins().len();
    proxy.cut_all();
    let cut = Instant::now();
    let back = join_all(tabs.into_iter().map(|(client, mut events)| async move {
        wait_for(&mut events, &Event::MailServerLost, Duration::from_secs(10)).await;
        drop(client.get(path::MAILBOXES).await.good());
        wait_for(&mut events, &Event::MailServerBack, Duration::from_secs(10)).await;
        cut.elapsed()
    }))
    .await;
    let slowest = back.into_iter().max().expect("people");
    assert!(slowest < Duration::from_secs(10), "{slowest:?}");
    let again: Vec<Instant> = fork
        .sign_ins()
        .split_off(known)
        .into_iter()
        .map(|(_, at)| at)
        .collect();
    assert!(
        again.len() >= 2 * PEOPLE,
        "a tab and its watcher each: {}",
        again.len()
    );
    let crowd = again.iter().map(|&from| {
        let within = again
            .iter()
            .filter(|&&at| at >= from && at - from < Duration::from_millis(100));
        within.count()
    });
    let crowd = crowd.max().expect("sign-ins");
    assert!(crowd < 20, "{crowd} signed in within 100 ms");
}

async fn a_world_of_eve() -> (World, TestApp, TestClient, ImapClient) {
    let eve = "eve@whimbrel.example";
    let world = World::of(&[Person::new(eve, PASSWORD)])
        .await
        .expect("a mail world");
    let app = TestApp::start(&world).await;
    let mut client = app.client();
    client.sign_in(eve, PASSWORD).await;
    let other = ImapClient::signed_in(world.dovecot.ports.imap, eve, PASSWORD).await;
    (world, app, client, other)
}

#[tokio::test]
async fn a_mail_server_that_is_away_for_twenty_seconds_is_told_and_found_again() {
    let (world, _app, client, mut other) = a_world_of_eve().await;
    drop(other.append("INBOX", "", &letter("One", "1")).await.good());
    let inbox = inbox_of(&client).await;
    let snapshot: whimbrel_shared::MailboxSnapshot =
        client.get(&path::mailbox(&inbox, 50)).await.good().json();
    let mut events = client.events(&path::events(Some(&inbox))).await;
    while !matches!(events.next().await, Some(Event::Mailboxes { .. })) {}
    world.dovecot.stop();
    let stopped = Instant::now();
    wait_for(&mut events, &Event::MailServerLost, Duration::from_secs(10)).await;
    // What is done meanwhile stays in the tab's queue: it is refused, and asked again with the same id.
    let flag = operation(mark(&inbox, &snapshot, &snapshot.uids, &["$flagged"], &[]));
    let make = operation(whimbrel_shared::Action::CreateMailbox {
        parent_id: None,
        name: "Once".to_owned(),
        role: None,
    });
    let queue = [flag, make];
    let ask = async || {
        let outcomes: Vec<whimbrel_shared::Outcome> =
            client.post(path::OPERATIONS, &queue).await.good().json();
        outcomes
            .into_iter()
            .all(|outcome| matches!(outcome.outcome, OutcomeKind::Applied { .. }))
    };
    assert!(!ask().await);
    tokio::time::sleep_until((stopped + Duration::from_secs(20)).into()).await;
    world.dovecot.start_again().await.expect("Dovecot starts");
    wait_for(&mut events, &Event::MailServerBack, Duration::from_secs(10)).await;
    assert!(ask().await);
    assert!(ask().await, "a queue whose answer was lost asks again");
    let mut other =
        ImapClient::signed_in(world.dovecot.ports.imap, "eve@whimbrel.example", PASSWORD).await;
    let folders = other.folders().await;
    assert_eq!(
        folders
            .iter()
            .filter(|name| name.starts_with("Once"))
            .count(),
        1,
        "{folders:?}"
    );
    other.select("INBOX").await;
    let flags = other.flags().await;
    assert!(flags.values().all(|flags| flags.contains("\\Flagged")) && flags.len() == 1);
}

#[tokio::test]
async fn on_a_line_of_twenty_bytes_a_second_everything_ends_in_time() {
    let (street, proxy) = Street::beside_proxy().await;
    let mut other = crate::kit::second_program(&street.address).await;
    drop(other.append("INBOX", "", &letter("One", "1")).await.good());
    let (inbox, snapshot) = street.inbox().await;
    let slow = Weather {
        pause: Duration::from_millis(50),
        piece: 1,
        ..Weather::default()
    };
    for weather in [
        slow,
        Weather {
            silent: true,
            ..Weather::default()
        },
    ] {
        proxy.weather(weather);
        let one = UidSet::one(snapshot.uids.last().expect("a letter"));
        let change = operation(mark(&inbox, &snapshot, &one, &["$flagged"], &[]));
        let move_to = operation(whimbrel_shared::Action::Copy {
            mailbox_id: inbox.clone(),
            uidvalidity: snapshot.uidvalidity,
            uids: one,
            to: inbox.clone(),
        });
        let timed = async |url: String| {
            let began = Instant::now();
            assert_answered(&street.client.get(&url).await, &url);
            began.elapsed()
        };
        let changed = async {
            let began = Instant::now();
            drop(
                street
                    .client
                    .post(path::OPERATIONS, &[&change, &move_to])
                    .await
                    .good(),
            );
            began.elapsed()
        };
        let (list, search, letters, changed) = tokio::join!(
            timed(path::MAILBOXES.to_owned()),
            timed(path::search(&inbox, "One")),
            timed(path::mailbox(&inbox, 50)),
            changed,
        );
        for took in [list, search, letters, changed] {
            assert!(took < DEADLINE, "{took:?}");
        }
        proxy.calm();
        proxy.cut_all();
    }
    let (_, again) = street.inbox().await;
    assert_eq!(again.uids.first(), snapshot.uids.first());
    street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn a_farewell_at_sign_in_is_shown_in_its_own_words_and_not_tried_at_once_again() {
    let honest = || one_letter(" BODYSTRUCTURE NIL", "{tag} OK\r\n");
    let (street, peer) = Street::beside_script(honest()).await;
    let (inbox, _) = street.inbox().await;
    let locked = "NO [UNAVAILABLE] The account is being moved";
    peer.rewrite(honest().first("AUTHENTICATE", vec![send(&format!("{{tag}} {locked}\r\n"))]));
    peer.cut_all();
    let known = street.sign_ins();
    for _ in 0..30 {
        let error = street.client.get(&path::mailbox(&inbox, 50)).await.error();
        assert!(
            error.message.contains("being moved") || error.remedy.contains("being moved"),
            "{error}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(
        street.sign_ins() - known <= 1,
        "{} sign-ins",
        street.sign_ins() - known
    );
    peer.rewrite(honest().first(
        "AUTHENTICATE",
        vec![send("* BYE [INUSE] come again\r\n"), Reaction::Cut],
    ));
    tokio::time::sleep(Duration::from_secs(8)).await;
    let error = street.client.get(&path::mailbox(&inbox, 50)).await.error();
    assert!(
        error.message.contains("come again") || error.remedy.contains("come again"),
        "{error}"
    );
    street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn a_connection_whose_command_was_given_up_is_never_used_again() {
    let (desk, proxy) = Desk::behind_a_proxy().await;
    let mut other = crate::kit::second_program(&desk.address).await;
    for subject in ["One", "Two"] {
        drop(
            other
                .append("INBOX", "", &letter(subject, "x"))
                .await
                .good(),
        );
    }
    let (inbox, _) = desk.inbox().await;
    for held_back in 1..8 {
        // The browser goes away in the middle; what the mail server still says belongs to nobody.
        proxy.weather(Weather {
            pause: Duration::from_millis(held_back * 5),
            piece: 40,
            ..Weather::default()
        });
        let url = path::mailbox(&inbox, 50);
        let gone = desk.client.get(&url);
        drop(tokio::time::timeout(Duration::from_millis(20), gone).await);
        proxy.calm();
        let subjects: Vec<String> = desk
            .snapshot(&inbox)
            .await
            .envelopes
            .into_iter()
            .map(|e| e.subject)
            .collect();
        assert_eq!(subjects, ["Two", "One"]);
    }
}
