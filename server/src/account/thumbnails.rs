//! Small pictures of the files of an opened message, kept with it. Few are made at the same time, so that photos of
//! one person take neither the memory nor the processors of others. What a picture is, `message` knows.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use tokio::{
    sync::{Mutex, Semaphore},
    time::timeout,
};
use whimbrel_shared::PartId;

use super::download::Download;
use crate::{
    imap,
    message::{
        picture,
        thumbnail::{self, Thumbnail},
    },
};

/// Bytes of a file of which a small picture is made.
pub const LARGEST: u64 = 16 << 20;
/// Small pictures that are kept with a message.
const MOST_KEPT: usize = 32;
/// The longest that fetching a file may take, waiting for a turn included.
const PATIENCE: Duration = Duration::from_secs(25);
/// The longest that decoding a JPEG may take; of others, the size is the bound.
const DECODING_TIME: Duration = Duration::from_secs(3);
/// Files that are held at the same time, for all accounts.
static HELD: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(3));
/// Pictures that are decoded at the same time, for all accounts.
static DECODING: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));

/// Those of one message, which are made one after the other; `None` of what is no picture, so that nobody tries again.
#[derive(Default)]
pub struct Thumbnails(Mutex<BTreeMap<PartId, Option<Arc<Thumbnail>>>>);

impl Thumbnails {
    /// The small picture of a part, which this download would fetch; `None` if there is none.
    ///
    /// # Errors
    /// As [`Download::next`].
    pub async fn of(
        &self,
        part: &PartId,
        download: Download,
    ) -> imap::Result<Option<Arc<Thumbnail>>> {
        let making = async {
            let mut known = self.0.lock().await;
            if let Some(made) = known.get(part) {
                return Ok(made.clone());
            }
            let made = make(download).await?.map(Arc::new);
            if known.len() < MOST_KEPT {
                known.insert(part.clone(), made.clone());
            }
            Ok(made)
        };
        timeout(PATIENCE, making).await.unwrap_or(Ok(None))
    }
}

async fn make(mut download: Download) -> imap::Result<Option<Thumbnail>> {
    let Ok(_held) = HELD.acquire().await else {
        return Ok(None); // never closed
    };
    let mut bytes = Vec::new();
    while let Some(more) = download.next().await? {
        let is_first = bytes.is_empty();
        bytes.extend(more);
        let is_picture = picture::media_type(&bytes).is_some() || bytes.is_empty();
        if (is_first && !is_picture) || bytes.len() as u64 > LARGEST {
            return Ok(None);
        }
    }
    let permit = DECODING.clone().acquire_owned().await;
    let making = tokio::task::spawn_blocking(move || {
        // Held to the end, also when the one who asked has gone.
        let _permit = permit;
        let until = Instant::now() + DECODING_TIME;
        thumbnail::of(&bytes, &|| Instant::now() > until)
    });
    Ok(making.await.ok().flatten())
}
