//! Folder names of every kind, made here and made by others: each can be made, renamed, opened, filled and
//! deleted, and is on the screen what it is for a second program.

use whimbrel_shared::{Action, Mailbox, MailboxId, Outcome, OutcomeKind, UidSet, path};
use whimbrel_tests::{
    app::TestApp,
    client::TestClient,
    dovecot::{Options, Person},
    imap_client::ImapClient,
    letters::plain::letter,
    scripted_imap::{Script, ScriptedImap},
    world::{PASSWORD, World},
};

use crate::kit::{Desk, assert_applied, operation, somebody, world};

/// As people type them, and the same in modified UTF-7 (RFC 3501 §5.1.3).
const NAMES: [(&str, &str); 22] = [
    ("A&B", "A&-B"),
    ("&-", "&--"),
    ("台北日本", "&U,BTF2XlZyw-"),
    ("Übung", "&ANw-bung"),
    ("\u{1F426}", "&2D3cJg-"),
    ("e\u{301}", "e&AwE-"),
    ("say \"hi\"", "say \"hi\""),
    ("back\\slash", "back\\slash"),
    ("{5}", "{5}"),
    ("{5+}", "{5+}"),
    ("per%cent", "per%cent"),
    ("%", "%"),
    ("st*r", "st*r"),
    ("*", "*"),
    ("(paren)", "(paren)"),
    ("[bracket]", "[bracket]"),
    ("two  spaces", "two  spaces"),
    ("NIL", "NIL"),
    ("with.dot", "with.dot"),
    ("Inbox of mine", "Inbox of mine"),
    ("tilde~", "tilde~"),
    ("#hash", "#hash"),
];

fn create(name: &str, parent_id: Option<MailboxId>) -> Action {
    Action::CreateMailbox {
        parent_id,
        name: name.to_owned(),
        role: None,
    }
}

fn copy_into(desk_inbox: &(MailboxId, whimbrel_shared::MailboxSnapshot), to: &MailboxId) -> Action {
    Action::Move {
        mailbox_id: desk_inbox.0.clone(),
        uidvalidity: desk_inbox.1.uidvalidity,
        uids: UidSet::one(desk_inbox.1.uids.first().expect("a letter")),
        to: to.clone(),
        add: Vec::new(),
        remove: Vec::new(),
    }
}

