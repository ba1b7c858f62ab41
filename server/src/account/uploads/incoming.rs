//! A file on its way into the uploads: sealed and written as it comes. What does not arrive whole goes
//! with this.

use std::path::PathBuf;

use tokio::{fs::File, io::AsyncWriteExt as _};

use super::{CHUNK, Error, Seal, stored::Stored};

/// A file that is not whole yet.
pub struct Incoming {
    file: File,
    path: PathBuf,
    seal: Seal,
    /// Bytes not written yet.
    pending: Vec<u8>,
    /// Pieces written.
    count: u64,
    size: u64,
    limit: u64,
    is_whole: bool,
}

impl Incoming {
    /// An empty file at `path`, which must not be there yet.
    pub(super) async fn begin(path: PathBuf, seal: Seal, limit: u64) -> Result<Self, Error> {
        Ok(Self {
            file: File::create_new(&path).await?,
            path,
            seal,
            pending: Vec::new(),
            count: 0,
            size: 0,
            limit,
            is_whole: false,
        })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Disk`].
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.size += bytes.len() as u64;
        if self.size > self.limit {
            return Err(Error::TooLarge(self.limit));
        }
        self.pending.extend_from_slice(bytes);
        while self.pending.len() > CHUNK {
            let rest = self.pending.split_off(CHUNK);
            let piece = std::mem::replace(&mut self.pending, rest);
            self.write(&piece, false).await?;
        }
        Ok(())
    }

    /// Makes it lasting; gives its bytes.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub async fn finish(mut self) -> Result<u64, Error> {
        self.end().await?;
        self.is_whole = true;
        Ok(self.size)
    }

    /// Ends it as a file for one letter, which goes when that is done.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub async fn into_temporary(mut self) -> Result<Stored, Error> {
        self.end().await?;
        let stored = Stored::open(self.path.clone(), self.seal.clone(), true).await?;
        self.is_whole = true;
        Ok(stored)
    }

    async fn end(&mut self) -> Result<(), Error> {
        let piece = std::mem::take(&mut self.pending);
        self.write(&piece, true).await?;
        self.file.sync_all().await?;
        Ok(())
    }

    async fn write(&mut self, piece: &[u8], is_last: bool) -> Result<(), Error> {
        let sealed = self.seal.seal(self.count, is_last, piece)?;
        self.file.write_all(&sealed).await?;
        self.count += 1;
        Ok(())
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.is_whole {
            // What stays is forgotten after a day.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
