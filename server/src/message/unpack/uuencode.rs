//! Files that were written into a plain text with uuencode (POSIX), as mail had them before MIME. Linear.

use std::ops::Range;

use super::{MAX_FILES, Packed};
use crate::message::charset;

/// Lines of data that make a block without an end one all the same.
const ENOUGH: usize = 3;
/// Bytes of a file's name that are kept.
const MAX_NAME: usize = 1_000;

/// Where a block is.
struct Block {
    /// From the line that begins it to the line that ends it.
    whole: Range<usize>,
    data: Range<usize>,
    size: u64,
    lines: usize,
    has_end: bool,
}

/// The files in a text, and the text without them.
pub(in crate::message) fn take(text: &[u8]) -> (Vec<Packed>, Vec<u8>) {
    let (mut files, mut rest) = (Vec::new(), Vec::new());
    let mut kept = 0;
    let mut at = 0;
    while let Some(line) = line(text, at) {
        let start = at;
        at = line.end;
        let bytes = text.get(line).unwrap_or_default();
        let Some(name) = begins(bytes).filter(|_| files.len() < MAX_FILES) else {
            continue;
        };
        let block = block(text, start, at);
        // What was read in vain is read again, but never twice: a line of data begins no block.
        if !block.has_end && block.lines < ENOUGH {
            continue;
        }
        rest.extend_from_slice(text.get(kept..block.whole.start).unwrap_or_default());
        at = block.whole.end;
        kept = at;
        files.push(Packed {
            name: charset::decode_text(name.get(..MAX_NAME).unwrap_or(name), None),
            media_type: "application/octet-stream".to_owned(),
            range: block.data,
            encoding: "x-uuencode",
            size: block.size,
            is_whole: block.has_end,
        });
    }
    if !files.is_empty() {
        rest.extend_from_slice(text.get(kept..).unwrap_or_default());
    }
    (files, rest)
}

/// The line that begins here, with its end.
fn line(text: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
    let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
    Some(at..at + length)
}

/// The name in `begin 644 name`.
fn begins(line: &[u8]) -> Option<&[u8]> {
    let rest = line.trim_ascii_end().strip_prefix(b"begin ")?;
    let space = rest.iter().position(|&byte| byte == b' ')?;
    let (mode, name) = rest.split_at_checked(space)?;
    let is_mode =
        matches!(mode.len(), 3 | 4) && mode.iter().all(|digit| (b'0'..b'8').contains(digit));
    is_mode.then(|| name.trim_ascii())
}

fn block(text: &[u8], start: usize, data: usize) -> Block {
    let mut block = Block {
        whole: start..data,
        data: data..data,
        size: 0,
        lines: 0,
        has_end: false,
    };
    while let Some(line) = line(text, block.whole.end) {
        let bytes = text.get(line.clone()).unwrap_or_default();
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if bytes.trim_ascii() == b"end" {
            block.has_end = true;
            block.whole.end = line.end;
            break;
        }
        let Some(length) = length(bytes) else {
            break;
        };
        block.size += length;
        block.lines += 1;
        block.whole.end = line.end;
        block.data.end = line.end;
    }
    block
}

/// How many bytes a line of data holds; `None` if it is no such line.
fn length(line: &[u8]) -> Option<u64> {
    let Some((&first, digits)) = line.split_first() else {
        return Some(0); // an end whose space was taken away
    };
    let length = usize::from(first.checked_sub(b' ')?) & 0x3f;
    let is_data =
        (b' '..=b'`').contains(&first) && digits.iter().all(|b| (b' '..=b'`').contains(b));
    let wanted = length.div_ceil(3) * 4;
    // Some add a checksum, some take away the spaces at a line's end.
    let fits = digits.len() <= wanted + 2 && (digits.len() + 4 > wanted || line.contains(&b' '));
    (is_data && fits).then_some(length as u64)
}
