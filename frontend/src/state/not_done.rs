//! Words for changes that could not be made, which the replica keeps until a person has looked at them, tries
//! again or lets them go. A toast tells of each when it happens. Keeps nothing itself.

use whimbrel_replica::refusals::Refusal;
use whimbrel_shared::{Action, ErrorCode, MailboxId, OperationId};

use super::{App, dialogs::Dialog};
use crate::{browser::intl, logic::words};

impl App {
    /// A change was not made for good. One that somebody waits for is told by whoever waits.
    pub(super) fn was_not_done(self, id: &OperationId) {
        let refusals = self.mail.replica().could_not_apply();
        if let Some(refusal) = refusals.iter().find(|refusal| refusal.id == *id) {
            let review = move || self.dialogs.open(Dialog::NotDone);
            self.toasts
                .fail_with(self.not_done_text(refusal), "Review", review);
        }
    }

    /// What was not done, and why.
    #[must_use]
    pub fn not_done_text(self, refusal: &Refusal) -> String {
        format!("{} {}", what(self, &refusal.action), refusal.error)
    }

    /// Lets one of them go, with its toast. The list closes with the last.
    pub fn let_go(self, refusal: &Refusal) {
        self.toasts.close_failure(&self.not_done_text(refusal));
        self.mail.dismiss(&refusal.id);
        if self.mail.replica().could_not_apply().is_empty() {
            self.dialogs.close();
        }
    }

    /// Lets one of them go and does the same anew.
    pub fn try_again(self, refusal: &Refusal) {
        self.let_go(refusal);
        self.perform_move(refusal.action.clone());
    }
}

/// Whether the same could go well later.
#[must_use]
pub fn is_worth_a_try(refusal: &Refusal) -> bool {
    !matches!(
        refusal.error.code,
        ErrorCode::MessageGone | ErrorCode::MailboxGone | ErrorCode::NotPermitted
    )
}

/// What was not done.
fn what(app: App, action: &Action) -> String {
    let (uids, not) = match action {
        Action::SaveDraft { .. } => return "The draft was not saved.".to_owned(),
        Action::Send { .. } => return "The letter was not sent.".to_owned(),
        Action::DeleteMailbox { .. } => return "The folder was not deleted.".to_owned(),
        Action::CreateMailbox { .. } => return "The folder was not created.".to_owned(),
        Action::RenameMailbox { .. } | Action::SubscribeMailbox { .. } => {
            return "The folder was not changed.".to_owned();
        }
        Action::SetKeywords { uids, .. } => (uids, "not marked".to_owned()),
        Action::Destroy { uids, .. } => (uids, "not deleted".to_owned()),
        Action::Move { uids, to, .. } => (uids, into(app, "not moved", to)),
        Action::Copy { uids, to, .. } => (uids, into(app, "not copied", to)),
    };
    let count = uids.len();
    let were = if count == 1 { "was" } else { "were" };
    let messages = words::messages(count, &intl::number(count));
    format!("{messages} {were} {not}.")
}

/// "not moved to Archive"; without the folder's name if it is not known any more.
fn into(app: App, not: &str, to: &MailboxId) -> String {
    match app.mail.replica().mailbox(to) {
        Some(mailbox) => format!("{not} to {}", words::mailbox_name(&mailbox)),
        None => not.to_owned(),
    }
}
