//! `winmail.dat`, Outlook's own wrapping of a message (MS-OXTNEF): its files, and its text for when there is
//! no other. A message within it stays packed. Linear; lengths that lie end the reading.

use std::ops::Range;

use super::{
    Body, MAX_FILES, Packed,
    mapi::{self, Cursor, Kind, Property},
    rtf,
};
use crate::message::{charset, encoded_word, sanitize};

const SIGNATURE: u32 = 0x223e_9f78;
/// Bytes of a name.
const MAX_NAME: usize = 2_000;
/// Bytes of a text.
const MAX_TEXT: usize = 4 << 20;

/// What was in it.
#[derive(Debug, Default)]
pub(in crate::message) struct Winmail {
    pub(in crate::message) files: Vec<Packed>,
    pub(in crate::message) body: Option<Body>,
    /// Everything in it was found, to its end.
    pub(in crate::message) is_whole: bool,
}

/// Unpacks one.
pub(in crate::message) fn read(bytes: &[u8]) -> Winmail {
    let mut reader = Reader {
        bytes,
        code_page: "windows-1252".to_owned(),
        files: Vec::new(),
        texts: Texts::default(),
        is_whole: true,
    };
    reader.attributes();
    let body = reader.body();
    let files = reader.files.into_iter();
    let files: Vec<Packed> = files.filter_map(File::packed).collect();
    Winmail {
        // Somebody who packed nothing that can be shown keeps the file itself.
        is_whole: reader.is_whole && (body.is_some() || !files.is_empty()),
        files,
        body,
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// A name that [`charset`] knows.
    code_page: String,
    files: Vec<File>,
    texts: Texts,
    is_whole: bool,
}

#[derive(Default)]
struct File {
    name: String,
    long_name: String,
    media_type: String,
    data: Range<usize>,
    is_message: bool,
    is_cut: bool,
}

impl File {
    fn packed(self) -> Option<Packed> {
        let name = if self.long_name.is_empty() {
            self.name
        } else {
            self.long_name
        };
        if name.is_empty() && self.data.is_empty() {
            return None;
        }
        let media_type = self.media_type.trim().to_ascii_lowercase();
        let is_type = media_type.len() < 100 && media_type.split('/').count() == 2;
        Some(Packed {
            name: if self.is_message {
                format!("{name}.tnef")
            } else {
                name
            },
            media_type: if is_type {
                media_type
            } else {
                "application/octet-stream".to_owned()
            },
            size: self.data.len() as u64,
            range: self.data,
            encoding: "8bit",
            is_whole: !self.is_cut,
        })
    }
}

/// The texts of the message, where they lie.
#[derive(Default)]
struct Texts {
    plain: Option<Property>,
    html: Option<Range<usize>>,
    rtf: Option<Range<usize>>,
    /// The code page of the HTML.
    html_page: Option<u32>,
}

impl Reader<'_> {
    fn attributes(&mut self) {
        let mut cursor = Cursor::new(self.bytes, 0..self.bytes.len());
        if cursor.long() != Some(SIGNATURE) || cursor.short().is_none() {
            self.is_whole = false;
            return;
        }
        while cursor.left() > 0 {
            let attribute = (|| {
                cursor.byte()?;
                let id = cursor.long()? as u16;
                let length = usize::try_from(cursor.long()?).ok()?;
                Some((id, length))
            })();
            let Some((id, length)) = attribute else {
                self.is_whole = false;
                return;
            };
            let is_cut = length > cursor.left();
            let Some(range) = cursor.take(length.min(cursor.left())) else {
                return;
            };
            self.attribute(id, range, is_cut);
            if is_cut {
                self.is_whole = false;
                return;
            }
            cursor.short(); // a checksum
        }
    }

    fn attribute(&mut self, id: u16, range: Range<usize>, is_cut: bool) {
        match id {
            0x9007 => {
                let page = Cursor::new(self.bytes, range).long();
                self.code_page = page.map_or("windows-1252".to_owned(), label);
            }
            0x800c => {
                self.texts.plain.get_or_insert(Property {
                    id: 0,
                    kind: Kind::Text,
                    range,
                });
            }
            0x9003 => self.message_properties(range),
            0x9002 if self.files.len() < MAX_FILES => self.files.push(File::default()),
            0x9002 => self.is_whole = false,
            0x8010 => {
                let name = self.text(Kind::Text, range);
                if let Some(file) = self.files.last_mut() {
                    file.name = name;
                }
            }
            0x800f => {
                if let Some(file) = self.files.last_mut() {
                    file.data = range;
                    file.is_cut = is_cut;
                }
            }
            0x9005 => self.file_properties(range),
            _ => {}
        }
    }

    fn message_properties(&mut self, list: Range<usize>) {
        let (properties, is_whole) = mapi::read(self.bytes, list);
        self.is_whole &= is_whole;
        for property in properties {
            match property.id {
                0x1000 => self.texts.plain = Some(property),
                0x1013 => self.texts.html = Some(property.range),
                0x1009 => self.texts.rtf = Some(property.range),
                0x3fde if property.kind == Kind::Number => {
                    self.texts.html_page = Cursor::new(self.bytes, property.range).long();
                }
                _ => {}
            }
        }
    }

    fn file_properties(&mut self, list: Range<usize>) {
        let (properties, is_whole) = mapi::read(self.bytes, list);
        self.is_whole &= is_whole;
        for Property { id, kind, range } in properties {
            let text = match id {
                0x3001 | 0x3704 | 0x3707 | 0x370e => self.text(kind, range.clone()),
                _ => String::new(),
            };
            let is_message = id == 0x3701 && kind == Kind::Binary && self.is_tnef(&range);
            let Some(file) = self.files.last_mut() else {
                return;
            };
            match id {
                0x3707 => file.long_name = text,
                0x3001 | 0x3704 if file.name.is_empty() => file.name = text,
                0x370e => file.media_type = text,
                0x3701 if file.data.is_empty() => {
                    file.is_message = is_message;
                    file.data = range;
                }
                _ => {}
            }
        }
    }

    /// A message within the message is one more `winmail.dat`, after the id of what it is.
    fn is_tnef(&self, range: &Range<usize>) -> bool {
        let start = range.start.saturating_add(16);
        Cursor::new(self.bytes, start..range.end).long() == Some(SIGNATURE)
    }

    /// A name, on one line.
    fn text(&self, kind: Kind, range: Range<usize>) -> String {
        let bytes = self.bytes.get(range).unwrap_or_default();
        let bytes = bytes.get(..MAX_NAME).unwrap_or(bytes);
        encoded_word::tidy(&self.decoded(kind, bytes))
    }

    fn decoded(&self, kind: Kind, bytes: &[u8]) -> String {
        match kind {
            Kind::Wide => charset::decode_text(bytes, Some("utf-16le")),
            _ => charset::decode_text(bytes, Some(&self.code_page)),
        }
    }

    fn body(&self) -> Option<Body> {
        let bytes = |range: &Range<usize>| {
            let bytes = self.bytes.get(range.clone()).unwrap_or_default();
            bytes.get(..MAX_TEXT).unwrap_or(bytes)
        };
        if let Some(html) = self.texts.html.as_ref().map(bytes)
            && !html.is_empty()
        {
            let page = self.texts.html_page.map(label);
            let html = charset::decode_text(html, page.as_deref());
            return Some(Body::Html(html));
        }
        let plain = self.texts.plain.as_ref();
        let plain = plain.map(|text| self.decoded(text.kind, bytes(&text.range)));
        let plain = plain.filter(|text| !text.trim().is_empty());
        let from_rtf = || {
            Some(rtf::text(&rtf::decompress(bytes(
                self.texts.rtf.as_ref()?,
            ))?))
        };
        let text = plain.or_else(from_rtf)?;
        let text = sanitize::prefix(&text, MAX_TEXT).to_owned();
        (!text.trim().is_empty()).then_some(Body::Plain(text))
    }
}

/// What [`charset`] calls a code page of Windows.
fn label(page: u32) -> String {
    match page {
        65001 => "utf-8".to_owned(),
        1200 => "utf-16le".to_owned(),
        20127 => "us-ascii".to_owned(),
        20866 => "koi8-r".to_owned(),
        21866 => "koi8-u".to_owned(),
        20932 | 51932 => "euc-jp".to_owned(),
        50220..=50222 => "iso-2022-jp".to_owned(),
        51949 => "euc-kr".to_owned(),
        54936 => "gb18030".to_owned(),
        28591..=28605 => format!("iso-8859-{}", page - 28590),
        page => format!("cp{page}"),
    }
}
