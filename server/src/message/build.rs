//! A draft as a letter (RFC 5322, MIME). Whatever the fields hold, no line of the result can be made by
//! them: control characters become spaces, addresses and ids that are none are left out.

use std::borrow::Cow;

use bytes::Bytes;
use mail_builder::{
    MessageBuilder,
    headers::{
        address::{Address as WireAddress, EmailAddress},
        content_type::ContentType,
        date::Date,
        message_id::MessageId,
        raw::Raw,
        text::Text,
    },
    mime::{BodyPart, MimePart},
};
use whimbrel_shared::{Address, Draft, Related, Relation};

use super::{address, encoded_word, file_name, text};

pub mod pieces;

use pieces::{Encoder, Encoding, Lines, base64_size};

/// A file to attach: what must be known of it before its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// Its name; a path is stripped.
    pub name: String,
    /// `type/subtype`; `application/octet-stream` is put for anything odd.
    pub media_type: String,
    /// Its bytes.
    pub size: u64,
    /// If it is a message ([`is_message`]): what [`pieces::Inspector`] saw in it.
    pub lines: Option<Lines>,
}

/// A letter without the bytes of its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it is put together of, in order.
    pub pieces: Vec<Piece>,
    /// Bytes of the whole.
    pub size: u64,
    /// The whole has no bytes beyond ASCII.
    pub is_ascii: bool,
}

/// A piece of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Text(Bytes),
    /// The bytes of a file.
    File {
        /// Its place among the files.
        index: usize,
        /// How they stand in the letter.
        encoding: Encoding,
    },
}

/// Stands for the bytes of a file while the letter around it is written. Nothing else in a letter is a NUL.
const MARK: u8 = 0;

/// Whether the letter names those whom nobody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bcc {
    /// For Drafts and Sent.
    Keep,
    /// For the wire.
    Omit,
}

/// The header in which a kept letter notes what it answers, for [`super::draft`].
pub(super) const RELATED: &str = "X-Whimbrel-Related";

/// Ids in `References` beyond this: the first and the newest are kept.
const MAX_REFERENCES: usize = 50;

/// Builds the letter around its files. `now` is seconds since the Unix epoch; `message_id` comes without brackets.
#[must_use]
pub fn build(
    draft: &Draft,
    from: &Address,
    now: i64,
    message_id: &str,
    files: &[File],
    bcc: Bcc,
) -> Letter {
    let mut builder = MessageBuilder::new()
        .header("Date", Date::new(now))
        .header("From", sender(from));
    builder = recipients(builder, draft, bcc);
    builder = builder.header("Subject", Text::new(encoded_word::tidy(&draft.subject)));
    if let Some(id) = id(message_id) {
        builder = builder.header("Message-ID", MessageId::new(id));
    }
    if let Some(id) = id(&draft.in_reply_to) {
        builder = builder.header("In-Reply-To", MessageId::new(id));
    }
    let references = references(&draft.references);
    if !references.is_empty() {
        builder = builder.header("References", MessageId::new_list(references.into_iter()));
    }
    if let (Bcc::Keep, Some(value)) = (bcc, draft.related.as_ref().and_then(related_value)) {
        builder = builder.header(RELATED, Raw::new(value));
    }
    let mut parts = vec![body(&draft.text)];
    parts.extend(files.iter().map(attachment));
    let whole = match <[MimePart<'_>; 1]>::try_from(parts) {
        Ok([text]) => text,
        Err(parts) => MimePart::new("multipart/mixed", parts),
    };
    let mut written = Vec::new();
    builder.body(whole).serialize(&mut written);
    Letter::of(&written.into(), files)
}

impl Letter {
    /// Cuts what was written at the marks.
    fn of(written: &Bytes, files: &[File]) -> Self {
        let mut letter = Self {
            pieces: Vec::new(),
            size: 0,
            is_ascii: true,
        };
        let mut files = files.iter().enumerate();
        for text in written.split(|&byte| byte == MARK) {
            letter.size += text.len() as u64;
            letter.is_ascii &= text.is_ascii();
            letter.pieces.push(Piece::Text(written.slice_ref(text)));
            if let Some((index, file)) = files.next() {
                let (encoding, size, is_ascii) = match unencoded(file) {
                    Some(lines) => (Encoding::Lines, lines.size, lines.is_ascii),
                    None => (Encoding::Base64, base64_size(file.size), true),
                };
                letter.size += size;
                letter.is_ascii &= is_ascii;
                letter.pieces.push(Piece::File { index, encoding });
            }
        }
        letter
    }
}

/// Whether a file of this type is a message, which RFC 2046 §5.2.1 forbids to encode within another.
#[must_use]
pub fn is_message(claimed: &str) -> bool {
    media_type(claimed) == "message/rfc822"
}

/// What stands in the letter without encoding: a message that can.
fn unencoded(file: &File) -> Option<Lines> {
    file.lines
        .filter(|lines| lines.fits && is_message(&file.media_type))
}

/// A `Message-ID` without brackets: 128 random bits at the sender's domain.
#[must_use]
pub fn message_id(random: u128, domain: &str) -> String {
    let host = match url::Host::parse(domain.trim()) {
        Ok(url::Host::Domain(host)) => host,
        _ => "localhost".to_owned(),
    };
    format!("{random:032x}@{host}")
}

