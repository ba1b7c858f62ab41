//! What a person can do with messages. Every one is shown at once, goes through the replica's
//! queue and says what it did; what loses mail asks first.

use std::{rc::Rc, time::Duration};

use leptos::prelude::*;
use whimbrel_replica::list::{ListKey, Phase};
use whimbrel_shared::{Action, Keyword, Mailbox, MailboxId, MessageKey, OutcomeKind, Role};

use super::{
    App,
    dialogs::{Dialog, Question},
    targets::Targets,
};
use crate::{
    browser::{dom, intl, timers},
    logic::words,
};

/// How often, and how many times, it is looked whether a folder has opened: half a minute.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: usize = 300;

/// Puts messages into Archive.
pub fn archive(app: App, targets: &Targets) {
    move_to_role(app, targets, Role::Archive);
}

/// Puts messages into Trash; from Trash and Junk, deletes them for ever after a question.
pub fn delete(app: App, targets: &Targets) {
    if matches!(
        role_of(app, &targets.mailbox_id),
        Some(Role::Trash | Role::Junk)
    ) {
        ask_to_destroy(app, targets.clone());
    } else {
        move_to_role(app, targets, Role::Trash);
    }
}

/// Marks messages as junk and puts them into Junk; from Junk, back into the inbox.
pub fn junk(app: App, targets: &Targets) {
    if role_of(app, &targets.mailbox_id) == Some(Role::Junk) {
        move_to_role(app, targets, Role::Inbox);
    } else {
        move_to_role(app, targets, Role::Junk);
    }
}

/// Whether "Junk" would take messages of this mailbox out of Junk. Tracks.
#[must_use]
pub fn is_junk(app: App, mailbox: &MailboxId) -> bool {
    app.mail
        .mailbox(mailbox)
        .is_some_and(|mailbox| mailbox.role == Some(Role::Junk))
}

/// Puts messages into another mailbox.
pub fn move_to(app: App, targets: &Targets, to: &Mailbox) {
    if to.id == targets.mailbox_id {
        app.toasts
            .say(format!("Already in {}", words::mailbox_name(to)));
        return;
    }
    let from_role = role_of(app, &targets.mailbox_id);
    let (add, remove) = match (from_role, to.role) {
        (_, Some(Role::Junk)) => (vec![Keyword::JUNK], vec![Keyword::NOT_JUNK]),
        (Some(Role::Junk), role) if role != Some(Role::Trash) => {
            (vec![Keyword::NOT_JUNK], vec![Keyword::JUNK])
        }
        _ => (Vec::new(), Vec::new()),
    };
    let keywords = |names: Vec<&str>| names.into_iter().map(Keyword::new).collect();
    leave_list(app, targets);
    let id = app.perform_move(Action::Move {
        mailbox_id: targets.mailbox_id.clone(),
        uidvalidity: targets.uidvalidity,
        uids: targets.uids.clone(),
        to: to.id.clone(),
        add: keywords(add),
        remove: keywords(remove),
    });
    let text = format!("{} moved to {}", count(targets), words::mailbox_name(to));
    app.offer_undo(id, text);
}

/// Opens the menu of folders to move messages to.
pub fn ask_where_to_move(app: App, targets: Targets) {
    app.dialogs.open(Dialog::Move(targets));
}

/// Marks messages as read.
pub fn mark_read(app: App, targets: &Targets) {
    set(app, targets, &[Keyword::SEEN], &[]);
}

/// Marks messages as unread.
pub fn mark_unread(app: App, targets: &Targets) {
    set(app, targets, &[], &[Keyword::SEEN]);
}

/// Whether any of the messages is known to be unread. Tracks.
#[must_use]
pub fn is_any_unread(app: App, targets: &Targets) -> bool {
    any_known(app, targets, |seen| !seen, Keyword::SEEN)
}

/// Marks as read if any of the messages is known to be unread, else as unread.
pub fn toggle_read(app: App, targets: &Targets) {
    if untrack(|| is_any_unread(app, targets)) {
        mark_read(app, targets);
    } else {
        mark_unread(app, targets);
    }
}

