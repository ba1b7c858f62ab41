//! The header of a message as values. What mail-parser is good at is left to it, field by field: it is given
//! a value of bounded size, and its answer is copied into our own types.

use std::borrow::Cow;

use whimbrel_shared::{Address, HeaderField, MessageHeader};

use super::{charset, encoded_word};

mod addresses;
mod date;
pub(super) mod idn;
mod local_part;

/// What a header says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// `From`, or `Sender` if there is none (see [`names_author`]); empty if missing or unreadable.
    pub from: Vec<Address>,
    /// `Reply-To`; empty if missing.
    pub reply_to: Vec<Address>,
    /// `To`, all such lines together.
    pub to: Vec<Address>,
    /// `Cc`, all such lines together.
    pub cc: Vec<Address>,
    /// `Bcc`; there in one's own drafts and Sent copies.
    pub bcc: Vec<Address>,
    /// `Subject`, decoded, one line; empty if missing.
    pub subject: String,
    /// `Date`: seconds since the Unix epoch, UTC; `None` if missing or unreadable.
    pub sent_at: Option<i64>,
    /// `Message-ID` without angle brackets; empty if missing.
    pub message_id: String,
    /// `In-Reply-To` without angle brackets, the first if several; empty if missing.
    pub in_reply_to: String,
    /// `References`, or `In-Reply-To` if there is none, without angle brackets, oldest first.
    pub references: Vec<String>,
    /// `type/subtype` of `Content-Type`, lower-case; empty if missing.
    pub media_type: String,
    /// What was wrong, in plain words.
    pub defects: Vec<String>,
}

/// Bytes of a header beyond this are not read.
const MAX_HEADER: usize = 1024 * 1024;
/// Bytes of one field beyond this are not read: room for some thousand addresses.
const MAX_FIELD: usize = 256 * 1024;
/// Characters of a subject; more fits on no screen.
const MAX_SUBJECT: usize = 1_000;
/// Message ids of one field.
const MAX_IDS: usize = 200;
/// Bytes of one message id (RFC 5322 §2.1.1: the longest line).
const MAX_ID: usize = 998;

/// Reads a header: all bytes up to the empty line, or more, which is ignored.
#[must_use]
pub fn parse(raw: &[u8]) -> Header {
    let mut header = Header::default();
    if raw.len() > MAX_HEADER {
        header
            .defects
            .push("The header is too long; its end was left out.".to_owned());
    }
    let mut in_reply_to = Vec::new();
    let mut sender = Vec::new();
    let mut is_whole = true;
    for field in fields(raw) {
        let value = &*field.value;
        let is = |name: &str| field.is(name);
        if is("from") {
            is_whole &= addresses::add(&mut header.from, value);
        } else if is("sender") {
            is_whole &= addresses::add(&mut sender, value);
        } else if is("to") {
            is_whole &= addresses::add(&mut header.to, value);
        } else if is("cc") {
            is_whole &= addresses::add(&mut header.cc, value);
        } else if is("bcc") {
            is_whole &= addresses::add(&mut header.bcc, value);
        } else if is("reply-to") {
            is_whole &= addresses::add(&mut header.reply_to, value);
        } else if is("subject") && header.subject.is_empty() {
            header.subject = subject(value);
        } else if is("date") && header.sent_at.is_none() {
            header.sent_at = date::read(value);
        } else if is("message-id") && header.message_id.is_empty() {
            header.message_id = message_ids(value).into_iter().next().unwrap_or_default();
        } else if is("in-reply-to") && in_reply_to.is_empty() {
            in_reply_to = message_ids(value);
        } else if is("references") && header.references.is_empty() {
            header.references = message_ids(value);
        } else if is("content-type") && header.media_type.is_empty() {
            header.media_type = media_type(value);
        }
    }
    header.in_reply_to = in_reply_to.first().cloned().unwrap_or_default();
    if header.references.is_empty() {
        header.references = in_reply_to;
    }
    note_defects(&mut header, sender);
    if !is_whole {
        let defect = "It names too many people; some were left out.";
        header.defects.push(defect.to_owned());
    }
    header
}

fn note_defects(header: &mut Header, sender: Vec<Address>) {
    if header.from.is_empty() {
        let defect = if sender.is_empty() {
            "It does not say who sent it."
        } else {
            "It does not say who wrote it, only who sent it."
        };
        header.defects.push(defect.to_owned());
        header.from = sender;
    }
    if header.sent_at.is_none() {
        header.defects.push("It has no readable date.".to_owned());
    }
}

/// Whether a header has a `From` with anybody in it. What is known of the domain there (RFC 7489) is not known of one
/// in `Sender`.
#[must_use]
pub fn names_author(raw: &[u8]) -> bool {
    let mut people = Vec::new();
    for field in fields(raw).filter(|field| field.is("from")) {
        addresses::add(&mut people, &field.value);
    }
    !people.is_empty()
}

/// The raw value of the first field called `name` (in any case), unfolded; for headers of our own.
#[must_use]
pub fn first(raw: &[u8], name: &str) -> Option<String> {
    let field = fields(raw).find(|field| field.is(name))?;
    Some(charset::decode_text(&field.value, None).trim().to_owned())
}

