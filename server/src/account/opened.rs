//! Opened messages: fetched by parts, parsed and sanitized once, kept in memory for a while.
//! The cache is shared by all accounts and bounded in bytes; keys carry the account.

use std::{
    collections::BTreeMap,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, LazyLock, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use tokio::sync::Semaphore;
use whimbrel_shared::{
    MailboxId, Message, MessageKey, Part, PartId, RemoteHost, SanitizedCss, SanitizedHtml, path,
};

use crate::{
    imap::{
        self, Error,
        connection::Connection,
        name::MailboxName,
        parts::{self, Section},
    },
    message::{
        PartNode,
        body::{self, Plan, Purpose, Told, Wanted},
        header::{self, Header},
        mime,
        render::{self, PictureUrls, Rendered},
    },
};

use super::{Account, connections::Lane, thumbnails::Thumbnails};

mod plausible;
pub mod views;

/// Opened messages of all accounts together, bytes.
const CACHE_BYTES: u64 = 64 << 20;
/// An opened message nobody looked at for this long is dropped.
const CACHE_IDLE: Duration = Duration::from_secs(5 * 60);
/// At most this much of one text part is fetched; more is cut and listed as a defect.
const TEXT_LIMIT: u64 = 4 << 20;
/// The same of what holds files or a message, as a `winmail.dat` does.
const HOLDER_LIMIT: u64 = 16 << 20;
/// The same of the header of a message within the message.
const INNER_HEADER_LIMIT: u64 = 64 << 10;
/// The same of a text of which little is said.
const SMALL_TEXT: u64 = 256 << 10;
/// What is kept of a file: its small picture, usually.
const KEPT_OF_FILE: usize = 8 << 10;
/// The same of everything together.
const TEXTS_LIMIT: u64 = 24 << 20;
/// Header and texts of so many bytes together are parsed where they are: the way to another thread and back
/// would be the longer part of it.
const SMALL: usize = 12 * 1024;
/// Messages parsed at the same time, so that hostile ones cannot take every core.
static PARSING: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(4)));

/// By account id, mailbox and key.
pub type OpenedCache = moka::future::Cache<(String, MailboxName, MessageKey), Arc<Opened>>;

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
    /// Where in the message its parts are, if the mail server does not tell them apart.
    pub places: BTreeMap<PartId, Range<u64>>,
    /// The bytes of its texts, if they want pictures from elsewhere: these are shown only when asked for.
    texts: Vec<Vec<u8>>,
    with_pictures: OnceLock<(SanitizedHtml, SanitizedCss)>,
    /// Small pictures of its files.
    pub thumbnails: Thumbnails,
}

