//! The files of a letter: uploaded, parts of other messages, whole messages. Within the limit, always.

use whimbrel_shared::{ApiError, DraftAttachment, MailboxId, MessageKey};

use crate::{
    account::{Account, download::Download, opened, uploads},
    error,
    imap::{self, name::MailboxName, parts::Section},
    message::build::File,
};

use super::Letter;

/// The files of the letter, wherever they lie.
pub(super) async fn gather(letter: &Letter<'_>) -> Result<Vec<File>, ApiError> {
    let limit = letter.account.servers().limits.attachments;
    let mut files = Vec::new();
    let mut total = 0;
    for attachment in &letter.draft.attachments {
        let file = match attachment {
            DraftAttachment::Upload(upload) => {
                let bytes = letter
                    .uploads
                    .read(&upload.id)
                    .await
                    .map_err(|e| error::upload_error(&e))?;
                File {
                    name: upload.name.clone(),
                    media_type: upload.media_type.clone(),
                    bytes,
                }
            }
            DraftAttachment::Part {
                mailbox_id,
                key,
                part,
                name,
                media_type,
                ..
            } => {
                let section = Section::Part(part.clone());
                let bytes = fetch(letter.account, mailbox_id, *key, section, limit).await?;
                File {
                    name: name.clone(),
                    media_type: media_type.clone(),
                    bytes,
                }
            }
            DraftAttachment::Message {
                mailbox_id,
                key,
                name,
                ..
            } => {
                let bytes = fetch(letter.account, mailbox_id, *key, Section::Whole, limit).await?;
                File {
                    name: name.clone(),
                    media_type: "message/rfc822".to_owned(),
                    bytes,
                }
            }
        };
        total += file.bytes.len() as u64;
        if total > limit {
            return Err(error::upload_error(&uploads::Error::TooLarge(limit)));
        }
        files.push(file);
    }
    Ok(files)
}

/// The decoded bytes of a part, or a whole message as it is.
async fn fetch(
    account: &Account,
    mailbox: &MailboxId,
    key: MessageKey,
    section: Section,
    limit: u64,
) -> Result<Vec<u8>, ApiError> {
    let name =
        MailboxName::from_id(mailbox).ok_or_else(|| error::api_error(&imap::Error::MailboxGone))?;
    let encoding = match &section {
        Section::Whole => "8bit".to_owned(),
        Section::Part(id) => {
            let message = opened::open(account, &name, key)
                .await
                .map_err(|e| error::api_error(&e))?;
            message
                .part(id)
                .map(|part| part.encoding.clone())
                .unwrap_or_default()
        }
    };
    let download = Download::new(account, name, key, section, &encoding);
    let whole = download.whole(limit).await;
    let whole = whole.map_err(|failure| error::api_error(&failure))?;
    whole.ok_or_else(|| error::upload_error(&uploads::Error::TooLarge(limit)))
}