/// Flags messages.
pub fn flag(app: App, targets: &Targets) {
    set(app, targets, &[Keyword::FLAGGED], &[]);
}

/// Takes the flag of messages away.
pub fn unflag(app: App, targets: &Targets) {
    set(app, targets, &[], &[Keyword::FLAGGED]);
}

/// Flags if any of the messages is known to have no flag, else takes the flags away.
pub fn toggle_flag(app: App, targets: &Targets) {
    if untrack(|| any_known(app, targets, |flagged| !flagged, Keyword::FLAGGED)) {
        flag(app, targets);
    } else {
        unflag(app, targets);
    }
}

/// Marks everything in a mailbox as read.
pub fn mark_all_read(app: App, mailbox: &Mailbox) {
    let name = words::mailbox_name(mailbox).to_owned();
    with_all_of(app, mailbox, move |targets| {
        mark_read(app, targets);
        app.toasts
            .say(format!("All messages in {name} marked as read"));
    });
}

/// Deletes everything in a mailbox for ever, after a question that names the count.
pub fn empty_folder(app: App, mailbox: &Mailbox) {
    with_all_of(app, mailbox, move |targets| {
        ask_to_destroy(app, targets.clone());
    });
}

/// Opens a message as a click on its row does: a draft in a composer, others in the reading pane.
pub fn open(app: App, key: MessageKey) {
    let Some(mailbox_id) = app.navigation.mailbox.get_untracked() else {
        return;
    };
    app.cursor.put(key);
    if role_of(app, &mailbox_id) == Some(Role::Drafts) {
        app.composers.edit_draft(mailbox_id, key);
    } else {
        app.navigation.open_message(key);
    }
}

fn set(app: App, targets: &Targets, add: &[&str], remove: &[&str]) {
    let keywords = |names: &[&str]| names.iter().map(|name| Keyword::new(name)).collect();
    app.mail.perform(Action::SetKeywords {
        mailbox_id: targets.mailbox_id.clone(),
        uidvalidity: targets.uidvalidity,
        uids: targets.uids.clone(),
        add: keywords(add),
        remove: keywords(remove),
    });
}

/// Whether any of the targets whose rows are known is so. Of many, the newest thousand tell.
fn any_known(app: App, targets: &Targets, is_so: fn(bool) -> bool, keyword: &str) -> bool {
    targets.uids.iter().rev().take(1000).any(|uid| {
        let key = MessageKey {
            uidvalidity: targets.uidvalidity,
            uid,
        };
        app.mail
            .envelope(&targets.mailbox_id, key)
            .is_some_and(|envelope| is_so(envelope.keywords.contains(keyword)))
    })
}

/// Does something with everything in a mailbox. A mailbox that is not on screen is opened first:
/// what is in it must be known, as it is now, and seen.
fn with_all_of(app: App, mailbox: &Mailbox, act: impl FnOnce(&Targets) + 'static) {
    let list = ListKey::whole(mailbox.id.clone());
    if app.navigation.list.get_untracked().as_ref() != Some(&list) {
        app.navigation.open_mailbox(mailbox.id.clone());
    }
    app.mail.replica().want_list(&list);
    let name = words::mailbox_name(mailbox).to_owned();
    timers::spawn(async move {
        for _ in 0..LOOKS {
            let replica = app.mail.replica();
            let view = replica.list(&list);
            // Without a line, what was there when it was last seen has to do.
            let is_settled = replica.is_fresh(&list) || app.mail.line.get_untracked().is_cut();
            let targets = Targets {
                mailbox_id: list.mailbox.clone(),
                uidvalidity: view.uidvalidity.unwrap_or_default(),
                uids: replica.keys(&list),
            };
            match view.phase {
                Phase::Ready if is_settled && targets.uids.is_empty() => {
                    app.toasts.say(format!("{name} is empty"));
                    return;
                }
                Phase::Ready if is_settled => {
                    act(&targets);
                    return;
                }
                Phase::Loading | Phase::Ready => timers::sleep(LOOK).await,
                // The list itself says why.
                Phase::Failed(_) => return,
            }
        }
        app.toasts
            .fail(format!("{name} did not open in time, so nothing was done."));
    });
}

