//! Encodings of letters: charsets, encoded words (RFC 2047), base64 and quoted-printable bodies (RFC 2045).

use base64::{Engine, engine::general_purpose::STANDARD};
use encoding_rs::Encoding;

/// How text of a charset travels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer {
    SevenBit,
    EightBit,
    Base64,
    QuotedPrintable,
}

impl Transfer {
    /// Its name in `Content-Transfer-Encoding`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SevenBit => "7bit",
            Self::EightBit => "8bit",
            Self::Base64 => "base64",
            Self::QuotedPrintable => "quoted-printable",
        }
    }

    /// The body as it travels, with LF line ends.
    pub(super) fn encode(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::SevenBit | Self::EightBit => bytes.to_vec(),
            Self::Base64 => base64_lines(bytes).into_bytes(),
            Self::QuotedPrintable => quoted_printable(bytes),
        }
    }
}

/// `text` in the charset of that name; what it lacks becomes a numeric reference.
pub(super) fn in_charset(text: &str, charset: &str) -> Vec<u8> {
    match Encoding::for_label(charset.as_bytes()) {
        Some(encoding) => encoding.encode(text).0.into_owned(),
        None => text.as_bytes().to_vec(),
    }
}

/// A header value: as it is when ASCII, else as encoded words with folding between them.
pub(super) fn header_text(text: &str, charset: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let words: Vec<String> = characters
        .chunks(11) // at most 44 bytes of UTF-8, so that a word stays below 75
        .map(|chunk| {
            let bytes = in_charset(&chunk.iter().collect::<String>(), charset);
            format!("=?{charset}?B?{}?=", STANDARD.encode(bytes))
        })
        .collect();
    words.join("\n ")
}

/// Base64 in lines of 76.
pub(super) fn base64_lines(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + bytes.len() / 40 + 4);
    for line in bytes.chunks(57) {
        STANDARD.encode_string(line, &mut out);
        out.push('\n');
    }
    out
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 2);
    let mut column = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' {
            out.push(b'\n');
            column = 0;
            continue;
        }
        let ends_line = bytes.get(at + 1).is_none_or(|&next| next == b'\n');
        let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (byte == b' ' && !ends_line);
        if column > 72 {
            out.extend_from_slice(b"=\n");
            column = 0;
        }
        if plain {
            out.push(byte);
            column += 1;
        } else {
            out.extend_from_slice(format!("={byte:02X}").as_bytes());
            column += 3;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Transfer, header_text, in_charset};

    #[test]
    fn words_of_old_charsets() {
        assert_eq!(header_text("Tide", "koi8-r"), "Tide");
        assert_eq!(header_text("Вера", "koi8-r"), "=?koi8-r?B?98XSwQ==?=");
        let japanese = in_charset("干潟", "iso-2022-jp");
        assert!(japanese.starts_with(b"\x1b$B") && japanese.ends_with(b"\x1b(B"));
    }

    #[test]
    fn long_lines_are_folded_and_trailing_spaces_kept() {
        let body = Transfer::QuotedPrintable.encode("ä \nx".as_bytes());
        assert_eq!(body, b"=C3=A4=20\nx");
        let long = Transfer::QuotedPrintable.encode(&[b'a'; 200]);
        assert!(long.split(|&b| b == b'\n').all(|line| line.len() <= 76));
    }
}
