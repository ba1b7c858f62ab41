//! A letter being written.

use serde::{Deserialize, Serialize};

use crate::{Address, MailboxId, MessageKey, PartId};

/// A letter being written, whole: what the composer holds, and what is saved or sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Draft {
    /// Recipients for all to see.
    pub to: Vec<Address>,
    /// Copies for all to see.
    pub cc: Vec<Address>,
    /// Copies nobody sees: kept in Drafts and Sent, never on the wire.
    pub bcc: Vec<Address>,
    /// The subject.
    pub subject: String,
    /// The text, plain, lines ended by `\n`.
    pub text: String,
    /// Files.
    pub attachments: Vec<DraftAttachment>,
    /// The message this answers or passes on.
    pub related: Option<Related>,
    /// `In-Reply-To` without angle brackets; empty if it answers nothing.
    pub in_reply_to: String,
    /// `References` without angle brackets, oldest first.
    pub references: Vec<String>,
    /// Fixed `Message-ID` without angle brackets, once chosen; the server chooses if empty.
    pub message_id: String,
}

/// How a letter relates to another message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Relation {
    /// It answers it: sending sets `$answered`.
    Reply,
    /// It passes it on: sending sets `$forwarded`.
    Forward,
}

/// The other message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// Where it is.
    pub mailbox_id: MailboxId,
    /// Its key there.
    pub key: MessageKey,
    /// What this letter does to it.
    pub relation: Relation,
}

/// A file of a letter being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type", try_from = "AttachmentFields")]
pub enum DraftAttachment {
    /// A file that was uploaded.
    Upload(Upload),
    /// A part of a message in a mailbox; the browser never downloads it.
    #[serde(rename_all = "camelCase")]
    Part {
        /// Where the message is.
        mailbox_id: MailboxId,
        /// Its key there.
        key: MessageKey,
        /// Which part.
        part: PartId,
        /// File name.
        name: String,
        /// `type/subtype`.
        media_type: String,
        /// Bytes, estimated.
        size: u64,
    },
    /// A whole message, as `message/rfc822`.
    #[serde(rename_all = "camelCase")]
    Message {
        /// Where the message is.
        mailbox_id: MailboxId,
        /// Its key there.
        key: MessageKey,
        /// File name, ending in `.eml`.
        name: String,
        /// Bytes.
        size: u64,
    },
}

/// A [`DraftAttachment`] as fields: read at once, where a tag would be read twice and make the app larger.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentFields {
    r#type: String,
    id: Option<String>,
    mailbox_id: Option<MailboxId>,
    key: Option<MessageKey>,
    part: Option<PartId>,
    name: String,
    media_type: Option<String>,
    size: u64,
}

impl TryFrom<AttachmentFields> for DraftAttachment {
    type Error = &'static str;

    fn try_from(fields: AttachmentFields) -> Result<Self, Self::Error> {
        let nowhere = "a file of no message";
        let untyped = "a file without a media type";
        Ok(match fields.r#type.as_str() {
            "upload" => Self::Upload(Upload {
                id: fields.id.ok_or("an upload without an id")?,
                name: fields.name,
                media_type: fields.media_type.ok_or(untyped)?,
                size: fields.size,
            }),
            "part" => Self::Part {
                mailbox_id: fields.mailbox_id.ok_or(nowhere)?,
                key: fields.key.ok_or(nowhere)?,
                part: fields.part.ok_or("a file of no part")?,
                name: fields.name,
                media_type: fields.media_type.ok_or(untyped)?,
                size: fields.size,
            },
            "message" => Self::Message {
                mailbox_id: fields.mailbox_id.ok_or(nowhere)?,
                key: fields.key.ok_or(nowhere)?,
                name: fields.name,
                size: fields.size,
            },
            _ => return Err("an unknown kind of file"),
        })
    }
}

impl DraftAttachment {
    /// The file name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Upload(upload) => &upload.name,
            Self::Part { name, .. } | Self::Message { name, .. } => name,
        }
    }

    /// Size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Self::Upload(upload) => upload.size,
            Self::Part { size, .. } | Self::Message { size, .. } => *size,
        }
    }
}

/// A file kept by the server until the letter is sent or a day has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// Opaque; known to this account only.
    pub id: String,
    /// File name without path.
    pub name: String,
    /// `type/subtype`, as the browser said.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
}

#[cfg(test)]
mod tests {
    use super::{DraftAttachment, Upload};
    use crate::{MailboxId, MessageKey, PartId};

    #[test]
    fn files_survive_the_wire() {
        let mailbox_id = MailboxId("b".to_owned());
        let key = MessageKey {
            uidvalidity: 5,
            uid: 6,
        };
        let files = [
            DraftAttachment::Upload(Upload {
                id: "u".to_owned(),
                name: "a.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                size: 3,
            }),
            DraftAttachment::Part {
                mailbox_id: mailbox_id.clone(),
                key,
                part: PartId::new("1.2").unwrap(),
                name: "a.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                size: 3,
            },
            DraftAttachment::Message {
                mailbox_id,
                key,
                name: "a.eml".to_owned(),
                size: 3,
            },
        ];
        for file in files {
            let json = serde_json::to_string(&file).unwrap();
            assert_eq!(
                serde_json::from_str::<DraftAttachment>(&json).unwrap(),
                file
            );
        }
        assert!(
            serde_json::from_str::<DraftAttachment>(r#"{"type":"part","name":"a","size":1}"#)
                .is_err()
        );
    }
}
