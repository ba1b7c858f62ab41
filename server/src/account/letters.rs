//! Letters on their way out: gathers the files of a draft and builds the message, saves it to
//! Drafts, or sends it and keeps a copy in Sent. Decides the order of things so that a letter is
//! never lost and never sent twice.

mod files;
mod versions;

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::time::sleep;
use whimbrel_shared::{
    Address, ApiError, Draft, DraftAttachment, ErrorCode, Keyword, MessageKey, MovedKey,
    OutcomeKind, RefusedRecipient, Related, Relation, Role, UidSet,
};

use crate::{
    error,
    imap::{self, append, keywords, mailboxes, name::MailboxName, search, transfer},
    message::build::{self, Bcc},
    smtp,
};

use files::Files;

use super::{Account, connections::Lane, operations::applied, uploads::Uploads};

/// How often Sent is looked at for a copy that the mail server is known to keep.
const LOOKS: u32 = 5;
/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// The copy is among so many newest messages of Sent.
const NEWEST: u32 = 50;

/// A letter with everything that is needed to build it.
pub(super) struct Letter<'a> {
    /// The account that writes.
    pub(super) account: &'a Account,
    /// Its uploaded files.
    pub(super) uploads: &'a Uploads<'a>,
    /// The address it is sent from.
    pub(super) from: &'a Address,
    /// The letter; its `message_id` is set.
    pub(super) draft: &'a Draft,
    /// Its older version in Drafts.
    pub(super) replaces: Option<MessageKey>,
}

/// Puts the letter into Drafts in place of its older version. `is_repeat`: an earlier try had no answer.
pub(super) async fn save(letter: &Letter<'_>, is_repeat: bool) -> Result<OutcomeKind, ApiError> {
    let drafts = place(letter.account, Role::Drafts).await?;
    // The first version of a letter is the only one of its name.
    if is_repeat && letter.replaces.is_none() {
        let id = &letter.draft.message_id;
        if let Some(key) = versions::saved_before(letter.account, &drafts, id).await? {
            let mailbox_id = letter.account.mailbox_ids().of(&drafts);
            let from = 0;
            return Ok(applied(vec![MovedKey {
                from,
                mailbox_id,
                key,
            }]));
        }
    }
    let files = files::gather(letter).await?;
    let message = letter.build(&files, now(), Bcc::Keep);
    let seen = match letter.replaces {
        Some(old) => versions::look(letter.account, &drafts, old).await?,
        None => None,
    };
    let marks = versions::marks(seen.as_ref());
    let key = keep(letter, &drafts, &marks, message, files).await?;
    let moved = key.map(|key| MovedKey {
        from: 0,
        mailbox_id: letter.account.mailbox_ids().of(&drafts),
        key,
    });
    let mut done = applied(moved.into_iter().collect());
    let Some(old) = letter.replaces.filter(|&old| Some(old) != key) else {
        return Ok(done);
    };
    let told = match seen {
        Some(seen) => versions::take_away(letter.account, &drafts, old, seen, key).await,
        None => versions::others(letter.account, &drafts, &letter.draft.message_id, key).await,
    };
    if let OutcomeKind::Applied { warning, .. } = &mut done {
        *warning = match told {
            Ok(told) => told.map(str::to_owned),
            // The new version is there; that the old one stayed is no reason to save a third.
            Err(problem) => Some(format!(
                "An older version of this draft is still there. {}",
                problem.message
            )),
        };
    }
    Ok(done)
}