impl Opened {
    fn weight(&self) -> u32 {
        let bytes = self.fetched.header.len()
            + self.rendered.html.as_str().len()
            + self.rendered.css.as_str().len()
            + self.rendered.text.len()
            + self.rendered.below.len()
            + 2 * self.texts.iter().map(Vec::len).sum::<usize>()
            + KEPT_OF_FILE * self.files.len().min(32)
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

    fn remote_hosts(&self) -> Vec<RemoteHost> {
        let mut hosts = BTreeMap::<&str, u32>::new();
        for url in &self.rendered.remote {
            *hosts.entry(url.host_str().unwrap_or_default()).or_default() += 1;
        }
        let host = |(host, pictures): (&str, u32)| RemoteHost {
            host: host.to_owned(),
            pictures,
        };
        let mut hosts: Vec<RemoteHost> = hosts.into_iter().map(host).collect();
        hosts.sort_by_key(|host| std::cmp::Reverse(host.pictures));
        hosts
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
            remote_hosts: self.remote_hosts(),
            loads_pictures: false,
            held_because: String::new(),
            trackers: self.rendered.trackers.words(),
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
    let place = (account.id().to_owned(), mailbox.clone(), key);
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
    let parts = account
        .ask(Lane::Interactive, move |connection| {
            let name = name.clone();
            Box::pin(async move { Parts::fetch(connection, &name, key).await })
        })
        .await?;
    let id = account.mailbox_ids().of(mailbox);
    let length = parts.length();
    let parse = move || Arc::new(parts.open(&id, key));
    parsed(length, parse).await
}

/// What comes of parsing so many bytes: where they are if they are few, else on another thread, a few messages at
/// a time.
///
/// # Errors
/// If it panics.
pub async fn parsed<T: Send + 'static>(
    length: usize,
    parse: impl FnOnce() -> T + Send + 'static,
) -> imap::Result<T> {
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

/// What was fetched of a message.
struct Parts {
    fetched: parts::Fetched,
    plan: Plan,
    texts: Vec<Vec<u8>>,
    /// Some text is longer than was asked for.
    is_cut: bool,
    /// The message itself, where the mail server did not tell what it is made of, or not the truth.
    whole: Option<Bytes>,
}

impl Parts {
    async fn fetch(
        connection: &mut Connection,
        name: &MailboxName,
        key: MessageKey,
    ) -> imap::Result<Self> {
        let (fetched, first) = parts::message(connection, name, key).await?;
        let plan = fetched.structure.as_ref().map(body::plan);
        let wanted = wanted(plan.iter().flat_map(Plan::wanted));
        let texts = parts::sections(connection, name, key, &wanted, &first);
        let texts = match texts.await {
            // It may well refuse parts that are not there.
            Err(Error::No { .. } | Error::Bad(_)) => Vec::new(),
            texts => texts?,
        };
        let whole = if plan
            .as_ref()
            .is_some_and(|plan| plausible::is_plausible(&fetched, plan, &texts))
        {
            None
        } else {
            let beginning = parts::beginning(connection, name, key, TEXT_LIMIT).await?;
            Some(beginning).filter(|bytes| !bytes.is_empty())
        };
        Ok(Self {
            fetched,
            is_cut: texts.iter().zip(&wanted).any(is_cut),
            plan: plan.unwrap_or_default(),
            texts,
            whole,
        })
    }

    /// How many bytes there are to parse.
    fn length(&self) -> usize {
        let texts = self.texts.iter().map(Vec::len).sum::<usize>();
        let whole = self.whole.as_ref().map_or(0, Bytes::len);
        self.fetched.header.len() + texts + whole
    }

    fn open(mut self, mailbox: &MailboxId, key: MessageKey) -> Opened {
        if self.is_cut && self.whole.is_none() {
            let defect = "Its text is too long; its end was left out.";
            self.plan.defects.push(defect.to_owned());
        }
        let mut places = BTreeMap::new();
        if let Some(whole) = &self.whole {
            let read = mime::read(whole);
            self.plan = body::plan_of(&read);
            let bytes = |wanted| match wanted {
                Wanted::Text(text) => read.body(&text.part).to_vec(),
                Wanted::Header(part) => read.header_of(part).to_vec(),
            };
            self.texts = self.plan.wanted().into_iter().map(bytes).collect();
            if self.fetched.header.is_empty() {
                self.fetched.header = read.header().to_vec();
            }
            places = read.places();
            self.fetched.structure = Some(read.tree);
            if whole.len() as u64 >= TEXT_LIMIT {
                let defect =
                    "It is long and the mail server does not tell its parts; its end was left out.";
                self.plan.defects.push(defect.to_owned());
                // What goes on beyond that can be fetched all the same.
                let end = whole.len() as u64;
                let open = places.values_mut().filter(|place| place.end == end);
                open.for_each(|place| place.end = u64::MAX);
            }
        }
        let urls = PictureUrls {
            within: &|part| path::picture(mailbox, key, part),
            elsewhere: None,
            file: &|part| path::part(mailbox, key, part),
        };
        let rendered = render::render(&self.plan, &self.texts, &urls);
        if rendered.remote.is_empty() {
            self.texts.clear();
        }
        let header = header::parse(&self.fetched.header);
        let files = rendered.files.clone();
        Opened {
            fetched: self.fetched,
            header,
            plan: self.plan,
            rendered,
            files,
            places,
            texts: self.texts,
            with_pictures: OnceLock::new(),
            thumbnails: Thumbnails::default(),
        }
    }
}

/// What to ask the mail server for, and how much of each at most. A size that a sender made up or a mail
/// server got wrong cuts no honest text.
fn wanted<'p>(wanted: impl IntoIterator<Item = Wanted<'p>>) -> Vec<(Section, u64)> {
    let mut left = TEXTS_LIMIT;
    let mut limited = |wanted: Wanted<'p>| {
        let (section, limit) = match wanted {
            Wanted::Header(part) => (Section::Header(part.clone()), INNER_HEADER_LIMIT),
            Wanted::Text(text) => {
                let most = match text.purpose {
                    Purpose::Tell(Told::Winmail | Told::Letter | Told::Signed) => HOLDER_LIMIT,
                    _ => TEXT_LIMIT,
                };
                let limit = text.size.saturating_mul(2).clamp(SMALL_TEXT, most);
                (Section::Part(text.part.clone()), limit)
            }
        };
        let limit = limit.min(left);
        left -= limit;
        (section, limit)
    };
    wanted.into_iter().map(&mut limited).collect()
}

fn is_cut((text, (section, limit)): (&Vec<u8>, &(Section, u64))) -> bool {
    matches!(section, Section::Part(_)) && text.len() as u64 >= *limit
}
