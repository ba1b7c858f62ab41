//! Senders whose pictures are loaded without a question: in messages that are theirs beyond doubt, and in no other.

use whimbrel_shared::{
    ErrorCode, MailboxId, MailboxList, MailboxSnapshot, Message, MessageKey, Role, path,
};
use whimbrel_tests::{
    client::TestClient,
    elsewhere::{Elsewhere, GIF},
    world::PASSWORD,
};

use crate::kit::{Desk, somebody};

const NEWS: &str = "news@mudflat.example";
const PASS: &str = "dkim=pass header.d=mudflat.example";
const FAIL: &str = "dmarc=fail header.from=mudflat.example";

/// A letter with a picture from elsewhere, as it arrives where the mail server found this; empty: where it says
/// nothing.
fn arrived(findings: &str, from: &str, origin: &str) -> Vec<u8> {
    let found = match findings {
        "" => String::new(),
        found => format!("Authentication-Results: mx.whimbrel.example; {found}\r\n"),
    };
    format!(
        "{found}Received: from elsewhere.example by mx.whimbrel.example with ESMTP id 1\r\n\
         From: {from}\r\nTo: you@whimbrel.example\r\nSubject: Tides\r\n\
         Date: Tue, 03 Nov 2026 08:00:00 +0100\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n\
         <p>High water</p><img src=\"{origin}/one.gif\" alt=\"one\">\r\n"
    )
    .into_bytes()
}

/// The messages of a folder, oldest first.
async fn keys(desk: &Desk, mailbox: &MailboxId) -> Vec<MessageKey> {
    let snapshot = desk.snapshot(mailbox).await;
    let uidvalidity = snapshot.uidvalidity;
    let keys = snapshot
        .uids
        .iter()
        .map(|uid| MessageKey { uidvalidity, uid });
    keys.collect()
}

async fn message(client: &TestClient, mailbox: &MailboxId, key: MessageKey) -> Message {
    client.get(&path::message(mailbox, key)).await.good().json()
}

/// Whether each message of the inbox loads its pictures, and why not.
async fn of_inbox(desk: &Desk) -> Vec<(bool, String)> {
    let (inbox, _) = desk.inbox().await;
    let mut all = Vec::new();
    for key in keys(desk, &inbox).await {
        let message = message(&desk.client, &inbox, key).await;
        assert!(message.has_remote_content && message.remote_hosts.len() == 1);
        all.push((message.loads_pictures, message.held_because));
    }
    all
}

async fn listed(desk: &Desk) -> Vec<String> {
    desk.client.get(path::PICTURE_SENDERS).await.good().json()
}

async fn desk_with(letters: &[Vec<u8>]) -> Desk {
    let letters: Vec<(&str, &[u8])> = letters.iter().map(|letter| ("", &letter[..])).collect();
    Desk::with_letters(&letters).await
}

/// Wants pictures of the sender of this message to be loaded.
async fn always(desk: &Desk, mailbox: &MailboxId, key: MessageKey) {
    let url = path::always_pictures(mailbox, key);
    let answer: String = desk.client.post(&url, &()).await.good().json();
    assert!(answer.contains(NEWS), "{answer}");
}

/// The newest message of a folder.
async fn newest(client: &TestClient, mailbox: &MailboxId) -> MessageKey {
    let url = path::mailbox(mailbox, 50);
    let snapshot: MailboxSnapshot = client.get(&url).await.good().json();
    MessageKey {
        uidvalidity: snapshot.uidvalidity,
        uid: snapshot.uids.last().expect("a letter"),
    }
}

/// No file of the server names the sender.
fn tells_nothing(folder: &std::path::Path) {
    for file in std::fs::read_dir(folder).expect("the folder") {
        let path = file.expect("a file").path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("mudflat.example"), "{}", path.display());
    }
}

fn held(why: &str) -> (bool, String) {
    let words = format!("Pictures of this sender are loaded by themselves, but not here: {why}.");
    (false, words)
}

#[tokio::test]
async fn pictures_are_loaded_where_a_message_is_proved_to_be_of_a_listed_sender() {
    let elsewhere = Elsewhere::start().await;
    let origin = &elsewhere.origin;
    let from = format!("Tide News <{NEWS}>");
    let mut desk = desk_with(&[
        arrived(PASS, &from, origin),
        arrived(PASS, "NEWS@Mudflat.Example", origin),
        arrived(FAIL, &from, origin),
        arrived("dkim=pass header.d=evil.example", &from, origin),
        arrived("", &from, origin),
        arrived(PASS, "other@mudflat.example", origin),
        arrived(PASS, &format!("{from}, ada@fenwick.example"), origin),
    ])
    .await;
    let asked = || (false, String::new());
    assert!(of_inbox(&desk).await.iter().all(|one| *one == asked()));

    let (inbox, _) = desk.inbox().await;
    let first = keys(&desk, &inbox).await[0];
    always(&desk, &inbox, first).await;
    always(&desk, &inbox, first).await;
    assert_eq!(listed(&desk).await, [NEWS]);
    let loaded = || (true, String::new());
    let unproved = || held("nothing shows that mudflat.example sent this message");
    let forged = held("mudflat.example did not send this message");
    let all = [
        loaded(),
        loaded(),
        forged,
        unproved(),
        unproved(),
        asked(),
        asked(),
    ];
    assert_eq!(of_inbox(&desk).await, all);
    assert_eq!(
        elsewhere.asked(),
        Vec::<String>::new(),
        "nothing is asked by opening"
    );
    let picture = desk
        .client
        .get(&path::remote(&inbox, first, 0))
        .await
        .good();
    assert_eq!(picture.bytes(), GIF);

    // The same letter as junk.
    let junk = desk.role(Role::Junk).await;
    let raw = arrived(PASS, &from, origin);
    drop(desk.other.append(&junk.name, "", &raw).await.good());
    let message = desk.newest(&junk.id).await;
    assert_eq!(
        (message.loads_pictures, message.held_because),
        held("this message is junk")
    );

    let url = format!("{}?email={NEWS}", path::PICTURE_SENDERS);
    assert_eq!(desk.client.delete(&url).await.status().as_u16(), 204);
    assert!(of_inbox(&desk).await.iter().all(|one| *one == asked()));
}

