//! The header of a message as values. The only file that knows mail-parser's message types: it is given
//! a block we cleaned first (sizes capped, everything UTF-8), and its answer is copied into our own.

use std::sync::LazyLock;

use mail_parser::{HeaderName, HeaderValue, MessageParser, parsers::MessageStream};
use whimbrel_shared::Address;

use super::encoded_word;

/// What a header says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// `From`; empty if missing or unreadable.
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
/// Addresses of one field.
const MAX_ADDRESSES: usize = 2_000;
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
    for field in fields(raw) {
        let value = field.value.as_slice();
        match field.name.as_str() {
            "from" => add_addresses(&mut header.from, value),
            "reply-to" => add_addresses(&mut header.reply_to, value),
            "to" => add_addresses(&mut header.to, value),
            "cc" => add_addresses(&mut header.cc, value),
            "bcc" => add_addresses(&mut header.bcc, value),
            "subject" if header.subject.is_empty() => header.subject = subject(value),
            "date" if header.sent_at.is_none() => header.sent_at = date(value),
            "message-id" if header.message_id.is_empty() => {
                header.message_id = message_ids(value).into_iter().next().unwrap_or_default();
            }
            "in-reply-to" if in_reply_to.is_empty() => in_reply_to = message_ids(value),
            "references" if header.references.is_empty() => header.references = message_ids(value),
            "content-type" if header.media_type.is_empty() => header.media_type = media_type(value),
            _ => {}
        }
    }
    header.in_reply_to = in_reply_to.first().cloned().unwrap_or_default();
    if header.references.is_empty() {
        header.references = in_reply_to;
    }
    note_defects(&mut header);
    header
}

fn note_defects(header: &mut Header) {
    if header.from.is_empty() {
        header
            .defects
            .push("It does not say who sent it.".to_owned());
    }
    if header.sent_at.is_none() {
        header.defects.push("It has no readable date.".to_owned());
    }
}

/// The raw value of the first field called `name` (lower-case), unfolded; for headers of our own.
#[must_use]
pub fn first(raw: &[u8], name: &str) -> Option<String> {
    let field = fields(raw).find(|field| field.name == name)?;
    Some(String::from_utf8_lossy(&field.value).trim().to_owned())
}

struct Field {
    name: String,
    value: Vec<u8>,
}

/// The fields up to the empty line, unfolded; a line that is no field is left out.
fn fields(raw: &[u8]) -> impl Iterator<Item = Field> + '_ {
    let raw = raw.get(..raw.len().min(MAX_HEADER)).unwrap_or_default();
    let mut lines = lines(raw)
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .take_while(|line| !line.is_empty())
        .peekable();
    std::iter::from_fn(move || {
        loop {
            let line = lines.next()?;
            let mut value = Vec::new();
            let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
            let is_field = name.len() < line.len()
                && !name.is_empty()
                && name.trim_ascii_end().iter().all(u8::is_ascii_graphic);
            if is_field {
                value.extend_from_slice(line.get(name.len() + 1..).unwrap_or_default());
            }
            while let Some(more) = lines.next_if(|line| matches!(line.first(), Some(b' ' | b'\t')))
            {
                if value.len() < MAX_FIELD {
                    value.extend_from_slice(more);
                }
            }
            value.truncate(MAX_FIELD);
            if is_field {
                let mut name = String::from_utf8_lossy(name.trim_ascii()).into_owned();
                name.make_ascii_lowercase();
                return Some(Field { name, value });
            }
        }
    })
}

fn lines(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
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

/// Years that can be meant: mail began, and no sender's clock is this far off.
const PLAUSIBLE: std::ops::Range<i64> = 0..7_258_118_400;

fn date(value: &[u8]) -> Option<i64> {
    let mut line = value.get(..value.len().min(200))?.to_vec();
    line.push(b'\n');
    match MessageStream::new(&line).parse_date() {
        HeaderValue::DateTime(date) if date.is_valid() => {
            Some(date.to_timestamp()).filter(|seconds| PLAUSIBLE.contains(seconds))
        }
        _ => None,
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

static ADDRESSES: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new()
        .header_address(HeaderName::To)
        .default_header_ignore()
});

fn add_addresses(addresses: &mut Vec<Address>, value: &[u8]) {
    let block = format!("To: {}\r\n\r\n", encoded_word::normalise(value));
    let parsed = ADDRESSES.parse_headers(block.as_bytes());
    let Some(HeaderValue::Address(list)) = parsed.as_ref().and_then(|m| m.header(HeaderName::To))
    else {
        return;
    };
    let room = MAX_ADDRESSES.saturating_sub(addresses.len());
    match list {
        mail_parser::Address::List(list) => {
            addresses.extend(list.iter().filter_map(address).take(room));
        }
        mail_parser::Address::Group(groups) => {
            let all = groups.iter().flat_map(|group| {
                let members: Vec<Address> = group.addresses.iter().filter_map(address).collect();
                // `undisclosed-recipients:;` is all there is to show.
                let alone = group
                    .name
                    .as_deref()
                    .filter(|_| members.is_empty())
                    .map(|name| Address {
                        name: encoded_word::tidy(name),
                        email: String::new(),
                    });
                alone.into_iter().chain(members)
            });
            addresses.extend(all.take(room));
        }
    }
}

fn address(parsed: &mail_parser::Addr<'_>) -> Option<Address> {
    let name = encoded_word::tidy(parsed.name().unwrap_or_default());
    let email = encoded_word::tidy(parsed.address().unwrap_or_default());
    let email = email.trim_matches(['<', '>']).to_owned();
    if name.is_empty() && email.is_empty() {
        return None;
    }
    // A bare word is a name, not an address.
    if name.is_empty() && !email.contains('@') {
        return Some(Address {
            name: email,
            email: String::new(),
        });
    }
    let name = if name == email { String::new() } else { name };
    Some(Address { name, email })
}

#[cfg(test)]
mod tests;