/// Every field up to the empty line, in order: its name in lower case and its raw value, unfolded.
pub fn each(raw: &[u8]) -> impl Iterator<Item = (String, Cow<'_, [u8]>)> {
    fields(raw).map(|field| {
        let name = String::from_utf8_lossy(field.name).to_ascii_lowercase();
        (name, field.value)
    })
}

struct Field<'a> {
    name: &'a [u8],
    /// Unfolded, which most have no need of.
    value: Cow<'a, [u8]>,
}

impl Field<'_> {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// The fields up to the empty line; a line that is no field is left out.
fn fields(raw: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let raw = raw.get(..raw.len().min(MAX_HEADER)).unwrap_or_default();
    // A mark of UTF-8 or a space before the first field is no part of its name.
    let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    let raw = raw.strip_prefix(b" ").unwrap_or(raw);
    let mut lines = lines(raw)
        .map(without_returns)
        .take_while(|line| !line.is_empty())
        .peekable();
    std::iter::from_fn(move || {
        loop {
            let mut field = field(lines.next()?);
            while let Some(more) = lines.next_if(|line| matches!(line.first(), Some(b' ' | b'\t')))
            {
                if let Some(field) = &mut field {
                    let room = MAX_FIELD.saturating_sub(field.value.len());
                    let more = more.get(..room).unwrap_or(more);
                    field.value.to_mut().extend_from_slice(more);
                }
            }
            if field.is_some() {
                return field;
            }
        }
    })
}

/// The field that a line begins.
fn field(line: &[u8]) -> Option<Field<'_>> {
    let (name, value) = line.split_at_checked(memchr::memchr(b':', line)?)?;
    let name = name.trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let value = value.get(1..).unwrap_or_default();
    let value = value.get(..MAX_FIELD).unwrap_or(value);
    is_name.then_some(Field {
        name,
        value: value.into(),
    })
}

/// A line without its end, which careless gateways write twice.
pub(super) fn without_returns(mut line: &[u8]) -> &[u8] {
    while let Some(shorter) = line
        .strip_suffix(b"\n")
        .or_else(|| line.strip_suffix(b"\r"))
    {
        line = shorter;
    }
    line
}

/// What ends the lines of a message: as on an old Macintosh where there is nothing else.
pub(super) fn line_end(raw: &[u8]) -> u8 {
    match memchr::memchr(b'\n', raw) {
        Some(_) => b'\n',
        None => b'\r',
    }
}

/// Whether a line begins a field.
pub(super) fn is_field(line: &[u8]) -> bool {
    field(line).is_some()
}

fn lines(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    let line_end = line_end(rest);
    std::iter::from_fn(move || {
        let end = memchr::memchr(line_end, rest).unwrap_or(rest.len());
        let (line, after) = rest.split_at_checked(end)?;
        let is_over = rest.is_empty();
        rest = after.get(1..).unwrap_or_default();
        (!is_over).then_some(line)
    })
}

fn subject(value: &[u8]) -> String {
    let value = value
        .get(..value.len().min(16 * MAX_SUBJECT))
        .unwrap_or_default();
    let text = encoded_word::decode(value);
    if text.chars().nth(MAX_SUBJECT).is_none() {
        return text;
    }
    text.chars().take(MAX_SUBJECT).chain(['…']).collect()
}

/// Fields that are listed.
const MOST_LISTED: usize = 1_000;
/// Bytes of one value as it is listed.
const LONGEST_LISTED: usize = 16 * 1024;

/// All fields of a header, made readable.
#[must_use]
pub fn all(raw: &[u8]) -> MessageHeader {
    let mut fields = fields(raw);
    MessageHeader {
        fields: fields.by_ref().take(MOST_LISTED).map(listed).collect(),
        is_cut: fields.next().is_some() || raw.len() > MAX_HEADER,
    }
}

fn listed(field: Field<'_>) -> HeaderField {
    let read = field.value.get(..LONGEST_LISTED);
    let decoded = encoded_word::decode(read.unwrap_or(&field.value));
    let value = decoded
        .get(..decoded.floor_char_boundary(LONGEST_LISTED))
        .unwrap_or_default();
    HeaderField {
        name: String::from_utf8_lossy(field.name).into_owned(),
        is_cut: value.len() < decoded.len() || field.value.len() > LONGEST_LISTED,
        value: value.to_owned(),
    }
}

/// The ids in angle brackets; where a sender forgot those, every word with an `@`.
fn message_ids(value: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(value);
    let usable = |id: &str| {
        let id: String = id
            .chars()
            .filter(|c| !c.is_whitespace() && !c.is_control())
            .collect();
        (!id.is_empty() && id.len() <= MAX_ID).then_some(id)
    };
    let bracketed: Vec<String> = text
        .split('<')
        .skip(1)
        .filter_map(|piece| usable(piece.split_once('>')?.0))
        .collect();
    let mut ids = if bracketed.is_empty() {
        text.split_whitespace()
            .map(|word| word.trim_matches(['<', '>', ',', ';']))
            .filter(|word| word.contains('@'))
            .filter_map(usable)
            .collect()
    } else {
        bracketed
    };
    // The newest ones name the conversation.
    let excess = ids.len().saturating_sub(MAX_IDS);
    ids.drain(..excess);
    ids
}

fn media_type(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    text.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
