//! Cuts what the server sends into whole responses, literals included, within size limits.
//! Understands no more of the grammar than that takes.

use bytes::{Buf, Bytes, BytesMut};

/// Bytes of one response outside literals. A `SEARCH` of a million UIDs fits; endless lines do not.
const LINE_LIMIT: usize = 8 * 1024 * 1024;
/// Bytes of one response's literals together; what is beyond is read past and stands as NIL.
const LITERAL_LIMIT: u64 = 32 * 1024 * 1024;

/// A literal announced longer than any letter is a lie: reading past it would never end.
const LARGEST_LITERAL: u64 = 1024 * 1024 * 1024;
/// Room for what follows a literal.
const AFTER_LITERAL: usize = 16;
/// Room made for a literal at its beginning, at most: its length is only a claim.
const MOST_RESERVED: usize = 512 * 1024;

/// One whole response, without its last line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// `* …`
    Untagged(Bytes),
    /// `+ …`
    Continue(Bytes),
    /// `TAG OK|NO|BAD …`
    Tagged(Bytes),
}

/// What came cannot be a response: the conversation is out of step and must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OutOfStep {
    /// A line longer than any honest one.
    #[error("a line of the mail server has no end")]
    EndlessLine,
    /// A literal larger than any letter.
    #[error("the mail server announced more than any letter holds")]
    EndlessLiteral,
    /// A line that begins like no response.
    #[error("the mail server sent something that is not IMAP")]
    NotAResponse,
}

/// Holds the response that is still coming.
#[derive(Debug, Default)]
pub(crate) struct Framer {
    frame: BytesMut,
    /// Where the line being read begins in `frame`.
    line_start: usize,
    /// Bytes of the current literal still to come.
    literal_left: u64,
    /// Bytes of literals kept in `frame`.
    literals_kept: u64,
    /// The current literal is too large to keep.
    skipping: bool,
}

impl Framer {
    /// The next whole response at the front of `input`, which is used up as far as it was read.
    pub(crate) fn next(&mut self, input: &mut BytesMut) -> Result<Option<Frame>, OutOfStep> {
        while !input.is_empty() {
            if self.literal_left > 0 {
                self.take_literal(input);
                continue;
            }
            let Some(end) = memchr::memchr(b'\n', input) else {
                self.frame.extend_from_slice(input);
                input.clear();
                self.check_length()?;
                return Ok(None);
            };
            self.take(input, end + 1);
            self.check_length()?;
            if self.begins_literal() {
                if self.literal_left > LARGEST_LITERAL {
                    return Err(OutOfStep::EndlessLiteral);
                }
                continue;
            }
            if let Some(frame) = self.finish()? {
                return Ok(Some(frame));
            }
        }
        Ok(None)
    }

    /// Whether a response has begun and not ended.
    pub(crate) fn is_within_response(&self) -> bool {
        !self.frame.is_empty() || self.literal_left > 0
    }

    /// Bytes that are sure to come: worth a large read.
    pub(crate) fn expected(&self) -> usize {
        usize::try_from(self.literal_left).unwrap_or(usize::MAX)
    }

    fn take_literal(&mut self, input: &mut BytesMut) {
        let length = input.len().min(self.expected());
        if self.skipping {
            input.advance(length);
        } else {
            self.take(input, length);
        }
        self.literal_left -= length as u64;
        if self.literal_left == 0 {
            self.line_start = self.frame.len();
            self.skipping = false;
        }
    }

    /// Copies rather than shares: a response of its own goes on to who wants it, and the room of the input is
    /// used again.
    fn take(&mut self, input: &mut BytesMut, length: usize) {
        let taken = input.get(..length).unwrap_or_default();
        self.frame.extend_from_slice(taken);
        input.advance(taken.len());
    }

    fn check_length(&self) -> Result<(), OutOfStep> {
        let outside = self.frame.len() as u64 - self.literals_kept.min(self.frame.len() as u64);
        if outside > LINE_LIMIT as u64 {
            return Err(OutOfStep::EndlessLine);
        }
        Ok(())
    }

    /// Looks at the line just read: if a literal follows, prepares for it.
    fn begins_literal(&mut self) -> bool {
        if !self.frame.starts_with(b"* ") || is_condition(&self.frame) {
            return false; // free text may end in anything
        }
        let line = self.frame.get(self.line_start..).unwrap_or_default();
        let Some((length, marker)) = literal_at_end(line) else {
            return false;
        };
        if length == 0 {
            self.line_start = self.frame.len();
        }
        self.literal_left = length;
        if self.literals_kept.saturating_add(length) > LITERAL_LIMIT {
            self.skipping = true;
            self.frame.truncate(self.line_start + marker);
            self.frame.extend_from_slice(b"NIL");
        } else {
            self.literals_kept += length;
            let to_come = self.expected().saturating_add(AFTER_LITERAL);
            self.frame.reserve(to_come.min(MOST_RESERVED));
        }
        true
    }

    /// Ends the response; `None` for an empty line, which some servers send after a literal.
    fn finish(&mut self) -> Result<Option<Frame>, OutOfStep> {
        let Self {
            mut frame,
            line_start,
            ..
        } = std::mem::take(self);
        // Not further: a literal may end so itself.
        while frame.len() > line_start && frame.last().is_some_and(|&b| b == b'\n' || b == b'\r') {
            frame.truncate(frame.len() - 1);
        }
        let frame = frame.freeze();
        match frame.first() {
            None => Ok(None),
            Some(b'*') if frame.get(1) == Some(&b' ') => Ok(Some(Frame::Untagged(frame))),
            Some(b'+') => Ok(Some(Frame::Continue(frame))),
            Some(_) if split_tagged(&frame).is_some() => Ok(Some(Frame::Tagged(frame))),
            Some(_) => Err(OutOfStep::NotAResponse),
        }
    }
}

/// Tag and status word of a tagged response.
pub(crate) fn split_tagged(frame: &[u8]) -> Option<(&str, &'static str)> {
    let mut words = frame.splitn(3, |&byte| byte == b' ');
    let tag = std::str::from_utf8(words.next()?).ok()?;
    let fits = (1..=20).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric());
    let status = words.next()?;
    let status = ["OK", "NO", "BAD"]
        .into_iter()
        .find(|word| status.eq_ignore_ascii_case(word.as_bytes()))?;
    fits.then_some((tag, status))
}

/// Whether the untagged response is a condition (`OK`, `NO`, …), whose text is free. Looks at its first
/// bytes only, for it is asked again at each line of the response.
fn is_condition(frame: &[u8]) -> bool {
    let start = frame.get(..12).unwrap_or(frame);
    let word = start
        .split(|byte| byte.is_ascii_whitespace())
        .nth(1)
        .unwrap_or_default();
    [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"]
        .iter()
        .any(|condition| word.eq_ignore_ascii_case(condition))
}

/// Length of the literal announced at the end of `line`, and where its marker begins.
fn literal_at_end(line: &[u8]) -> Option<(u64, usize)> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let inner = line.strip_suffix(b"}")?;
    let inner = inner.strip_suffix(b"+").unwrap_or(inner);
    let brace = inner.iter().rposition(|byte| !byte.is_ascii_digit())?;
    let (before, digits) = inner.split_at_checked(brace + 1)?;
    let before = before.strip_suffix(b"{")?;
    let before = before.strip_suffix(b"~").unwrap_or(before);
    let digits = std::str::from_utf8(digits).ok()?;
    Some((digits.parse().ok()?, before.len()))
}
