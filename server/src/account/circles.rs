//! Whom an account knows, learnt from its own mail: who wrote to it lately, whom it wrote to, and which mail server
//! writes its findings into it. Asked on the bulk lane when a message is open, so that nobody waits for it, and
//! forgotten after a few minutes; the cache is shared by all accounts and bounded in bytes.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use whimbrel_shared::{Keyword, MailboxId, MessageKey, Role};

use super::{Account, connections::Lane, opened::Opened};
use crate::{
    imap::{
        self, Error,
        connection::Connection,
        mailboxes,
        name::MailboxName,
        recent::{self, Recent},
        search,
    },
    message::{
        header,
        sender::{
            self, ALWAYS, Circle, Notes, Since, authentication::Trust, look_alike,
            standing::Standing, trust,
        },
    },
};

/// Messages of a mailbox that are looked at.
const MOST: u32 = 200;
/// The circles of all accounts together, bytes.
const CACHE_BYTES: u64 = 16 << 20;
/// Who came new is known after this long.
const KEPT: Duration = Duration::from_secs(5 * 60);
/// What makes it known is learnt soon by an account that knows little.
const KEPT_SMALL: Duration = Duration::from_secs(20);
/// An account with fewer people knows little.
const FEW: usize = 20;
/// The longest search for an older message of an address; a mail server may have to read all headers for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Circles by account id.
pub type CircleCache = moka::future::Cache<String, Arc<Known>>;

/// What is known of an account's mail.
pub struct Known {
    circle: Circle,
    /// Mailboxes that older messages may be in, beside the newest that were looked at.
    unseen: Vec<Unseen>,
    /// What the reader wrote: nothing is said about that.
    written: BTreeSet<MailboxId>,
    /// What somebody took for junk.
    junk: BTreeSet<MailboxId>,
}

/// A mailbox of which not all messages were looked at.
#[derive(Clone)]
struct Unseen {
    name: MailboxName,
    /// The field in which somebody known stands there.
    field: &'static str,
}

/// An empty cache.
#[must_use]
pub fn cache() -> CircleCache {
    moka::future::Cache::builder()
        .max_capacity(CACHE_BYTES)
        .weigher(|_, known: &Arc<Known>| known.weight())
        .expire_after(Expiry)
        .build()
}

struct Expiry;

impl moka::Expiry<String, Arc<Known>> for Expiry {
    fn expire_after_create(
        &self,
        _: &String,
        known: &Arc<Known>,
        _: std::time::Instant,
    ) -> Option<Duration> {
        let is_small = known.circle.addresses.len() < FEW;
        Some(if is_small { KEPT_SMALL } else { KEPT })
    }
}