#[tokio::test]
async fn nobody_is_listed_by_a_message_that_may_be_forged() {
    let origin = "https://mudflat.example";
    let mut desk = desk_with(&[
        arrived(PASS, "ada@fenwick.example", origin),
        arrived(FAIL, NEWS, origin),
        arrived("", NEWS, origin),
        arrived(PASS, "nobody", origin),
    ])
    .await;
    let (inbox, _) = desk.inbox().await;
    let junk = desk.role(Role::Junk).await;
    let raw = arrived(PASS, NEWS, origin);
    drop(desk.other.append(&junk.name, "", &raw).await.good());
    let mut doubtful = vec![(&junk.id, desk.newest(&junk.id).await.key)];
    doubtful.extend(
        keys(&desk, &inbox)
            .await
            .into_iter()
            .skip(1)
            .map(|key| (&inbox, key)),
    );
    assert_eq!(doubtful.len(), 4);
    for (mailbox, key) in doubtful {
        let url = path::always_pictures(mailbox, key);
        assert_eq!(
            desk.client.post(&url, &()).await.error().code,
            ErrorCode::Invalid
        );
    }
    assert_eq!(listed(&desk).await, Vec::<String>::new());
}

#[tokio::test]
async fn where_the_mail_server_finds_nothing_out_the_list_holds_for_what_nobody_speaks_against() {
    let origin = "https://mudflat.example";
    let below = |findings: &str| {
        let raw = arrived("", NEWS, origin);
        let found = format!("Authentication-Results: elsewhere.example; {findings}\r\nFrom:");
        String::from_utf8_lossy(&raw)
            .replacen("From:", &found, 1)
            .into_bytes()
    };
    let desk = desk_with(&[arrived("", NEWS, origin), below(PASS), below(FAIL)]).await;
    let (inbox, _) = desk.inbox().await;
    always(&desk, &inbox, keys(&desk, &inbox).await[0]).await;
    let unproved = || held("nothing shows that mudflat.example sent this message");
    assert_eq!(
        of_inbox(&desk).await,
        [(true, String::new()), unproved(), unproved()]
    );
}

/// The page with the list.
async fn page_of(desk: &Desk) -> String {
    let page = desk.client.get(path::PICTURE_SENDERS_PAGE).await;
    page.good().text()
}

#[tokio::test]
async fn a_list_is_its_accounts_alone_and_has_a_page() {
    let letter = arrived(PASS, NEWS, "https://mudflat.example");
    let desk = desk_with(std::slice::from_ref(&letter)).await;
    let page = page_of(&desk).await;
    assert!(page.contains("Nobody’s pictures"), "{page}");
    let (inbox, _) = desk.inbox().await;
    let key = keys(&desk, &inbox).await[0];
    always(&desk, &inbox, key).await;

    // Somebody else at the same server, on a shared computer, with the same letter.
    let address = somebody();
    let mut ben = desk.app.client();
    ben.sign_in_shared(&address, PASSWORD).await;
    let mut his = crate::kit::second_program(&address).await;
    drop(his.append("INBOX", "", &letter).await.good());
    let list: MailboxList = ben.get(path::MAILBOXES).await.good().json();
    let his_inbox = list.mailboxes[0].id.clone();
    let his_key = newest(&ben, &his_inbox).await;
    assert!(!message(&ben, &his_inbox, his_key).await.loads_pictures);
    drop(
        ben.post(&path::always_pictures(&his_inbox, his_key), &())
            .await
            .good(),
    );
    assert!(message(&ben, &his_inbox, his_key).await.loads_pictures);
    assert!(
        ben.get(path::PICTURE_SENDERS_PAGE)
            .await
            .text()
            .contains("<title>Whimbrel</title>")
    );

    let page = page_of(&desk).await;
    assert!(page.contains(NEWS), "{page}");
    tells_nothing(desk.app.data_dir());
    let action = page
        .split("action=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let action = action.expect("a form");
    let fields = [("email".to_owned(), NEWS.to_owned())];
    assert_eq!(ben.post_form(action, &fields).await.status().as_u16(), 401);
    assert_eq!(listed(&desk).await, [NEWS]);
    assert_eq!(
        desk.client
            .post_form(action, &fields)
            .await
            .status()
            .as_u16(),
        303
    );
    assert_eq!(listed(&desk).await, Vec::<String>::new());
    assert!(!message(&desk.client, &inbox, key).await.loads_pictures);
    assert!(message(&ben, &his_inbox, his_key).await.loads_pictures);
}
