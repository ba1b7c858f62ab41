//! The stream under lettre. It hands over the server's lines in the one form lettre reads (UTF-8, CR LF,
//! code and text, not too long), remembers the last reply whole, and notes when the end of the letter
//! has left, which decides whether a broken line means "not sent" or "perhaps".

use std::{
    fmt, io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::stream::BoxStream;
use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

use super::letter::Letter;

/// A TCP connection, with TLS or without.
pub(super) enum Line {
    /// Without.
    Plain(TcpStream),
    /// With.
    Tls(Box<TlsStream<TcpStream>>),
}

/// What is known beside lettre; shared with the [`Wire`] that lettre owns.
#[derive(Clone, Default)]
pub(super) struct Notes(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    /// Texts of the last reply, without codes.
    reply: Vec<String>,
    /// Something was written since the last line was read.
    is_asked: bool,
    /// The last bytes written.
    tail: Vec<u8>,
    /// What is still to be written of the letter.
    letter: Option<Letter>,
    /// The letter is being written.
    in_letter: bool,
    /// Its final dot was written.
    letter_ended: bool,
}

impl Notes {
    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The texts of the last reply.
    pub(super) fn reply(&self) -> Vec<String> {
        self.lock().reply.clone()
    }

    /// What is written next is the end of the letter, and the letter goes before it.
    pub(super) fn begin_letter(&self, pieces: BoxStream<'static, io::Result<Bytes>>) {
        let mut noted = self.lock();
        noted.letter = Some(Letter::new(pieces));
        (noted.in_letter, noted.letter_ended) = (true, false);
        noted.tail.clear();
    }

    /// Whether the end of the letter has left: from then on the server may have taken it.
    pub(super) fn letter_ended(&self) -> bool {
        self.lock().letter_ended
    }

    fn wrote(&self, bytes: &[u8]) {
        let mut noted = self.lock();
        noted.is_asked = true;
        if noted.in_letter {
            let recent = bytes
                .get(bytes.len().saturating_sub(END.len())..)
                .unwrap_or_default();
            noted.tail.extend_from_slice(recent);
            let excess = noted.tail.len().saturating_sub(END.len());
            noted.tail.drain(..excess);
            noted.letter_ended |= noted.tail == END;
        }
    }

    fn heard(&self, text: &str) {
        let mut noted = self.lock();
        if std::mem::take(&mut noted.is_asked) {
            noted.reply.clear();
        }
        if noted.reply.len() < MAX_LINES {
            noted.reply.push(text.to_owned());
        }
    }
}

/// What ends a letter (RFC 5321 §4.1.1.4).
const END: &[u8] = b"\r\n.\r\n";
/// Lines of one reply that are kept.
const MAX_LINES: usize = 100;
/// Bytes of a reply's line that are handed on; lettre gives up above 1000.
const MAX_LINE: usize = 900;
/// Bytes without a line end that are taken as a line.
const MAX_UNENDED: usize = 16 * 1024;

/// See the module.
pub(super) struct Wire {
    line: Line,
    peer: SocketAddr,
    notes: Notes,
    /// Read, not yet a whole line.
    raw: Vec<u8>,
    /// Cleaned, not yet handed on.
    clean: Vec<u8>,
    handed: usize,
}

impl Wire {
    /// A wire over `line`. `greeting` is what lettre is to hear first, where the true greeting was
    /// already read (STARTTLS).
    pub(super) fn new(line: Line, peer: SocketAddr, greeting: &str) -> (Self, Notes) {
        let notes = Notes::default();
        let wire = Self {
            line,
            peer,
            notes: notes.clone(),
            raw: Vec::new(),
            clean: greeting.as_bytes().to_vec(),
            handed: 0,
        };
        (wire, notes)
    }

    /// Turns whole lines of `raw` into `clean`.
    fn clean_lines(&mut self) {
        let mut rest = self.raw.as_slice();
        while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
            let (line, after) = rest.split_at(end + 1);
            clean_line(line, &mut self.clean, &self.notes);
            rest = after;
        }
        if rest.len() > MAX_UNENDED {
            clean_line(rest, &mut self.clean, &self.notes);
            rest = &[];
        }
        self.raw = rest.to_vec();
    }
}

/// `250`, `250-`, `250 text`: code, mark and some text, in UTF-8.
fn clean_line(line: &[u8], clean: &mut Vec<u8>, notes: &Notes) {
    let line = String::from_utf8_lossy(line);
    let line: String = line
        .trim_end()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let (code, rest) = line.split_at_checked(3).unwrap_or((line.as_str(), ""));
    let mark = if rest.starts_with('-') { "-" } else { " " };
    let text = rest.get(1..).unwrap_or_default().trim();
    let mut end = text.len().min(MAX_LINE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    notes.heard(text);
    // lettre stumbles over replies without a word.
    let text = if text.is_empty() { "-" } else { text };
    clean.extend_from_slice(format!("{code}{mark}{text}\r\n").as_bytes());
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let waiting = self.clean.get(self.handed..).unwrap_or_default();
            if !waiting.is_empty() {
                let taken = waiting.len().min(out.remaining());
                out.put_slice(waiting.get(..taken).unwrap_or_default());
                self.handed += taken;
                return Poll::Ready(Ok(()));
            }
            self.clean.clear();
            self.handed = 0;
            let mut bytes = [0; 4096];
            let mut buffer = ReadBuf::new(&mut bytes);
            ready!(self.line.poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            self.raw.extend_from_slice(buffer.filled());
            self.clean_lines();
        }
    }
}

impl Line {
    fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_read(context, buffer),
        }
    }

    fn poll_write(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_write(context, bytes),
        }
    }
}

impl Noted {
    /// Writes what is still to be written of the letter.
    fn poll_letter(&mut self, context: &mut Context<'_>, line: &mut Line) -> Poll<io::Result<()>> {
        while let Some(letter) = &mut self.letter {
            let Some(bytes) = ready!(letter.poll_bytes(context)?) else {
                self.letter = None;
                break;
            };
            let written = ready!(line.poll_write(context, bytes))?;
            letter.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let notes = self.notes.clone();
        ready!(notes.lock().poll_letter(context, &mut self.line))?;
        let written = ready!(self.line.poll_write(context, bytes))?;
        self.notes.wrote(bytes.get(..written).unwrap_or_default());
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_flush(context),
            Line::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Line::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(context),
        }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}
