//! An account at Exchange, which tells no roles, keeps no keywords, and says why without codes.

use whimbrel_shared::{Action, Address, Draft, ErrorCode, Keyword, OutcomeKind, Role, path};
use whimbrel_tests::{letters::plain::letter, provider::Provider};

use crate::kit::{Desk, assert_applied, mark};

async fn with_a_letter() -> (Desk, Provider) {
    let provider = Provider::exchange().await;
    provider.deliver(&["Inbox"], &letter("Minutes", "m"));
    (Desk::at_provider(&provider).await, provider)
}

#[tokio::test]
async fn folders_have_roles_by_their_names_and_the_inbox_is_the_inbox() {
    let (desk, _provider) = with_a_letter().await;
    for (role, name) in [
        (Role::Inbox, "Inbox"),
        (Role::Drafts, "Drafts"),
        (Role::Sent, "Sent Items"),
        (Role::Archive, "Archive"),
        (Role::Junk, "Junk Email"),
        (Role::Trash, "Deleted Items"),
    ] {
        assert_eq!(desk.role(role).await.name, name);
    }
    let inbox = desk.role(Role::Inbox).await;
    assert_eq!((inbox.total_emails, inbox.unread_emails), (1, 1));
    let inner = desk.mailbox("Either (or)").await;
    assert_eq!(inner.parent_id, Some(inbox.id.clone()));
    desk.snapshot(&inner.id).await;
    assert_eq!(desk.newest(&inbox.id).await.subject, "Minutes");
}

#[tokio::test]
async fn marks_that_cannot_be_kept_are_not_pretended() {
    let (desk, provider) = with_a_letter().await;
    let (inbox, snapshot) = desk.inbox().await;
    let uids = &snapshot.uids;
    let flag = mark(&inbox, &snapshot, uids, &["$flagged", "$junk"], &[]);
    assert_applied(&desk.perform(flag).await);
    assert_eq!(provider.newest_flags("Inbox"), ["\\Flagged"]);
    let label = mark(&inbox, &snapshot, uids, &["work"], &[]);
    let OutcomeKind::Refused { error, .. } = desk.perform(label).await else {
        panic!("a label is kept")
    };
    assert_eq!(error.code, ErrorCode::MailServerRefused);
    assert!(error.message.contains("work"), "{error}");
    let rows = desk.snapshot(&inbox).await.envelopes;
    let keywords: Vec<&str> = rows[0].keywords.iter().map(Keyword::as_str).collect();
    assert_eq!(keywords, ["$flagged"]);
}

#[tokio::test]
async fn junk_goes_to_junk_without_its_mark() {
    let (desk, provider) = with_a_letter().await;
    let (inbox, snapshot) = desk.inbox().await;
    let junk = desk.role(Role::Junk).await.id;
    let action = Action::Move {
        mailbox_id: inbox,
        uidvalidity: snapshot.uidvalidity,
        uids: snapshot.uids,
        to: junk,
        add: vec![Keyword::new("$junk")],
        remove: vec![Keyword::new("$notjunk")],
    };
    assert_applied(&desk.perform(action).await);
    assert_eq!(provider.subjects("Junk Email"), ["Minutes"]);
    assert_eq!(provider.newest_flags("Junk Email"), [""; 0]);
}

#[tokio::test]
async fn what_is_missing_is_known_by_words_alone() {
    let (desk, provider) = with_a_letter().await;
    let create = Action::CreateMailbox {
        parent_id: None,
        name: "Nowhere".to_owned(),
        role: None,
    };
    assert_applied(&desk.perform(create).await);
    let gone = desk.mailbox("Nowhere").await.id;
    let mailbox_id = gone.clone();
    assert_applied(&desk.perform(Action::DeleteMailbox { mailbox_id }).await);
    let error = desk.client.get(&path::mailbox(&gone, 50)).await.error();
    assert_eq!(error.code, ErrorCode::MailboxGone);
    let (inbox, snapshot) = desk.inbox().await;
    let action = Action::Move {
        mailbox_id: inbox,
        uidvalidity: snapshot.uidvalidity,
        uids: snapshot.uids,
        to: gone,
        add: Vec::new(),
        remove: Vec::new(),
    };
    assert_applied(&desk.perform(action).await);
    assert_eq!(provider.subjects("Nowhere"), ["Minutes"]);
}

#[tokio::test]
async fn a_connection_that_lost_its_mailbox_is_made_anew() {
    let (desk, provider) = with_a_letter().await;
    let (inbox, _) = desk.inbox().await;
    provider.disconnect_mailboxes();
    assert_eq!(desk.newest(&inbox).await.subject, "Minutes");
}

#[tokio::test]
async fn what_is_sent_lies_in_sent_once() {
    let (desk, provider) = with_a_letter().await;
    let draft = Draft {
        to: vec![Address {
            name: String::new(),
            email: "friend@elsewhere.example".to_owned(),
        }],
        subject: "Once".to_owned(),
        ..Draft::default()
    };
    let send = Action::Send {
        draft: Box::new(draft),
        replaces: None,
    };
    assert_applied(&desk.perform(send).await);
    assert_eq!(provider.subjects("Sent Items"), ["Once"]);
}
