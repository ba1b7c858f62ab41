//! Folders as shown while operations wait, and when lists come at bad moments.

use whimbrel_shared::{Action, Mailbox, MailboxId, MailboxList, OperationId, Rights, Role};

use super::{Shift, Source, Tree};

fn mailbox(id: &str, role: Option<Role>, counts: (u32, u32)) -> Mailbox {
    let parent = id.rsplit_once('/').map(|(parent, _)| parent);
    Mailbox {
        id: MailboxId(id.to_owned()),
        parent_id: parent.map(|parent| MailboxId(parent.to_owned())),
        name: id.rsplit('/').next().unwrap().to_owned(),
        role,
        sort_order: 0,
        total_emails: counts.0,
        unread_emails: counts.1,
        is_subscribed: true,
        my_rights: Rights {
            may_read_items: true,
            may_add_items: true,
            may_remove_items: true,
            may_create_child: true,
            may_rename: true,
            may_delete: true,
        },
        state: None,
    }
}

fn list(inbox: (u32, u32)) -> MailboxList {
    MailboxList {
        mailboxes: vec![
            mailbox("INBOX", Some(Role::Inbox), inbox),
            mailbox("Alpha", None, (0, 0)),
            mailbox("Alpha/One", None, (0, 0)),
            mailbox("Gamma", None, (0, 0)),
        ],
        may_create_top_level: true,
    }
}

fn tree() -> Tree {
    let mut tree = Tree::default();
    tree.take(list((10, 5)), Source::Asked(1), |_| false);
    tree
}

fn id(id: &str) -> OperationId {
    OperationId(id.to_owned())
}

fn names(tree: &Tree) -> Vec<String> {
    tree.view()
        .mailboxes
        .iter()
        .map(|m| m.id.0.clone())
        .collect()
}

fn inbox(tree: &Tree) -> (u32, u32) {
    let inbox = tree.of_role(Role::Inbox).unwrap();
    (inbox.total_emails, inbox.unread_emails)
}

fn read_three(tree: &mut Tree) {
    let shift = Shift {
        id: id("a"),
        applied: None,
        mailbox: MailboxId("INBOX".to_owned()),
        total: 0,
        unread: -3,
    };
    let action = Action::DeleteMailbox {
        mailbox_id: MailboxId("nothing".to_owned()),
    };
    tree.queue(&id("a"), &action, vec![shift]);
}

#[test]
fn a_new_folder_stands_where_its_name_belongs_and_stays_there() {
    let mut tree = tree();
    let make = Action::CreateMailbox {
        parent_id: None,
        name: "beta".to_owned(),
        role: None,
    };
    tree.queue(&id("x"), &make, Vec::new());
    assert_eq!(
        names(&tree),
        ["INBOX", "Alpha", "Alpha/One", "new-x", "Gamma"]
    );
    assert!(tree.is_makeshift(&MailboxId("new-x".to_owned())));
    let real = MailboxId("beta".to_owned());
    tree.applied(&id("x"), 5, Some(&real), &[]);
    tree.rename(&MailboxId("new-x".to_owned()), &real);
    assert_eq!(tree.current_id(&MailboxId("new-x".to_owned())), real);
    tree.take(list((10, 5)), Source::Asked(4), |_| false);
    assert_eq!(
        names(&tree),
        ["INBOX", "Alpha", "Alpha/One", "beta", "Gamma"]
    );
    tree.take(list((10, 5)), Source::Asked(6), |_| false);
    assert_eq!(
        names(&tree),
        ["INBOX", "Alpha", "Alpha/One", "Gamma"],
        "gone again since"
    );
}

#[test]
fn a_renamed_folder_takes_what_is_below_it_along() {
    let mut tree = tree();
    let rename = Action::RenameMailbox {
        mailbox_id: MailboxId("Alpha".to_owned()),
        parent_id: None,
        name: "Zeta".to_owned(),
    };
    tree.queue(&id("x"), &rename, Vec::new());
    assert_eq!(names(&tree), ["INBOX", "Gamma", "Alpha", "Alpha/One"]);
    let zeta = MailboxId("Zeta".to_owned());
    tree.applied(&id("x"), 5, Some(&zeta), &[]);
    tree.rename(&MailboxId("Alpha".to_owned()), &zeta);
    assert_eq!(names(&tree), ["INBOX", "Gamma", "Zeta", "Alpha/One"]);
    assert_eq!(tree.view().mailboxes[3].parent_id, Some(zeta));
}

#[test]
fn a_deleted_folder_with_others_below_stays_as_their_parent() {
    let mut tree = tree();
    let delete = |name: &str| Action::DeleteMailbox {
        mailbox_id: MailboxId(name.to_owned()),
    };
    tree.queue(&id("x"), &delete("Alpha"), Vec::new());
    assert_eq!(names(&tree).len(), 4);
    assert!(!tree.view().mailboxes[1].my_rights.may_read_items);
    tree.queue(&id("y"), &delete("Gamma"), Vec::new());
    assert_eq!(names(&tree), ["INBOX", "Alpha", "Alpha/One"]);
    tree.drop_operation(&id("x"));
    assert!(tree.view().mailboxes[1].my_rights.may_read_items);
}

#[test]
fn counts_are_shifted_once_whenever_a_list_comes() {
    let mut tree = tree();
    read_three(&mut tree);
    assert_eq!(inbox(&tree), (10, 2));
    // Not sent yet: a list cannot include it.
    tree.take(list((11, 6)), Source::Asked(2), |_| false);
    assert_eq!(inbox(&tree), (11, 3));
    // On its way: a list may include it.
    tree.take(list((11, 3)), Source::Asked(3), |_| true);
    assert_eq!(inbox(&tree), (11, 3));
    tree.applied(&id("a"), 5, None, &[]);
    tree.take(list((12, 7)), Source::Pushed, |_| false);
    assert_eq!(inbox(&tree), (11, 3), "made before or after?");
    assert!(tree.is_unconfirmed());
    tree.take(list((12, 4)), Source::Asked(6), |_| false);
    assert_eq!(inbox(&tree), (12, 4));
    assert!(!tree.is_doubtful && tree.shifts.is_empty());
}

#[test]
fn a_pushed_list_that_says_what_is_shown_confirms_it() {
    let mut tree = tree();
    read_three(&mut tree);
    tree.applied(&id("a"), 5, None, &[]);
    tree.take(list((10, 2)), Source::Pushed, |_| false);
    assert!(tree.shifts.is_empty());
    assert_eq!(inbox(&tree), (10, 2));
}

#[test]
fn a_refused_operation_gives_the_counts_back() {
    let mut tree = tree();
    read_three(&mut tree);
    tree.drop_operation(&id("a"));
    assert_eq!(inbox(&tree), (10, 5));
}