#[tokio::test]
async fn names_of_every_kind_are_the_same_for_a_second_program() {
    let mut desk = Desk::new().await;
    for (name, wire) in NAMES {
        drop(
            desk.other
                .append("INBOX", "", &letter(name, "x"))
                .await
                .good(),
        );
        let outcome = desk.perform(create(name, None)).await;
        if let OutcomeKind::Refused { error, .. } = &outcome {
            // A separator of the server's storage may be more than it can keep; it is said so.
            assert!(
                name.contains('.') || name.starts_with('#'),
                "{name}: {error}"
            );
            continue;
        }
        let made = desk.mailbox(name).await;
        assert!(
            desk.other.folders().await.contains(&wire.to_owned()),
            "{name} as {wire}"
        );
        let rename = |name: &str, made: &Mailbox| Action::RenameMailbox {
            mailbox_id: made.id.clone(),
            parent_id: None,
            name: name.to_owned(),
        };
        let other_name = format!("{name} & {name}");
        assert_applied(&desk.perform(rename(&other_name, &made)).await);
        let made = desk.mailbox(&other_name).await;
        assert_applied(&desk.perform(rename(name, &made)).await);
        let made = desk.mailbox(name).await;
        assert_applied(&desk.perform(copy_into(&desk.inbox().await, &made.id)).await);
        let there = desk.snapshot(&made.id).await;
        assert_eq!(there.envelopes.len(), 1, "{name}");
        assert_eq!(desk.other.select(wire).await.exists, 1, "{name}");
        assert_eq!(
            desk.newest(&made.id).await.subject,
            there.envelopes[0].subject
        );
        let delete = Action::DeleteMailbox {
            mailbox_id: made.id,
        };
        desk.other.select("INBOX").await;
        assert_applied(&desk.perform(delete).await);
        assert!(
            !desk.other.folders().await.contains(&wire.to_owned()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn folders_within_the_inbox_and_below_what_is_no_folder_are_shown() {
    let mut desk = Desk::new().await;
    for wire in [
        "INBOX/sub",
        "INBOX/sub/&ANw-ber",
        "nowhere/below/deep",
        "&ANw-bung/A&-B",
    ] {
        desk.other.create(wire).await;
    }
    let inbox = desk.inbox().await;
    let sub = desk.mailbox("sub").await;
    assert_eq!(sub.parent_id, Some(inbox.0));
    assert_eq!(desk.mailbox("Über").await.parent_id, Some(sub.id));
    let deep = desk.mailbox("deep").await;
    assert_eq!(deep.parent_id, Some(desk.mailbox("below").await.id));
    assert_eq!(
        desk.mailbox("A&B").await.parent_id,
        Some(desk.mailbox("Übung").await.id)
    );
    drop(
        desk.other
            .append("INBOX", "", &letter("x", "x"))
            .await
            .good(),
    );
    for name in ["sub", "deep", "A&B"] {
        drop(
            desk.other
                .append("INBOX", "", &letter("x", "x"))
                .await
                .good(),
        );
        let made = desk.mailbox(name).await;
        assert_applied(&desk.perform(copy_into(&desk.inbox().await, &made.id)).await);
        assert_eq!(desk.snapshot(&made.id).await.envelopes.len(), 1, "{name}");
    }
}

async fn folders_of(client: &TestClient) -> Vec<Mailbox> {
    let list: whimbrel_shared::MailboxList = client.get(path::MAILBOXES).await.good().json();
    list.mailboxes
}

async fn perform(client: &TestClient, action: Action) -> OutcomeKind {
    let outcomes: Vec<Outcome> = client
        .post(path::OPERATIONS, &[operation(action)])
        .await
        .good()
        .json();
    outcomes.into_iter().next().expect("an outcome").outcome
}

#[tokio::test]
async fn dots_between_levels_and_a_second_namespace_are_understood() {
    let eve = "eve@whimbrel.example";
    let options = Options {
        capability: None,
        settings: "namespace inbox {\n  separator = .\n  prefix = INBOX.\n}\n\
            namespace old {\n  separator = .\n  prefix = Old.\n  location = maildir:~/Old\n}\n"
            .to_owned(),
    };
    let world = World::with(&[Person::new(eve, PASSWORD)], &options)
        .await
        .expect("a mail world");
    let app = TestApp::start(&world).await;
    let mut client = app.client();
    client.sign_in(eve, PASSWORD).await;
    assert_applied(&perform(&client, create("Waders", None)).await);
    let folders = folders_of(&client).await;
    let waders = folders
        .iter()
        .find(|folder| folder.name == "Waders")
        .expect("it is made");
    assert_applied(&perform(&client, create("Curlews & co", Some(waders.id.clone()))).await);
    let mut other = ImapClient::signed_in(world.dovecot.ports.imap, eve, PASSWORD).await;
    drop(other.command("CREATE \"Old.&ANw-bung\"").await.good());
    let wire: Vec<String> = other.command("LIST \"\" *").await.good().lines().collect();
    for name in [
        "INBOX.Waders",
        "\"INBOX.Waders.Curlews &- co\"",
        "Old.&ANw-bung",
    ] {
        let is_there = wire.iter().any(|line| line.ends_with(name));
        assert!(is_there, "{name} in {wire:?}");
    }
    let names: Vec<String> = folders_of(&client)
        .await
        .into_iter()
        .map(|folder| folder.name)
        .collect();
    for name in ["Curlews & co", "Übung"] {
        assert!(names.contains(&name.to_owned()), "{name} in {names:?}");
    }
    let slash = perform(&client, create("a/b", None)).await;
    // A letter like any other here, but Dovecot's Maildir keeps none.
    assert!(
        matches!(&slash, OutcomeKind::Refused { error, .. } if error.message.contains('/')),
        "{slash:?}"
    );
    let dot = perform(&client, create("a.b", None)).await;
    assert!(matches!(dot, OutcomeKind::Refused { .. }), "{dot:?}");
}

#[tokio::test]
async fn a_mail_server_without_levels_and_with_odd_names_shows_all_of_them() {
    let lines: String = [
        "inBOX",
        "a/b",
        "&bad",
        "&Zm9v",
        "x&",
        "\u{fc}8bit",
        "&-",
        "NIL",
        "\"q\\\"uote\"",
    ]
    .iter()
    .map(|name| {
        if name.starts_with('"') {
            format!("* LIST () NIL {name}\r\n")
        } else {
            format!("* LIST () NIL \"{name}\"\r\n")
        }
    })
    .collect();
    let script = Script::default()
        .on("LIST", &format!("{lines}* LIST () NIL {{7}}\r\nlit\"ral\r\n* LIST (\\Noselect) NIL none\r\n* LIST () NIL NIL\r\n{{tag}} OK\r\n"))
        .on("STATUS", "{tag} NO not that one\r\n");
    let peer = ScriptedImap::start(script).await;
    let app = TestApp::with_imap_port(world().await, peer.port()).await;
    let mut client = app.client();
    client.sign_in(&somebody(), PASSWORD).await;
    let folders = folders_of(&client).await;
    let names: Vec<&str> = folders.iter().map(|folder| folder.name.as_str()).collect();
    for name in ["a/b", "&bad", "ü8bit", "&", "q\"uote", "lit\"ral"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    let inboxes = folders
        .iter()
        .filter(|folder| folder.role == Some(whimbrel_shared::Role::Inbox));
    assert_eq!(inboxes.count(), 1, "in whatever case its name is written");
    let ids: std::collections::BTreeSet<&MailboxId> =
        folders.iter().map(|folder| &folder.id).collect();
    assert_eq!(ids.len(), folders.len());
}
