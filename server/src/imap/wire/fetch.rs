//! One `FETCH` response (RFC 9051 §7.5.2) as a row of what it carried. A bad item is `None`; the
//! other items stand.

use bytes::Bytes;
use memchr::memmem;

use super::{date, lexer::Lexer, structure};
use crate::message::{
    encoded_word,
    header::{self, Header},
    part_tree::PartNode,
};

/// Flags of one list; what is beyond is left out. No mailbox is known to have so many keywords.
const MAX_FLAGS: usize = 2_000;

/// What one `FETCH` response said of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// `UID`; `None` in news the server sends by itself.
    pub(crate) uid: Option<u32>,
    /// `FLAGS`, as written.
    pub(crate) flags: Option<Vec<String>>,
    /// `INTERNALDATE` as seconds since the Unix epoch, UTC.
    pub(crate) received_at: Option<i64>,
    /// `RFC822.SIZE` in bytes.
    pub(crate) size: Option<u64>,
    /// `MODSEQ` (RFC 7162).
    pub(crate) modseq: Option<u64>,
    /// `PREVIEW` (RFC 8970).
    pub(crate) preview: Option<String>,
    /// `BODYSTRUCTURE`.
    pub(crate) structure: Option<PartNode>,
    /// `BODY[HEADER.FIELDS (…)]`, read as soon as it is here: while the mail server still thinks of the next row.
    pub(crate) fields: Option<Box<Header>>,
    /// Other `BODY[…]`, each by the upper-case text between its brackets.
    pub(crate) sections: Vec<(String, Option<Bytes>)>,
}

impl Row {
    /// Whether it carries more than marks: an answer rather than news.
    pub(crate) fn has_content(&self) -> bool {
        self.received_at.is_some()
            || self.size.is_some()
            || self.structure.is_some()
            || self.fields.is_some()
            || !self.sections.is_empty()
    }

    /// Adds what a later response said of the same message.
    pub(crate) fn merge(&mut self, later: Self) {
        self.flags = later.flags.or(self.flags.take());
        self.received_at = later.received_at.or(self.received_at);
        self.size = later.size.or(self.size);
        self.modseq = later.modseq.max(self.modseq);
        self.preview = later.preview.or(self.preview.take());
        self.structure = later.structure.or(self.structure.take());
        self.fields = later.fields.or(self.fields.take());
        self.sections.extend(later.sections);
    }

    /// The bytes of section `name`; `None` if it did not come or was NIL.
    pub(crate) fn section(&self, name: &str) -> Option<&Bytes> {
        self.sections
            .iter()
            .find(|(section, _)| section == name)
            .and_then(|(_, bytes)| bytes.as_ref())
    }
}

/// Reads the list that follows `* n FETCH`.
pub(crate) fn row(lexer: &mut Lexer<'_>) -> Row {
    let mut row = Row::default();
    if !lexer.eat(b'(') {
        return row;
    }
    while lexer.peek().is_some_and(|byte| byte != b')') {
        let name = lexer.item_name();
        if name.is_empty() {
            lexer.skip();
            continue;
        }
        read_item(&mut row, name, lexer);
    }
    let has_literals = !row.sections.is_empty() || row.fields.is_some();
    if !lexer.eat(b')') && has_literals {
        lexer.tear(); // a literal swallowed the end
    }
    row
}

fn read_item(row: &mut Row, name: &[u8], lexer: &mut Lexer<'_>) {
    let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
    if is("UID") {
        row.uid = lexer.number().filter(|&uid| uid > 0);
    } else if is("FLAGS") {
        row.flags = flags(lexer);
    } else if is("INTERNALDATE") {
        row.received_at = lexer.text().and_then(|text| date::epoch_seconds(&text));
    } else if is("RFC822.SIZE") {
        row.size = lexer.number();
    } else if is("MODSEQ") {
        if lexer.eat(b'(') {
            row.modseq = lexer.number();
            lexer.finish_list();
        } else {
            lexer.skip();
        }
    } else if is("PREVIEW") {
        row.preview = lexer.text().map(|text| one_line(&text));
    } else if is("BODYSTRUCTURE") {
        row.structure = structure::read(lexer);
    } else if let Some(section) = section_name(name) {
        if starts_with(section, b"HEADER.FIELDS") {
            let fields = lexer.text();
            row.fields = fields.map(|fields| Box::new(header::parse(&fields)));
        } else {
            let section = String::from_utf8_lossy(section).to_ascii_uppercase();
            row.sections.push((section, lexer.bytes()));
        }
    } else {
        lexer.skip();
    }
}

/// A list of flags, as written; `None` if it is no list.
pub(crate) fn flags(lexer: &mut Lexer<'_>) -> Option<Vec<String>> {
    if !lexer.eat(b'(') {
        lexer.skip();
        return None;
    }
    let mut flags = Vec::new();
    while lexer.peek().is_some_and(|byte| byte != b')') {
        match lexer.text() {
            Some(flag) if flags.len() < MAX_FLAGS => {
                flags.push(String::from_utf8_lossy(&flag).into_owned());
            }
            None if lexer.peek() == Some(b')') => break,
            _ => {}
        }
    }
    lexer.eat(b')');
    Some(flags)
}

/// `1.2` of `BODY[1.2]<0>`.
fn section_name(item: &[u8]) -> Option<&[u8]> {
    let inner = item
        .get(b"BODY[".len()..)
        .filter(|_| starts_with(item, b"BODY["))?;
    inner.get(..memchr::memrchr(b']', inner)?)
}

/// In any case.
fn starts_with(text: &[u8], beginning: &[u8]) -> bool {
    let start = text.get(..beginning.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

/// The words of a text, one space between each two.
fn one_line(text: &[u8]) -> String {
    if memmem::find(text, b"  ").is_none()
        && let Some(text) = encoded_word::as_ascii(text)
    {
        return text.trim().to_owned(); // as servers send it
    }
    let text = String::from_utf8_lossy(text);
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
