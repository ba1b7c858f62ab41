//! Searches that the mail server takes long for, or never ends: they are not repeated for nobody, and what was
//! told to be changed is changed all the same.

use std::time::Duration;

use whimbrel_shared::{ErrorCode, MailboxSnapshot, path};
use whimbrel_tests::{
    app::TestApp,
    client::TestClient,
    scripted_imap::{Reaction, ScriptedImap, send},
    world::PASSWORD,
};

use crate::{
    connections::{heard, let_pass},
    kit::{mark, operation, somebody, world},
    street::inbox_of,
    structure::one_letter,
};

/// Somebody at a mail server that reacts so to a command.
async fn signed_in(command: &str, reactions: &[Reaction]) -> (ScriptedImap, TestApp, TestClient) {
    let script = one_letter(" BODYSTRUCTURE NIL", "{tag} OK\r\n");
    let peer = ScriptedImap::start(script.first(command, reactions.to_vec())).await;
    let app = TestApp::with_imap_port(world().await, peer.port()).await;
    let mut client = app.client();
    client.sign_in(&somebody(), PASSWORD).await;
    (peer, app, client)
}

/// Asks, and goes away after a moment.
async fn briefly<T>(asking: impl Future<Output = T>) {
    let moment = Duration::from_millis(300);
    assert!(tokio::time::timeout(moment, asking).await.is_err());
}

#[tokio::test]
async fn a_search_that_never_ends_is_said_to_be_too_slow_and_not_tried_again() {
    let for_curlews = "UID SEARCH TEXT curlew";
    let (peer, _app, client) = signed_in(for_curlews, &[Reaction::Hang]).await;
    let inbox = inbox_of(&client).await;
    // There is a connection for searches, which one might think was lost.
    drop(client.get(&path::search(&inbox, "whimbrel")).await.good());
    let sign_ins = heard(&peer, "AUTHENTICATE");
    let url = path::search(&inbox, "curlew");
    let (answer, ()) = tokio::join!(client.get(&url), async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let_pass(Duration::from_millis(28_100)).await;
    });
    let error = answer.error();
    assert_eq!(error.code, ErrorCode::MailServerRefused, "{error}");
    assert!(error.message.contains("too long"), "{error}");
    assert_eq!(heard(&peer, for_curlews), 1);
    assert_eq!(heard(&peer, "AUTHENTICATE"), sign_ins);
    // On another connection: that one is of no more use.
    drop(client.get(&path::search(&inbox, "whimbrel")).await.good());
}

#[tokio::test]
async fn searches_that_nobody_waits_for_any_more_are_not_begun() {
    let second = Duration::from_secs(1);
    let slow = [Reaction::Wait(second), send("* SEARCH 7\r\n{tag} OK\r\n")];
    let (peer, _app, client) = signed_in("UID SEARCH TEXT", &slow).await;
    let inbox = inbox_of(&client).await;
    let urls = ["c", "cu", "cur", "curl"].map(|typed| path::search(&inbox, typed));
    briefly(futures_util::future::join_all(
        urls.iter().map(|url| client.get(url)),
    ))
    .await;
    drop(client.get(&path::search(&inbox, "curlew")).await.good());
    assert_eq!(heard(&peer, "UID SEARCH TEXT"), 2, "{:?}", peer.heard());
}

#[tokio::test]
async fn changes_go_on_though_nobody_waits_for_them_any_more() {
    let slow = [
        Reaction::Wait(Duration::from_secs(1)),
        send("* LIST () \"/\" INBOX\r\n{tag} OK\r\n"),
    ];
    let (peer, _app, client) = signed_in("LIST", &slow).await;
    let inbox = inbox_of(&client).await;
    let list = path::mailbox(&inbox, 50);
    let snapshot: MailboxSnapshot = client.get(&list).await.good().json();
    let change = mark(&inbox, &snapshot, &snapshot.uids, &["$flagged"], &[]);
    let (folders, changes) = (path::MAILBOXES, [operation(change)]);
    let (asking, telling) = (client.get(folders), client.post(path::OPERATIONS, &changes));
    briefly(futures_util::future::join(asking, telling)).await;
    assert_eq!(heard(&peer, "UID STORE"), 0, "it waits for the folders");
    let is_changed = async {
        while heard(&peer, "UID STORE") == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let changed = tokio::time::timeout(Duration::from_secs(5), is_changed).await;
    changed.unwrap_or_else(|_| panic!("nothing was changed: {:?}", peer.heard()));
}
