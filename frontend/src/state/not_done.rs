//! Changes that could not be made. A toast tells of each when it happens; it is kept until a person has
//! looked at it, tries again or lets it go.

use std::rc::Rc;

use leptos::prelude::*;
use whimbrel_shared::{Action, ApiError, ErrorCode, MailboxId};

use super::{
    App,
    dialogs::Dialog,
    toasts::{Toast, ToastAction, ToastKind},
};
use crate::{browser::intl, logic::words};

/// More than anybody looks through; the oldest make room.
const AT_MOST: usize = 100;

impl App {
    /// A change was refused for good. That one is signed out is asked about elsewhere.
    pub(super) fn was_not_done(self, action: &Action, error: &ApiError) {
        let is_hopeless = matches!(
            error.code,
            ErrorCode::MessageGone | ErrorCode::MailboxGone | ErrorCode::NotPermitted
        );
        if error.code != ErrorCode::SignedOut {
            let again = (!is_hopeless).then(|| action.clone());
            self.keep_not_done(action, &error.to_string(), again);
        }
    }

    /// Messages were gone before they could be moved or copied.
    pub(super) fn were_gone(self, action: &Action) {
        if let Action::Move { .. } | Action::Copy { .. } = action {
            let why = "They were gone already: another mail program moved or deleted them.";
            self.keep_not_done(action, why, None);
        }
    }

    fn keep_not_done(self, action: &Action, why: &str, again: Option<Action>) {
        let Some(what) = what(self, action) else {
            return;
        };
        let text = format!("{what} {why}");
        let review = move || self.dialogs.open(Dialog::NotDone);
        let id = self.toasts.fail_with(text.clone(), "Review", review);
        let again = again.map(|action| -> (&'static str, ToastAction) {
            let again = move || drop(self.perform_move(action.clone()));
            ("Try again", Rc::new(again))
        });
        self.toasts.kept.update(|kept| {
            let surplus = (kept.len() + 1).saturating_sub(AT_MOST);
            kept.drain(..surplus);
            kept.push(Toast {
                id,
                kind: ToastKind::Failure,
                text,
                action: again,
            });
        });
    }

    /// Lets one of them go, with its toast. The list closes with the last.
    pub fn let_go(self, id: u32) {
        let toasts = self.toasts;
        toasts.close(id);
        toasts.kept.update(|kept| kept.retain(|one| one.id != id));
        if toasts.kept.read_untracked().is_empty() {
            self.dialogs.close();
        }
    }
}

/// What was not done. `None` where whoever asked says it: the composer, and who waits for a folder.
fn what(app: App, action: &Action) -> Option<String> {
    let (uids, not) = match action {
        Action::SaveDraft { .. }
        | Action::Send { .. }
        | Action::CreateMailbox { .. }
        | Action::RenameMailbox { .. } => return None,
        Action::DeleteMailbox { .. } => return Some("The folder was not deleted.".to_owned()),
        Action::SubscribeMailbox { .. } => return Some("The folder was not changed.".to_owned()),
        Action::SetKeywords { uids, .. } => (uids, "not marked".to_owned()),
        Action::Destroy { uids, .. } => (uids, "not deleted".to_owned()),
        Action::Move { uids, to, .. } => (uids, into(app, "not moved", to)),
        Action::Copy { uids, to, .. } => (uids, into(app, "not copied", to)),
    };
    let count = uids.len();
    let were = if count == 1 { "was" } else { "were" };
    let messages = words::messages(count, &intl::number(count));
    Some(format!("{messages} {were} {not}."))
}

/// "not moved to Archive"; without the folder's name if it is not known any more.
fn into(app: App, not: &str, to: &MailboxId) -> String {
    match app.mail.replica().mailbox(to) {
        Some(mailbox) => format!("{not} to {}", words::mailbox_name(&mailbox)),
        None => not.to_owned(),
    }
}
