//! Senders whose pictures from elsewhere are loaded without a question: where a message is theirs beyond doubt, and
//! nowhere else. Asks nobody for a picture.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use whimbrel_shared::MailboxId;

use super::{
    Account, circles,
    opened::Opened,
    senders::{self, AddError, List, Senders},
};
use crate::{
    message::sender::standing::Standing,
    state::AppState,
    store::records::{self, Record},
};

/// A message is not kept waiting longer for who sent it: then its pictures are loaded when somebody asks for them.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whose pictures are loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PictureSenders(Senders);

impl Record for PictureSenders {
    const KIND: &str = "picture senders";

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl List for PictureSenders {
    fn senders(&mut self) -> &mut Senders {
        &mut self.0
    }
}

/// Whether pictures of a message are loaded without a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loading {
    /// Not of this sender, or there are none.
    WhenAsked,
    /// Yes.
    AtOnce,
    /// They would be, but for this: the end of a sentence.
    Held(String),
}

/// Whether pictures of an opened message are loaded without a question. Where the list cannot be read, they are not.
pub async fn loading(
    app: &AppState,
    account: &Account,
    own: &str,
    mailbox: &MailboxId,
    opened: &Arc<Opened>,
) -> Loading {
    let [from] = &*opened.header.from else {
        return Loading::WhenAsked;
    };
    if opened.rendered.remote.is_empty() {
        return Loading::WhenAsked;
    }
    let listed = records::find::<PictureSenders>(&app.store, account.id()).await;
    let listed = listed.unwrap_or_else(|why| {
        tracing::warn!(%why, "the senders whose pictures are loaded cannot be read");
        PictureSenders::default()
    });
    if !listed.0.holds(&from.email) {
        return Loading::WhenAsked;
    }
    match standing(account, own, mailbox, opened)
        .await
        .objection(&from.email)
    {
        None => Loading::AtOnce,
        Some(why) => Loading::Held(why),
    }
}

/// Loads pictures of the sender of a message from now on.
///
/// # Errors
/// See [`AddError`]; [`AddError::Doubtful`] if the message is perhaps not theirs.
pub async fn add(
    app: &AppState,
    account: &Account,
    own: &str,
    mailbox: &MailboxId,
    opened: &Arc<Opened>,
) -> Result<String, AddError> {
    let [from] = &*opened.header.from else {
        return Err(AddError::Unusable);
    };
    let email = senders::usable(&from.email, own)?;
    if let Some(why) = standing(account, own, mailbox, opened)
        .await
        .objection(&email)
    {
        return Err(AddError::Doubtful(why));
    }
    let _turn = account.inner.lists.lock().await;
    let mut record: PictureSenders = records::find(&app.store, account.id()).await?;
    if record.0.add(&email)? {
        records::put(&app.store, account.id(), &record).await?;
    }
    Ok(email)
}

async fn standing(
    account: &Account,
    own: &str,
    mailbox: &MailboxId,
    opened: &Arc<Opened>,
) -> Standing {
    let (account, own) = (account.clone(), own.to_owned());
    let (mailbox, opened) = (mailbox.clone(), Arc::clone(opened));
    // What is learnt too late is of use for the next message.
    let learning =
        tokio::spawn(async move { circles::standing(&account, &own, &mailbox, &opened).await });
    match timeout(PATIENCE, learning).await {
        Ok(Ok(Ok(standing))) => standing,
        _ => Standing::Late,
    }
}