/// Sends the letter to whoever takes it, then keeps a copy, removes the draft and marks the original.
/// What fails after the sending is told as a warning: the letter is out.
pub(super) async fn send(letter: &Letter<'_>) -> Result<OutcomeKind, SendError> {
    let recipients = recipients(letter.draft);
    if recipients.is_empty() {
        return Err(ApiError::new(
            ErrorCode::Invalid,
            "This message has no recipient.",
            "Add at least one address and send it again.",
        )
        .into());
    }
    let files = files::gather(letter).await?;
    let now = now();
    let wire = letter.build(&files, now, Bcc::Omit);
    let servers = letter.account.servers();
    let login = letter.account.login();
    let refused = smtp::submit::submit(
        &servers.smtp,
        &servers.tls,
        login,
        &letter.from.email,
        &recipients,
        files.enclose(&wire),
    )
    .await?;
    let copy = match letter.draft.bcc.is_empty() {
        true => wire,
        false => letter.build(&files, now, Bcc::Keep),
    };
    let kept = keep_copy(letter, copy, files).await;
    let is_copy_missing = kept.is_err();
    let warning = match kept {
        // Its draft and its files stay: they are all that is left of it.
        Err(problem) => Some(no_copy(letter, &problem)),
        Ok(()) => tidy_up(letter).await.err().map(|problem| {
            format!(
                "It was sent, but its draft is still there. {}",
                problem.message
            )
        }),
    };
    if let Some(related) = &letter.draft.related {
        // The original may be gone by now; that is nothing to worry anybody with.
        drop(mark_original(letter.account, related).await);
    }
    Ok(OutcomeKind::Applied {
        moved: Vec::new(),
        gone: UidSet::new(),
        mailbox_id: None,
        below: Vec::new(),
        refused_recipients: refused,
        warning,
        is_copy_missing,
    })
}

/// What is said where a letter went out and no copy of it was kept.
fn no_copy(letter: &Letter<'_>, problem: &ApiError) -> String {
    let way_forward = match problem.code {
        ErrorCode::OverQuota => " Delete large messages and empty the trash to make room.",
        _ => "",
    };
    let draft = match letter.replaces {
        Some(_) => " Its draft stays in Drafts instead.",
        None => "",
    };
    format!(
        "It was sent, but no copy could be kept in Sent. {}{way_forward}{draft}",
        problem.message
    )
}

/// Why a letter was not sent.
pub(super) struct SendError {
    /// For the person.
    pub(super) error: ApiError,
    /// Addresses that were refused.
    pub(super) refused: Vec<RefusedRecipient>,
}

impl From<ApiError> for SendError {
    fn from(error: ApiError) -> Self {
        Self {
            error,
            refused: Vec::new(),
        }
    }
}

impl From<smtp::Error> for SendError {
    fn from(failure: smtp::Error) -> Self {
        let error = error::sending_error(&failure);
        let refused = match failure {
            smtp::Error::RecipientsRefused(refused) => refused,
            _ => Vec::new(),
        };
        Self { error, refused }
    }
}

impl Letter<'_> {
    fn build(&self, files: &Files, now: i64, bcc: Bcc) -> build::Letter {
        build::build(
            self.draft,
            self.from,
            now,
            &self.draft.message_id,
            &files.known,
            bcc,
        )
    }
}

/// Seconds since the Unix epoch, UTC.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |past| i64::try_from(past.as_secs()).unwrap_or(0))
}

/// Every address, once.
fn recipients(draft: &Draft) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for address in draft.to.iter().chain(&draft.cc).chain(&draft.bcc) {
        let known = all
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&address.email));
        if !address.email.is_empty() && !known {
            all.push(address.email.clone());
        }
    }
    all
}

/// The mailbox of a role; made if there is none.
pub(super) async fn place(account: &Account, role: Role) -> Result<MailboxName, ApiError> {
    let found = account
        .tell(Lane::Interactive, move |connection| {
            Box::pin(async move {
                match mailboxes::of_role(connection, role).await? {
                    Some(name) => Ok(name),
                    None => mailboxes::create(connection, None, role_name(role), Some(role)).await,
                }
            })
        })
        .await;
    found.map_err(|e| error::api_error(&e))
}

/// What a mailbox of this role is called where there is none yet.
fn role_name(role: Role) -> &'static str {
    match role {
        Role::Inbox => "INBOX",
        Role::Drafts => "Drafts",
        Role::Sent => "Sent",
        Role::Flagged => "Flagged",
        Role::Archive => "Archive",
        Role::Junk => "Junk",
        Role::Trash => "Trash",
        Role::All => "All",
    }
}

