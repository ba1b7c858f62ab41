//! Changes whose answer does not come, or comes late: they are made once, and whoever asks again hears what
//! really became of them.

use std::time::{Duration, Instant};

use whimbrel_shared::{Action, Draft, ErrorCode, Operation, Outcome, OutcomeKind, UidSet, path};
use whimbrel_tests::scripted_imap::{Reaction, Script, send};

use crate::{
    kit::{assert_applied, mark, operation},
    street::{DEADLINE, Street},
    structure::one_letter,
};

const MOVED: &str = "* OK [COPYUID 3 7 8]\r\n{tag} OK moved\r\n";

fn can(capability: &str) -> Script {
    let told = format!("* CAPABILITY IMAP4rev1 {capability}\r\n{{tag}} OK\r\n");
    one_letter(" BODYSTRUCTURE NIL", "{tag} OK\r\n").first("CAPABILITY", [send(&told)])
}

/// Moves the letter away; within the inbox, for there is no other folder.
async fn away(street: &Street) -> Operation {
    let (inbox, snapshot) = street.inbox().await;
    operation(Action::Move {
        mailbox_id: inbox.clone(),
        uidvalidity: snapshot.uidvalidity,
        uids: UidSet::one(7),
        to: inbox,
        add: Vec::new(),
        remove: Vec::new(),
    })
}

async fn ask(street: &Street, operation: &Operation) -> OutcomeKind {
    let answer = street.client.post(path::OPERATIONS, &[operation]).await;
    let outcomes: Vec<Outcome> = answer.good().json();
    outcomes.into_iter().next().expect("an outcome").outcome
}

#[tokio::test]
async fn a_move_whose_line_broke_is_made_again_when_the_first_one_has_ended() {
    let script = can("MOVE UIDPLUS");
    let script = script
        .once("UID MOVE", [Reaction::Cut])
        .on("UID MOVE", MOVED);
    let (street, peer) = Street::beside_script(script).await;
    let operation = away(&street).await;
    let began = Instant::now();
    assert_applied(&ask(&street, &operation).await);
    // Two at once would leave two letters.
    assert!(began.elapsed() > Duration::from_millis(900));
    let heard = peer.heard();
    let moves = heard.iter().filter(|line| line.starts_with("UID MOVE"));
    assert_eq!(moves.count(), 2);
    street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn a_copy_whose_line_broke_is_not_made_again() {
    let script = can("UIDPLUS").once("UID COPY", [Reaction::Cut]);
    let (street, peer) = Street::beside_script(script.on("UID COPY", MOVED)).await;
    let operation = away(&street).await;
    for _ in 0..2 {
        let outcome = ask(&street, &operation).await;
        let is_told = matches!(&outcome, OutcomeKind::Refused { error, .. }
            if error.code == ErrorCode::MailServerRefused);
        assert!(is_told, "{outcome:?}");
    }
    let heard = peer.heard();
    let copies = heard.iter().filter(|line| line.starts_with("UID COPY"));
    assert_eq!(copies.count(), 1);
    street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn who_asks_again_after_a_late_answer_hears_what_really_came_of_it() {
    let late = [Reaction::Wait(Duration::from_secs(33)), send(MOVED)];
    let script = can("MOVE UIDPLUS").react("UID MOVE", late);
    let (street, peer) = Street::beside_script(script).await;
    let operation = away(&street).await;
    let began = Instant::now();
    let early = ask(&street, &operation).await;
    assert!(
        matches!(&early, OutcomeKind::Refused { error, .. } if error.code == ErrorCode::MailServerDown),
        "{early:?}"
    );
    assert!(began.elapsed() < DEADLINE, "{:?}", began.elapsed());
    let real = ask(&street, &operation).await;
    assert!(
        matches!(&real, OutcomeKind::Applied { moved, .. } if moved.len() == 1),
        "{real:?}"
    );
    let heard = peer.heard();
    let moves = heard.iter().filter(|line| line.starts_with("UID MOVE"));
    assert_eq!(moves.count(), 1);
    street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn a_folder_whose_making_lost_every_answer_is_there_for_who_asks_again() {
    let script = can("UIDPLUS")
        .once("CREATE", [Reaction::Cut])
        .once("CREATE", [Reaction::Cut])
        .on("CREATE", "{tag} NO [ALREADYEXISTS] it is there\r\n");
    let (street, _peer) = Street::beside_script(script).await;
    let make = operation(Action::CreateMailbox {
        parent_id: None,
        name: "Estuary".to_owned(),
        role: None,
    });
    let first = ask(&street, &make).await;
    assert!(is_down(&first), "{first:?}");
    assert_applied(&ask(&street, &make).await);
    let other = operation(Action::CreateMailbox {
        parent_id: None,
        name: "Estuary".to_owned(),
        role: None,
    });
    let refused = ask(&street, &other).await;
    assert!(
        matches!(refused, OutcomeKind::Refused { .. }),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_draft_that_was_saved_without_an_answer_is_not_saved_twice() {
    let script = can("UIDPLUS")
        .on("CREATE", "{tag} OK made\r\n")
        .once("APPEND", [Reaction::Cut])
        .on(
            "UID SEARCH HEADER Message-ID",
            "* SEARCH 7\r\n{tag} OK found\r\n",
        );
    let (street, peer) = Street::beside_script(script).await;
    let draft = Draft {
        subject: "Plan".to_owned(),
        ..Draft::default()
    };
    let save = operation(Action::SaveDraft {
        draft: Box::new(draft),
        replaces: None,
    });
    let first = ask(&street, &save).await;
    assert!(is_down(&first), "{first:?}");
    let again = ask(&street, &save).await;
    assert!(
        matches!(&again, OutcomeKind::Applied { moved, .. } if moved[0].key.uid == 7),
        "{again:?}"
    );
    let heard = peer.heard();
    let saved = heard.iter().filter(|line| line.starts_with("APPEND"));
    assert_eq!(saved.count(), 1);
}

#[tokio::test]
async fn what_stands_behind_a_change_that_failed_for_now_was_not_tried() {
    let script = can("UIDPLUS").on("UID STORE", "{tag} NO [SERVERBUG] this one is broken\r\n");
    let (street, _peer) = Street::beside_script(script).await;
    let (inbox, snapshot) = street.inbox().await;
    let flag = || mark(&inbox, &snapshot, &snapshot.uids, &["$flagged"], &[]);
    let batch = [operation(flag()), operation(flag())];
    let answer = street.client.post(path::OPERATIONS, &batch).await;
    let outcomes: Vec<Outcome> = answer.good().json();
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    assert_eq!(outcomes[0].id, batch[0].id);
}

fn is_down(outcome: &OutcomeKind) -> bool {
    matches!(outcome, OutcomeKind::Refused { error, .. } if error.code == ErrorCode::MailServerDown)
}
