//! Mail servers that flood, stall, die and answer out of order: what cannot be shown is said in time, the
//! account is of use again when they come to their senses, and the neighbour notices nothing.

use std::time::{Duration, Instant};

use whimbrel_shared::{ErrorCode, Event, MailboxId, MailboxSnapshot, path};
use whimbrel_tests::{
    client::Response,
    scripted_imap::{Reaction, Script, ScriptedImap, send},
};

use crate::{
    street::{DEADLINE, Street, assert_answered},
    structure::one_letter,
};

const TEXT: &str = " BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 30 1)";
const PART: &str = "* 1 FETCH (UID 7 BODY[1] \"Four curlews\")\r\n{tag} OK\r\n";

fn honest() -> Script {
    one_letter(TEXT, PART)
}

/// Rules for commands that begin so or (after `|`) so, before the honest ones.
fn lying(prefix: &str, reactions: Vec<Reaction>) -> Script {
    let prefixes = prefix.split('|');
    prefixes.fold(honest(), |script, prefix| {
        script.first(prefix, reactions.clone())
    })
}

/// An account at a mail server that is honest at first.
struct Stage {
    street: Street,
    peer: ScriptedImap,
    inbox: MailboxId,
    before: MailboxSnapshot,
}

impl Stage {
    async fn set() -> Self {
        let (street, peer) = Street::beside_script(honest()).await;
        let (inbox, before) = street.inbox().await;
        Self {
            street,
            peer,
            inbox,
            before,
        }
    }

    /// The mail server lies while the list of letters is asked for: that is answered in time, and well as
    /// soon as the mail server is honest again.
    async fn strike(&self, what: &str, prefix: &str, lie: Vec<Reaction>) -> Response {
        self.peer.rewrite(lying(prefix, lie));
        let began = Instant::now();
        let url = path::mailbox(&self.inbox, 50);
        let response = self.street.client.get(&url).await;
        assert_answered(&response, what);
        assert!(began.elapsed() < DEADLINE, "{what}: {:?}", began.elapsed());
        self.peer.rewrite(honest());
        let (_, after) = self.street.inbox().await;
        assert_eq!(after.uids, self.before.uids, "{what}");
        assert_eq!(after.envelopes, self.before.envelopes, "{what}");
        response
    }

    /// However it asks for the letters.
    async fn fails(&self, what: &str, lie: Vec<Reaction>) {
        let error = self.strike(what, "NOOP|SELECT", lie).await.error();
        assert_eq!(error.code, ErrorCode::MailServerDown, "{what}");
        assert!(!error.remedy.is_empty(), "{what}");
    }
}