fn recipients<'x>(mut builder: MessageBuilder<'x>, draft: &Draft, bcc: Bcc) -> MessageBuilder<'x> {
    let fields = [
        ("To", draft.to.as_slice()),
        ("Cc", draft.cc.as_slice()),
        (
            "Bcc",
            if bcc == Bcc::Keep {
                draft.bcc.as_slice()
            } else {
                &[]
            },
        ),
    ];
    for (name, list) in fields {
        let list = people(list);
        if matches!(&list, WireAddress::List(list) if !list.is_empty()) {
            builder = builder.header(name, list);
        }
    }
    // RFC 5322 §3.6.3 wants no empty `To`, and some servers refuse a letter without any.
    if bcc == Bcc::Omit && draft.to.is_empty() && draft.cc.is_empty() {
        builder = builder.header("To", Raw::new("undisclosed-recipients:;"));
    }
    builder
}

/// The sender, whom a letter cannot do without: a sign-in name that is no address is taken as local.
fn sender<'x>(from: &Address) -> WireAddress<'x> {
    let email = address::to_wire(&from.email).unwrap_or_else(|| {
        let local: String = from
            .email
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        format!(
            "{}@localhost",
            if local.is_empty() {
                "unknown"
            } else {
                local.as_str()
            }
        )
    });
    people(&[Address {
        name: from.name.clone(),
        email,
    }])
}

fn people<'x>(list: &[Address]) -> WireAddress<'x> {
    let person = |person: &Address| {
        let email = address::to_wire(&person.email)?;
        let name = encoded_word::tidy(&person.name);
        Some(WireAddress::Address(EmailAddress {
            name: (!name.is_empty()).then_some(Cow::Owned(name)),
            email: email.into(),
        }))
    };
    WireAddress::List(list.iter().filter_map(person).collect())
}

/// A message id as it may stand between brackets.
fn id(id: &str) -> Option<String> {
    let id = id.trim().trim_matches(['<', '>']);
    let is_clean = id
        .bytes()
        .all(|b| b.is_ascii_graphic() && !b"<>".contains(&b));
    (is_clean && (1..=900).contains(&id.len())).then(|| id.to_owned())
}

fn references(ids: &[String]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().filter_map(|reference| id(reference)).collect();
    let excess = ids.len().saturating_sub(MAX_REFERENCES);
    if excess > 0 {
        ids.drain(1..=excess);
    }
    ids
}

fn related_value(related: &Related) -> Option<String> {
    let relation = match related.relation {
        Relation::Reply => "reply",
        Relation::Forward => "forward",
    };
    let mailbox = &related.mailbox_id.0;
    let fits = (1..=700).contains(&mailbox.len()) && mailbox.bytes().all(|b| b.is_ascii_graphic());
    fits.then(|| format!("{relation} {mailbox} {}", related.key))
}

/// Columns of a line that needs no encoding (RFC 5322 §2.1.1).
const MAX_COLUMNS: usize = 78;

fn body<'x>(typed: &str) -> MimePart<'x> {
    let typed = typed
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\0', "");
    let mut flowed = text::to_flowed(&typed);
    flowed.push('\n');
    let kind = ContentType::new("text/plain")
        .attribute("charset", "utf-8")
        .attribute("format", "flowed");
    let is_plain = flowed.is_ascii()
        && flowed.lines().all(|line| line.len() <= MAX_COLUMNS)
        && !flowed.contains(|c: char| c.is_control() && c != '\n' && c != '\t');
    let wire = flowed.replace('\n', "\r\n");
    let part = MimePart::new(kind, BodyPart::Text(wire.into()));
    if is_plain {
        part.transfer_encoding("7bit")
    } else {
        part
    }
}

fn attachment<'x>(file: &File) -> MimePart<'x> {
    let (media_type, encoding) = match unencoded(file) {
        Some(lines) if lines.is_ascii => ("message/rfc822".to_owned(), "7bit"),
        Some(_) => ("message/rfc822".to_owned(), "8bit"),
        // A message that cannot stand as it is travels as a file.
        None if is_message(&file.media_type) => (UNKNOWN.to_owned(), "base64"),
        // Base64 for all: text files keep their line ends.
        None => (media_type(&file.media_type), "base64"),
    };
    MimePart::new(media_type, BodyPart::Binary(vec![MARK].into()))
        .attachment(file_name::clean(&file.name))
        .transfer_encoding(encoding)
}

/// What a file is of which nothing is known.
const UNKNOWN: &str = "application/octet-stream";

/// Every line ended by CR LF, and no CR or LF anywhere else.
#[must_use]
pub fn crlf(bytes: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let lone = |pair: &[u8]| {
        matches!(pair, [b'\r', next] if *next != b'\n')
            || matches!(pair, [before, b'\n'] if *before != b'\r')
    };
    let is_fine = !bytes.windows(2).any(lone)
        && bytes.first() != Some(&b'\n')
        && bytes.last() != Some(&b'\r');
    if is_fine {
        return bytes;
    }
    let mut mended = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    Encoder::new(Encoding::Lines).push(&bytes, &mut mended);
    Cow::Owned(mended)
}

/// A media type a part may carry; multiparts would promise a structure that is not there.
fn media_type(claimed: &str) -> String {
    let claimed = claimed
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let is_token = |text: &str| {
        (1..=100).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b))
    };
    match claimed.split_once('/') {
        Some((kind, subtype))
            if is_token(kind)
                && is_token(subtype)
                && kind != "multipart"
                && (kind != "message" || subtype == "rfc822") =>
        {
            claimed
        }
        _ => UNKNOWN.to_owned(),
    }
}

#[cfg(test)]
mod tests;
