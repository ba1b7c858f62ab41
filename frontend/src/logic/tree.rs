//! The folders as the tree on screen: roles first, then one's own, closed branches left out.

use std::collections::{BTreeMap, BTreeSet};

use whimbrel_shared::{Mailbox, MailboxId, MailboxList, Role};

/// Deeper levels are drawn like this one.
const DEEPEST: usize = 12;

/// The roles from top to bottom.
const ROLES: [Role; 8] = [
    Role::Inbox,
    Role::Drafts,
    Role::Sent,
    Role::Flagged,
    Role::All,
    Role::Archive,
    Role::Junk,
    Role::Trash,
];

/// One line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The folder.
    pub mailbox: Mailbox,
    /// How deep it is, from 1.
    pub level: usize,
    /// Whether its children are shown; `None` without children.
    pub is_expanded: Option<bool>,
}

/// The lines of the tree: those with a role at the top, then the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Folders with a role, from top to bottom.
    pub roles: Vec<MailboxId>,
    /// One's own folders, from top to bottom.
    pub own: Vec<MailboxId>,
    lines: BTreeMap<MailboxId, Branch>,
}

impl Tree {
    /// The visible lines. `closed` are the folders whose children are hidden.
    #[must_use]
    pub fn new(list: &MailboxList, closed: &[MailboxId]) -> Self {
        let mut tree = Self::default();
        // Folders of a role stand at the top wherever they are on the server.
        for role in ROLES {
            for mailbox in of_role(list, Some(role)) {
                tree.roles.push(mailbox.id.clone());
                tree.add(mailbox, 1, None);
            }
        }
        grow(&mut tree, list, closed);
        tree
    }

    /// One line; `None` if it is hidden or gone.
    #[must_use]
    pub fn line(&self, id: &MailboxId) -> Option<&Branch> {
        self.lines.get(id)
    }

    /// All lines from top to bottom.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = &MailboxId> {
        self.roles.iter().chain(&self.own)
    }

    /// The line `by` lines below (above, if negative) another; the last or first at the ends.
    #[must_use]
    pub fn away(&self, from: &MailboxId, by: isize) -> Option<&MailboxId> {
        let at = self.ids().position(|id| id == from).unwrap_or(0);
        let last = (self.roles.len() + self.own.len()).checked_sub(1)?;
        self.ids().nth(at.saturating_add_signed(by).min(last))
    }

    fn add(&mut self, mailbox: &Mailbox, level: usize, is_expanded: Option<bool>) {
        self.lines.insert(
            mailbox.id.clone(),
            Branch {
                mailbox: mailbox.clone(),
                level,
                is_expanded,
            },
        );
    }
}

/// The folders of a role (or of none), in the order of the list.
fn of_role(list: &MailboxList, role: Option<Role>) -> impl Iterator<Item = &Mailbox> {
    list.mailboxes
        .iter()
        .filter(move |mailbox| mailbox.role == role)
}

/// Own folders come parents first; a child of a role's folder, or of none that is known, is a top.
fn grow<'a>(tree: &mut Tree, list: &'a MailboxList, closed: &[MailboxId]) {
    let own_ids: BTreeSet<&MailboxId> = of_role(list, None).map(|mailbox| &mailbox.id).collect();
    let parent = |mailbox: &'a Mailbox| {
        let parent = mailbox.parent_id.as_ref();
        parent.filter(|parent| own_ids.contains(parent))
    };
    let parents: BTreeSet<&MailboxId> = of_role(list, None).filter_map(parent).collect();
    // The parents of the line being looked at, outermost first, and whether all are open.
    let mut path: Vec<(&MailboxId, bool)> = Vec::new();
    for mailbox in of_role(list, None) {
        let above = parent(mailbox);
        while path.last().map(|(id, _)| *id) != above && path.pop().is_some() {}
        let is_visible = path.last().is_none_or(|(_, open)| *open);
        let has_children = parents.contains(&mailbox.id);
        let is_open = has_children && !closed.contains(&mailbox.id);
        if is_visible {
            tree.own.push(mailbox.id.clone());
            let level = (path.len() + 1).min(DEEPEST);
            tree.add(mailbox, level, has_children.then_some(is_open));
        }
        path.push((&mailbox.id, is_visible && is_open));
    }
}

/// The folders that messages can be moved to, with the words of their parents before their name;
/// those whose words hold all of `filter`, without regard to case. `lower_case` is the browser's, which
/// knows every script already.
#[must_use]
pub fn move_targets(
    list: &MailboxList,
    filter: &str,
    lower_case: fn(&str) -> String,
) -> Vec<(Mailbox, String)> {
    let words: Vec<String> = filter.split_whitespace().map(lower_case).collect();
    // Views that the server makes cannot be moved to; Drafts and Sent are seldom meant.
    let first = [Role::Inbox, Role::Archive, Role::Junk, Role::Trash].map(Some);
    let last = [None, Some(Role::Drafts), Some(Role::Sent)];
    let mut found = Vec::new();
    for role in first.into_iter().chain(last) {
        for mailbox in of_role(list, role).filter(|mailbox| mailbox.my_rights.may_add_items) {
            let name = path_name(list, mailbox);
            let lower = lower_case(&name);
            if words.iter().all(|word| lower.contains(word)) {
                found.push((mailbox.clone(), name));
            }
        }
    }
    found
}

/// "Projects / Tern survey".
#[must_use]
pub fn path_name(list: &MailboxList, mailbox: &Mailbox) -> String {
    if mailbox.role.is_some() {
        return super::words::mailbox_name(mailbox).to_owned();
    }
    let mut names = vec![mailbox.name.as_str()];
    let mut parent = mailbox.parent_id.as_ref();
    while let Some(above) = parent
        .and_then(|id| list.mailboxes.iter().find(|mailbox| mailbox.id == *id))
        .filter(|_| names.len() < DEEPEST)
    {
        names.push(super::words::mailbox_name(above));
        parent = above.parent_id.as_ref();
    }
    names.reverse();
    names.join(" / ")
}

#[cfg(test)]
mod tests;
