//! Files on their way into a letter: sealed on disk in pieces, never whole in memory while they
//! arrive, bounded per account and forgotten after a day. They lie in the data directory under
//! names made here; what the browser calls them is kept inside.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use futures_util::{Stream, StreamExt};
use hkdf::Hkdf;
use sha2::Sha256;
use whimbrel_shared::Upload;

use crate::config::secret::Secrets;

mod incoming;
pub mod stored;

use incoming::Incoming;
use stored::Stored;

/// Plain bytes sealed at a time.
const CHUNK: usize = 64 * 1024;
/// What sealing adds to a chunk.
const TAG: usize = 16;
/// An upload is forgotten after this.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// All uploads of one account together, as a multiple of what one letter may carry.
const ACCOUNT_LETTERS: u64 = 4;

/// Why an upload cannot be taken or given back.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Larger than one letter may carry.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// The account has too many unsent files.
    #[error("too many unsent files")]
    TooMany,
    /// The browser went away in the middle.
    #[error("the file did not arrive whole")]
    Broken,
    /// No such upload: sent, forgotten after a day, or another account's.
    #[error("the file is gone")]
    Gone,
    /// The disk.
    #[error("the disk: {0}")]
    Disk(#[from] std::io::Error),
    /// The file on disk is not what was written.
    #[error("the file was altered")]
    Altered,
}

/// The uploads of one account.
pub struct Uploads<'a> {
    folder: PathBuf,
    account_id: &'a str,
    secrets: &'a Secrets,
    limit: u64,
}

impl<'a> Uploads<'a> {
    /// The uploads of `account_id` below `data_dir`; one letter carries at most `limit` bytes.
    #[must_use]
    pub fn new(data_dir: &Path, account_id: &'a str, secrets: &'a Secrets, limit: u64) -> Self {
        let folder = data_dir.join("uploads").join(hex(account_id.as_bytes()));
        Self {
            folder,
            account_id,
            secrets,
            limit,
        }
    }

    /// Takes a file as it arrives.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::TooMany`], [`Error::Broken`], [`Error::Disk`]; nothing is left behind.
    pub async fn take<S, E>(
        &self,
        name: &str,
        media_type: &str,
        mut bytes: S,
    ) -> Result<Upload, Error>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
    {
        self.make_room().await?;
        let id = random_id()?;
        let mut incoming = self.begin(&id).await?;
        while let Some(piece) = bytes.next().await {
            incoming.push(&piece.map_err(|_| Error::Broken)?).await?;
        }
        Ok(Upload {
            size: incoming.finish().await?,
            id,
            name: name.to_owned(),
            media_type: media_type.to_owned(),
        })
    }

    /// A file that is put together here for one letter.
    ///
    /// # Errors
    /// [`Error::TooMany`], [`Error::Disk`].
    pub async fn temporary(&self) -> Result<Incoming, Error> {
        self.make_room().await?;
        self.begin(&random_id()?).await
    }

    async fn begin(&self, id: &str) -> Result<Incoming, Error> {
        Incoming::begin(self.path(id), self.seal(id), self.limit).await
    }

    fn seal(&self, id: &str) -> Seal {
        Seal::new(self.secrets, self.account_id, id)
    }

    async fn make_room(&self) -> Result<(), Error> {
        tokio::fs::create_dir_all(&self.folder).await?;
        if self.held().await? >= self.limit.saturating_mul(ACCOUNT_LETTERS) {
            return Err(Error::TooMany);
        }
        Ok(())
    }

    /// An upload, to be read.
    ///
    /// # Errors
    /// [`Error::Gone`], [`Error::Disk`].
    pub async fn open(&self, id: &str) -> Result<Stored, Error> {
        Stored::open(self.checked(id)?, self.seal(id), false).await
    }

    /// Forgets an upload; one that is gone already is no error.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub async fn forget(&self, id: &str) -> Result<(), Error> {
        match tokio::fs::remove_file(self.checked(id)?).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    async fn held(&self) -> Result<u64, Error> {
        let mut total = 0;
        let mut entries = tokio::fs::read_dir(&self.folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            total += entry.metadata().await.map_or(0, |metadata| metadata.len());
        }
        Ok(total)
    }

    /// The file of an id that came from outside.
    fn checked(&self, id: &str) -> Result<PathBuf, Error> {
        let valid = id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
        valid.then(|| self.path(id)).ok_or(Error::Gone)
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(id)
    }
}

/// Forgets the files of all accounts whose day is over.
///
/// # Errors
/// [`Error::Disk`].
pub async fn sweep(data_dir: &Path) -> Result<(), Error> {
    let mut folders = match tokio::fs::read_dir(data_dir.join("uploads")).await {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        folders => folders?,
    };
    while let Some(folder) = folders.next_entry().await? {
        let mut files = tokio::fs::read_dir(folder.path()).await?;
        while let Some(file) = files.next_entry().await? {
            let written = file.metadata().await.and_then(|file| file.modified());
            let age = written
                .ok()
                .and_then(|at| SystemTime::now().duration_since(at).ok());
            if age.is_some_and(|age| age > KEPT) {
                tokio::fs::remove_file(file.path()).await?;
            }
        }
    }
    Ok(())
}

