//! What readers want of other servers: pictures of messages, and to be taken off mailing lists. Asked without
//! cookies, without a word of who asks, from the public network only, and never before somebody wants it. Knows no
//! message and no account; the cache is shared, and holds no more than addresses and pictures.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{sync::Semaphore, time::timeout};
use url::Url;

use crate::{config::network::Network, tls::TlsClient};

pub mod address;
mod exchange;
mod fetch;
pub mod one_click;

/// Pictures kept for all readers together, in bytes.
const CACHE_BYTES: u64 = 24 << 20;
/// How long a picture is kept.
const CACHE_TIME: Duration = Duration::from_secs(30 * 60);
/// From the wish to the last byte.
const PATIENCE: Duration = Duration::from_secs(12);
/// Pictures fetched at the same time.
const AT_ONCE: usize = 48;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// By its first bytes, whatever was claimed.
    pub media_type: &'static str,
    /// As it came.
    pub bytes: Bytes,
}

/// Why there is no picture, or a list was not left.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not `http` or `https`, or with a name and password in it.
    #[error("an address of this form is not asked")]
    Form,
    /// It, or where it led to, is not on the public network, or at an unusual port there.
    #[error("it is not on the public network")]
    Private,
    /// Nobody there, or no TLS that can be trusted.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// It took too long.
    #[error("it is too slow")]
    Slow,
    /// It leads from one address to the next.
    #[error("it leads on and on")]
    Redirects,
    /// It did not take what was sent: the status of its answer.
    #[error("it refused with status {0}")]
    Refused(u16),
    /// It answered with something else than a picture.
    #[error("it is no picture")]
    NotAPicture,
    /// It has too many bytes or pixels.
    #[error("it is too large")]
    Large,
}

/// Fetches pictures, and keeps them for a while.
pub struct Pictures {
    tls: TlsClient,
    networks: Vec<Network>,
    cache: moka::future::Cache<Url, Picture>,
    fetching: Semaphore,
}

impl Pictures {
    /// Nothing fetched yet. `networks` may be asked although they are not public.
    #[must_use]
    pub fn new(tls: TlsClient, networks: Vec<Network>) -> Self {
        let weigh = |url: &Url, picture: &Picture| {
            let bytes = url.as_str().len() + picture.bytes.len() + 256;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let cache = moka::future::Cache::builder()
            .max_capacity(CACHE_BYTES)
            .weigher(weigh)
            .time_to_live(CACHE_TIME)
            .build();
        Self {
            tls,
            networks,
            cache,
            fetching: Semaphore::new(AT_ONCE),
        }
    }

    /// The picture at this address. Many who want it at the same time ask for it once.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get(&self, url: &Url) -> Result<Picture, Arc<Error>> {
        let fetching = async {
            let _turn = self.fetching.acquire().await.map_err(|_| Error::Slow)?;
            fetch::picture(url, &self.networks, &self.tls).await
        };
        let fetching = async {
            let in_time = timeout(PATIENCE, fetching).await;
            in_time.unwrap_or(Err(Error::Slow))
        };
        self.cache.try_get_with_by_ref(url, fetching).await
    }
}

#[cfg(test)]
mod tests;
