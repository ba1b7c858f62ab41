//! Small pieces of the interface's sentences.

use whimbrel_shared::{Mailbox, Role};

/// "1 message", "3 messages"; `formatted` is the number as the person's language writes it.
#[must_use]
pub fn messages(count: usize, formatted: &str) -> String {
    if count == 1 {
        "1 message".to_owned()
    } else {
        format!("{formatted} messages")
    }
}

/// What a folder is called on screen: folders with a role by our word, others by their name.
#[must_use]
pub fn mailbox_name(mailbox: &Mailbox) -> &str {
    match mailbox.role {
        Some(role) => role_name(role),
        None => &mailbox.name,
    }
}

/// What a folder of this role is called.
#[must_use]
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Inbox => "Inbox",
        Role::Drafts => "Drafts",
        Role::Sent => "Sent",
        Role::Flagged => "Flagged",
        Role::Archive => "Archive",
        Role::Junk => "Junk",
        Role::Trash => "Trash",
        Role::All => "All mail",
    }
}

/// The title of the tab.
#[must_use]
pub fn title(mailbox: Option<&str>, unread: u32) -> String {
    match mailbox {
        Some(name) if unread > 0 => format!("{name} ({unread}) · Whimbrel"),
        Some(name) => format!("{name} · Whimbrel"),
        None => "Whimbrel".to_owned(),
    }
}
