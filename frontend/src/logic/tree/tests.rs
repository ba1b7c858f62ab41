//! The tree of folders as a person sees it.

use whimbrel_shared::{Mailbox, MailboxId, MailboxList, Rights, Role};

use super::{Tree, move_targets};

fn mailbox(path: &str, role: Option<Role>) -> Mailbox {
    let (parent, name) = match path.rsplit_once('/') {
        Some((parent, name)) => (Some(MailboxId(parent.to_owned())), name),
        None => (None, path),
    };
    let may = true;
    Mailbox {
        id: MailboxId(path.to_owned()),
        parent_id: parent,
        name: name.to_owned(),
        role,
        sort_order: 0,
        total_emails: 0,
        unread_emails: 0,
        is_subscribed: true,
        my_rights: Rights {
            may_read_items: may,
            may_add_items: may,
            may_remove_items: may,
            may_create_child: may,
            may_rename: may,
            may_delete: may,
        },
        state: None,
    }
}

fn list(mailboxes: &[(&str, Option<Role>)]) -> MailboxList {
    MailboxList {
        mailboxes: mailboxes
            .iter()
            .map(|(path, role)| mailbox(path, *role))
            .collect(),
        may_create_top_level: true,
    }
}

#[track_caller]
fn check(mailboxes: &[(&str, Option<Role>)], closed: &[&str], expected: &[&str]) {
    let closed: Vec<MailboxId> = closed
        .iter()
        .map(|id| MailboxId((*id).to_owned()))
        .collect();
    let tree = Tree::new(&list(mailboxes), &closed);
    let lines: Vec<String> = tree
        .ids()
        .filter_map(|id| tree.line(id))
        .map(|line| {
            let sign = match line.is_expanded {
                Some(true) => "-",
                Some(false) => "+",
                None => "",
            };
            format!("{} {}{sign}", line.level, line.mailbox.name)
        })
        .collect();
    assert_eq!(lines, expected);
}

#[test]
fn roles_stand_first_in_their_own_order() {
    check(
        &[
            ("Zoo", None),
            ("Bin", Some(Role::Trash)),
            ("INBOX", Some(Role::Inbox)),
            ("Outbox", Some(Role::Sent)),
        ],
        &[],
        &["1 INBOX", "1 Outbox", "1 Bin", "1 Zoo"],
    );
}

#[test]
fn children_follow_their_parents_and_hide_with_them() {
    let mailboxes = [
        ("a", None),
        ("a/b", None),
        ("a/b/c", None),
        ("a/d", None),
        ("e", None),
    ];
    check(&mailboxes, &[], &["1 a-", "2 b-", "3 c", "2 d", "1 e"]);
    check(&mailboxes, &["a/b"], &["1 a-", "2 b+", "2 d", "1 e"]);
    check(&mailboxes, &["a"], &["1 a+", "1 e"]);
}

#[test]
fn children_of_the_inbox_are_tops() {
    check(
        &[
            ("INBOX", Some(Role::Inbox)),
            ("INBOX/Sent", Some(Role::Sent)),
            ("INBOX/Work", None),
            ("INBOX/Work/2027", None),
        ],
        &[],
        &["1 INBOX", "1 Sent", "1 Work-", "2 2027"],
    );
}

#[test]
fn moving_finds_folders_by_the_words_of_their_path() {
    let list = list(&[
        ("Projects", None),
        ("Projects/Tern survey", None),
        ("INBOX", Some(Role::Inbox)),
    ]);
    let names = |filter: &str| -> Vec<String> {
        move_targets(&list, filter, str::to_lowercase)
            .into_iter()
            .map(|(_, name)| name)
            .collect()
    };
    assert_eq!(names(""), ["Inbox", "Projects", "Projects / Tern survey"]);
    assert_eq!(names("TERN proj"), ["Projects / Tern survey"]);
    assert!(names("nothing").is_empty());
}

#[test]
fn arrows_stop_at_the_ends() {
    let tree = Tree::new(
        &list(&[("INBOX", Some(Role::Inbox)), ("a", None), ("b", None)]),
        &[],
    );
    let id = |name: &str| MailboxId(name.to_owned());
    assert_eq!(tree.away(&id("INBOX"), 1), Some(&id("a")));
    assert_eq!(tree.away(&id("INBOX"), -1), Some(&id("INBOX")));
    assert_eq!(tree.away(&id("a"), isize::MAX), Some(&id("b")));
}
