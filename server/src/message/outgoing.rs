//! A letter on its way to a server: its size, which is told beforehand, and its bytes, which come as they
//! are wanted and are never whole in memory.

use std::{borrow::Cow, io};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream, stream::BoxStream};

use super::build;

/// See the module. Every line ends in CR LF.
pub struct Outgoing {
    /// Bytes that will come.
    pub size: u64,
    /// None of them is beyond ASCII.
    pub is_ascii: bool,
    /// They come here; fewer or more than `size` is an error of whoever made them.
    pub pieces: BoxStream<'static, io::Result<Bytes>>,
}

impl Outgoing {
    /// A letter that is there already.
    #[must_use]
    pub fn whole(letter: &[u8]) -> Self {
        let letter = Bytes::from(build::crlf(Cow::Borrowed(letter)).into_owned());
        Self {
            size: letter.len() as u64,
            is_ascii: letter.is_ascii(),
            pieces: stream::iter([Ok(letter)]).boxed(),
        }
    }
}