/// Puts a message into a mailbox and says where it is now, if that can be known.
async fn keep(
    letter: &Letter<'_>,
    mailbox: &MailboxName,
    marks: &[Keyword],
    message: build::Letter,
    files: Files,
) -> Result<Option<MessageKey>, ApiError> {
    let (name, marks) = (mailbox.clone(), marks.to_vec());
    let letter_and_files = Arc::new((message, files));
    let message_id = letter.draft.message_id.clone();
    let kept = letter
        .account
        .tell(Lane::Interactive, move |connection| {
            let (name, marks) = (name.clone(), marks.clone());
            let (message, files) = &*letter_and_files;
            let message = files.enclose(message);
            let message_id = message_id.clone();
            Box::pin(async move {
                if let Some(key) = append::append(connection, &name, &marks, message).await? {
                    return Ok(Some(key));
                }
                // Without UIDPLUS the newest message with this Message-ID is the one.
                let found = search::by_message_id(connection, &name, &message_id).await?;
                let uidvalidity = connection.selected().map(|selected| selected.uidvalidity);
                Ok(uidvalidity
                    .zip(found.last())
                    .map(|(uidvalidity, uid)| MessageKey { uidvalidity, uid }))
            })
        })
        .await;
    kept.map_err(|e| error::api_error(&e))
}

async fn keep_copy(
    letter: &Letter<'_>,
    message: build::Letter,
    files: Files,
) -> Result<(), ApiError> {
    let sent = place(letter.account, Role::Sent).await?;
    if is_kept_by_server(letter, &sent).await {
        return Ok(());
    }
    let marks = [Keyword::new(Keyword::SEEN)];
    keep(letter, &sent, &marks, message, files).await.map(drop)
}

/// Whether the mail server has put a copy into Sent by itself, as Gmail and Outlook.com do. In doubt it has not.
async fn is_kept_by_server(letter: &Letter<'_>, sent: &MailboxName) -> bool {
    for _ in 0..LOOKS {
        let (name, message_id) = (sent.clone(), letter.draft.message_id.clone());
        let looking = letter.account.ask(Lane::Interactive, move |connection| {
            let (name, message_id) = (name.clone(), message_id.clone());
            Box::pin(async move {
                let found =
                    search::newest_by_message_id(connection, &name, &message_id, NEWEST).await?;
                Ok((!found.is_empty(), connection.capabilities().gmail))
            })
        });
        match looking.await {
            Ok((true, _)) => return true,
            // Gmail always does, though it may take a moment.
            Ok((false, true)) => sleep(LOOK_AGAIN).await,
            Ok((false, false)) | Err(_) => return false,
        }
    }
    false
}

async fn tidy_up(letter: &Letter<'_>) -> Result<(), ApiError> {
    if let Some(old) = letter.replaces {
        let drafts = place(letter.account, Role::Drafts).await?;
        remove(letter.account, &drafts, old).await?;
    }
    for attachment in &letter.draft.attachments {
        if let DraftAttachment::Upload(upload) = attachment {
            // What stays is forgotten after a day.
            drop(letter.uploads.forget(&upload.id).await);
        }
    }
    Ok(())
}

async fn remove(account: &Account, mailbox: &MailboxName, key: MessageKey) -> Result<(), ApiError> {
    let name = mailbox.clone();
    let removed = account
        .ask(Lane::Interactive, move |connection| {
            let name = name.clone();
            Box::pin(async move {
                transfer::destroy(connection, &name, key.uidvalidity, &UidSet::one(key.uid)).await
            })
        })
        .await;
    match removed {
        // Renumbered: the old version cannot be told from others, so it stays.
        Ok(()) | Err(imap::Error::UidValidityChanged) => Ok(()),
        Err(failure) => Err(error::api_error(&failure)),
    }
}

async fn mark_original(account: &Account, related: &Related) -> Result<(), ApiError> {
    let name = account.mailbox_name(&related.mailbox_id);
    let name = name.map_err(|gone| error::api_error(&gone))?;
    let mark = match related.relation {
        Relation::Reply => Keyword::ANSWERED,
        Relation::Forward => Keyword::FORWARDED,
    };
    let key = related.key;
    let marked = account
        .ask(Lane::Interactive, move |connection| {
            let name = name.clone();
            Box::pin(async move {
                let uids = UidSet::one(key.uid);
                let add = [Keyword::new(mark)];
                keywords::store(connection, &name, key.uidvalidity, &uids, &add, &[]).await
            })
        })
        .await;
    marked.map(drop).map_err(|e| error::api_error(&e))
}
