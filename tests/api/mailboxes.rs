//! Folders: the tree, its names and its counts.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio::time::sleep;
use whimbrel_shared::{Action, ErrorCode, MailboxList, OutcomeKind, Role, path};
use whimbrel_tests::{
    app::TestApp,
    client::TestClient,
    letters::plain::letter,
    scripted_imap::{Script, ScriptedImap},
    world::{MailServer, PASSWORD},
};

use crate::kit::{Desk, assert_applied, server, world};

#[tokio::test]
async fn roles_come_first_and_counts_are_true() {
    let (new, read) = (letter("new", "n"), letter("read", "r"));
    let desk = Desk::with_letters(&[("", &new), ("\\Seen", &read)]).await;
    let list = desk.list().await;
    let roles: Vec<Option<Role>> = list.mailboxes.iter().map(|mailbox| mailbox.role).collect();
    assert_eq!(roles.first(), Some(&Some(Role::Inbox)));
    for role in [
        Role::Drafts,
        Role::Sent,
        Role::Archive,
        Role::Junk,
        Role::Trash,
    ] {
        assert_eq!(
            roles.iter().filter(|&&known| known == Some(role)).count(),
            1,
            "{role:?}"
        );
    }
    let inbox = &list.mailboxes[0];
    assert_eq!((inbox.total_emails, inbox.unread_emails), (2, 1));
    let (_, snapshot) = desk.inbox().await;
    assert_eq!(
        inbox.state.as_ref(),
        Some(&snapshot.state),
        "the same mailbox, the same state"
    );
}

/// Addresses hold them, and browsers keep addresses.
#[tokio::test]
async fn ids_of_folders_tell_nothing_and_are_of_one_account_alone() {
    let (desk, other) = (Desk::new().await, Desk::new().await);
    let (list, of_other) = (desk.list().await, other.list().await);
    for mailbox in &list.mailboxes {
        let read = URL_SAFE_NO_PAD.decode(&mailbox.id.0).expect("base64url");
        let read = String::from_utf8_lossy(&read).to_lowercase();
        assert!(!read.contains(&mailbox.name.to_lowercase()), "{read}");
        assert!(of_other.mailboxes.iter().all(|one| one.id != mailbox.id));
    }
    assert_eq!(desk.list().await.mailboxes[0].id, list.mailboxes[0].id);
    let foreign = path::mailbox(&of_other.mailboxes[0].id, 10);
    assert_eq!(desk.client.get(&foreign).await.status(), 404);
}

#[tokio::test]
async fn folder_names_of_every_kind_live_and_die() {
    let mut desk = Desk::new().await;
    let names = [
        "A&B",
        "Übung und Lehre",
        "日本語",
        "\u{1F426} waders",
        "say \"hi\"",
        "back\\slash",
        "per%cent",
        "st*r",
        "(paren)",
        "{5}",
        "100 % & more",
        "ends with &",
        "~tilde",
    ];
    for name in names {
        let create = Action::CreateMailbox {
            parent_id: None,
            name: name.to_owned(),
            role: None,
        };
        let outcome = desk.perform(create).await;
        if let OutcomeKind::Refused { error, .. } = &outcome {
            assert!(!server_takes(name), "{name}: {error}");
            assert!(!error.message.is_empty(), "{name}");
            continue;
        }
        let made = desk.mailbox(name).await;
        let renamed = format!("{name} 2");
        assert_applied(
            &desk
                .perform(Action::RenameMailbox {
                    mailbox_id: made.id.clone(),
                    parent_id: None,
                    name: renamed.clone(),
                })
                .await,
        );
        let made = desk.mailbox(&renamed).await;
        desk.snapshot(&made.id).await;
        assert_applied(
            &desk
                .perform(Action::DeleteMailbox {
                    mailbox_id: made.id,
                })
                .await,
        );
        let list = desk.list().await;
        assert!(
            list.mailboxes.iter().all(|mailbox| mailbox.name != renamed),
            "{name}"
        );
    }
    let left = desk.other.folders().await;
    assert_eq!(left.len(), desk.list().await.mailboxes.len(), "{left:?}");
}

