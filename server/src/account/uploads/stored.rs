//! A file that lies in the uploads, as it is read: piece by piece, as often as a letter needs it.

use std::{path::PathBuf, sync::Arc};

use futures_util::{Stream, stream};
use tokio::{fs::File, io::AsyncReadExt as _};

use super::{CHUNK, Error, Seal, TAG, gone};

/// Bytes of a sealed piece on disk; the last one is shorter.
const SEALED: usize = CHUNK + TAG;

/// A file that lies in the uploads.
pub struct Stored {
    path: PathBuf,
    seal: Seal,
    /// Its bytes.
    pub size: u64,
    /// It was put there for one letter and goes with this.
    is_temporary: bool,
}

impl Stored {
    /// The file at `path`.
    pub(super) async fn open(path: PathBuf, seal: Seal, is_temporary: bool) -> Result<Self, Error> {
        let on_disk = tokio::fs::metadata(&path).await.map_err(gone)?.len();
        let tags = pieces(on_disk).saturating_mul(TAG as u64);
        Ok(Self {
            path,
            seal,
            size: on_disk.saturating_sub(tags),
            is_temporary,
        })
    }

    /// Its bytes from the beginning. An error is [`Error::Gone`], [`Error::Altered`] or [`Error::Disk`].
    pub fn bytes(self: &Arc<Self>) -> impl Stream<Item = Result<Vec<u8>, Error>> + Send + use<> {
        stream::try_unfold(
            (Arc::clone(self), None),
            async |(stored, reading)| match stored.next(reading).await? {
                Some((plain, reading)) => Ok(Some((plain, (stored, Some(reading))))),
                None => Ok(None),
            },
        )
    }

    async fn next(&self, reading: Option<Reading>) -> Result<Option<(Vec<u8>, Reading)>, Error> {
        let mut reading = match reading {
            Some(reading) => reading,
            None => Reading::begin(File::open(&self.path).await.map_err(gone)?).await?,
        };
        if reading.count == reading.all {
            return Ok(None);
        }
        let mut sealed = Vec::with_capacity(SEALED);
        let mut piece = (&mut reading.file).take(SEALED as u64);
        piece.read_to_end(&mut sealed).await?;
        let is_last = reading.count + 1 == reading.all;
        let plain = self.seal.open(reading.count, is_last, &sealed)?;
        reading.count += 1;
        Ok(Some((plain, reading)))
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        if self.is_temporary {
            // What stays is forgotten after a day.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// How far a file was read.
struct Reading {
    file: File,
    count: u64,
    all: u64,
}

impl Reading {
    async fn begin(file: File) -> Result<Self, Error> {
        let all = pieces(file.metadata().await?.len());
        Ok(Self {
            file,
            count: 0,
            all,
        })
    }
}

/// Pieces of a file of so many bytes on disk; an empty one has one, too.
fn pieces(on_disk: u64) -> u64 {
    on_disk.div_ceil(SEALED as u64).max(1)
}
