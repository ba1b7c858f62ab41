//! The files of a letter on their way into it: how many bytes they will be there, and those bytes, piece by
//! piece. Knows a file's bytes only as they pass.

use base64::{Engine as _, prelude::BASE64_STANDARD};

/// RFC 2045 §6.8: at most 76 digits a line, which are so many bytes.
const BASE64_LINE: usize = 57;
/// Characters a line of a letter may have (RFC 5322 §2.1.1).
const MAX_LINE: usize = 998;

/// How a file's bytes stand in the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// In base64.
    Base64,
    /// As they are, but every line ended by CR LF.
    Lines,
}

/// What must be known of a message before it can stand within another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// Bytes, every line ended by CR LF.
    pub size: u64,
    /// It holds nothing that may not travel unencoded: no NUL, no endless line.
    pub fits: bool,
    /// It has no bytes beyond ASCII.
    pub is_ascii: bool,
}

/// Bytes that `size` bytes are in [`Encoding::Base64`].
#[must_use]
pub fn base64_size(size: u64) -> u64 {
    size.div_ceil(3) * 4 + size.div_ceil(BASE64_LINE as u64) * 2
}

/// Writes one file in its encoding.
#[derive(Debug)]
pub struct Encoder {
    encoding: Encoding,
    /// Bytes that do not fill a line yet.
    left: Vec<u8>,
    /// The last byte was a CR, for which CR LF was written.
    after_cr: bool,
}

impl Encoder {
    /// At the beginning of a file.
    #[must_use]
    pub fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            left: Vec::new(),
            after_cr: false,
        }
    }

    /// Adds to `out` what the next bytes of the file are in the letter.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        match self.encoding {
            Encoding::Base64 => {
                self.left.extend_from_slice(bytes);
                let whole = self.left.len() / BASE64_LINE * BASE64_LINE;
                let rest = self.left.split_off(whole);
                base64_lines(&std::mem::replace(&mut self.left, rest), out);
            }
            Encoding::Lines => {
                for &byte in bytes {
                    match byte {
                        b'\n' if self.after_cr => {}
                        b'\r' | b'\n' => out.extend_from_slice(b"\r\n"),
                        byte => out.push(byte),
                    }
                    self.after_cr = byte == b'\r';
                }
            }
        }
    }

    /// Adds what is left.
    pub fn finish(self, out: &mut Vec<u8>) {
        base64_lines(&self.left, out);
    }
}

fn base64_lines(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len() / BASE64_LINE * 78 + 80);
    let mut digits = String::with_capacity(80);
    for line in bytes.chunks(BASE64_LINE) {
        digits.clear();
        BASE64_STANDARD.encode_string(line, &mut digits);
        digits.push_str("\r\n");
        out.extend_from_slice(digits.as_bytes());
    }
}

/// Looks through a message that is to stand within another.
#[derive(Debug)]
pub struct Inspector {
    encoder: Encoder,
    seen: Lines,
    line: usize,
}

impl Default for Inspector {
    fn default() -> Self {
        let seen = Lines {
            size: 0,
            fits: true,
            is_ascii: true,
        };
        Self {
            encoder: Encoder::new(Encoding::Lines),
            seen,
            line: 0,
        }
    }
}

impl Inspector {
    /// Looks at the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        let mut lines = Vec::with_capacity(bytes.len());
        self.encoder.push(bytes, &mut lines);
        self.seen.size += lines.len() as u64;
        self.seen.is_ascii &= lines.is_ascii();
        for &byte in &lines {
            // The CR counts, as it did not in the limit: nobody writes to the last column.
            self.line = if byte == b'\n' { 0 } else { self.line + 1 };
            self.seen.fits &= byte != 0 && self.line <= MAX_LINE;
        }
    }

    /// What was seen.
    #[must_use]
    pub fn finish(self) -> Lines {
        self.seen
    }
}