fn ask_to_destroy(app: App, targets: Targets) {
    let name = untrack(|| app.mail.mailbox(&targets.mailbox_id))
        .map(|mailbox| words::mailbox_name(&mailbox).to_owned())
        .unwrap_or_default();
    let (these, text) = if targets.uids.len() == 1 {
        ("It is", "message")
    } else {
        ("They are", "messages")
    };
    let number = intl::number(targets.uids.len());
    app.dialogs.open(Dialog::Question(Question {
        title: format!("Delete {number} {text} forever?"),
        text: format!("{these} in {name}. This cannot be undone on any of your devices."),
        accept: "Delete forever",
        is_destructive: true,
        on_accept: Rc::new(move || destroy(app, &targets)),
    }));
}

fn destroy(app: App, targets: &Targets) {
    leave_list(app, targets);
    app.mail.perform(Action::Destroy {
        mailbox_id: targets.mailbox_id.clone(),
        uidvalidity: targets.uidvalidity,
        uids: targets.uids.clone(),
    });
    app.toasts
        .say(format!("{} deleted forever", count(targets)));
}

fn move_to_role(app: App, targets: &Targets, role: Role) {
    match app.mail.replica().mailbox_of_role(role) {
        Some(mailbox) => move_to(app, targets, &mailbox),
        None => ask_to_create(app, targets.clone(), role),
    }
}

/// There is no mailbox of this role: nothing is deleted or hidden instead, one is made.
fn ask_to_create(app: App, targets: Targets, role: Role) {
    let name = words::role_name(role);
    app.dialogs.open(Dialog::Question(Question {
        title: format!("Create the folder {name}?"),
        text: format!(
            "This account has no folder {name} yet. It will be created, and {} moved to it.",
            count(&targets)
        ),
        accept: "Create folder",
        is_destructive: false,
        on_accept: Rc::new(move || {
            let targets = targets.clone();
            timers::spawn(async move { create_and_move(app, &targets, role).await });
        }),
    }));
}

async fn create_and_move(app: App, targets: &Targets, role: Role) {
    let outcome = app
        .mail
        .perform_and_wait(Action::CreateMailbox {
            parent_id: None,
            name: words::role_name(role).to_owned(),
            role: Some(role),
        })
        .await;
    match outcome {
        OutcomeKind::Applied { mailbox_id, .. } => {
            let replica = app.mail.replica();
            let made = mailbox_id
                .and_then(|id| replica.mailbox(&id))
                .or_else(|| replica.mailbox_of_role(role));
            match made {
                Some(mailbox) => move_to(app, targets, &mailbox),
                None => {
                    app.toasts.say("The folder was created. Do it again now.");
                }
            }
        }
        OutcomeKind::Refused { error, .. } => {
            app.toasts
                .fail(format!("The folder was not created. {error}"));
        }
        OutcomeKind::Gone => {}
    }
}

/// Before messages leave the list on screen: what is shown in place of the open one, and where
/// the keyboard goes.
fn leave_list(app: App, targets: &Targets) {
    if app.navigation.mailbox.get_untracked().as_ref() != Some(&targets.mailbox_id) {
        return;
    }
    app.selection.clear();
    let open = app.navigation.message.get_untracked().map(|(_, key)| key);
    if let Some(open) = open.filter(|open| targets.uids.contains(open.uid)) {
        let next = app.cursor.neighbour(open, &targets.uids);
        if let Some(next) = next {
            app.cursor.put(next);
        }
        // On a phone one goes back to the list, elsewhere on to the next message.
        app.navigation
            .replace_message(next.filter(|_| !dom::is_one_pane()));
    } else if let Some(cursor) = app.cursor.key.get_untracked()
        && targets.uids.contains(cursor.uid)
        && let Some(next) = app.cursor.neighbour(cursor, &targets.uids)
    {
        app.cursor.put_in_place(next);
    }
}

fn role_of(app: App, mailbox: &MailboxId) -> Option<Role> {
    app.mail.replica().mailbox(mailbox)?.role
}

fn count(targets: &Targets) -> String {
    let count = targets.uids.len();
    words::messages(count, &intl::number(count))
}
