//! ISO-2022-JP-2 (RFC 1554): Japanese, Chinese, Korean, Western European and Greek in seven bits. Browsers never
//! read it.

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_7, WINDOWS_1252};

/// A set of characters of two bytes each, or of one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Ascii,
    /// JIS X 0208.
    Japanese,
    /// JIS X 0212.
    MoreJapanese,
    Chinese,
    Korean,
}

impl Set {
    /// Its encoding in eight bits.
    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Ascii | Self::Japanese | Self::MoreJapanese => EUC_JP,
            Self::Chinese => GBK,
            Self::Korean => EUC_KR,
        }
    }
}

/// Decodes it.
pub(super) fn decode(bytes: &[u8]) -> String {
    let mut writer = Writer {
        text: String::with_capacity(bytes.len()),
        run: Vec::new(),
        set: Set::Ascii,
    };
    let mut upper = WINDOWS_1252;
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (0x1b, [b'(', _, after @ ..]) => rest = writer.begin(Set::Ascii, after),
            (0x1b, [b'$', b'@' | b'B', after @ ..]) => rest = writer.begin(Set::Japanese, after),
            (0x1b, [b'$', b'A', after @ ..] | [b'$', b'(', b'A', after @ ..]) => {
                rest = writer.begin(Set::Chinese, after)
            }
            (0x1b, [b'$', b'(', b'C', after @ ..]) => rest = writer.begin(Set::Korean, after),
            (0x1b, [b'$', b'(', b'D', after @ ..]) => {
                rest = writer.begin(Set::MoreJapanese, after);
            }
            (0x1b, [b'.', half, after @ ..]) => {
                upper = if *half == b'F' {
                    ISO_8859_7
                } else {
                    WINDOWS_1252
                };
                rest = after;
            }
            (0x1b, [b'N', character, after @ ..]) => {
                writer.flush();
                let character = [character | 0x80];
                let (text, _) = upper.decode_without_bom_handling(&character);
                writer.text.push_str(&text);
                rest = after;
            }
            // A line begins with ASCII, whatever the one before it ended with.
            (b'\n', _) => {
                writer.begin(Set::Ascii, after);
                writer.run.push(b'\n');
            }
            (&high, [low, after @ ..]) if high > b' ' && writer.set != Set::Ascii => {
                if writer.set == Set::MoreJapanese {
                    writer.run.push(0x8f);
                }
                writer.run.extend([high | 0x80, low | 0x80]);
                rest = after;
            }
            (&byte, _) => writer.run.push(byte),
        }
    }
    writer.flush();
    writer.text
}

struct Writer {
    text: String,
    /// What is to be decoded together, in eight bits.
    run: Vec<u8>,
    set: Set,
}

impl Writer {
    /// From `rest` on, which is returned, the bytes are of this set.
    fn begin<'r>(&mut self, set: Set, rest: &'r [u8]) -> &'r [u8] {
        if set.encoding() != self.set.encoding() {
            self.flush();
        }
        self.set = set;
        rest
    }

    fn flush(&mut self) {
        let encoding = self.set.encoding();
        self.text
            .push_str(&encoding.decode_without_bom_handling(&self.run).0);
        self.run.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn five_scripts_stand_in_one_line() {
        let bytes = b"Ada: \x1b$BF|K\\8l\x1b(B, \x1b$A<rLe\x1b(B, \x1b$(CGQ19>n\x1b(B, \
            Gr\x1b.A\x1bNv\x1bN_e, \x1b.F\x1bNY\x1bNS, \x1b$(D0!\x1b(B.\n\x1b$B@~";
        let text = "Ada: 日本語, 简体, 한국어, Größe, ΩΣ, 丂.\n線";
        assert_eq!(decode(bytes), text);
        assert_eq!(decode(b"\x1b$BF"), "F");
        assert_eq!(decode(b"\x1b$B\nplain\x1b"), "\nplain\x1b");
    }
}