/// What servers cannot have in names of folders is refused in words, and nothing else.
fn server_takes(name: &str) -> bool {
    match server() {
        MailServer::Dovecot => !name.starts_with('~'),
        MailServer::Cyrus => !name.contains(['%', '{', '"', '\\']),
        MailServer::Courier => name.chars().all(|c| c <= '\u{FFFF}'),
    }
}

#[tokio::test]
async fn folders_have_parents() {
    let desk = Desk::new().await;
    let create = |parent_id, name: &str| Action::CreateMailbox {
        parent_id,
        name: name.to_owned(),
        role: None,
    };
    assert_applied(&desk.perform(create(None, "Projects")).await);
    let projects = desk.mailbox("Projects").await;
    assert_applied(
        &desk
            .perform(create(Some(projects.id.clone()), "Terns"))
            .await,
    );
    assert_eq!(
        desk.mailbox("Terns").await.parent_id,
        Some(projects.id.clone())
    );
    let outcome = desk.perform(create(None, "Projects")).await;
    let OutcomeKind::Refused { error, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(error.code, ErrorCode::AlreadyExists, "{error}");

    // What is below a renamed folder has another id with it, and whoever knows the old one is told.
    let terns = desk.mailbox("Terns").await.id;
    let rename = Action::RenameMailbox {
        mailbox_id: projects.id,
        parent_id: None,
        name: "Plans (2)".to_owned(),
    };
    let outcome = desk.perform(rename).await;
    let OutcomeKind::Applied { below, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(below, [(terns, desk.mailbox("Terns").await.id)]);
}

#[tokio::test]
async fn unusable_names_are_refused_with_words() {
    let desk = Desk::new().await;
    for name in ["", " ", "a\r\nb", "nul\0", "a/b", &"x".repeat(5000)] {
        let create = Action::CreateMailbox {
            parent_id: None,
            name: name.to_owned(),
            role: None,
        };
        let outcome = desk.perform(create).await;
        let OutcomeKind::Refused { error, .. } = outcome else {
            panic!("{name:?}: {outcome:?}")
        };
        assert!(
            !error.message.is_empty() && !error.remedy.is_empty(),
            "{name:?}"
        );
    }
}

#[tokio::test]
async fn once_folders_changed_an_old_connection_is_not_believed() {
    let listing = |name: &str| {
        let list =
            format!("* LIST () \"/\" INBOX\r\n* LIST () \"/\" {name}\r\n{{tag}} OK done\r\n");
        Script::new("IMAP4rev1 SASL-IR AUTH=PLAIN").on("LIST", &list)
    };
    let server = ScriptedImap::start(listing("Waders")).await;
    let app = TestApp::with_imap_port(world().await, server.port()).await;
    let mut client = app.client();
    client.sign_in("a@whimbrel.example", PASSWORD).await;
    let names = async |client: &TestClient| {
        let list: MailboxList = client.get(path::MAILBOXES).await.good().json();
        let names = list.mailboxes.into_iter().map(|mailbox| mailbox.name);
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&client).await, ["Inbox", "Waders"]);
    assert_eq!(names(&client).await, ["Inbox", "Waders"]);
    assert_eq!(server.connections(), 1);

    server.rewrite(listing("Terns"));
    assert_eq!(names(&client).await, ["Inbox", "Terns"]);
    assert_eq!(server.connections(), 1, "the change itself is believed");
    sleep(Duration::from_millis(2_100)).await;
    assert_eq!(names(&client).await, ["Inbox", "Terns"]);
    assert_eq!(server.connections(), 2, "what came right after it is not");
    assert_eq!(names(&client).await, ["Inbox", "Terns"]);
    assert_eq!(server.connections(), 2);
}