fn gone(error: std::io::Error) -> Error {
    if error.kind() == ErrorKind::NotFound {
        Error::Gone
    } else {
        error.into()
    }
}

/// Seals the chunks of one file: each under its own number, the last one marked as the last, so that
/// none can be swapped, dropped or cut off. The newest secret seals; an older one may have, a day ago.
#[derive(Clone)]
struct Seal {
    newest: XChaCha20Poly1305,
    old: Vec<XChaCha20Poly1305>,
}

impl Seal {
    fn new(secrets: &Secrets, account_id: &str, id: &str) -> Self {
        let info = [
            b"whimbrel upload\0",
            account_id.as_bytes(),
            b"\0",
            id.as_bytes(),
        ]
        .concat();
        let cipher = |secret: &[u8]| {
            let mut key = [0_u8; 32];
            // 32 bytes are far below HKDF's limit, the only way this can fail.
            let _ = Hkdf::<Sha256>::new(None, secret).expand(&info, &mut key);
            XChaCha20Poly1305::new(&key.into())
        };
        Self {
            newest: cipher(secrets.newest()),
            old: secrets.old().map(cipher).collect(),
        }
    }

    fn seal(&self, count: u64, last: bool, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let payload = Payload {
            msg: plain,
            aad: &[u8::from(last)],
        };
        self.newest
            .encrypt(&nonce(count).into(), payload)
            .map_err(|_| Error::Altered)
    }

    fn open(&self, count: u64, last: bool, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let open = |cipher: &XChaCha20Poly1305| {
            let payload = Payload {
                msg: sealed,
                aad: &[u8::from(last)],
            };
            cipher.decrypt(&nonce(count).into(), payload).ok()
        };
        let mut all = std::iter::once(&self.newest).chain(&self.old);
        all.find_map(open).ok_or(Error::Altered)
    }
}

/// The key is used for one file only, so counting is enough.
fn nonce(count: u64) -> [u8; 24] {
    let mut nonce = [0; 24];
    for (to, from) in nonce.iter_mut().zip(count.to_le_bytes()) {
        *to = from;
    }
    nonce
}

fn random_id() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::Disk(std::io::Error::other(error)))?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::{TryStreamExt as _, stream};

    use super::*;

    async fn with_uploads(check: impl AsyncFn(&Uploads<'_>, &Path)) {
        let folder =
            std::env::temp_dir().join(format!("whimbrel-uploads-{}", random_id().unwrap()));
        let secret = Secrets::new(vec![7; 32], Vec::new());
        check(&Uploads::new(&folder, "ada", &secret, 1 << 20), &folder).await;
        std::fs::remove_dir_all(folder).unwrap();
    }

    async fn read(uploads: &Uploads<'_>, id: &str) -> Result<Vec<u8>, Error> {
        let stored = Arc::new(uploads.open(id).await?);
        let pieces: Vec<_> = stored.bytes().try_collect().await?;
        let plain = pieces.concat();
        assert_eq!(stored.size, plain.len() as u64);
        Ok(plain)
    }

    fn pieces(bytes: &[u8]) -> impl Stream<Item = Result<Bytes, ()>> + Unpin {
        stream::iter(
            bytes
                .chunks(10_000)
                .map(|c| Ok(Bytes::copy_from_slice(c)))
                .collect::<Vec<_>>(),
        )
    }

    #[tokio::test]
    async fn files_of_every_length_come_back_whole_and_lie_sealed() {
        with_uploads(async |uploads, folder| {
            for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
                let plain: Vec<u8> = b"canary ".iter().copied().cycle().take(len).collect();
                let upload = uploads
                    .take("a.txt", "text/plain", pieces(&plain))
                    .await
                    .unwrap();
                assert_eq!(upload.size, len as u64);
                assert_eq!(read(uploads, &upload.id).await.unwrap(), plain);
                let file = folder.join("uploads").join(hex(b"ada")).join(&upload.id);
                let lies = std::fs::read(&file).unwrap();
                assert!(!lies.windows(6).any(|w| w == b"canary"));
                std::fs::write(&file, &lies[..lies.len() - 1]).unwrap();
                assert!(matches!(
                    read(uploads, &upload.id).await,
                    Err(Error::Altered)
                ));
                uploads.forget(&upload.id).await.unwrap();
                assert!(matches!(read(uploads, &upload.id).await, Err(Error::Gone)));
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_file_over_the_limit_leaves_nothing_behind() {
        with_uploads(async |uploads, folder| {
            let refused = uploads
                .take("b", "x/y", pieces(&vec![1; (1 << 20) + 1]))
                .await;
            assert!(matches!(refused, Err(Error::TooLarge(_))));
            assert!(matches!(
                read(uploads, "../../../etc/passwd").await,
                Err(Error::Gone)
            ));
            let left = std::fs::read_dir(folder.join("uploads").join(hex(b"ada")))
                .unwrap()
                .count();
            assert_eq!(left, 0);
        })
        .await;
    }
}