#[tokio::test]
async fn gigabytes_of_lines_are_cut_off() {
    let stage = Stage::set().await;
    let lines = b"* 1 FETCH (UID 9 FLAGS (\\Seen))\r\n".repeat(4_000);
    let flood = vec![Reaction::Flood(lines, 20_000), send("{tag} OK\r\n")];
    stage.fails("rows before the answer", flood).await;
    let words = b"* OK [X-NOISE] nothing\r\n* 1 EXISTS\r\n* 1 RECENT\r\n".repeat(4_000);
    let flood = vec![Reaction::Flood(words, 20_000), send("{tag} OK\r\n")];
    stage.fails("words before the answer", flood).await;
    stage.street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn a_line_without_end_and_a_literal_without_end_are_cut_off() {
    let stage = Stage::set().await;
    let much = || Reaction::Flood(vec![b'x'; 1 << 20], 20_000);
    let line = vec![send("* "), much()];
    stage.fails("a line without end", line).await;
    let literal = send("* 1 FETCH (UID 7 BODY[] {999999999999}\r\n");
    let literal = vec![literal, much()];
    stage.fails("a literal without end", literal).await;
    stage.street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn a_mail_server_that_dies_at_any_command_is_said_to_be_away() {
    let stage = Stage::set().await;
    for prefix in ["NOOP", "UID SEARCH", "SELECT", "UID FETCH", "FETCH"] {
        drop(stage.strike("a cut", prefix, vec![Reaction::Cut]).await);
        let half = send("* 1 FETCH (UID 7 BODY[HEADER] {500}\r\nSubj");
        drop(
            stage
                .strike("half an answer", prefix, vec![half, Reaction::Cut])
                .await,
        );
        let bye = send("* BYE [UNAVAILABLE] going down\r\n");
        drop(stage.strike("BYE", prefix, vec![bye, Reaction::Cut]).await);
    }
    stage.street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn a_mail_server_that_stalls_is_given_up_in_time() {
    let stage = Stage::set().await;
    let stall = vec![send("* OK soon\r\n"), Reaction::Hang];
    stage.fails("a stall", stall).await;
    stage.street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn refusals_of_every_kind_are_said_in_words() {
    let stage = Stage::set().await;
    for refusal in [
        "NO [UNAVAILABLE] later",
        "NO [INUSE] another program has it",
        "NO [SERVERBUG] oh",
        "NO [LIMIT] enough for today",
        "NO",
        "BAD what?",
        "OK [ALERT] fine",
    ] {
        let refuse = vec![send(&format!("{{tag}} {refusal}\r\n"))];
        for prefix in ["SELECT", "UID SEARCH", "NOOP"] {
            drop(stage.strike(refusal, prefix, refuse.clone()).await);
        }
    }
    stage.street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn answers_out_of_order_reach_the_question_they_belong_to() {
    let stage = Stage::set().await;
    let late = Reaction::SendLater(b"{tag} OK late\r\n".to_vec());
    let late = vec![send("* SEARCH 7\r\n"), late];
    drop(
        stage
            .strike("an answer after the next one", "UID SEARCH", late)
            .await,
    );
    for lie in ["zz99 OK\r\n{tag} OK\r\n", "{tag} OK\r\n{tag} OK\r\n"] {
        drop(stage.strike(lie, "NOOP", vec![send(lie)]).await);
    }
    stage.street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn numbers_that_lie_do_not_mislead() {
    let stage = Stage::set().await;
    for lie in [
        "* OK [UIDNEXT 1] so low\r\n",
        "* OK [UIDNEXT 4294967295] so high\r\n",
        "* OK [UIDVALIDITY 0] none\r\n",
        "* 0 EXISTS\r\n",
        "* 4294967295 EXISTS\r\n",
        "* 99 EXPUNGE\r\n* 0 EXPUNGE\r\n",
        "* VANISHED 1:4294967295\r\n",
        "* SEARCH 0 4294967296 -1\r\n",
        "* 0 FETCH (UID 0)\r\n* 5 FETCH (UID 4294967295 FLAGS (\\Deleted))\r\n",
    ] {
        let told = vec![send(&format!("{lie}{{tag}} OK\r\n"))];
        drop(stage.strike(lie, "NOOP", told).await);
    }
    stage.street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn a_mail_server_that_floods_whoever_waits_is_not_asked_over_and_over() {
    let honest = || {
        honest().first(
            "CAPABILITY",
            vec![send("* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK\r\n")],
        )
    };
    let flood = b"* 1 FETCH (FLAGS (\\Seen))\r\n".repeat(8_000);
    let idle = vec![send("+ idling\r\n"), Reaction::Flood(flood, 10_000)];
    let (street, peer) = Street::beside_script(honest().first("IDLE", idle)).await;
    let (inbox, _) = street.inbox().await;
    let mut events = street.client.events(&path::events(Some(&inbox))).await;
    let listening = async {
        let mut lost = 0;
        while let Some(event) = events.next().await {
            lost += usize::from(event == Event::MailServerLost);
        }
        lost
    };
    let watched = Duration::from_secs(15);
    drop(tokio::time::timeout(watched, listening).await);
    assert!(peer.heard().iter().any(|line| line.starts_with("IDLE")));
    let connections = peer.connections();
    assert!(
        connections <= 12,
        "{connections} connections within {watched:?}"
    );
    drop(street.client.get(&path::mailbox(&inbox, 50)).await.good());
    street.neighbour_is_undisturbed().await;
}
