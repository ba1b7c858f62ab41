//! Properties of Outlook's (MS-OXTNEF §2.1.3.4), as they lie in a `winmail.dat`: what is
//! wanted is found, the rest is passed over. Every length is checked against the bytes there are.

use std::ops::Range;

/// Properties of one list.
const MAX_PROPERTIES: u32 = 5_000;

/// A value, where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Property {
    pub(super) id: u16,
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    /// In the code page of the sender.
    Text,
    /// UTF-16, little end first.
    Wide,
    Binary,
    Other,
}

/// Bytes that are read from front to back.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8], range: Range<usize>) -> Self {
        Self {
            bytes: bytes.get(..range.end).unwrap_or(bytes),
            at: range.start,
        }
    }

    pub(super) fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// The next `length` bytes, where they lie; `None` if there are not so many.
    pub(super) fn take(&mut self, length: usize) -> Option<Range<usize>> {
        let end = self.at.checked_add(length)?;
        let range = self.at..end;
        self.bytes.get(range.clone())?;
        self.at = end;
        Some(range)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let range = self.take(1)?;
        self.bytes.get(range.start).copied()
    }

    pub(super) fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    pub(super) fn long(&mut self) -> Option<u32> {
        let (low, high) = (self.short()?, self.short()?);
        Some(u32::from(high) << 16 | u32::from(low))
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.long()?).ok()
    }

    /// A value that is filled up to a multiple of four.
    fn padded(&mut self, length: usize) -> Option<Range<usize>> {
        let range = self.take(length)?;
        let _ = self.take(length.next_multiple_of(4) - length);
        Some(range)
    }
}

/// The properties of a list, and whether all could be read.
pub(super) fn read(bytes: &[u8], list: Range<usize>) -> (Vec<Property>, bool) {
    let mut cursor = Cursor::new(bytes, list);
    let mut found = Vec::new();
    let count = cursor.long().unwrap_or(0);
    for _ in 0..count.min(MAX_PROPERTIES) {
        match property(&mut cursor) {
            Some(property) => found.push(property),
            None => return (found, false),
        }
    }
    (found, count <= MAX_PROPERTIES)
}

fn property(cursor: &mut Cursor<'_>) -> Option<Property> {
    let kind = cursor.short()?;
    let id = cursor.short()?;
    if id >= 0x8000 {
        cursor.take(16)?;
        if cursor.long()? == 0 {
            cursor.long()?;
        } else {
            let length = cursor.length()?;
            cursor.padded(length)?;
        }
    }
    let is_many = kind & 0x1000 != 0;
    let kind = kind & !0x1000;
    let fixed: usize = match kind {
        0x0001..=0x0004 | 0x000a | 0x000b => 4,
        0x0005..=0x0007 | 0x0014 | 0x0040 => 8,
        0x0048 => 16,
        _ => return variable(cursor, id, kind),
    };
    let count = if is_many { cursor.length()? } else { 1 };
    Some(Property {
        id,
        kind: if kind == 0x0003 {
            Kind::Number
        } else {
            Kind::Other
        },
        range: cursor.take(fixed.checked_mul(count)?)?,
    })
}

/// Of several values the first.
fn variable(cursor: &mut Cursor<'_>, id: u16, kind: u16) -> Option<Property> {
    let kind = match kind {
        0x001e => Kind::Text,
        0x001f => Kind::Wide,
        0x0102 | 0x000d => Kind::Binary,
        _ => return None,
    };
    let mut first = None;
    for _ in 0..cursor.long()? {
        let length = cursor.length()?;
        let range = cursor.padded(length)?;
        first.get_or_insert(range);
    }
    Some(Property {
        id,
        kind,
        range: first.unwrap_or(0..0),
    })
}
