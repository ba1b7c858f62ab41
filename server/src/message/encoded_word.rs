//! Encoded words (RFC 2047) and raw 8-bit text in header values, made into Unicode. Words of one
//! character set that stand next to each other are decoded as one, so that a letter split between
//! two of them survives.

use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_STANDARD};
use memchr::memmem;

use super::charset;

/// Decodes unstructured text such as a subject. Control characters become spaces.
#[must_use]
pub fn decode(value: &[u8]) -> String {
    if let Some(text) = as_it_is(value) {
        return text.trim().to_owned();
    }
    let mut text = String::with_capacity(value.len());
    for piece in pieces(value) {
        match piece {
            Piece::Plain(plain) => text.push_str(&plain),
            Piece::Words(words) => text.push_str(&words),
        }
    }
    tidy(&text)
}

/// Makes a structured value (addresses) safe for a parser: UTF-8 throughout, every run of encoded
/// words one word of UTF-8, which keeps commas and brackets inside it out of the structure.
pub(super) fn normalise(value: &[u8]) -> String {
    let mut text = String::with_capacity(value.len() + 1); // a parser wants a line end
    if let Some(plain) = as_it_is(value) {
        text.push_str(plain);
        return text;
    }
    for piece in pieces(value) {
        match piece {
            // What looks like a word and is none would be tried by the parser at each beginning, to the end.
            Piece::Plain(plain) => text.push_str(&plain.replace("=?", "= ?")),
            Piece::Words(words) => {
                text.push_str("=?UTF-8?B?");
                BASE64_STANDARD.encode_string(tidy(&words), &mut text);
                text.push_str("?=");
            }
        }
    }
    text.replace(['\r', '\n', '\0'], " ")
}

/// A value that means what it says, as most do: printable ASCII without an encoded word.
fn as_it_is(value: &[u8]) -> Option<&str> {
    as_ascii(value).filter(|text| memmem::find(text.as_bytes(), b"=?").is_none())
}

/// A value of printable ASCII.
pub(crate) fn as_ascii(value: &[u8]) -> Option<&str> {
    let text = is_printable_ascii(value).then(|| std::str::from_utf8(value))?;
    text.ok()
}

/// The text of a value of nothing but encoded words.
pub(super) fn of_words_only(value: &str) -> Option<String> {
    match &*pieces(value.as_bytes()) {
        [Piece::Words(words)] => Some(tidy(words)),
        _ => None,
    }
}

// Not by `all`, which looks at one byte after the other.
fn is_printable_ascii(text: &[u8]) -> bool {
    text.iter()
        .fold(true, |is, byte| is & (b' '..=b'~').contains(byte))
}

/// Control characters and characters that turn the direction of what follows become spaces.
#[must_use]
pub fn tidy(text: &str) -> String {
    if is_printable_ascii(text.as_bytes()) {
        return text.trim().to_owned();
    }
    let mut tidied = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_control() => tidied.push(' '),
            '\u{2028}' | '\u{2029}' => tidied.push(' '),
            c if is_direction_override(c) => {}
            c => tidied.push(c),
        }
    }
    tidied.trim().to_owned()
}

/// Characters that can make text read as something else than it is.
pub(super) fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

enum Piece {
    Plain(String),
    Words(String),
}

/// One encoded word, or several that are read as one.
struct Word<'a> {
    charset: &'a str,
    is_base64: bool,
    /// What it holds before the charset is applied.
    bytes: Vec<u8>,
    /// What is still to be decoded; its last character may stand in two words.
    encoded: Cow<'a, [u8]>,
    rest: &'a [u8],
}

impl<'a> Word<'a> {
    /// Takes in the word that follows, which is of the same character set.
    fn join(&mut self, next: Self) {
        if self.is_base64 == next.is_base64 && self.is_torn() {
            self.encoded.to_mut().extend_from_slice(&next.encoded);
        } else {
            self.decode();
            self.encoded = next.encoded;
            self.is_base64 = next.is_base64;
        }
        self.rest = next.rest;
    }

    /// Whether its encoding goes on in the next word, against RFC 2047 §5.
    fn is_torn(&self) -> bool {
        let encoded = &*self.encoded;
        if self.is_base64 {
            !encoded.len().is_multiple_of(4) && !encoded.ends_with(b"=")
        } else {
            let end = encoded.len().saturating_sub(2);
            encoded.get(end..).unwrap_or_default().contains(&b'=')
        }
    }

    fn decode(&mut self) {
        let encoded = std::mem::take(&mut self.encoded);
        self.bytes.extend(if self.is_base64 {
            charset::transfer::decode(&encoded, "base64")
        } else {
            decode_q(&encoded)
        });
    }

    fn text(mut self) -> String {
        self.decode();
        charset::decode_text(&self.bytes, Some(self.charset))
    }
}

fn pieces(value: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = value;
    let mut plain_from = value;
    while let Some(at) = find(rest, b"=?") {
        let (_, from_word) = rest.split_at(at);
        let Some(mut word) = read_word(from_word) else {
            rest = from_word.get(2..).unwrap_or_default();
            continue;
        };
        let plain_len = plain_from.len() - from_word.len();
        push_plain(&mut pieces, plain_from.get(..plain_len).unwrap_or_default());
        let mut words = String::new();
        while let Some(next) = read_word(skip_white(word.rest)) {
            if charset::is_same(next.charset, word.charset) {
                word.join(next);
            } else {
                words.push_str(&std::mem::replace(&mut word, next).text());
            }
        }
        rest = word.rest;
        words.push_str(&word.text());
        pieces.push(Piece::Words(words));
        plain_from = rest;
    }
    push_plain(&mut pieces, plain_from);
    pieces
}

