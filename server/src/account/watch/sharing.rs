//! Watching on the connection that everything else goes through, where the mail server takes no more: the
//! folders on screen are asked often, all others as seldom as ever.

use tokio::time::sleep;

use super::{
    Ended, Watch,
    rhythm::Rhythm,
    seen::{FirstSight, Seen, tell_state},
};
use crate::{
    account::connections::{Lane, Repeat},
    imap::{self, Error, mailboxes::status, name::MailboxName},
};

/// Until nobody listens, or the account may try for another connection.
pub(super) async fn watch_without_connection(
    watch: &Watch,
    seen: &mut Seen,
) -> imap::Result<Ended> {
    let mut rhythm = Rhythm::new();
    while watch.0.connections.opener().only_one() {
        if watch.may_go() {
            return Ok(Ended::NobodyListens);
        }
        let on_screen = watch.listeners().on_screen(watch.mailbox_ids());
        for name in on_screen {
            if look_at(watch, seen, name).await? {
                rhythm.hurry();
            }
        }
        if rhythm.is_due() {
            watch.tell_mailboxes(seen).await?;
            rhythm.taken(watch.listeners().is_looked_at());
        }
        watch.lost(false);
        watch.tell_alerts();
        watch.quota().await?;
        let is_looked_at = watch.listeners().is_looked_at();
        tokio::select! {
            () = sleep(rhythm.unasked(is_looked_at)) => {}
            () = watch.0.wake.notified() => rhythm.hurry(),
        }
    }
    Ok(Ended::SharingChanged)
}

/// Tells what changed in a folder on screen, and gives whether something did. What is open is not
/// changed: the person's next question is about that.
async fn look_at(watch: &Watch, seen: &mut Seen, name: MailboxName) -> imap::Result<bool> {
    let id = watch.mailbox_ids().of(&name);
    let asking = (watch.0.connections).run(Lane::Interactive, Repeat::Once, move |connection| {
        let name = name.clone();
        Box::pin(async move {
            let is_open = (connection.selected()).is_some_and(|open| open.name == name);
            if is_open {
                connection.noop().await?;
            }
            match connection.selected() {
                Some(open) if is_open => Ok(open.state()),
                _ => status(connection, &name).await.map(|(state, ..)| state),
            }
        })
    });
    match asking.await {
        Ok(state) => Ok(tell_state(watch, seen, &id, state, FirstSight::Tell)),
        Err(Error::MailboxGone | Error::No { .. } | Error::Unsupported(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
