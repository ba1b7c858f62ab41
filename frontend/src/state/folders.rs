//! What a person can do with folders.

use std::rc::Rc;

use leptos::prelude::GetUntracked;
use whimbrel_shared::{Action, ApiError, ErrorCode, Mailbox, MailboxId, OutcomeKind, Role};

use super::{
    App,
    dialogs::{Dialog, NameRequest, NotDone, Question},
    mail::Line,
};
use crate::{
    browser::{intl, timers},
    logic::words,
};

/// Asks for the name of a new folder, below `parent` or at the top.
pub fn ask_to_create(app: App, parent: Option<&Mailbox>) {
    let parent_id = parent.map(|parent| parent.id.clone());
    let title = match parent {
        Some(parent) => format!("New folder in {}", words::mailbox_name(parent)),
        None => "New folder".to_owned(),
    };
    app.dialogs.open(Dialog::Name(NameRequest {
        title,
        initial: String::new(),
        accept: "Create folder",
        on_accept: Rc::new(move |name| {
            let parent_id = parent_id.clone();
            Box::pin(async move {
                let action = Action::CreateMailbox {
                    parent_id,
                    name: name.clone(),
                    role: None,
                };
                let words = Words {
                    done: format!("Folder {name} created"),
                    later: format!("Folder {name} will be created when the connection is back"),
                    failed: format!("The folder {name} was not created."),
                };
                change(app, action, words).await
            })
        }),
    }));
}

/// Asks for another name of a folder.
pub fn ask_to_rename(app: App, mailbox: &Mailbox) {
    let (mailbox_id, parent_id) = (mailbox.id.clone(), mailbox.parent_id.clone());
    app.dialogs.open(Dialog::Name(NameRequest {
        title: format!("Rename {}", mailbox.name),
        initial: mailbox.name.clone(),
        accept: "Rename",
        on_accept: Rc::new(move |name| {
            let (mailbox_id, parent_id) = (mailbox_id.clone(), parent_id.clone());
            Box::pin(async move {
                let action = Action::RenameMailbox {
                    mailbox_id,
                    parent_id,
                    name: name.clone(),
                };
                let words = Words {
                    done: format!("Folder renamed to {name}"),
                    later: format!("Folder will be renamed to {name} when the connection is back"),
                    failed: format!("The folder was not renamed to {name}."),
                };
                change(app, action, words).await
            })
        }),
    }));
}

/// Asks whether to delete a folder with all that is in it.
pub fn ask_to_delete(app: App, mailbox: &Mailbox) {
    let id = mailbox.id.clone();
    let count = usize::try_from(mailbox.total_emails).unwrap_or(usize::MAX);
    let text = if count == 0 {
        "It is empty. This cannot be undone.".to_owned()
    } else {
        format!(
            "{} in it will be deleted forever. This cannot be undone on any of your devices.",
            words::messages(count, &intl::number(count))
        )
    };
    app.dialogs.open(Dialog::Question(Question {
        title: format!("Delete the folder {}?", mailbox.name),
        text,
        accept: "Delete folder",
        is_destructive: true,
        on_accept: Rc::new(move || delete(app, id.clone())),
    }));
}

fn delete(app: App, mailbox_id: MailboxId) {
    let inbox = app.mail.replica().mailbox_of_role(Role::Inbox);
    if app.navigation.mailbox.get_untracked().as_ref() == Some(&mailbox_id)
        && let Some(inbox) = inbox
    {
        app.navigation.open_mailbox(inbox.id);
    }
    app.mail.perform(Action::DeleteMailbox { mailbox_id });
    app.toasts.say("Folder deleted");
}

/// What is said of a change of folders.
struct Words {
    done: String,
    later: String,
    failed: String,
}

/// Makes a change for a dialog that is open. Without a line it is shown now and done when the line
/// is back; the dialog does not wait for that.
async fn change(app: App, action: Action, words: Words) -> Result<(), NotDone> {
    let changed = outcome(app, action, words.failed);
    if app.mail.line.get_untracked() == Line::Online {
        changed.await?;
        app.toasts.say(words.done);
    } else {
        app.toasts.say(words.later);
        timers::spawn(async move {
            if let Err(failed) = changed.await {
                app.toasts.say_not_done(&failed.what, &failed.error);
            }
        });
    }
    Ok(())
}

async fn outcome(app: App, action: Action, what: String) -> Result<(), NotDone> {
    let error = match app.mail.perform_and_wait(action).await {
        OutcomeKind::Applied { .. } => return Ok(()),
        OutcomeKind::Refused { error, .. } => error,
        OutcomeKind::Gone => ApiError::new(
            ErrorCode::MailboxGone,
            "The folder is gone.",
            "Another mail program deleted or renamed it.",
        ),
    };
    Err(NotDone { what, error })
}
