//! Making, renaming and deleting mailboxes in a list of them, before the server has done it. Doing it to
//! a list in which it was done already changes nothing.

use whimbrel_shared::{Action, Mailbox, MailboxId, MailboxList, OperationId, Rights, Role};

use super::Tree;
use crate::sorted_map::SortedMap;

/// Whether the action alters the tree itself.
pub(super) fn is_about_the_tree(action: &Action) -> bool {
    matches!(
        action,
        Action::CreateMailbox { .. }
            | Action::RenameMailbox { .. }
            | Action::DeleteMailbox { .. }
            | Action::SubscribeMailbox { .. }
    )
}

/// Alters the list as `action` will. `result` is the id that the server gave, once it did.
pub(super) fn apply(
    list: &mut MailboxList,
    id: &OperationId,
    action: &Action,
    result: Option<&MailboxId>,
) {
    match action {
        Action::CreateMailbox {
            parent_id,
            name,
            role,
        } => {
            let new = result.cloned().unwrap_or_else(|| Tree::makeshift_id(id));
            create(list, new, parent_id.as_ref(), name, *role);
        }
        Action::RenameMailbox {
            mailbox_id,
            parent_id,
            name,
        } => rename(list, mailbox_id, parent_id.as_ref(), name, result),
        Action::DeleteMailbox { mailbox_id } => delete(list, mailbox_id),
        Action::SubscribeMailbox {
            mailbox_id,
            is_subscribed,
        } => {
            if let Some(mailbox) = list.mailboxes.iter_mut().find(|m| m.id == *mailbox_id) {
                mailbox.is_subscribed = *is_subscribed;
            }
        }
        _ => {}
    }
}

fn create(
    list: &mut MailboxList,
    id: MailboxId,
    parent: Option<&MailboxId>,
    name: &str,
    role: Option<Role>,
) {
    let is_there = |m: &Mailbox| m.id == id || (m.parent_id.as_ref() == parent && m.name == name);
    if list.mailboxes.iter().any(is_there) {
        return;
    }
    let role = role.filter(|role| list.mailboxes.iter().all(|m| m.role != Some(*role)));
    list.mailboxes.push(Mailbox {
        id: id.clone(),
        parent_id: parent.cloned(),
        name: name.to_owned(),
        role,
        sort_order: u32::MAX,
        total_emails: 0,
        unread_emails: 0,
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
    });
    place(list, &id);
}

fn rename(
    list: &mut MailboxList,
    id: &MailboxId,
    parent: Option<&MailboxId>,
    name: &str,
    result: Option<&MailboxId>,
) {
    if list
        .mailboxes
        .iter()
        .any(|m| Some(&m.id) == result && m.id != *id)
    {
        return;
    }
    let Some(mailbox) = list.mailboxes.iter_mut().find(|m| m.id == *id) else {
        return;
    };
    mailbox.parent_id = parent.cloned();
    name.clone_into(&mut mailbox.name);
    if let Some(new) = result {
        mailbox.id = new.clone();
        for child in &mut list.mailboxes {
            if child.parent_id.as_ref() == Some(id) {
                child.parent_id = Some(new.clone());
            }
        }
    }
    place(list, result.unwrap_or(id));
}

/// Mailboxes below a renamed one have new ids with it.
pub(super) fn follow(list: &mut MailboxList, below: &[(MailboxId, MailboxId)]) {
    for (old, new) in below {
        for mailbox in &mut list.mailboxes {
            for id in std::iter::once(&mut mailbox.id).chain(&mut mailbox.parent_id) {
                if id == old {
                    id.clone_from(new);
                }
            }
        }
    }
}

/// A mailbox with others below it stays as their parent, as IMAP has it.
fn delete(list: &mut MailboxList, id: &MailboxId) {
    if list
        .mailboxes
        .iter()
        .any(|m| m.parent_id.as_ref() == Some(id))
    {
        if let Some(mailbox) = list.mailboxes.iter_mut().find(|m| m.id == *id) {
            mailbox.total_emails = 0;
            mailbox.unread_emails = 0;
            mailbox.my_rights.may_read_items = false;
            mailbox.my_rights.may_add_items = false;
            mailbox.state = None;
        }
    } else {
        list.mailboxes.retain(|m| m.id != *id);
    }
}

/// Parents before children again. Siblings keep the server's order; `moved` goes where its name belongs
/// among those without a role.
fn place(list: &mut MailboxList, moved: &MailboxId) {
    let mut children: SortedMap<Option<MailboxId>, Vec<Mailbox>> = SortedMap::default();
    let mut last = None;
    for mailbox in list.mailboxes.drain(..) {
        if mailbox.id == *moved {
            last = Some(mailbox);
        } else {
            let siblings = children.get_or_insert_with(mailbox.parent_id.clone(), Vec::new);
            siblings.push(mailbox);
        }
    }
    if let Some(mailbox) = last {
        let siblings = children.get_or_insert_with(mailbox.parent_id.clone(), Vec::new);
        let name = mailbox.name.to_ascii_lowercase();
        let is_after = |m: &Mailbox| m.role.is_none() && m.name.to_ascii_lowercase() > name;
        let place = siblings.iter().position(is_after).unwrap_or(siblings.len());
        siblings.insert(place, mailbox);
    }
    let mut waiting = children.remove(&None).unwrap_or_default();
    waiting.reverse();
    while let Some(mailbox) = waiting.pop() {
        let below = children.remove(&Some(mailbox.id.clone()));
        waiting.extend(below.into_iter().flatten().rev());
        list.mailboxes.push(mailbox);
    }
    // A parent that is not in the list must not take its children with it.
    list.mailboxes
        .extend(children.into_iter().flat_map(|(_, below)| below));
}
