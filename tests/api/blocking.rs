//! Blocked senders: their mail goes to Junk while somebody is signed in, each message once; the list is sealed.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use whimbrel_shared::{ErrorCode, MessageKey, Role, path};
use whimbrel_tests::letters::plain::letter;

use crate::kit::{Desk, server, world};
use whimbrel_tests::world::MailServer;

const PEST: &str = "cleo@elsewhere.example";

async fn deliver(desk: &Desk, subject: &str) {
    let raw = letter(subject, "text");
    world()
        .await
        .deliver(&desk.address, &raw)
        .await
        .expect("delivered");
}

/// Blocks the sender of the newest message of the inbox.
async fn block_newest(desk: &Desk) -> String {
    let (inbox, _) = desk.inbox().await;
    let key = desk.newest(&inbox).await.key;
    desk.client
        .post(&path::block(&inbox, key), &())
        .await
        .good()
        .json()
}

async fn blocked(desk: &Desk) -> Vec<String> {
    desk.client.get(path::BLOCKED).await.good().json()
}

async fn subjects(desk: &Desk, role: Role) -> Vec<String> {
    let id = desk.role(role).await.id;
    let rows = desk.snapshot(&id).await.envelopes;
    let mut subjects: Vec<_> = rows.into_iter().map(|row| row.subject).collect();
    subjects.sort();
    subjects
}

/// Waits until Junk holds these.
async fn await_junk(desk: &Desk, wanted: &[&str]) {
    let end = Instant::now() + Duration::from_secs(40);
    loop {
        let found = subjects(desk, Role::Junk).await;
        if found == wanted {
            return;
        }
        assert!(Instant::now() < end, "{found:?} rather than {wanted:?}");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn mail_of_a_blocked_sender_goes_to_junk_once_and_comes_back_for_good() {
    let mut desk = Desk::new().await;
    deliver(&desk, "before").await;
    let answer = block_newest(&desk).await;
    assert!(answer.contains(PEST), "{answer}");
    block_newest(&desk).await;
    assert_eq!(blocked(&desk).await, [PEST]);

    // What came while nobody was signed in is found as well.
    deliver(&desk, "away").await;
    let (inbox, _) = desk.inbox().await;
    let events = desk.client.events(&path::events(Some(&inbox))).await;
    await_junk(&desk, &["away"]).await;
    deliver(&desk, "here").await;
    await_junk(&desk, &["away", "here"]).await;
    assert_eq!(subjects(&desk, Role::Inbox).await, ["before"]);

    let junk = desk.role(Role::Junk).await.name;
    desk.other.select(&junk).await;
    let flags = desk.other.flags().await;
    let is_marked = |flags: &std::collections::BTreeSet<String>| {
        flags.iter().any(|flag| flag.eq_ignore_ascii_case("$junk"))
    };
    assert!(flags.values().all(is_marked), "{flags:?}");

    // Another program takes one back: it stays.
    let uid = *flags.keys().next().expect("a message");
    let copy = format!("UID COPY {uid} INBOX"); // Courier knows no MOVE
    drop(desk.other.command(&copy).await.good());
    desk.other
        .store(&uid.to_string(), "+FLAGS (\\Deleted)")
        .await;
    drop(desk.other.command("EXPUNGE").await.good());
    deliver(&desk, "later").await;
    await_junk(&desk, &["here", "later"]).await;
    assert_eq!(subjects(&desk, Role::Inbox).await, ["away", "before"]);

    let url = format!("{}?email={PEST}", path::BLOCKED);
    assert_eq!(desk.client.delete(&url).await.status().as_u16(), 204);
    deliver(&desk, "welcome").await;
    sleep(Duration::from_secs(2)).await;
    assert_eq!(
        subjects(&desk, Role::Inbox).await,
        ["away", "before", "welcome"]
    );
    drop(events);
}

#[tokio::test]
async fn the_list_is_a_page_with_a_way_back_and_sealed_in_the_database() {
    let desk = Desk::new().await;
    let page = desk.client.get(path::BLOCKED_PAGE).await.good().text();
    assert!(page.contains("You block nobody"), "{page}");
    deliver(&desk, "one").await;
    block_newest(&desk).await;

    let page = desk.client.get(path::BLOCKED_PAGE).await.good();
    assert!(
        page.header("content-security-policy")
            .contains("form-action 'self'")
    );
    let page = page.text();
    assert!(page.contains(PEST), "{page}");
    for file in std::fs::read_dir(desk.app.data_dir()).expect("the folder") {
        let path = file.expect("a file").path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("elsewhere.example"), "{}", path.display());
    }

    let stranger = Desk::new().await;
    assert_eq!(blocked(&stranger).await, Vec::<String>::new());
    let action = page
        .split("action=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let action = action.expect("a form");
    let fields = [("email".to_owned(), PEST.to_owned())];
    assert_eq!(
        stranger
            .client
            .post_form(action, &fields)
            .await
            .status()
            .as_u16(),
        401
    );
    assert_eq!(
        desk.client
            .post_form(action, &fields)
            .await
            .status()
            .as_u16(),
        303
    );
    assert_eq!(blocked(&desk).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_blocks_themselves_or_nobody() {
    if server() == MailServer::Cyrus {
        return; // it takes no letter without a sender
    }
    let mut desk = Desk::new().await;
    let own = format!("From: {}\r\nTo: a@b.example\r\n\r\nx\r\n", desk.address);
    for raw in [
        own.as_bytes(),
        b"Subject: nobody\r\nTo: a@b.example\r\n\r\nx\r\n",
    ] {
        drop(desk.other.append("INBOX", "", raw).await.good());
    }
    let (inbox, snapshot) = desk.inbox().await;
    for uid in snapshot.uids.iter() {
        let key = MessageKey {
            uidvalidity: snapshot.uidvalidity,
            uid,
        };
        let error = desk
            .client
            .post(&path::block(&inbox, key), &())
            .await
            .error();
        assert_eq!(error.code, ErrorCode::Invalid);
    }
    let nobody = desk.app.client();
    assert_eq!(
        nobody.get(path::BLOCKED).await.error().code,
        ErrorCode::SignedOut
    );
}
