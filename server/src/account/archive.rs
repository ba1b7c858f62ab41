//! All files of a message as one zip archive, written while they come from the mail server: nothing is
//! held but one piece. They are stored as they are; most files of letters are compressed already.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Mutex, PoisonError},
    vec,
};

use time::OffsetDateTime;
use whimbrel_shared::{MessageKey, PartId};
use zip::{
    CompressionMethod, DateTime, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use crate::{imap::name::MailboxName, message::file_name};

use super::{Account, download::Download, opened::Opened};

/// What is still to come of an archive.
pub struct Archive {
    account: Account,
    mailbox: MailboxName,
    key: MessageKey,
    files: vec::IntoIter<File>,
    opened: Arc<Opened>,
    /// The file that is coming.
    current: Option<Download>,
    /// `None` when all is written.
    writer: Option<ZipWriter<StreamWriter<Buffer>>>,
    written: Buffer,
    options: SimpleFileOptions,
}

struct File {
    name: String,
    part: PartId,
}

impl Archive {
    /// The files of a message, whose names in the archive are all different. Nothing is asked before
    /// the first [`Self::next`].
    #[must_use]
    pub fn new(
        account: &Account,
        mailbox: MailboxName,
        key: MessageKey,
        opened: Arc<Opened>,
    ) -> Self {
        let names = file_name::all_different(opened.files.iter().map(|file| &*file.name));
        let files = opened.files.iter().zip(names).map(|(file, name)| File {
            name,
            part: file.id.clone(),
        });
        let written = Buffer::default();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(date(opened.fetched.received_at));
        Self {
            account: account.clone(),
            mailbox,
            key,
            files: files.collect::<Vec<_>>().into_iter(),
            opened,
            current: None,
            writer: Some(ZipWriter::new_stream(written.clone())),
            written,
            options,
        }
    }

    /// The next bytes of the archive; `None` at the end.
    ///
    /// # Errors
    /// A lost line, or a message that is gone. What came until then is no archive.
    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let Some(writer) = &mut self.writer else {
                return Ok(None);
            };
            if let Some(download) = &mut self.current {
                match download.next().await.map_err(io::Error::other)? {
                    Some(bytes) => writer.write_all(&bytes)?,
                    None => self.current = None,
                }
            } else if let Some(file) = self.files.next() {
                writer.start_file(file.name, self.options)?;
                let (account, mailbox) = (&self.account, self.mailbox.clone());
                let (key, opened) = (self.key, &self.opened);
                self.current = Download::of_part(account, mailbox, key, opened, &file.part);
            } else if let Some(writer) = self.writer.take() {
                writer.finish()?;
            }
            let bytes = self.written.take();
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
    }
}

/// The time as archives have it, which know the years from 1980 to 2107.
fn date(seconds: i64) -> DateTime {
    let read = || {
        let time = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
        let year = u16::try_from(time.year()).ok()?;
        let (month, day) = (time.month().into(), time.day());
        DateTime::from_date_and_time(year, month, day, time.hour(), time.minute(), time.second())
            .ok()
    };
    read().unwrap_or_default()
}

/// What the writer wrote and nobody took yet.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