impl Known {
    fn weight(&self) -> u32 {
        let Circle {
            addresses, names, ..
        } = &self.circle;
        let addresses = addresses.keys().map(|email| email.len() + 64);
        let names = names
            .iter()
            .map(|(name, of)| name.len() + 64 + 96 * of.len());
        let bytes = 1024 + addresses.sum::<usize>() + names.sum::<usize>();
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}

/// Whose findings about senders an account believes.
///
/// # Errors
/// As [`known`].
pub async fn trust(account: &Account, own: &str) -> imap::Result<Trust> {
    Ok(known(account, own).await?.circle.trust.clone())
}

/// What is to be said about who sent an opened message; `None` if the reader wrote it.
///
/// # Errors
/// When the mail server cannot be asked.
pub async fn notes(
    account: &Account,
    own: &str,
    (mailbox, key): (&MailboxId, MessageKey),
    opened: &Opened,
) -> imap::Result<Option<Notes>> {
    let known = known(account, own).await?;
    if known.written.contains(mailbox) {
        return Ok(None);
    }
    let since = (opened.fetched.received_at, key.uid);
    let from = opened.header.from.first();
    let is_first = match from.filter(|from| from.email.contains('@')) {
        Some(from) => is_first(account, &known, &from.email, (mailbox, since)).await,
        None => None,
    };
    let raw = &opened.fetched.header;
    Ok(Some(sender::notes(
        raw,
        &opened.header,
        &known.circle,
        is_first,
    )))
}

/// How an opened message stands to the address it says it is from.
///
/// # Errors
/// As [`known`].
pub async fn standing(
    account: &Account,
    own: &str,
    mailbox: &MailboxId,
    opened: &Opened,
) -> imap::Result<Standing> {
    let known = known(account, own).await?;
    if known.junk.contains(mailbox) || opened.fetched.keywords.contains(Keyword::JUNK) {
        return Ok(Standing::Junk);
    }
    let raw = &opened.fetched.header;
    Ok(Standing::of(raw, &opened.header.from, &known.circle.trust))
}

/// Whether nothing came from, or went to, an address before a message. `None` if that cannot be told.
async fn is_first(
    account: &Account,
    known: &Known,
    email: &str,
    (mailbox, since): (&MailboxId, Since),
) -> Option<bool> {
    if known.circle.since(email) < since {
        return Some(false);
    }
    let (unseen, mailbox) = (known.unseen.clone(), mailbox.clone());
    let email = email.to_owned();
    let searching = account.tell(Lane::Bulk, move |connection| {
        let (unseen, mailbox, email) = (unseen.clone(), mailbox.clone(), email.clone());
        Box::pin(async move { is_unheard(connection, &unseen, &email, (&mailbox, since.1)).await })
    });
    searching.await.ok()
}

async fn is_unheard(
    connection: &mut Connection,
    unseen: &[Unseen],
    email: &str,
    (mailbox, uid): (&MailboxId, u32),
) -> imap::Result<bool> {
    for Unseen { name, field } in unseen {
        let below = (connection.mailbox_ids().of(name) == *mailbox).then_some(uid);
        let has = search::has_address(connection, name, field, email, below, PATIENCE).await;
        match has {
            Ok(true) => return Ok(false),
            Ok(false) | Err(Error::MailboxGone) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// What is known of an account. Many who ask at the same time make it be learnt once.
///
/// # Errors
/// When the mail server cannot be asked.
async fn known(account: &Account, own: &str) -> imap::Result<Arc<Known>> {
    let learning = async {
        let asked = account.ask(Lane::Bulk, |connection| Box::pin(look(connection)));
        let looked = asked.await?;
        let own = own.to_lowercase();
        let believed = account.servers().authserv_ids.clone();
        let learning = tokio::task::spawn_blocking(move || looked.learn(own, believed));
        let learnt = learning
            .await
            .map_err(|_| Error::Unsupported("this mail cannot be read".to_owned()));
        learnt.map(Arc::new)
    };
    let known = account
        .inner
        .circles
        .try_get_with(account.id().to_owned(), learning);
    known
        .await
        .map_err(|error: Arc<Error>| Error::Lost(error.to_string()))
}

/// The newest messages of the mailboxes that tell most.
#[derive(Default)]
struct Looked {
    heard: Vec<Recent>,
    written: Vec<Recent>,
    unseen: Vec<Unseen>,
    written_in: BTreeSet<MailboxId>,
    junk: BTreeSet<MailboxId>,
}

async fn look(connection: &mut Connection) -> imap::Result<Looked> {
    let list = mailboxes::list(connection).await?;
    let mut looked = Looked::default();
    for mailbox in &list.mailboxes {
        let field = match mailbox.role {
            Some(Role::Inbox | Role::Archive) => "FROM",
            Some(Role::Sent) => "TO",
            Some(Role::Drafts) => {
                looked.written_in.insert(mailbox.id.clone());
                continue;
            }
            Some(Role::Junk) => {
                looked.junk.insert(mailbox.id.clone());
                continue;
            }
            _ => continue,
        };
        let Some(name) = connection.mailbox_ids().name(&mailbox.id) else {
            continue;
        };
        let (headers, is_all) = match recent::headers(connection, &name, MOST).await {
            Err(Error::MailboxGone | Error::No { .. }) => continue,
            answer => answer?,
        };
        if field == "TO" {
            looked.written_in.insert(mailbox.id.clone());
            looked.written.extend(headers);
        } else {
            looked.heard.extend(headers);
        }
        if !is_all {
            looked.unseen.push(Unseen { name, field });
        }
    }
    Ok(looked)
}

impl Looked {
    fn learn(self, own: String, believed: BTreeSet<String>) -> Known {
        let mut circle = Circle {
            own,
            ..Circle::default()
        };
        for one in &self.written {
            let header = header::parse(&one.header);
            let names = header
                .from
                .iter()
                .map(|from| look_alike::look_of_name(&from.name));
            circle
                .own_names
                .extend(names.filter(|name| name.len() > FEWEST_OF_OWN_NAME));
            for person in header.to.iter().chain(&header.cc) {
                circle.add(person, ALWAYS);
            }
        }
        for one in self.heard.iter().rev() {
            // Somebody who names many senders wants to be known as all of them, or to crowd out others.
            if let [person] = &*header::parse(&one.header).from {
                circle.add(person, (one.received_at, one.uid));
            }
        }
        circle.trust = if believed.is_empty() {
            trust::learn(self.heard.iter().map(|one| &*one.header))
        } else {
            Trust {
                anywhere: believed,
                ..Trust::default()
            }
        };
        Known {
            circle,
            unseen: self.unseen,
            written: self.written_in,
            junk: self.junk,
        }
    }
}

/// Shorter names of the reader's own are many people's.
const FEWEST_OF_OWN_NAME: usize = 4;
