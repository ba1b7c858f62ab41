//! One opened message.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Address, Keywords, MailboxId, MessageKey};

/// An IMAP section number such as `1.2` (RFC 9051 §6.4.5); with `!3` behind it, the third file that is packed
/// into that part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartId(String);

impl PartId {
    /// A section number; `None` unless it is digits with single dots between, at most 128 bytes, and at most
    /// one number behind an exclamation mark.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let is_number = |n: &str| {
            !n.is_empty() && n.len() <= 9 && n.bytes().all(|b| b.is_ascii_digit()) && n != "0"
        };
        let (section, packed) = text.split_once('!').unwrap_or((text, "1"));
        let valid = text.len() <= 128 && section.split('.').all(is_number) && is_number(packed);
        valid.then(|| Self(text.to_owned()))
    }

    /// The section number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A leaf of the MIME tree that is offered as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Its section number.
    pub id: PartId,
    /// The file name, decoded, without path; made up if the sender gave none.
    pub name: String,
    /// `type/subtype`, lower-case, as claimed by the sender.
    pub media_type: String,
    /// Decoded size in bytes, estimated from the encoded size.
    pub size: u64,
}

/// Where pictures of a message would come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoteHost {
    /// The name of the host, in ASCII.
    pub host: String,
    /// How many pictures.
    pub pictures: u32,
}

/// One opened message, parsed. The text itself is the document at [`crate::path::body`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Where it is.
    pub mailbox_id: MailboxId,
    /// Its key there.
    pub key: MessageKey,
    /// What it is marked with.
    pub keywords: Keywords,
    /// `From`, decoded.
    pub from: Vec<Address>,
    /// `Reply-To`, decoded; empty if missing.
    #[serde(default)]
    pub reply_to: Vec<Address>,
    /// `To`, decoded.
    #[serde(default)]
    pub to: Vec<Address>,
    /// `Cc`, decoded.
    #[serde(default)]
    pub cc: Vec<Address>,
    /// `Bcc`, decoded; there in one's own drafts and Sent copies.
    #[serde(default)]
    pub bcc: Vec<Address>,
    /// `Subject`, decoded; empty if missing.
    #[serde(default)]
    pub subject: String,
    /// When it arrived: seconds since the Unix epoch, UTC.
    pub received_at: i64,
    /// The `Date` header: seconds since the Unix epoch, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<i64>,
    /// RFC822.SIZE in bytes.
    pub size: u64,
    /// `Message-ID` without angle brackets; empty if missing.
    #[serde(default)]
    pub message_id: String,
    /// `References` (or `In-Reply-To`) without angle brackets, oldest first.
    #[serde(default)]
    pub references: Vec<String>,
    /// The text as plain text, for quoting; HTML-only mail is rendered to text.
    #[serde(default)]
    pub text: String,
    /// The text has HTML of the sender's own.
    #[serde(default)]
    pub is_html: bool,
    /// The text wanted pictures or styles from elsewhere, which were left out.
    #[serde(default)]
    pub has_remote_content: bool,
    /// Where its pictures would come from, most pictures first; they are loaded when
    /// [`BodyView::Pictures`] is asked for.
    #[serde(default)]
    pub remote_hosts: Vec<RemoteHost>,
    /// Its pictures are to be shown without a question: [`BodyView::Pictures`] is the usual view of it.
    #[serde(default)]
    pub loads_pictures: bool,
    /// Why its pictures are left out although those of its sender are loaded, as a sentence; empty if not so.
    #[serde(default)]
    pub held_because: String,
    /// What in its HTML tells the sender who reads it, in plain words.
    #[serde(default)]
    pub trackers: Vec<String>,
    /// Files, in order. Pictures shown within the text are left out.
    #[serde(default)]
    pub attachments: Vec<Part>,
    /// Pictures shown within the text, in order: files that passing on its plain text would lose.
    #[serde(default)]
    pub pictures: Vec<Part>,
    /// What was wrong with it, in plain words; it is shown all the same.
    #[serde(default)]
    pub defects: Vec<String>,
}

/// As what the text of a message is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyView {
    /// As the sender wrote it.
    #[default]
    AsSent,
    /// As the sender wrote it, with pictures from elsewhere.
    Pictures,
    /// As plain text, also where the sender wrote HTML.
    Text,
    /// The sender's plain text as it came: no line joined, nothing folded away.
    Original,
}

impl fmt::Display for BodyView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AsSent => "as-sent",
            Self::Pictures => "pictures",
            Self::Text => "text",
            Self::Original => "original",
        })
    }
}

/// All header fields of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageHeader {
    /// In the order of the message; those nearest to the reader's mail server first.
    pub fields: Vec<HeaderField>,
    /// There were more, which were left out.
    #[serde(default)]
    pub is_cut: bool,
}

/// One header field, made readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeaderField {
    /// As it stands in the message.
    pub name: String,
    /// On one line, encoded words decoded, without control characters.
    pub value: String,
    /// It was longer; its end was left out.
    #[serde(default)]
    pub is_cut: bool,
}