fn push_plain(pieces: &mut Vec<Piece>, bytes: &[u8]) {
    if !bytes.is_empty() {
        pieces.push(Piece::Plain(charset::decode_text(bytes, None)));
    }
}

/// The longest encoded word taken for one; RFC 2047 allows 75, some send a whole subject as one.
const MAX_WORD: usize = 16 * 1024;

/// Reads `=?charset*language?B|Q?text?=` at the beginning of `from`.
fn read_word(from: &[u8]) -> Option<Word<'_>> {
    let body = from.strip_prefix(b"=?")?;
    let charset_end = body.iter().take(60).position(|&b| b == b'?')?;
    let (charset, body) = body.split_at(charset_end);
    let charset = std::str::from_utf8(charset.split(|&b| b == b'*').next()?).ok()?;
    if charset.is_empty() || !charset.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let [b'?', kind, b'?', text @ ..] = body else {
        return None;
    };
    // Some leave question marks as they are; not beyond the next beginning, so that many false ones stay linear.
    let text_end = text.len().min(MAX_WORD);
    let mut pairs = text.get(..text_end)?.windows(2);
    let (encoded, rest) = match pairs.position(|pair| pair == b"?=" || pair == b"=?") {
        Some(end) => {
            // Padding stands before the end.
            let is_padded = text.get(end..end + 3) == Some(b"=?=");
            let (encoded, rest) = text.split_at_checked(end + usize::from(is_padded))?;
            (encoded, rest.strip_prefix(b"?=")?)
        }
        // Its end was cut off.
        None if text.len() <= MAX_WORD && charset::is_known(charset) => {
            let encoded = text.trim_ascii_end();
            let encoded = encoded.strip_suffix(b"?").unwrap_or(encoded);
            let is_one_word = !encoded.is_empty() && encoded.iter().all(u8::is_ascii_graphic);
            (is_one_word.then_some(encoded)?, &[][..])
        }
        None => return None,
    };
    let is_base64 = match kind.to_ascii_lowercase() {
        b'b' => true,
        b'q' => false,
        _ => return None,
    };
    Some(Word {
        charset,
        is_base64,
        bytes: Vec::new(),
        encoded: Cow::Borrowed(encoded),
        rest,
    })
}

/// Like quoted-printable, with `_` for a space.
fn decode_q(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'_', _) => bytes.push(b' '),
            (b'=', [high, low, tail @ ..]) => {
                match (charset::transfer::hex(*high), charset::transfer::hex(*low)) {
                    (Some(high), Some(low)) => {
                        bytes.push(high << 4 | low);
                        rest = tail;
                    }
                    _ => bytes.push(b'='),
                };
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    bytes
}

fn skip_white(bytes: &[u8]) -> &[u8] {
    let white = bytes
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
        .count();
    bytes.get(white..).unwrap_or_default()
}

fn find(haystack: &[u8], needle: &[u8; 2]) -> Option<usize> {
    haystack.windows(2).position(|pair| pair == needle)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{decode, normalise};

    #[test]
    fn reads_subjects_of_the_world() {
        for (raw, text) in [
            ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?= an alle", "Grüße an alle"),
            ("=?UTF-8?B?4pyU4p0=?= =?UTF-8?B?jA==?=", "✔❌"),
            ("=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=", "こん"),
            (
                "=?koi8-r?B?8NLJ18XU?=\r\n =?koi8-r?Q?,_=CD=C9=D2?=",
                "Привет, мир",
            ),
            ("=?gb2312?B?xOO6ww==?= =?utf-8?Q?_=E2=9C=94?=", "你好 ✔"),
            ("=?utf-8*de?Q?=C3=B6?=", "ö"),
            ("=?utf-8?Q?=41?=", "A"),
            ("a =?x?y?z", "a =?x?y?z"),
            ("=?utf-8?Q?unfinished_gr=C3=BCn", "unfinished grün"),
            ("=?utf-8?Q?a b", "=?utf-8?Q?a b"),
            (
                "=?utf-8?B?YSBsb25nIHN1?= =?UTF-8?B?YmplY?=\r\n =?utf8?B?3Q=?=",
                "a long subject",
            ),
            ("=?utf-8?Q?Gr=C?= =?utf-8?Q?3=BCn?=", "Grün"),
            ("=?utf-8?B?5pc=?= =?utf8?B?pQ==?=", "日"),
            ("=?utf-8?Q?three_of_five=E2=80?=", "three of five\u{fffd}"),
            ("=?utf-8?Q??=", ""),
            ("=?nonsense?Q?abc?=", "abc"),
            ("(=?utf-8?Q?in?=)", "(in)"),
            ("one\r\n\ttwo\u{0}\u{202e}three", "one   twothree"),
        ] {
            assert_eq!(decode(raw.as_bytes()), text, "{raw}");
        }
    }

    #[test]
    fn reads_raw_eight_bit_text() {
        assert_eq!(decode("Größe".as_bytes()), "Größe");
        let russian = encoding_rs::WINDOWS_1251
            .encode("Отчёт о работе за октябрь")
            .0
            .into_owned();
        assert_eq!(decode(&russian), "Отчёт о работе за октябрь");
    }

    #[test]
    fn keeps_commas_of_a_word_out_of_the_structure() {
        let raw = b"=?utf-8?Q?Ada,_Countess?= <ada@example.org>";
        assert!(!normalise(raw).contains(','));
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes: Vec<u8>, text in "(=\\?(utf-8|x)?\\?[bqBQ]?\\?[^ ]{0,9}(\\?=)? ?){0,5}") {
            let _ = decode(&bytes);
            let _ = decode(text.as_bytes());
            prop_assert!(!normalise(&bytes).contains(['\r', '\n']));
        }
    }
}
