//! Files that are packed into others, or written into a text: where they begin and end, so that they can be
//! fetched like all files. Pure and bounded: what a length claims is never believed beyond the bytes there are.

use std::ops::Range;

use compact_str::CompactString;
use whimbrel_shared::{Part, PartId};

use super::{body::TextPart, file_name};

pub(super) mod letter;
mod mapi;
mod rtf;
pub(super) mod uuencode;
pub(super) mod winmail;

/// Files of one holder; more are left out.
const MAX_FILES: usize = 200;

/// A file within the bytes of its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packed {
    /// As its sender called it; may be empty.
    name: String,
    media_type: String,
    range: Range<usize>,
    /// As `Content-Transfer-Encoding`.
    encoding: &'static str,
    /// Decoded bytes.
    size: u64,
    /// Its end was found.
    pub(super) is_whole: bool,
}

/// A text that was packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    Html(String),
    Plain(String),
}

/// A file that was packed, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// As it is offered; its id is the holder's with a number of its own.
    pub file: Part,
    /// The part it is in.
    pub holder: PartId,
    /// How the bytes of that part are encoded, whatever is said of it, as `Content-Transfer-Encoding`.
    pub holder_encoding: CompactString,
    /// Those bytes are CMS `SignedData` (RFC 5652 §5), and what matters is their content.
    pub is_signed: bool,
    /// Where in the holder's bytes, those decoded and taken out of the signature.
    pub range: Range<u64>,
    /// How the bytes there are encoded once more, as `Content-Transfer-Encoding`.
    pub encoding: CompactString,
}

/// Whether a part is packed into another. What is packed into it in turn has no number.
pub(super) fn is_packed(part: &PartId) -> bool {
    part.as_str().contains('!')
}

impl Unpacked {
    /// The `number`th file of `holder`.
    pub(super) fn new(holder: &TextPart, number: usize, packed: Packed) -> Option<Self> {
        let (holder, encoding) = (&holder.part, holder.encoding.as_str());
        let id = PartId::new(&format!("{holder}!{number}"))?;
        let name = match packed.name.trim() {
            "" => format!("part-{holder}-{number}"),
            name => file_name::clean(name),
        };
        Some(Self {
            file: Part {
                id,
                name,
                media_type: packed.media_type,
                size: packed.size,
            },
            holder: holder.clone(),
            holder_encoding: encoding.into(),
            is_signed: false,
            range: packed.range.start as u64..packed.range.end as u64,
            encoding: packed.encoding.into(),
        })
    }
}

#[cfg(test)]
mod tests;
