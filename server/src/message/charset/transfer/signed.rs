//! What S/MIME signed, taken out of the signature around it (CMS `SignedData`, RFC 5652 §5) while it streams, as if that
//! were one more transfer encoding. Checks no signature. Of anything else nothing comes out.

/// The types of signed content and of content that is but bytes, 1.2.840.113549.1.7.2 and .1.
const SIGNED_DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const DATA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];

/// Tags of BER (X.690).
const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
const EXPLICIT: u8 = 0xa0;
const CONSTRUCTED: u8 = 0x20;
const LONG_TAG: u8 = 0x1f;
/// Bytes of a type that is looked at.
const MAX_TYPE: u64 = 16;

/// The content of one, so far.
#[derive(Debug, Default)]
pub(super) struct Content {
    stage: Stage,
    reading: Reading,
}

/// What comes next.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The type of the whole.
    #[default]
    Type,
    /// The type of what was signed, behind much else.
    TypeWithin,
    /// The field that holds the content.
    Field,
    /// The content.
    Octets,
    /// More of the content.
    Pieces,
    /// Nothing that matters.
    Over,
}

#[derive(Debug)]
enum Reading {
    /// The tag and the length of a value.
    Head(Vec<u8>),
    /// So many bytes of a type.
    Type(u64, Vec<u8>),
    Skipped(u64),
    Content(u64),
}

impl Default for Reading {
    fn default() -> Self {
        Self::Head(Vec::new())
    }
}

impl Content {
    /// Appends the byte, if it belongs to what was signed.
    pub(super) fn push(&mut self, byte: u8, out: &mut Vec<u8>) {
        if self.stage == Stage::Over {
            return;
        }
        let left = match &mut self.reading {
            Reading::Head(head) => {
                head.push(byte);
                match begun(head) {
                    Begun::Not => {}
                    Begun::Never => self.stage = Stage::Over,
                    Begun::Value(tag, length) => self.begin(tag, length),
                }
                return;
            }
            Reading::Type(left, _) | Reading::Skipped(left) | Reading::Content(left) => left,
        };
        *left -= 1;
        let is_last = *left == 0;
        match &mut self.reading {
            Reading::Content(_) => out.push(byte),
            Reading::Type(_, kind) => kind.push(byte),
            Reading::Head(_) | Reading::Skipped(_) => {}
        }
        if is_last {
            self.end();
        }
    }

    /// A value of so many bytes begins; one that has parts begins with the first of them.
    fn begin(&mut self, tag: u8, length: u64) {
        let (stage, reading) = match (self.stage, tag) {
            (Stage::Type | Stage::TypeWithin, OBJECT_IDENTIFIER) if length <= MAX_TYPE => {
                (self.stage, Reading::Type(length, Vec::new()))
            }
            (Stage::Type | Stage::TypeWithin, _) if tag & CONSTRUCTED != 0 => {
                (self.stage, Reading::default())
            }
            (Stage::Type | Stage::TypeWithin, _) => (self.stage, Reading::Skipped(length)),
            (Stage::Field, EXPLICIT) => (Stage::Octets, Reading::default()),
            (Stage::Octets, OCTETS_IN_PIECES) => (Stage::Pieces, Reading::default()),
            (Stage::Octets | Stage::Pieces, OCTETS) => (self.stage, Reading::Content(length)),
            _ => (Stage::Over, Reading::default()),
        };
        (self.stage, self.reading) = (stage, reading);
        if let Reading::Type(0, _) | Reading::Skipped(0) | Reading::Content(0) = self.reading {
            self.end();
        }
    }

    /// The value that was read ends.
    fn end(&mut self) {
        let read = std::mem::take(&mut self.reading);
        self.stage = match (self.stage, read) {
            (Stage::Type, Reading::Type(_, kind)) if kind == SIGNED_DATA => Stage::TypeWithin,
            (Stage::Type, Reading::Type(..)) | (Stage::Octets, _) => Stage::Over,
            (Stage::TypeWithin, Reading::Type(_, kind)) if kind == DATA => Stage::Field,
            (stage, _) => stage,
        };
    }
}

/// What the beginning of a value says.
enum Begun {
    Not,
    Value(u8, u64),
    /// It is no beginning that can be read.
    Never,
}

fn begun(head: &[u8]) -> Begun {
    match head {
        [tag, ..] if tag & LONG_TAG == LONG_TAG => Begun::Never,
        [] | [_] => Begun::Not,
        // Of indefinite length: it ends behind its last part.
        [tag, 0x80] if tag & CONSTRUCTED != 0 => Begun::Value(*tag, 0),
        [tag, short @ 0..=0x7f, ..] => Begun::Value(*tag, u64::from(*short)),
        [_, long @ 0x81..=0x88, digits @ ..] if digits.len() < usize::from(long & 0x7f) => {
            Begun::Not
        }
        [tag, 0x81..=0x88, digits @ ..] => {
            let digits = digits.iter();
            Begun::Value(
                *tag,
                digits.fold(0, |sum, digit| sum << 8 | u64::from(*digit)),
            )
        }
        _ => Begun::Never,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DATA, SIGNED_DATA};
    use crate::message::charset::transfer::signed;

    fn value(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).expect("short").to_be_bytes();
        [&[tag, 0x82], &length[..], content].concat()
    }

    /// What is signed, within a signature whose content is `octets`.
    fn signature(kind: &[u8], octets: &[u8]) -> Vec<u8> {
        let content = [value(0x06, &DATA), value(0xa0, octets)].concat();
        let parts = [
            value(0x02, &[1]),
            value(0x31, &value(0x30, &value(0x06, &[0x60, 0x86]))),
            value(0x30, &content),
            value(0xa0, &value(0x04, b"a certificate")),
        ];
        let whole = value(0xa0, &value(0x30, &parts.concat()));
        value(0x30, &[value(0x06, kind), whole].concat())
    }

    #[test]
    fn what_was_signed_comes_out_and_nothing_else() {
        let whole = signature(&SIGNED_DATA, &value(0x04, b"Two terns."));
        assert_eq!(signed(&whole), b"Two terns.");
        let pieces = [
            &[0x24, 0x80][..],
            &value(0x04, b"Two "),
            &value(0x04, b""),
            &value(0x04, b"terns."),
            &[0, 0],
        ];
        let pieces = signature(&SIGNED_DATA, &pieces.concat());
        assert_eq!(signed(&pieces), b"Two terns.");
        // Cut in the middle of it.
        let beginning = whole.get(..whole.len() - 25).expect("more");
        assert!(b"Two terns.".starts_with(&signed(beginning)[..]));
    }

    #[test]
    fn of_anything_else_nothing_comes_out() {
        let encrypted = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3];
        let encrypted = signature(&encrypted, &value(0x04, b"Two terns."));
        assert_eq!(signed(&encrypted), b"");
        // The text is elsewhere, and certificates follow.
        let apart = signature(&SIGNED_DATA, &value(0x02, &[1]));
        assert_eq!(signed(&apart), b"");
        assert_eq!(signed(b"Content-Type: text/plain\r\n\r\nno"), b"");
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes: Vec<u8>, cut: prop::sample::Index, byte: u8) {
            let _ = signed(&bytes);
            let mut broken = signature(&SIGNED_DATA, &value(0x24, &value(0x04, &bytes)));
            let at = cut.index(broken.len());
            broken[at] = byte;
            let _ = signed(&broken);
        }
    }
}
