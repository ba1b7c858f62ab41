//! Changes of mailboxes themselves. One whose first try lost its answer may be done already: that counts.

use whimbrel_shared::{Action, OutcomeKind};

use super::{applied, name_of};
use crate::imap::{
    self, Error, connection::Connection, mailbox_ids::MailboxIds, mailboxes, name::MailboxName,
};

/// Makes, renames, deletes, subscribes. `is_repeat`: the answer to the first try was lost.
pub(super) async fn apply(
    connection: &mut Connection,
    action: Action,
    is_repeat: bool,
) -> imap::Result<OutcomeKind> {
    let ids = connection.mailbox_ids().clone();
    match action {
        Action::CreateMailbox {
            parent_id,
            name,
            role,
        } => {
            let parent = parent_id.as_ref().map(|id| name_of(&ids, id));
            let parent = parent.transpose()?;
            let made = mailboxes::create(connection, parent.as_ref(), &name, role).await;
            match made {
                Err(Error::No {
                    code: Some(code), ..
                }) if is_repeat && code == "ALREADYEXISTS" => {
                    let made = mailboxes::place(connection, parent.as_ref(), &name).await?;
                    Ok(made_mailbox(&ids, &made, &[]))
                }
                made => made.map(|made| made_mailbox(&ids, &made, &[])),
            }
        }
        Action::RenameMailbox {
            mailbox_id,
            parent_id,
            name,
        } => {
            let parent = parent_id.as_ref().map(|id| name_of(&ids, id));
            let parent = parent.transpose()?;
            let from = name_of(&ids, &mailbox_id)?;
            rename(connection, &from, parent.as_ref(), &name, is_repeat).await
        }
        Action::DeleteMailbox { mailbox_id } => {
            match mailboxes::delete(connection, &name_of(&ids, &mailbox_id)?).await {
                Err(Error::MailboxGone) => Ok(OutcomeKind::Gone),
                done => done.map(|()| applied(Vec::new())),
            }
        }
        Action::SubscribeMailbox {
            mailbox_id,
            is_subscribed,
        } => {
            mailboxes::subscribe(connection, &name_of(&ids, &mailbox_id)?, is_subscribed).await?;
            Ok(applied(Vec::new()))
        }
        _ => Err(Error::Unsupported("this changes no folder".to_owned())),
    }
}

fn made_mailbox(
    ids: &MailboxIds,
    name: &MailboxName,
    renamed: &[(MailboxName, MailboxName)],
) -> OutcomeKind {
    let mut outcome = applied(Vec::new());
    if let OutcomeKind::Applied {
        mailbox_id, below, ..
    } = &mut outcome
    {
        *mailbox_id = Some(ids.of(name));
        let pair = |(old, new): &(MailboxName, MailboxName)| (ids.of(old), ids.of(new));
        *below = renamed.iter().map(pair).collect();
    }
    outcome
}

async fn rename(
    connection: &mut Connection,
    from: &MailboxName,
    parent: Option<&MailboxName>,
    name: &str,
    is_repeat: bool,
) -> imap::Result<OutcomeKind> {
    let made = match mailboxes::rename(connection, from, parent, name).await {
        Err(Error::MailboxGone) if is_repeat => {
            let made = mailboxes::place(connection, parent, name).await?;
            mailboxes::status(connection, &made).await?;
            made
        }
        made => made?,
    };
    let renamed = mailboxes::renamed_below(connection, from, &made).await?;
    Ok(made_mailbox(connection.mailbox_ids(), &made, &renamed))
}
