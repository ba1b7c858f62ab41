//! Changes, as a second mail program sees them.

use whimbrel_shared::{Action, Keyword, OutcomeKind, Role, UidSet};
use whimbrel_tests::letters::plain::letter;

use crate::kit::{Desk, assert_applied, has, mark, offers, operation, world};

async fn three_letters() -> Desk {
    let (one, two, three) = (letter("one", "1"), letter("two", "2"), letter("three", "3"));
    Desk::with_letters(&[("", &one), ("", &two), ("", &three)]).await
}

#[tokio::test]
async fn marks_are_seen_by_other_programs() {
    let mut desk = three_letters().await;
    let (inbox, snapshot) = desk.inbox().await;
    let all = &snapshot.uids;
    let seen = mark(
        &inbox,
        &snapshot,
        all,
        &["$seen", "$flagged", "$forwarded", "$junk"],
        &[],
    );
    assert_applied(&desk.perform(seen).await);
    desk.other.select("INBOX").await;
    for flags in desk.other.flags().await.values() {
        for flag in ["\\Seen", "\\Flagged", "$Forwarded", "$Junk"] {
            assert!(flags.contains(flag), "{flag} in {flags:?}");
        }
    }
    assert_applied(
        &desk
            .perform(mark(&inbox, &snapshot, all, &[], &["$flagged"]))
            .await,
    );
    let rows = desk.snapshot(&inbox).await.envelopes;
    assert!(
        rows.iter()
            .all(|row| has(row, "$seen") && !has(row, "$flagged"))
    );
}

#[tokio::test]
async fn moving_keeps_the_message_and_tells_its_new_key() {
    let mut desk = three_letters().await;
    let (inbox, snapshot) = desk.inbox().await;
    let archive = desk.role(Role::Archive).await.id;
    let first = snapshot.uids.first().unwrap();
    let outcome = desk
        .perform(Action::Move {
            mailbox_id: inbox.clone(),
            uidvalidity: snapshot.uidvalidity,
            uids: UidSet::one(first),
            to: archive.clone(),
            add: Vec::new(),
            remove: Vec::new(),
        })
        .await;
    let OutcomeKind::Applied { moved, .. } = outcome else {
        panic!("{outcome:?}")
    };
    let there = desk.snapshot(&archive).await.uids;
    assert_eq!(there.len(), 1);
    if offers("UIDPLUS").await {
        assert_eq!(moved.len(), 1);
        assert_eq!((moved[0].from, &moved[0].mailbox_id), (first, &archive));
        assert!(there.contains(moved[0].key.uid));
    } else {
        assert_eq!(moved, []); // the server does not say where it went
    }
    assert_eq!(desk.other.select("INBOX").await.exists, 2);
    assert_eq!(desk.other.select("Archive").await.exists, 1);
}

/// Dovecot may end the connection over a removal it had not noticed yet. Then nobody can tell whether the move
/// was made before, and it counts as made, with nothing moved.
#[tokio::test]
async fn moving_or_copying_what_is_gone_is_said_to_be_in_vain() {
    let mut desk = three_letters().await;
    let (mailbox_id, snapshot) = desk.inbox().await;
    let to = desk.role(Role::Archive).await.id;
    let uids = UidSet::one(snapshot.uids.first().expect("three letters"));
    let uidvalidity = snapshot.uidvalidity;
    desk.other.select("INBOX").await;
    drop(desk.other.command("STORE 1 +FLAGS (\\Deleted)").await);
    drop(desk.other.command("EXPUNGE").await);
    let moving = Action::Move {
        mailbox_id: mailbox_id.clone(),
        uidvalidity,
        uids: uids.clone(),
        to: to.clone(),
        add: Vec::new(),
        remove: Vec::new(),
    };
    let copying = Action::Copy {
        mailbox_id,
        uidvalidity,
        uids,
        to,
    };
    match desk.perform(moving).await {
        OutcomeKind::Gone => {}
        OutcomeKind::Applied { moved, .. } => assert_eq!(moved, []),
        outcome => panic!("{outcome:?}"),
    }
    assert_eq!(desk.perform(copying).await, OutcomeKind::Gone);
    assert_eq!(desk.other.select("Archive").await.exists, 0);
    assert_eq!(desk.other.select("INBOX").await.exists, 2);
}

#[tokio::test]
async fn a_replayed_operation_is_applied_once() {
    let mut desk = three_letters().await;
    let (inbox, snapshot) = desk.inbox().await;
    let archive = desk.role(Role::Archive).await.id;
    let copy = operation(Action::Copy {
        mailbox_id: inbox,
        uidvalidity: snapshot.uidvalidity,
        uids: snapshot.uids,
        to: archive,
    });
    let first = desk.perform_all(std::slice::from_ref(&copy)).await;
    let again = desk.perform_all(&[copy.clone(), copy]).await;
    assert_eq!(first[0].outcome, again[1].outcome);
    assert_eq!(desk.other.select("Archive").await.exists, 3);
}

