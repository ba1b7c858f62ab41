//! The scripted peer hangs, cuts and lies on cue.

use std::time::Duration;

use whimbrel_tests::{
    imap_client::ImapClient,
    scripted_imap::{Reaction, Script, ScriptedImap, send},
};

#[tokio::test]
async fn it_answers_by_rules_and_remembers() {
    let script = Script::default()
        .once("noop", [send("{tag} NO not now\r\n")])
        .on("NOOP", "* 3 EXISTS\r\n{tag} OK done\r\n");
    let peer = ScriptedImap::start(script).await;
    let mut client = ImapClient::signed_in(peer.port(), "ada", "x").await;
    assert_eq!(client.command("NOOP").await.tagged, "NO not now");
    assert_eq!(client.noop().await, ["* 3 EXISTS"]);
    client.append("Sent", "\\Seen", b"letter").await.good();
    let heard = peer.heard();
    assert_eq!(
        heard.last().expect("commands"),
        "APPEND \"Sent\" (\\Seen) {6}\r\nletter"
    );
    assert_eq!(peer.connections(), 1);
}

#[tokio::test]
async fn it_hangs_without_closing_and_cuts_in_the_middle() {
    let cut = [send("* 1 FETCH (BODY[] {100}\r\nhalf"), Reaction::Cut];
    let script = Script::default()
        .react("IDLE", [Reaction::Hang])
        .react("UID FETCH", cut);
    let peer = ScriptedImap::start(script).await;
    let mut client = ImapClient::signed_in(peer.port(), "ada", "x").await;
    let idle = tokio::time::timeout(Duration::from_millis(50), client.command("IDLE")).await;
    assert!(idle.is_err());

    let mut client = ImapClient::signed_in(peer.port(), "ada", "x").await;
    let fetch = tokio::spawn(async move { client.command("UID FETCH 1 BODY[]").await });
    assert!(fetch.await.is_err(), "the client saw the line end");
}
