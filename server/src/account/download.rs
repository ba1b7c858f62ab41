//! The bytes of a part or of a whole message, piece by piece. Each piece is a question of its own on
//! the bulk lane: a reader that is slow or gone holds up nobody, and nothing is held but one piece.

use whimbrel_shared::MessageKey;

use crate::{
    imap::{
        self,
        name::MailboxName,
        parts::{self, Section},
    },
    message::charset::TransferDecoder,
};

use super::{Account, connections::Lane};

/// What is still to come of a section.
pub struct Download {
    account: Account,
    name: MailboxName,
    key: MessageKey,
    section: Section,
    decoder: TransferDecoder,
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
