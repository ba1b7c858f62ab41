//! Where in an encoded part the bytes of the file are, so that a player can begin in the middle. Base64 as
//! programs write it has lines of one length; a part that keeps to that says how long its file is, and one that
//! does not is sent from its beginning only. Pure.

/// The lengths of a part that can be read from any place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Bytes of the file.
    pub total: u64,
    /// Encoded bytes of a line with its end, and bytes of the file in it; `None` where nothing is encoded.
    line: Option<(u64, u64)>,
}

impl Layout {
    /// Of a part of `size` encoded bytes, of which these are the first and the last ones; `None` if its bytes
    /// cannot be counted without reading them all.
    #[must_use]
    pub fn of(encoding: &str, size: u64, first: &[u8], last: &[u8]) -> Option<Self> {
        match encoding {
            "" | "7bit" | "8bit" | "binary" => Some(Self {
                total: size,
                line: None,
            }),
            "base64" => Self::of_base64(size, first, last),
            _ => None,
        }
    }

    fn of_base64(size: u64, first: &[u8], last: &[u8]) -> Option<Self> {
        let (line, end) = match first.iter().position(|&byte| byte == b'\n') {
            Some(at) if at > 0 && first.get(at - 1) == Some(&b'\r') => (at - 1, 2),
            Some(at) => (at, 1),
            None => (first.len(), 0), // one line, which is all of it
        };
        if line == 0 {
            return None;
        }
        let is_regular = first.chunks(line + end).all(|chunk| {
            let letters = chunk.get(..line).unwrap_or(chunk);
            letters.iter().all(|&byte| is_letter(byte)) || chunk.len() < line + end
        });
        if line % 4 != 0 && end != 0 || !is_regular {
            return None;
        }
        let (line, step) = (line as u64, (line + end) as u64);
        let after = last
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_whitespace());
        let after = after.count();
        let padding = last
            .iter()
            .rev()
            .skip(after)
            .take_while(|&&byte| byte == b'=');
        let padding = padding.count() as u64;
        let letters = size.checked_sub(after as u64)?;
        let rest = letters % step;
        let letters = letters / step * line + rest.min(line);
        (letters % 4 == 0).then_some(())?;
        let total = (letters / 4 * 3).checked_sub(padding.min(2))?;
        Some(Self {
            total,
            line: Some((step, line / 4 * 3)),
        })
    }

    /// Where to begin reading for the byte `start` of the file: the place in the part, and how many bytes of
    /// what is decoded from there come before it.
    #[must_use]
    pub fn place(&self, start: u64) -> (u64, u64) {
        match self.line {
            None => (start, 0),
            Some((step, bytes)) => (start / bytes * step, start % bytes),
        }
    }

    /// What `Range` asks for (RFC 9110 §14.1.2), as the first and the last byte; `None`: all of it, or
    /// something that is better answered with all of it.
    #[must_use]
    pub fn wanted(&self, range: &str) -> Option<(u64, u64)> {
        let (from, to) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
        let last = self.total.checked_sub(1)?;
        let (from, to) = match (from.parse().ok(), to.parse().ok()) {
            (Some(from), None) if to.is_empty() => (from, last),
            (Some(from), Some(to)) => (from, last.min(to)),
            (None, Some(count)) if from.is_empty() => (self.total.saturating_sub(count), last),
            _ => return None,
        };
        (from <= to).then_some((from, to))
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::Layout;
    use crate::message::charset::transfer;

    fn encoded(length: usize, line: usize, end: &str) -> (Vec<u8>, Vec<u8>) {
        let file: Vec<u8> = (0..length).map(|n| (n * 7 % 251) as u8).collect();
        let letters = STANDARD.encode(&file);
        let lines: Vec<&str> = letters
            .as_bytes()
            .chunks(line)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        (file, (lines.join(end) + end).into_bytes())
    }

    fn layout(part: &[u8]) -> Option<Layout> {
        let first = &part[..part.len().min(1_000)];
        let last = &part[part.len().saturating_sub(100)..];
        Layout::of("base64", part.len() as u64, first, last)
    }

    #[test]
    fn any_byte_of_a_regular_part_is_found() {
        for (line, end) in [(76, "\r\n"), (72, "\r\n"), (60, "\n"), (64, "\r\n")] {
            for length in [1, 2, 3, 56, 57, 58, 1_000, 4_567, 9_120] {
                let (file, part) = encoded(length, line, end);
                let layout = layout(&part).unwrap();
                assert_eq!(layout.total, length as u64, "{line} {length}");
                for start in [0, length / 3, length / 2, length - 1] {
                    let (place, before) = layout.place(start as u64);
                    let from_there = transfer::decode(&part[place as usize..], "base64");
                    assert_eq!(
                        from_there[before as usize..],
                        file[start..],
                        "{line} {length} {start}"
                    );
                }
            }
        }
    }

    #[test]
    fn an_irregular_part_is_read_from_its_beginning() {
        let (_, mut part) = encoded(4_000, 76, "\r\n");
        part.splice(300..300, *b"\r\n");
        assert_eq!(layout(&part), None);
        assert_eq!(Layout::of("quoted-printable", 100, b"abc", b"abc"), None);
        assert_eq!(layout(b""), None);
        assert_eq!(layout(b"\r\n\r\n"), None);
    }

    #[test]
    fn ranges_are_those_of_the_file() {
        let (_, part) = encoded(1_000, 76, "\r\n");
        let layout = layout(&part).unwrap();
        assert_eq!(layout.wanted("bytes=0-"), Some((0, 999)));
        assert_eq!(layout.wanted("bytes=10-19"), Some((10, 19)));
        assert_eq!(layout.wanted("bytes=990-5000"), Some((990, 999)));
        assert_eq!(layout.wanted("bytes=-10"), Some((990, 999)));
        for nonsense in [
            "bytes=5-2",
            "bytes=1000-",
            "bytes=-",
            "lines=0-",
            "bytes=0-1,5-6",
            "",
            "bytes=x-y",
        ] {
            assert_eq!(layout.wanted(nonsense), None, "{nonsense}");
        }
    }
}
