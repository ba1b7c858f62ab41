//! ISO-2022-JP-2 (RFC 1554): Japanese, Chinese, Korean, Western European and Greek in seven bits. Browsers never
//! read it.

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_7, UTF_8, WINDOWS_1252};

/// A set of characters of two bytes each, or of one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Ascii,
    /// JIS X 0208.
    Japanese,
    /// JIS X 0212.
    MoreJapanese,
    /// The upper half of JIS X 0201, one byte each.
    Kana,
    Chinese,
    Korean,
}

impl Set {
    /// Its encoding in eight bits.
    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Ascii | Self::Japanese | Self::MoreJapanese | Self::Kana => EUC_JP,
            Self::Chinese => GBK,
            Self::Korean => EUC_KR,
        }
    }
}

/// Decodes it. What is above ASCII has no place in it, and is UTF-8 or Western European if it is there.
pub(super) fn decode(bytes: &[u8]) -> String {
    let mut writer = Writer {
        text: String::with_capacity(bytes.len()),
        run: Vec::new(),
        set: Set::Ascii,
    };
    let mut upper = WINDOWS_1252;
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        if let Some((set, behind)) = designated(rest) {
            writer.begin(set);
            rest = behind;
            continue;
        }
        let all = std::mem::replace(&mut rest, after);
        match (first, after) {
            (0x1b, [b'.', half, after @ ..]) => {
                upper = if *half == b'F' {
                    ISO_8859_7
                } else {
                    WINDOWS_1252
                };
                rest = after;
            }
            (0x1b, [b'N', character, after @ ..]) => {
                writer.other(&[character | 0x80], upper);
                rest = after;
            }
            // A line begins with ASCII, whatever the one before it ended with.
            (b'\n', _) => {
                writer.begin(Set::Ascii);
                writer.run.push(b'\n');
            }
            (0x0e | 0x0f, _) => {}
            (0x80.., _) => {
                let length = all.iter().take_while(|byte| !byte.is_ascii()).count();
                let (others, after) = all.split_at_checked(length).unwrap_or((all, &[]));
                let is_utf8 = std::str::from_utf8(others).is_ok();
                writer.other(others, if is_utf8 { UTF_8 } else { WINDOWS_1252 });
                rest = after;
            }
            (0x21.., _) if writer.set == Set::Kana => writer.run.extend([0x8e, first | 0x80]),
            (0x21.., [low @ 0x21..=0x7e, after @ ..]) if writer.set != Set::Ascii => {
                if writer.set == Set::MoreJapanese {
                    writer.run.push(0x8f);
                }
                writer.run.extend([first | 0x80, low | 0x80]);
                rest = after;
            }
            (0x21.., _) if writer.set != Set::Ascii => writer.other("\u{fffd}".as_bytes(), UTF_8),
            (&byte, _) => writer.run.push(byte),
        }
    }
    writer.flush();
    writer.text
}

/// The set that an escape sequence at the beginning begins, and what follows it.
fn designated(bytes: &[u8]) -> Option<(Set, &[u8])> {
    let sequence = bytes.strip_prefix(b"\x1b")?;
    Some(match sequence {
        [b'(', b'I', rest @ ..] => (Set::Kana, rest),
        [b'(', _, rest @ ..] => (Set::Ascii, rest),
        // Newer versions of the same set have names of their own.
        [b'$', b'@' | b'B', rest @ ..]
        | [b'$', b'(', b'@' | b'B' | b'O' | b'P' | b'Q', rest @ ..] => (Set::Japanese, rest),
        [b'$', b'(', b'D', rest @ ..] => (Set::MoreJapanese, rest),
        [b'$', b'A', rest @ ..] | [b'$', b'(', b'A', rest @ ..] => (Set::Chinese, rest),
        [b'$', b'(', b'C', rest @ ..] => (Set::Korean, rest),
        _ => return None,
    })
}

struct Writer {
    text: String,
    /// What is to be decoded together, in eight bits.
    run: Vec<u8>,
    set: Set,
}

impl Writer {
    /// From here on the bytes are of this set.
    fn begin(&mut self, set: Set) {
        if set.encoding() != self.set.encoding() {
            self.flush();
        }
        self.set = set;
    }

    /// Writes what is of another encoding.
    fn other(&mut self, bytes: &[u8], encoding: &'static Encoding) {
        self.flush();
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        self.text.push_str(&text);
    }

    fn flush(&mut self) {
        let encoding = self.set.encoding();
        let (text, _) = encoding.decode_without_bom_handling(&self.run);
        self.text.push_str(&text);
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
        assert_eq!(decode(b"\x1b(I1234\x1b(J ok"), "ｱｲｳｴ ok");
        assert_eq!(decode(b"\x1b$B$3$s$"), "こん\u{fffd}");
        assert_eq!(
            decode(b"\x1b$B$3\nplain\xa05 \xe2\x82\xac"),
            "こ\nplain\u{a0}5 €"
        );
    }
}
