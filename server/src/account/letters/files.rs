//! The files of a letter: uploaded, parts of other messages, whole messages. Within the limit, always, and
//! never whole in memory: what lies on the mail server is fetched into a file of this letter's own.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use whimbrel_shared::{ApiError, DraftAttachment, MailboxId, MessageKey, PartId};

use crate::{
    account::{
        Account,
        download::Download,
        opened,
        uploads::{self, Uploads, stored::Stored},
    },
    error,
    imap::{self, name::MailboxName, parts::Section},
    message::{
        build::{
            self, File, Piece,
            pieces::{Encoder, Encoding, Inspector},
        },
        outgoing::Outgoing,
    },
};

use super::Letter;

/// The files of a letter.
#[derive(Default)]
pub(super) struct Files {
    /// What is known of each.
    pub(super) known: Vec<File>,
    stored: Vec<Arc<Stored>>,
}

/// Where the bytes of a file are.
struct Found<'a> {
    name: &'a str,
    media_type: &'a str,
    stored: Stored,
}

impl Files {
    /// The letter with its files, on its way.
    pub(super) fn enclose(&self, letter: &build::Letter) -> Outgoing {
        let pieces: Vec<_> = letter
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => stream::iter([Ok(text.clone())]).boxed(),
                Piece::File { index, encoding } => match self.stored.get(*index) {
                    Some(stored) => encoded(stored, *encoding).boxed(),
                    None => stream::empty().boxed(),
                },
            })
            .collect();
        Outgoing {
            size: letter.size,
            is_ascii: letter.is_ascii,
            pieces: stream::iter(pieces).flatten().boxed(),
        }
    }
}

/// The bytes of a file as they stand in a letter.
fn encoded(
    stored: &Arc<Stored>,
    encoding: Encoding,
) -> impl Stream<Item = std::io::Result<Bytes>> + Send + use<> {
    let begin = (Box::pin(stored.bytes()), Some(Encoder::new(encoding)));
    stream::try_unfold(begin, async |(mut bytes, encoder)| {
        let Some(mut encoder) = encoder else {
            return Ok(None);
        };
        let next = bytes.try_next().await.map_err(std::io::Error::other)?;
        let mut out = Vec::new();
        let encoder = match next {
            Some(plain) => {
                encoder.push(&plain, &mut out);
                Some(encoder)
            }
            None => {
                encoder.finish(&mut out);
                None
            }
        };
        Ok(Some((Bytes::from(out), (bytes, encoder))))
    })
}

/// The files of the letter, wherever they lie.
pub(super) async fn gather(letter: &Letter<'_>) -> Result<Files, ApiError> {
    let limit = letter.account.servers().limits.attachments;
    let mut files = Files::default();
    let mut total = 0;
    for attachment in &letter.draft.attachments {
        let found = find(letter, attachment).await?;
        let stored = Arc::new(found.stored);
        total += stored.size;
        if total > limit {
            return Err(error::upload_error(&uploads::Error::TooLarge(limit)));
        }
        let mut file = File {
            name: found.name.to_owned(),
            media_type: found.media_type.to_owned(),
            size: stored.size,
            lines: None,
        };
        if build::is_message(&file.media_type) {
            let inspector = inspect(&stored).await;
            file.lines = Some(inspector.map_err(|e| error::upload_error(&e))?.finish());
        }
        files.known.push(file);
        files.stored.push(stored);
    }
    Ok(files)
}

async fn find<'a>(
    letter: &Letter<'_>,
    attachment: &'a DraftAttachment,
) -> Result<Found<'a>, ApiError> {
    let (name, media_type, download) = match attachment {
        DraftAttachment::Upload(upload) => {
            let stored = letter.uploads.open(&upload.id).await;
            return Ok(Found {
                name: &upload.name,
                media_type: &upload.media_type,
                stored: stored.map_err(|e| error::upload_error(&e))?,
            });
        }
        DraftAttachment::Part {
            mailbox_id,
            key,
            part,
            name,
            media_type,
            ..
        } => {
            let download = part_of(letter.account, mailbox_id, *key, part).await?;
            (name, media_type.as_str(), download)
        }
        DraftAttachment::Message {
            mailbox_id,
            key,
            name,
            ..
        } => {
            let mailbox = mailbox(letter.account, mailbox_id)?;
            let download = Download::new(letter.account, mailbox, *key, Section::Whole, "8bit");
            (name, "message/rfc822", download)
        }
    };
    Ok(Found {
        name,
        media_type,
        stored: fetch(letter.uploads, download).await?,
    })
}

async fn inspect(stored: &Arc<Stored>) -> Result<Inspector, uploads::Error> {
    let mut bytes = Box::pin(stored.bytes());
    let mut inspector = Inspector::default();
    while let Some(piece) = bytes.try_next().await? {
        inspector.push(&piece);
    }
    Ok(inspector)
}

fn mailbox(account: &Account, id: &MailboxId) -> Result<MailboxName, ApiError> {
    account
        .mailbox_name(id)
        .map_err(|gone| error::api_error(&gone))
}

/// The decoded bytes of a part of a message.
async fn part_of(
    account: &Account,
    mailbox_id: &MailboxId,
    key: MessageKey,
    part: &PartId,
) -> Result<Download, ApiError> {
    let name = mailbox(account, mailbox_id)?;
    let opened = opened::open(account, &name, key).await;
    let opened = opened.map_err(|e| error::api_error(&e))?;
    Download::of_part(account, name, key, &opened, part)
        .ok_or_else(|| error::api_error(&imap::Error::MessageGone))
}

async fn fetch(uploads: &Uploads<'_>, mut download: Download) -> Result<Stored, ApiError> {
    let refused = |e: uploads::Error| error::upload_error(&e);
    let mut incoming = uploads.temporary().await.map_err(refused)?;
    while let Some(bytes) = download.next().await.map_err(|e| error::api_error(&e))? {
        incoming.push(&bytes).await.map_err(refused)?;
    }
    incoming.into_temporary().await.map_err(refused)
}
