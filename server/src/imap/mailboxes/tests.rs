//! Trees of folders as odd servers list them, and what is counted in the open one.

use std::collections::BTreeMap;

use bytes::Bytes;
use whimbrel_shared::{MailboxList, Role, State};

use super::{status, tree};
use crate::imap::{
    mailbox_ids::MailboxIds,
    name::MailboxName,
    scripted::{NOOP, SELECT, USUAL, signed_in},
    select::select,
    wire::response::{self, Response},
};

fn list(lines: &[&str]) -> MailboxList {
    let rows: Vec<_> = lines
        .iter()
        .filter_map(|line| {
            let frame = Bytes::copy_from_slice(format!("* LIST {line}").as_bytes());
            match response::read(&frame) {
                Ok(Response::List(row)) => Some(row),
                _ => None,
            }
        })
        .collect();
    tree::build(&rows, &BTreeMap::new(), &MailboxIds::default())
}

fn outline(list: &MailboxList) -> Vec<String> {
    let depth = |id: &Option<whimbrel_shared::MailboxId>| {
        let mut depth = 0;
        let mut above = id.clone();
        while let Some(id) = above {
            depth += 1;
            above = list
                .mailboxes
                .iter()
                .find(|m| m.id == id)
                .unwrap()
                .parent_id
                .clone();
        }
        depth
    };
    let lines = list.mailboxes.iter();
    lines
        .map(|m| {
            let role = m.role.map(|role| format!(" {role:?}")).unwrap_or_default();
            format!("{}{}{role}", "> ".repeat(depth(&m.parent_id)), m.name)
        })
        .collect()
}

#[test]
fn parents_come_first_and_roles_before_names() {
    let list = list(&[
        "() \"/\" zoo",
        "() \"/\" Alpha/beta/gamma",
        "(\\Sent) \"/\" \"Sent Items\"",
        "() \"/\" Sent",
        "(\\Trash) \"/\" Bin",
        "() \"/\" INBOX",
        "() \"/\" alpha",
    ]);
    assert_eq!(
        outline(&list),
        [
            "Inbox Inbox",
            "Sent Items Sent",
            "Bin Trash",
            "Alpha",
            "> beta",
            "> > gamma",
            "alpha",
            "Sent",
            "zoo"
        ]
    );
    let alpha = list.mailboxes.iter().find(|m| m.name == "Alpha").unwrap();
    assert!(!alpha.my_rights.may_read_items && !alpha.my_rights.may_delete);
}

#[test]
fn what_went_a_moment_ago_is_no_folder_but_a_mere_parent_is() {
    let list = list(&[
        "(\\NonExistent) \"/\" Projects",
        "() \"/\" Projects/2026",
        "() \"/\" INBOX",
        "(\\NonExistent) \"/\" Gone",
    ]);
    assert_eq!(outline(&list), ["Inbox Inbox", "Projects", "> 2026"]);
}

#[test]
fn one_mailbox_a_role_by_names_in_many_languages() {
    let list = list(&[
        "() \".\" INBOX",
        "() \".\" INBOX.Entw&APw-rfe",
        "() \".\" INBOX.Gesendet",
        "() \".\" INBOX.Sent",
        "(\\Noselect) \".\" Trash",
        "() \".\" INBOX.&XfJSIJZk-",
        "() \".\" Work.Archive",
        "() \".\" Junk",
        "() \".\" INBOX.Spam",
    ]);
    let of = |role| {
        let found: Vec<_> = list
            .mailboxes
            .iter()
            .filter(|m| m.role == Some(role))
            .collect();
        assert!(found.len() <= 1);
        found.first().map(|m| m.name.clone())
    };
    assert_eq!(of(Role::Drafts).as_deref(), Some("Entwürfe"));
    assert_eq!(of(Role::Sent).as_deref(), Some("Sent"));
    assert_eq!(of(Role::Trash).as_deref(), Some("已删除"));
    assert_eq!(of(Role::Junk).as_deref(), Some("Junk"));
    assert_eq!(of(Role::Archive), None);
}

#[test]
fn no_levels_no_names_and_ten_thousand_folders() {
    let flat = list(&[
        "() NIL a/b",
        "() NIL \"\"",
        "() \"/\" x/",
        "() \"/\" x",
        "() \"/\" /y",
        "rubbish",
    ]);
    assert_eq!(outline(&flat), ["/y", "a/b", "x"]);
    let deep = vec!["d"; 400].join("/");
    let lines: Vec<_> = (0..10_000).map(|i| format!("() \"/\" f/{i}")).collect();
    let mut lines: Vec<_> = lines.iter().map(String::as_str).collect();
    let deep = format!("() \"/\" {deep}");
    lines.push(&deep);
    assert_eq!(list(&lines).mailboxes.len(), 10_000 + 1 + 400);
}

#[test]
fn names_that_claim_endless_parents_have_a_bound() {
    let below = vec!["d"; 490].join("/");
    let lines: Vec<_> = (0..1_000)
        .map(|i| format!("() \"/\" {i}/{below}"))
        .collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    let list = list(&lines);
    assert!(!list.mailboxes.is_empty() && list.mailboxes.len() <= 50_000);
}

// Dovecot searches before it takes in what came, and tells of it first.
#[tokio::test]
async fn mail_that_comes_while_unread_messages_are_counted_counts() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            NOOP,
            (
                "UID SEARCH RETURN (COUNT) UNSEEN",
                "* ESEARCH UID COUNT 1\r\n* 4 EXISTS\r\nTAG OK\r\n",
            ),
            (
                "UID FETCH 10:* (UID FLAGS MODSEQ)",
                "* 4 FETCH (UID 12 FLAGS () MODSEQ (51))\r\nTAG OK\r\n",
            ),
            (
                "UID SEARCH RETURN (COUNT) UNSEEN",
                "* ESEARCH UID COUNT 2\r\nTAG OK\r\n",
            ),
        ],
    )
    .await;
    let inbox = MailboxName::inbox();
    select(&mut conn, &inbox).await.unwrap();
    let counts = status(&mut conn, &inbox).await.unwrap();
    assert_eq!(counts, (State("7.13.4.51".to_owned()), 4, 2));
}
