//! The bytes of a part or of a whole message, piece by piece. Each piece is a question of its own on
//! the bulk lane: a reader that is slow or gone holds up nobody, and nothing is held but one piece.

use std::ops::Range;

use whimbrel_shared::{MessageKey, PartId};

use crate::{
    imap::{
        self,
        name::MailboxName,
        parts::{self, Section},
    },
    message::charset::transfer::TransferDecoder,
};

use super::{Account, connections::Lane, opened::Opened};

/// What is still to come of a section.
pub struct Download {
    account: Account,
    name: MailboxName,
    key: MessageKey,
    section: Section,
    decoder: TransferDecoder,
    /// What of it is wanted, if not all; of that, what the next one says.
    slices: Vec<Slice>,
    /// Encoded bytes that came already.
    offset: u64,
    is_over: bool,
}

impl Download {
    /// A section of a message, decoded from `encoding` (as `Content-Transfer-Encoding`) on its way.
    /// Nothing is asked before the first [`Self::next`].
    #[must_use]
    pub fn new(
        account: &Account,
        name: MailboxName,
        key: MessageKey,
        section: Section,
        encoding: &str,
    ) -> Self {
        let decoder = TransferDecoder::new(encoding);
        let account = account.clone();
        Self {
            account,
            name,
            key,
            section,
            decoder,
            slices: Vec::new(),
            offset: 0,
            is_over: false,
        }
    }

    /// The same, but from this place on (bytes, as encoded). An encoding must be at the beginning of something
    /// there, such as a line of Base64.
    #[must_use]
    pub fn from_offset(self, offset: u64) -> Self {
        Self { offset, ..self }
    }

    /// A part of an opened message, or a file that is packed into one; `None` if it has no such part.
    #[must_use]
    pub fn of_part(
        account: &Account,
        name: MailboxName,
        key: MessageKey,
        opened: &Opened,
        part: &PartId,
    ) -> Option<Self> {
        let unpacked = opened.rendered.unpacked.iter();
        let packed = unpacked.into_iter().find(|packed| packed.file.id == *part);
        let held = packed.map_or(part, |packed| &packed.holder);
        let told = &opened.part(held)?.encoding;
        let encoding = packed.map_or(told, |packed| &packed.holder_encoding);
        let (section, of_section, place) = match opened.places.get(held) {
            Some(place) => {
                let slice = Slice::new(place.clone(), encoding);
                (Section::Whole, "8bit", Some(slice))
            }
            None => (Section::Part(held.clone()), encoding.as_str(), None),
        };
        let download = Self::new(account, name, key, section, of_section);
        let signed = packed
            .filter(|packed| packed.is_signed)
            .map(|_| Slice::signed());
        let packed = packed.map(|packed| Slice::new(packed.range.clone(), &packed.encoding));
        Some(Self {
            slices: place.into_iter().chain(signed).chain(packed).collect(),
            ..download
        })
    }

    /// The next bytes, decoded; `None` at the end. They may be empty in the middle.
    ///
    /// # Errors
    /// As [`parts::piece`]. What came until then is a true beginning.
    pub async fn next(&mut self) -> imap::Result<Option<Vec<u8>>> {
        if self.is_over {
            return Ok(None);
        }
        let (name, section) = (self.name.clone(), self.section.clone());
        let (key, offset) = (self.key, self.offset);
        let piece = self
            .account
            .ask(Lane::Bulk, move |connection| {
                let (name, section) = (name.clone(), section.clone());
                Box::pin(
                    async move { parts::piece(connection, &name, key, &section, offset).await },
                )
            })
            .await?;
        let mut bytes = Vec::new();
        self.decoder.push(&piece.bytes, &mut bytes);
        self.offset += piece.bytes.len() as u64;
        if piece.is_last {
            self.is_over = true;
            self.decoder.finish(&mut bytes);
        }
        for slice in &mut self.slices {
            bytes = slice.of(&bytes);
            if slice.is_over() || self.is_over {
                self.is_over = true;
                slice.decoder.finish(&mut bytes);
            }
        }
        Ok(Some(bytes))
    }

    /// All of it; `None` if it is more than `limit` bytes.
    ///
    /// # Errors
    /// As [`Self::next`].
    pub async fn whole(mut self, limit: u64) -> imap::Result<Option<Vec<u8>>> {
        let mut all = Vec::new();
        while let Some(bytes) = self.next().await? {
            all.extend(bytes);
            if all.len() as u64 > limit {
                return Ok(None);
            }
        }
        Ok(Some(all))
    }
}

/// Part of a section's bytes, which may be encoded once more.
struct Slice {
    /// Bytes that passed already.
    at: u64,
    range: Range<u64>,
    decoder: TransferDecoder,
}

impl Slice {
    fn new(range: Range<u64>, encoding: &str) -> Self {
        Self {
            at: 0,
            range,
            decoder: TransferDecoder::new(encoding),
        }
    }

    /// All that is signed.
    fn signed() -> Self {
        Self {
            at: 0,
            range: 0..u64::MAX,
            decoder: TransferDecoder::of_signed(),
        }
    }

    /// What of the next bytes is wanted, decoded.
    fn of(&mut self, bytes: &[u8]) -> Vec<u8> {
        let within = |place: u64| {
            let place = place.saturating_sub(self.at);
            usize::try_from(place).map_or(bytes.len(), |place| place.min(bytes.len()))
        };
        let wanted = within(self.range.start)..within(self.range.end);
        let mut out = Vec::new();
        self.decoder
            .push(bytes.get(wanted).unwrap_or_default(), &mut out);
        self.at += bytes.len() as u64;
        out
    }

    fn is_over(&self) -> bool {
        self.at >= self.range.end
    }
}
