//! An account at Gmail, where folders are labels and a copy of what is sent is kept without being asked.

use whimbrel_shared::{Action, Address, Draft, MailboxId, OutcomeKind, Role, UidSet};
use whimbrel_tests::{letters::plain::letter, provider::Provider};

use crate::kit::{Desk, assert_applied};

const ALL: &str = "[Gmail]/All Mail";
const TRASH: &str = "[Gmail]/Trash";

/// Somebody with a letter in the inbox that has the label "Projects" too.
async fn labelled() -> (Desk, Provider) {
    let provider = Provider::gmail().await;
    provider.deliver(&["INBOX", "Projects"], &letter("Labelled", "l"));
    (Desk::at_provider(&provider).await, provider)
}

async fn shift(desk: &Desk, from: &MailboxId, to: Role) -> OutcomeKind {
    let snapshot = desk.snapshot(from).await;
    let action = Action::Move {
        mailbox_id: from.clone(),
        uidvalidity: snapshot.uidvalidity,
        uids: snapshot.uids,
        to: desk.role(to).await.id,
        add: Vec::new(),
        remove: Vec::new(),
    };
    desk.perform(action).await
}

async fn destroy(desk: &Desk, mailbox: &MailboxId) {
    let snapshot = desk.snapshot(mailbox).await;
    let destroy = Action::Destroy {
        mailbox_id: mailbox.clone(),
        uidvalidity: snapshot.uidvalidity,
        uids: snapshot.uids,
    };
    assert_applied(&desk.perform(destroy).await);
}

#[tokio::test]
async fn labels_are_folders_and_gmails_own_have_their_roles() {
    let (desk, _provider) = labelled().await;
    for (role, name) in [
        (Role::Inbox, "Inbox"),
        (Role::Drafts, "Drafts"),
        (Role::Sent, "Sent Mail"),
        (Role::Junk, "Spam"),
        (Role::Trash, "Trash"),
        (Role::Flagged, "Starred"),
        (Role::Archive, "All Mail"),
    ] {
        assert_eq!(desk.role(role).await.name, name);
    }
    assert!(desk.role(Role::Archive).await.my_rights.may_add_items);
    for name in ["Inbox", "Projects", "All Mail"] {
        let mailbox = desk.mailbox(name).await;
        assert_eq!(mailbox.total_emails, 1, "{name}");
        assert_eq!(desk.newest(&mailbox.id).await.subject, "Labelled");
    }
}

#[tokio::test]
async fn a_mark_is_on_the_letter_under_all_its_labels() {
    let (desk, provider) = labelled().await;
    let (inbox, snapshot) = desk.inbox().await;
    let flag = crate::kit::mark(&inbox, &snapshot, &snapshot.uids, &["$flagged"], &[]);
    assert_applied(&desk.perform(flag).await);
    assert_eq!(provider.newest_flags("Projects"), ["\\Flagged"]);
    let projects = desk.mailbox("Projects").await.id;
    let rows = desk.snapshot(&projects).await.envelopes;
    assert!(rows[0].keywords.contains("$flagged"));
}

#[tokio::test]
async fn what_is_archived_leaves_the_inbox_and_keeps_its_other_labels() {
    let (desk, provider) = labelled().await;
    let inbox = desk.role(Role::Inbox).await.id;
    assert_applied(&shift(&desk, &inbox, Role::Archive).await);
    assert_eq!(provider.subjects("INBOX"), [""; 0]);
    assert_eq!(provider.subjects("Projects"), ["Labelled"]);
    assert_eq!(provider.subjects(ALL), ["Labelled"]);
}

#[tokio::test]
async fn what_is_deleted_lies_in_the_trash_and_nowhere_else() {
    let (desk, provider) = labelled().await;
    let inbox = desk.role(Role::Inbox).await.id;
    assert_applied(&shift(&desk, &inbox, Role::Trash).await);
    for folder in ["INBOX", "Projects", ALL] {
        assert_eq!(provider.subjects(folder), [""; 0], "{folder}");
    }
    assert_eq!(provider.subjects(TRASH), ["Labelled"]);
    let trash = desk.role(Role::Trash).await.id;
    destroy(&desk, &trash).await;
    assert_eq!(provider.subjects(TRASH), [""; 0]);
}

#[tokio::test]
async fn what_is_destroyed_is_not_merely_without_a_label() {
    let (desk, provider) = labelled().await;
    let inbox = desk.role(Role::Inbox).await.id;
    destroy(&desk, &inbox).await;
    for folder in ["INBOX", "Projects", ALL, TRASH] {
        assert_eq!(provider.subjects(folder), [""; 0], "{folder}");
    }
}

fn draft(subject: &str) -> Box<Draft> {
    Box::new(Draft {
        to: vec![Address {
            name: String::new(),
            email: "friend@elsewhere.example".to_owned(),
        }],
        subject: subject.to_owned(),
        text: "Dear friend".to_owned(),
        ..Draft::default()
    })
}

#[tokio::test]
async fn older_versions_of_a_draft_do_not_pile_up() {
    let provider = Provider::gmail().await;
    let desk = Desk::at_provider(&provider).await;
    let mut replaces = None;
    for subject in ["One", "Two", "Three"] {
        let save = Action::SaveDraft {
            draft: draft(subject),
            replaces,
        };
        let OutcomeKind::Applied { moved, .. } = desk.perform(save).await else {
            panic!("it is not saved")
        };
        replaces = Some(moved[0].key);
    }
    for folder in ["[Gmail]/Drafts", ALL] {
        assert_eq!(provider.subjects(folder), ["Three"], "{folder}");
    }
    assert_eq!(provider.subjects(TRASH), [""; 0]);
}

#[tokio::test]
async fn what_is_sent_lies_in_sent_once() {
    let provider = Provider::gmail().await;
    let desk = Desk::at_provider(&provider).await;
    let send = Action::Send {
        draft: draft("Once"),
        replaces: None,
    };
    let outcome = desk.perform(send).await;
    let OutcomeKind::Applied { warning, .. } = &outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(*warning, None);
    assert_eq!(provider.subjects("[Gmail]/Sent Mail"), ["Once"]);
    let sent = desk.role(Role::Sent).await.id;
    let kept = desk.newest(&sent).await;
    assert_eq!(kept.to[0].email, "friend@elsewhere.example");
    let appended = provider
        .heard()
        .into_iter()
        .any(|c| c.starts_with("APPEND"));
    assert!(!appended, "Gmail keeps it by itself");
    assert_eq!(desk.snapshot(&sent).await.uids, UidSet::one(1));
}
