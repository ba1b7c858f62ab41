//! Opened messages: fetched by parts, parsed and sanitized once, kept in memory for a while.
//! The cache is shared by all accounts and bounded in bytes; keys carry the account.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, LazyLock},
    time::Duration,
};

use tokio::sync::Semaphore;
use whimbrel_shared::{MailboxId, Message, MessageKey, Part, PartId, path};

use crate::{
    imap::{self, Error, name::MailboxName, parts},
    message::{
        PartNode,
        body::{self, Plan},
        header::{self, Header},
        render::{self, Rendered},
    },
};

use super::{Account, connections::Lane};

/// Opened messages of all accounts together, bytes.
const CACHE_BYTES: u64 = 64 << 20;
/// An opened message nobody looked at for this long is dropped.
const CACHE_IDLE: Duration = Duration::from_secs(5 * 60);
/// At most this much of one text part is fetched; more is cut and listed as a defect.
const TEXT_LIMIT: u64 = 4 << 20;
/// Header and texts of so many bytes together are parsed where they are: the way to another thread and back
/// would be the longer part of it.
const SMALL: usize = 12 * 1024;
/// Messages parsed at the same time, so that hostile ones cannot take every core.
static PARSING: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(4)));

/// By account id, mailbox and key.
pub type OpenedCache = moka::future::Cache<(String, MailboxId, MessageKey), Arc<Opened>>;

/// An empty cache.
#[must_use]
pub fn cache() -> OpenedCache {
    moka::future::Cache::builder()
        .max_capacity(CACHE_BYTES)
        .weigher(|_, opened: &Arc<Opened>| opened.weight())
        .time_to_idle(CACHE_IDLE)
        .support_invalidation_closures()
        .build()
}

/// Forgets the messages of an account.
pub fn forget(cache: &OpenedCache, account_id: &str) {
    let account_id = account_id.to_owned();
    // Refused only by a cache that was built without support for it.
    drop(cache.invalidate_entries_if(move |(owner, ..), _| *owner == account_id));
}

/// A message, parsed and made safe.
pub struct Opened {
    /// What the mail server said of it.
    pub fetched: parts::Fetched,
    /// Its decoded header.
    pub header: Header,
    /// Which parts are text, pictures and files.
    pub plan: Plan,
    /// Its text.
    pub rendered: Rendered,
    /// Its files: attachments, and pictures the text does not show.
    pub files: Vec<Part>,
}

impl Opened {
    fn weight(&self) -> u32 {
        let bytes = self.fetched.header.len()
            + self.rendered.html.as_str().len()
            + self.rendered.text.len()
            + 4096;
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }

    /// The node of the MIME tree with this section number.
    #[must_use]
    pub fn part(&self, id: &PartId) -> Option<&PartNode> {
        let mut open: Vec<&PartNode> = self.fetched.structure.iter().collect();
        while let Some(node) = open.pop() {
            if node.id.as_ref() == Some(id) {
                return Some(node);
            }
            open.extend(&node.children);
        }
        None
    }

    fn defects(&self) -> Vec<String> {
        let of_header = self.header.defects.iter();
        of_header
            .chain(&self.plan.defects)
            .chain(&self.rendered.defects)
            .cloned()
            .collect()
    }

    /// As the browser gets it.
    #[must_use]
    pub fn message(&self, mailbox_id: &MailboxId, key: MessageKey) -> Message {
        let Header {
            from,
            reply_to,
            to,
            cc,
            bcc,
            subject,
            sent_at,
            message_id,
            ..
        } = self.header.clone();
        Message {
            mailbox_id: mailbox_id.clone(),
            key,
            keywords: self.fetched.keywords.clone(),
            from,
            reply_to,
            to,
            cc,
            bcc,
            subject,
            received_at: self.fetched.received_at,
            sent_at,
            size: self.fetched.size,
            message_id,
            references: self.header.references.clone(),
            text: self.rendered.text.clone(),
            is_html: self.rendered.is_html,
            has_remote_content: self.rendered.has_remote_content,
            attachments: self.files.clone(),
            pictures: render::pictures(&self.plan, &self.rendered),
            defects: self.defects(),
        }
    }
}

/// Opens a message. Asked twice at the same time, it is fetched once.
///
/// # Errors
/// [`Error::MessageGone`], [`Error::UidValidityChanged`], [`Error::MailboxGone`], or a lost line.
pub async fn open(
    account: &Account,
    mailbox: &MailboxName,
    key: MessageKey,
) -> imap::Result<Arc<Opened>> {
    let place = (account.id().to_owned(), mailbox.to_id(), key);
    account
        .inner
        .cache
        .try_get_with(place, fetch(account, mailbox, key))
        .await
        .map_err(|error| Arc::try_unwrap(error).unwrap_or_else(|shared| told_again(&shared)))
}

/// The same failure for the second of two who asked at the same time.
fn told_again(error: &Error) -> Error {
    match error {
        Error::MessageGone => Error::MessageGone,
        Error::MailboxGone => Error::MailboxGone,
        Error::UidValidityChanged => Error::UidValidityChanged,
        Error::WrongPassword(text) => Error::WrongPassword(text.clone()),
        other => Error::Lost(other.to_string()),
    }
}

async fn fetch(
    account: &Account,
    mailbox: &MailboxName,
    key: MessageKey,
) -> imap::Result<Arc<Opened>> {
    let name = mailbox.clone();
    let (fetched, plan, texts) = account
        .ask(Lane::Interactive, move |connection| {
            let name = name.clone();
            Box::pin(async move {
                let (fetched, first) = parts::message(connection, &name, key).await?;
                let structure = fetched.structure.as_ref();
                let plan = structure.map(body::plan).unwrap_or_default();
                let ids: Vec<PartId> = plan.texts.iter().map(|text| text.part.clone()).collect();
                let texts = parts::sections(connection, &name, key, &ids, TEXT_LIMIT, &first);
                let texts = texts.await?;
                Ok((fetched, plan, texts))
            })
        })
        .await?;
    let id = mailbox.to_id();
    let length = fetched.header.len() + texts.iter().map(Vec::len).sum::<usize>();
    let parse = move || {
        let picture_url = |part: &PartId| path::picture(&id, key, part);
        let rendered = render::render(&plan, &texts, &picture_url);
        let header = header::parse(&fetched.header);
        let files = render::files(&plan, &rendered);
        Arc::new(Opened {
            fetched,
            header,
            plan,
            rendered,
            files,
        })
    };
    let parsed = if length <= SMALL {
        catch_unwind(AssertUnwindSafe(parse)).ok()
    } else {
        let permit = PARSING.clone().acquire_owned().await;
        let parsing = tokio::task::spawn_blocking(move || {
            // Held to the end of the parsing, also when the one who asked has gone.
            let _permit = permit;
            parse()
        });
        parsing.await.ok()
    };
    parsed.ok_or_else(|| Error::Unsupported("this message cannot be read".to_owned()))
}
