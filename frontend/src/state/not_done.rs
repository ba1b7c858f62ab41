//! Changes that could not be made. A toast tells of each when it happens; here they stay until a person
//! has looked at them, tries again or lets them go.

use leptos::prelude::*;
use whimbrel_shared::{Action, ApiError, ErrorCode};

use super::{App, dialogs::Dialog};
use crate::{browser::intl, logic::words};

/// More than anybody looks through; the oldest make room.
const AT_MOST: usize = 100;

/// One of them.
#[derive(Clone)]
pub struct NotDone {
    /// Its own number.
    pub id: u32,
    /// What was not done, as a sentence.
    pub what: String,
    /// Why, and what to do.
    pub why: String,
    /// The change itself, if trying again may help.
    pub again: Option<Action>,
}

/// All of them, oldest first.
#[derive(Clone, Copy)]
pub struct NotDones {
    items: StoredValue<Vec<NotDone>>,
    next_id: StoredValue<u32>,
    changed: Trigger,
}

impl NotDones {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self {
            items: StoredValue::new(Vec::new()),
            next_id: StoredValue::new(0),
            changed: Trigger::new(),
        }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> Vec<NotDone> {
        self.changed.track();
        self.items.get_value()
    }

    fn update(&self, change: impl FnOnce(&mut Vec<NotDone>)) {
        self.items.update_value(change);
        self.changed.notify();
    }
}

impl Default for NotDones {
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// A change was refused for good: tells so and keeps it. That one is signed out is asked about elsewhere.
    pub(super) fn was_not_done(self, action: &Action, error: &ApiError) {
        let is_hopeless = matches!(
            error.code,
            ErrorCode::MessageGone | ErrorCode::MailboxGone | ErrorCode::NotPermitted
        );
        let Some(what) = what(self, action).filter(|_| error.code != ErrorCode::SignedOut) else {
            return;
        };
        self.keep_not_done(
            what,
            error.to_string(),
            (!is_hopeless).then(|| action.clone()),
        );
    }

    /// Messages were gone before they could be moved or copied: tells so and keeps it.
    pub(super) fn were_gone(self, action: &Action) {
        if let Action::Move { .. } | Action::Copy { .. } = action
            && let Some(what) = what(self, action)
        {
            let why = "They were gone already: another mail program moved or deleted them.";
            self.keep_not_done(what, why.to_owned(), None);
        }
    }

    fn keep_not_done(self, what: String, why: String, again: Option<Action>) {
        let kept = self.not_done;
        let id = kept.next_id.get_value();
        kept.next_id.set_value(id.wrapping_add(1));
        self.toasts
            .fail_with(format!("{what} {why}"), "Review", move || {
                self.dialogs.open(Dialog::NotDone);
            });
        kept.update(|items| {
            let surplus = (items.len() + 1).saturating_sub(AT_MOST);
            items.drain(..surplus);
            items.push(NotDone {
                id,
                what,
                why,
                again,
            });
        });
    }

    /// Lets one of them go. The list closes with the last.
    pub fn let_go(self, id: u32) {
        self.not_done
            .update(|items| items.retain(|item| item.id != id));
        if untrack(|| self.not_done.all().is_empty()) {
            self.dialogs.close();
        }
    }

    /// Tries one of them again.
    pub fn try_again(self, item: &NotDone) {
        self.let_go(item.id);
        if let Some(action) = item.again.clone() {
            self.perform_move(action);
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
fn into(app: App, not: &str, to: &whimbrel_shared::MailboxId) -> String {
    match app.mail.replica().mailbox(to) {
        Some(mailbox) => format!("{not} to {}", words::mailbox_name(&mailbox)),
        None => not.to_owned(),
    }
}