#[tokio::test]
async fn destroying_leaves_what_others_marked_as_deleted() {
    let mut desk = three_letters().await;
    let (inbox, snapshot) = desk.inbox().await;
    desk.other.select("INBOX").await;
    let uids: Vec<u32> = snapshot.uids.iter().collect();
    desk.other
        .store(&uids[0].to_string(), "+FLAGS (\\Deleted)")
        .await;
    let destroy = Action::Destroy {
        mailbox_id: inbox,
        uidvalidity: snapshot.uidvalidity,
        uids: UidSet::one(uids[1]),
    };
    assert_applied(&desk.perform(destroy).await);
    desk.other.select("INBOX").await;
    assert_eq!(desk.other.uids().await, [uids[0], uids[2]]);
}

#[tokio::test]
async fn a_move_makes_its_target_again() {
    let mut desk = three_letters().await;
    let (inbox, snapshot) = desk.inbox().await;
    desk.other.create("Projects").await;
    let projects = desk.mailbox("Projects").await.id;
    desk.other.delete("Projects").await;
    let action = Action::Move {
        mailbox_id: inbox,
        uidvalidity: snapshot.uidvalidity,
        uids: snapshot.uids,
        to: projects,
        add: vec![Keyword::new("$seen")],
        remove: Vec::new(),
    };
    assert_applied(&desk.perform(action).await);
    assert_eq!(desk.other.select("Projects").await.exists, 3);
}

#[tokio::test]
async fn keys_of_another_uidvalidity_are_refused() {
    let mut desk = three_letters().await;
    let (inbox, mut snapshot) = desk.inbox().await;
    snapshot.uidvalidity += 1;
    let outcome = desk
        .perform(mark(&inbox, &snapshot, &snapshot.uids, &["$seen"], &[]))
        .await;
    assert!(
        !matches!(outcome, OutcomeKind::Applied { .. }),
        "{outcome:?}"
    );
    desk.other.select("INBOX").await;
    assert!(
        desk.other
            .flags()
            .await
            .values()
            .all(|flags| !flags.contains("\\Seen"))
    );
}

#[tokio::test]
async fn a_result_is_remembered_when_whimbrel_crashes() {
    let mut desk = three_letters().await;
    let (inbox, snapshot) = desk.inbox().await;
    let archive = desk.role(Role::Archive).await.id;
    let copy = operation(Action::Copy {
        mailbox_id: inbox,
        uidvalidity: snapshot.uidvalidity,
        uids: snapshot.uids,
        to: archive,
    });
    let first = desk.perform_all(std::slice::from_ref(&copy)).await;
    let app = desk.app.after_a_crash(world().await).await;
    desk.client = app.client_like(&desk.client);
    desk.app = app;
    let again = desk.perform_all(&[copy]).await;
    assert_eq!(first, again);
    assert_eq!(desk.other.select("Archive").await.exists, 3);
}

#[tokio::test]
async fn what_was_gone_is_said_message_by_message() {
    let mut desk = three_letters().await;
    let (inbox, snapshot) = desk.inbox().await;
    let archive = desk.role(Role::Archive).await.id;
    let uids: Vec<u32> = snapshot.uids.iter().collect();
    desk.other.select("INBOX").await;
    desk.other.expunge(&uids[0].to_string()).await;
    let marked = mark(&inbox, &snapshot, &snapshot.uids, &["$flagged"], &[]);
    let shift = Action::Move {
        mailbox_id: inbox.clone(),
        uidvalidity: snapshot.uidvalidity,
        uids: snapshot.uids.clone(),
        to: archive.clone(),
        add: Vec::new(),
        remove: Vec::new(),
    };
    for action in [marked.clone(), shift.clone()] {
        let outcome = desk.perform(action).await;
        let OutcomeKind::Applied { gone, .. } = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(gone, UidSet::one(uids[0]));
    }
    assert_eq!(desk.other.select("Archive").await.exists, 2);
    for action in [marked, shift] {
        assert_eq!(desk.perform(action).await, OutcomeKind::Gone);
    }
    // That they are gone is what was meant.
    let destroy = Action::Destroy {
        mailbox_id: inbox,
        uidvalidity: snapshot.uidvalidity,
        uids: snapshot.uids,
    };
    assert_applied(&desk.perform(destroy).await);
}
