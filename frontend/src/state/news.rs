//! What the app does when the replica has news, beyond reading again what is on screen.

use leptos::prelude::GetUntracked;
use whimbrel_replica::notice::Notice;
use whimbrel_shared::Action;

use super::App;

/// Takes one piece of news. The signals of [`super::mail`] were stirred already.
pub fn take(app: App, notice: &Notice) {
    match notice {
        Notice::Mailboxes => app.navigation.name_the_inbox(),
        Notice::Applied {
            id,
            action,
            moved,
            warning,
            ..
        } => {
            app.move_was_applied(id, moved);
            app.was_not_done(id); // to those messages of many that were gone
            if let Action::CreateMailbox { .. } | Action::RenameMailbox { .. } = action {
                follow_mailbox(app);
            }
            if let Some(warning) = warning {
                app.toasts.fail(warning.clone());
            }
        }
        Notice::Refused { id } | Notice::Gone { id } => {
            app.move_was_refused(id);
            app.was_not_done(id);
        }
        Notice::SignedOut => app.session_ended(),
        Notice::Alert(text) => {
            app.toasts.fail(format!("The mail server says: {text}"));
        }
        Notice::Connection => app.line_may_have_changed(),
        Notice::List(_)
        | Notice::Rows(_)
        | Notice::Message(..)
        | Notice::Queue
        | Notice::Mismatch(_) => {}
    }
}

/// The mailbox on screen may have another id now: it was renamed, or the server has made it at last.
/// The address must not keep the old one, which means nothing after reloading.
fn follow_mailbox(app: App) {
    let Some(here) = app.navigation.mailbox.get_untracked() else {
        return;
    };
    let now = app.mail.replica().current_id(&here);
    if now != here {
        app.navigation.mailbox_became(&here, now);
    }
}
