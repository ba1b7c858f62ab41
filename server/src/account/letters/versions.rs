//! The older version of a draft that is saved anew: it goes once the new one is there, and what others
//! did to it meanwhile is not lost. Where they wrote another version, both are kept.

use whimbrel_shared::{ApiError, Keyword, Keywords, MessageKey, UidSet, UidValidity};

use crate::{
    account::{Account, connections::Lane},
    error,
    imap::{
        Error,
        conditional::{self, Fate, Look},
        keywords,
        name::MailboxName,
        search,
    },
};

/// So often the older version may change while it is taken away.
const TRIES: usize = 3;

/// What is said where two versions are there.
const BOTH: &str =
    "This draft was changed elsewhere at the same time. Both versions are in Drafts.";

/// What the older version is marked with; `None` if it is gone, or cannot be told from others.
pub(super) async fn look(
    account: &Account,
    drafts: &MailboxName,
    old: MessageKey,
) -> Result<Option<Look>, ApiError> {
    let name = drafts.clone();
    let looked = account.ask(Lane::Interactive, move |connection| {
        let name = name.clone();
        Box::pin(async move { conditional::look(connection, &name, old).await })
    });
    match looked.await {
        Err(Error::UidValidityChanged) => Ok(None),
        looked => looked.map_err(|failure| error::api_error(&failure)),
    }
}

/// The marks of the new version: those of a draft, and what people put on the older one.
pub(super) fn marks(old: Option<&Look>) -> Vec<Keyword> {
    let mut marks: Keywords = old.map(|old| old.keywords.clone()).unwrap_or_default();
    let own = [Keyword::DRAFT, Keyword::SEEN].map(Keyword::new);
    marks.change(&[Keyword::new("$deleted")], &own);
    marks.iter().cloned().collect()
}

/// Takes the older version away, now that `new` is there. Gives what the person is to know.
pub(super) async fn take_away(
    account: &Account,
    drafts: &MailboxName,
    old: MessageKey,
    mut seen: Look,
    new: Option<MessageKey>,
) -> Result<Option<&'static str>, ApiError> {
    for _ in 0..TRIES {
        if destroy(account, drafts, old, seen.clone()).await? == Fate::Gone {
            return Ok(None);
        }
        let (Some(now), Some(new)) = (look(account, drafts, old).await?, new) else {
            break;
        };
        mark(account, drafts, new, &seen.keywords, &now.keywords).await?;
        seen = now;
    }
    Ok(Some(BOTH))
}

/// The older version was gone already: whether another one took its place.
pub(super) async fn others(
    account: &Account,
    drafts: &MailboxName,
    message_id: &str,
    new: Option<MessageKey>,
) -> Result<Option<&'static str>, ApiError> {
    let (_, found) = called(account, drafts, message_id).await?;
    let ours = new.map_or_else(UidSet::new, |new| UidSet::one(new.uid));
    let is_alone = new.is_none() || found.difference(&ours).is_empty();
    Ok((!is_alone).then_some(BOTH))
}

/// Where the letter of this `Message-ID` is, if it is there at all.
pub(super) async fn saved_before(
    account: &Account,
    drafts: &MailboxName,
    message_id: &str,
) -> Result<Option<MessageKey>, ApiError> {
    let (uidvalidity, found) = called(account, drafts, message_id).await?;
    let place = uidvalidity.zip(found.last());
    Ok(place.map(|(uidvalidity, uid)| MessageKey { uidvalidity, uid }))
}

/// All versions of a letter, by its `Message-ID`.
async fn called(
    account: &Account,
    drafts: &MailboxName,
    message_id: &str,
) -> Result<(Option<UidValidity>, UidSet), ApiError> {
    let (name, message_id) = (drafts.clone(), message_id.to_owned());
    let found = account.ask(Lane::Interactive, move |connection| {
        let (name, message_id) = (name.clone(), message_id.clone());
        Box::pin(async move {
            let found = search::by_message_id(connection, &name, &message_id).await?;
            let uidvalidity = connection.selected().map(|selected| selected.uidvalidity);
            Ok((uidvalidity, found))
        })
    });
    found.await.map_err(|failure| error::api_error(&failure))
}

async fn destroy(
    account: &Account,
    drafts: &MailboxName,
    old: MessageKey,
    seen: Look,
) -> Result<Fate, ApiError> {
    let name = drafts.clone();
    let destroyed = account.ask(Lane::Interactive, move |connection| {
        let (name, seen) = (name.clone(), seen.clone());
        Box::pin(async move { conditional::destroy(connection, &name, old, &seen).await })
    });
    match destroyed.await {
        // Renumbered: the old version cannot be told from others, so it stays.
        Err(Error::UidValidityChanged) => Ok(Fate::Gone),
        destroyed => destroyed.map_err(|failure| error::api_error(&failure)),
    }
}

/// Does to the new version what others did to the older one.
async fn mark(
    account: &Account,
    drafts: &MailboxName,
    new: MessageKey,
    before: &Keywords,
    now: &Keywords,
) -> Result<(), ApiError> {
    let only = |one: &Keywords, other: &Keywords| -> Vec<Keyword> {
        let is_told =
            |mark: &&Keyword| mark.as_str() != "$deleted" && !other.contains(mark.as_str());
        one.iter().filter(is_told).cloned().collect()
    };
    let (name, add, remove) = (drafts.clone(), only(now, before), only(before, now));
    let uids = UidSet::one(new.uid);
    let marked = account.ask(Lane::Interactive, move |connection| {
        let (name, uids) = (name.clone(), uids.clone());
        let (add, remove) = (add.clone(), remove.clone());
        Box::pin(async move {
            keywords::store(connection, &name, new.uidvalidity, &uids, &add, &remove).await
        })
    });
    let marked = marked.await.map_err(|failure| error::api_error(&failure));
    marked.map(drop)
}
