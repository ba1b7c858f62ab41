//! A letter on the wire: its lines dotted (RFC 5321 §4.5.2), piece by piece as it comes.

use std::{
    io,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream::BoxStream};

/// What is still to be written of a letter.
pub(super) struct Letter {
    pieces: BoxStream<'static, io::Result<Bytes>>,
    /// Dotted, and written up to `sent`.
    dotted: Vec<u8>,
    sent: usize,
    is_line_start: bool,
    /// A line end that is written only if something follows: the last one belongs to the end of the letter.
    held: Vec<u8>,
}

impl Letter {
    /// All of a letter whose lines end in CR LF.
    pub(super) fn new(pieces: BoxStream<'static, io::Result<Bytes>>) -> Self {
        Self {
            pieces,
            dotted: Vec::new(),
            sent: 0,
            is_line_start: true,
            held: Vec::new(),
        }
    }

    /// Bytes to be written next; `None` at the end.
    pub(super) fn poll_bytes(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<Option<&[u8]>>> {
        while self.sent >= self.dotted.len() {
            match ready!(self.pieces.poll_next_unpin(context)) {
                Some(piece) => self.dot(&piece?),
                None => return Poll::Ready(Ok(None)),
            }
        }
        Poll::Ready(Ok(self.dotted.get(self.sent..)))
    }

    /// So many bytes were written.
    pub(super) fn advance(&mut self, written: usize) {
        self.sent += written;
    }

    fn dot(&mut self, piece: &[u8]) {
        self.sent = 0;
        self.dotted.clear();
        self.dotted.append(&mut self.held);
        for line in piece.split_inclusive(|&byte| byte == b'\n') {
            if self.is_line_start && line.starts_with(b".") {
                self.dotted.push(b'.');
            }
            self.dotted.extend_from_slice(line);
            self.is_line_start = line.ends_with(b"\n");
        }
        let end = match self.dotted.as_slice() {
            [.., b'\r', b'\n'] => 2,
            [.., b'\r'] => 1,
            _ => 0,
        };
        self.held = self.dotted.split_off(self.dotted.len() - end);
    }
}
