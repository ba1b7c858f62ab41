//! The stream between async-imap and the socket. Every response is taken out whole for our own
//! lenient parser, which asks for the next one here; async-imap, which reads only while one signs in, is
//! left with harmless lines it surely understands: the bare tagged status, and a challenge that is
//! base64. Never interprets what it takes out.

use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, BufWriter, ReadBuf};
use tokio_util::io::poll_read_buf;

use super::framer::{Frame, Framer, split_tagged};

/// Bytes asked of the socket at once. Small, for most connections wait idle.
const SMALL_READ: usize = 8 * 1024;
/// Bytes asked of the socket at once while a literal comes.
const LARGE_READ: usize = 64 * 1024;
/// Bytes of responses nobody has taken yet; a server that floods during sign-in is cut off there.
const QUEUE_LIMIT: usize = 64 * 1024 * 1024;

/// A line to a mail server: TCP, TLS over it, or a test's pipe.
pub(crate) trait Line: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Line for T {}

/// The stream async-imap reads from and writes to.
pub(crate) struct Tap {
    /// async-imap writes a command in four pieces: joined here, they are one packet.
    line: BufWriter<Box<dyn Line>>,
    framer: Framer,
    unread: BytesMut,
    frames: VecDeque<Frame>,
    queued: usize,
    for_async_imap: BytesMut,
    corked: bool,
}

impl Tap {
    /// A tap on `line`.
    pub(crate) fn new(line: Box<dyn Line>) -> Self {
        Self {
            line: BufWriter::with_capacity(4096, line),
            framer: Framer::default(),
            unread: BytesMut::new(),
            frames: VecDeque::new(),
            queued: 0,
            for_async_imap: BytesMut::new(),
            corked: false,
        }
    }

    /// Waits for the next response; `None` at the end of the stream. May be dropped while it waits without
    /// losing anything. What was left for async-imap is taken to be of no use to it any more.
    pub(crate) async fn next_frame(&mut self) -> io::Result<Option<Frame>> {
        self.for_async_imap.clear();
        while self.frames.is_empty() {
            if !poll_fn(|cx| self.poll_frames(cx)).await? {
                return Ok(None);
            }
        }
        Ok(self.take_frame())
    }

    /// The oldest response nobody has taken yet.
    pub(crate) fn take_frame(&mut self) -> Option<Frame> {
        let frame = self.frames.pop_front()?;
        self.queued = self.queued.saturating_sub(bytes_of(&frame).len());
        Some(frame)
    }

    /// While corked, flushing waits, so that several commands travel together.
    pub(crate) fn set_corked(&mut self, corked: bool) {
        self.corked = corked;
    }

    /// The line itself, for TLS to be put on it; `None` if the server has already said more,
    /// which before TLS can only be somebody else's words.
    pub(crate) fn into_line(self) -> Option<Box<dyn Line>> {
        let clean = self.unread.is_empty()
            && self.frames.is_empty()
            && !self.framer.is_within_response()
            && self.line.buffer().is_empty();
        clean.then(|| self.line.into_inner())
    }

    fn accept(&mut self, frame: Frame) -> io::Result<()> {
        match &frame {
            Frame::Tagged(bytes) => {
                if let Some((tag, status)) = split_tagged(bytes) {
                    self.leave(&[tag.as_bytes(), b" ", status.as_bytes(), b" tap\r\n"]);
                }
            }
            Frame::Continue(bytes) => self.leave(&[b"+ ", challenge(bytes), b"\r\n"]),
            Frame::Untagged(_) => {}
        }
        self.queued += bytes_of(&frame).len();
        self.frames.push_back(frame);
        if self.queued > QUEUE_LIMIT {
            return Err(io::Error::other("the mail server says too much"));
        }
        Ok(())
    }

    fn leave(&mut self, pieces: &[&[u8]]) {
        for piece in pieces {
            self.for_async_imap.extend_from_slice(piece);
        }
    }

    /// Reads once and takes out what is whole now; false at the end of the stream.
    fn poll_frames(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let wanted = if self.framer.expected() > SMALL_READ {
            LARGE_READ
        } else {
            SMALL_READ
        };
        self.unread.reserve(wanted);
        let line = Pin::new(&mut self.line);
        if ready!(poll_read_buf(line, cx, &mut self.unread))? == 0 {
            let cut = self.framer.is_within_response();
            return Poll::Ready(if cut {
                Err(io::ErrorKind::UnexpectedEof.into())
            } else {
                Ok(false)
            });
        }
        self.frame_what_is_there()?;
        if !self.unread.has_remaining() {
            self.unread = BytesMut::new();
        }
        Poll::Ready(Ok(true))
    }

    fn frame_what_is_there(&mut self) -> io::Result<()> {
        loop {
            match self.framer.next(&mut self.unread) {
                Ok(Some(frame)) => self.accept(frame)?,
                Ok(None) => return Ok(()),
                Err(out_of_step) => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, out_of_step));
                }
            }
        }
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap").finish_non_exhaustive()
    }
}

fn bytes_of(frame: &Frame) -> &Bytes {
    match frame {
        Frame::Untagged(bytes) | Frame::Continue(bytes) | Frame::Tagged(bytes) => bytes,
    }
}

/// The challenge of a `+` line if it is base64, else nothing: async-imap fails on other text.
fn challenge(line: &[u8]) -> &[u8] {
    let text = line.strip_prefix(b"+").unwrap_or(line).trim_ascii();
    if STANDARD.decode(text).is_ok() {
        text
    } else {
        b""
    }
}

impl AsyncRead for Tap {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let tap = self.get_mut();
        while tap.for_async_imap.is_empty() {
            if !ready!(tap.poll_frames(cx))? {
                return Poll::Ready(Ok(()));
            }
        }
        let length = buf.remaining().min(tap.for_async_imap.len());
        buf.put_slice(&tap.for_async_imap.split_to(length));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Tap {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().line).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let tap = self.get_mut();
        if tap.corked {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut tap.line).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().line).poll_shutdown(cx)
    }
}
