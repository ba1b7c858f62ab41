//! Bytes to text: transfer encodings (RFC 2045 §6) and character sets, as lenient as mail in the wild
//! asks for. Linear, never fails, holds nothing back at the end of truncated input.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, WINDOWS_1252};

mod old;
mod tables;

/// Decodes a whole part. `encoding` is the `Content-Transfer-Encoding`; unknown ones are left as they are.
#[must_use]
pub fn decode_transfer(bytes: &[u8], encoding: &str) -> Vec<u8> {
    let mut decoder = TransferDecoder::new(encoding);
    let mut decoded = Vec::with_capacity(bytes.len());
    decoder.push(bytes, &mut decoded);
    decoder.finish(&mut decoded);
    decoded
}

/// Decodes a transfer encoding piece by piece, with a few bytes of memory.
#[derive(Debug)]
pub struct TransferDecoder(Kind);

#[derive(Debug)]
enum Kind {
    Identity,
    Base64 {
        bits: u32,
        count: u8,
    },
    QuotedPrintable {
        held: Vec<u8>,
    },
    /// Lines whose first character says how many bytes they hold (POSIX `uuencode`).
    Uuencode {
        line: Vec<u8>,
    },
}

/// Characters of a line of uuencode, the longest that its first character can tell of.
const MAX_UULINE: usize = 90;

/// White space at a line's end beyond this is taken as meant: no line of real mail has more.
const MAX_HELD: usize = 1024;

impl TransferDecoder {
    /// A decoder for this `Content-Transfer-Encoding`, in any case, with or without spaces around.
    #[must_use]
    pub fn new(encoding: &str) -> Self {
        let encoding = encoding.trim().trim_matches('"');
        Self(if encoding.eq_ignore_ascii_case("base64") {
            Kind::Base64 { bits: 0, count: 0 }
        } else if encoding.eq_ignore_ascii_case("quoted-printable") {
            Kind::QuotedPrintable { held: Vec::new() }
        } else if ["x-uuencode", "uuencode", "x-uue", "uue"]
            .iter()
            .any(|name| encoding.eq_ignore_ascii_case(name))
        {
            Kind::Uuencode { line: Vec::new() }
        } else {
            Kind::Identity
        })
    }

    /// Decodes the next piece and appends what is certain to `out`.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        match &mut self.0 {
            Kind::Identity => out.extend_from_slice(piece),
            Kind::Base64 { bits, count } => {
                for &byte in piece {
                    push_base64(byte, bits, count, out);
                }
            }
            Kind::QuotedPrintable { held } => {
                for &byte in piece {
                    push_quoted(byte, held, out);
                }
            }
            Kind::Uuencode { line } => {
                for &byte in piece {
                    if byte == b'\n' {
                        push_uuline(line, out);
                        line.clear();
                    } else if line.len() < MAX_UULINE {
                        line.push(byte);
                    }
                }
            }
        }
    }

    /// Appends what was held back. The decoder is as new afterwards.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        match &mut self.0 {
            Kind::Identity => {}
            Kind::Base64 { bits, count } => end_base64(bits, count, out),
            Kind::QuotedPrintable { held } => {
                if let [b'=', digit] = held.as_slice()
                    && digit.is_ascii_hexdigit()
                {
                    out.append(held);
                }
                held.clear();
            }
            Kind::Uuencode { line } => {
                push_uuline(line, out);
                line.clear();
            }
        }
    }
}

/// One line of uuencode. `begin` and `end` are none: their first letters are beyond those that tell a length.
fn push_uuline(line: &[u8], out: &mut Vec<u8>) {
    let Some((&first, digits)) = line.split_first() else {
        return;
    };
    let value = |digit: Option<&u8>| match digit {
        Some(digit @ b' '..=b'`') => (digit - b' ') & 0x3f,
        _ => 0, // a space that got lost at the line's end
    };
    let length = usize::from(value(Some(&first)));
    let mut decoded = Vec::with_capacity(48);
    let mut digits = digits.iter();
    while (b'!'..b'`').contains(&first) && decoded.len() < length {
        let [a, b, c, d] = std::array::from_fn(|_| value(digits.next()));
        decoded.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
    }
    decoded.truncate(length);
    out.append(&mut decoded);
}

/// One byte of base64; padding ends a quantum, so base64 texts set one after the other decode too.
fn push_base64(byte: u8, bits: &mut u32, count: &mut u8, out: &mut Vec<u8>) {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        b'=' => return end_base64(bits, count, out),
        _ => return,
    };
    *bits = *bits << 6 | u32::from(value);
    *count += 1;
    if *count == 4 {
        let [_, a, b, c] = bits.to_be_bytes();
        out.extend_from_slice(&[a, b, c]);
        (*bits, *count) = (0, 0);
    }
}

/// What a quantum of two or three digits says; one digit alone says nothing.
fn end_base64(bits: &mut u32, count: &mut u8, out: &mut Vec<u8>) {
    match *count {
        2 => out.push((*bits >> 4) as u8),
        3 => out.extend_from_slice(&[(*bits >> 10) as u8, (*bits >> 2) as u8]),
        _ => {}
    }
    (*bits, *count) = (0, 0);
}

/// One byte of quoted-printable. `held` is an escape or the white space before a line's end.
fn push_quoted(byte: u8, held: &mut Vec<u8>, out: &mut Vec<u8>) {
    match held.as_slice() {
        [] => match byte {
            b'=' | b' ' | b'\t' => held.push(byte),
            _ => out.push(byte),
        },
        [b'=', white @ ..] if white.iter().all(|b| matches!(b, b' ' | b'\t' | b'\r')) => match byte
        {
            b'\n' => held.clear(),
            b' ' | b'\t' | b'\r' if held.len() < MAX_HELD => held.push(byte),
            _ if white.is_empty() && byte.is_ascii_hexdigit() => held.push(byte),
            _ => not_an_escape(byte, held, out),
        },
        [b'=', high] => match (hex(*high), hex(byte)) {
            (Some(high), Some(low)) => {
                held.clear();
                out.push(high << 4 | low);
            }
            _ => not_an_escape(byte, held, out),
        },
        _ => match byte {
            b' ' | b'\t' if held.len() < MAX_HELD => held.push(byte),
            b'\r' | b'\n' => {
                held.clear();
                out.push(byte);
            }
            _ => not_an_escape(byte, held, out),
        },
    }
}

/// What looked like an escape was none: it stands for itself, and `byte` begins afresh.
fn not_an_escape(byte: u8, held: &mut Vec<u8>, out: &mut Vec<u8>) {
    out.append(held);
    push_quoted(byte, held, out);
}

/// The value of a hexadecimal digit.
pub(super) fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).map(|value| value as u8)
}

/// Decodes text. `charset` is what the sender claims; when it is missing, unknown or plainly wrong,
/// the bytes themselves are asked. NUL is dropped.
#[must_use]
pub fn decode_text(bytes: &[u8], charset: Option<&str>) -> String {
    let mut label = charset.map(clean_label).unwrap_or_default();
    if label.is_empty()
        && let Some(marked) = old::by_mark(bytes)
    {
        label = marked.into_owned();
    }
    if matches!(&*label, "utf-16" | "utf16" | "ucs-2") && old::by_mark(bytes).is_none() {
        old::utf_16_label(bytes).clone_into(&mut label);
    }
    let text = match encoding_of(&label) {
        _ if old::is_known(&label) => old::decode(bytes, &label).unwrap_or_default(),
        _ if label.is_empty() && is_seven_bit(bytes) => lossless_ascii(bytes),
        Some(encoding) => decode_claimed(bytes, encoding, &label),
        None => match mail_parser::decoders::charsets::map::charset_decoder(label.as_bytes()) {
            Some(decoder) if !label.is_empty() && !is_dead(&label) => decoder(bytes),
            _ => decode_unclaimed(bytes),
        },
    };
    if text.contains('\0') {
        text.replace('\0', "")
    } else {
        text
    }
}

/// Whether this is a name of a character set that can be decoded.
#[must_use]
pub fn is_known(charset: &str) -> bool {
    let label = clean_label(charset);
    !label.is_empty()
        && (encoding_of(&label).is_some()
            || old::is_known(&label)
            || (!is_dead(&label)
                && mail_parser::decoders::charsets::map::charset_decoder(label.as_bytes())
                    .is_some()))
}

fn clean_label(label: &str) -> String {
    label
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';'))
        .to_ascii_lowercase()
}

/// Names for which WHATWG has a replacement only; mail-parser has no more.
fn is_dead(label: &str) -> bool {
    Encoding::for_label(label.as_bytes()) == Some(REPLACEMENT)
}

/// By WHATWG label, then by the other names mail programs use.
fn encoding_of(label: &str) -> Option<&'static Encoding> {
    let known = Encoding::for_label(label.as_bytes()).or_else(|| {
        let other = match label {
            "utf8mb4" | "utf-8-mac" | "unicode-1-1-utf-8" | "utf_8" => "utf-8",
            "cp932" | "ms_kanji" | "shiftjis" | "sjis-win" => "shift_jis",
            "cp936" | "ms936" | "gb18030-2000" | "gb_18030" | "euc-cn" => "gb18030",
            "cp949" | "ms949" | "uhc" | "ks_c_5601" => "euc-kr",
            "cp950" | "ms950" => "big5",
            "iso-2022-jp-1" | "iso-2022-jp-2" | "iso-2022-jp-ms" | "cp50220" | "cp50221" => {
                "iso-2022-jp"
            }
            "eucjp" | "euc_jp" | "eucjp-ms" => "euc-jp",
            "tis-620-2533" | "cp874" => "windows-874",
            _ => {
                let number = label
                    .strip_prefix("windows")
                    .or_else(|| label.strip_prefix("cp"))?;
                return Encoding::for_label(
                    format!("windows-{}", number.trim_start_matches(['-', '_'])).as_bytes(),
                );
            }
        };
        Encoding::for_label(other.as_bytes())
    })?;
    (known != REPLACEMENT).then_some(known)
}

/// Trusts the claim unless the bytes contradict it and something else fits them without a fault.
fn decode_claimed(bytes: &[u8], claimed: &'static Encoding, label: &str) -> String {
    let vague = claimed == WINDOWS_1252 && label.contains("ascii");
    if vague && !is_seven_bit(bytes) {
        return decode_unclaimed(bytes);
    }
    let bytes = if claimed == ISO_2022_JP {
        &without_idle_escapes(bytes)
    } else {
        bytes
    };
    let (text, used, faulty) = claimed.decode(bytes);
    // Senders who claim Latin-1 and send UTF-8 are many; Latin-1 that happens to be UTF-8 is rare.
    let latin = claimed == WINDOWS_1252 && !bytes.is_ascii();
    if latin && let Ok(utf8) = std::str::from_utf8(bytes) {
        return utf8.to_owned();
    }
    if !faulty || used != claimed {
        return text.into_owned();
    }
    if claimed != UTF_8
        && claimed != ISO_2022_JP
        && let Ok(utf8) = std::str::from_utf8(bytes)
    {
        return utf8.to_owned();
    }
    if claimed == UTF_8 && mostly_utf8(&text) {
        return text.into_owned();
    }
    let (guessed, _, guess_faulty) = guess(bytes).decode(bytes);
    if guess_faulty {
        text.into_owned()
    } else {
        guessed.into_owned()
    }
}

/// An escape right behind an escape is an error by WHATWG's decoder, and what one gets by joining two
/// encoded words, each of which ends in ASCII.
fn without_idle_escapes(bytes: &[u8]) -> Cow<'_, [u8]> {
    let is_idle = |window: &[u8]| matches!(window, [0x1b, b'(' | b'$', _, 0x1b]);
    if !bytes.windows(4).any(is_idle) {
        return Cow::Borrowed(bytes);
    }
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        if rest.get(..4).is_some_and(is_idle) {
            rest = rest.get(3..).unwrap_or_default();
        } else {
            kept.push(*first);
            rest = after;
        }
    }
    Cow::Owned(kept)
}

fn decode_unclaimed(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !bytes.contains(&0x1b) => text.to_owned(),
        _ => guess(bytes).decode(bytes).0.into_owned(),
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(bytes, true);
    detector.guess(None, true)
}

/// UTF-8 that was cut or damaged in a few places is still UTF-8.
fn mostly_utf8(text: &str) -> bool {
    let (mut bad, mut good) = (0_usize, 0_usize);
    for c in text.chars() {
        match c {
            '\u{fffd}' => bad += 1,
            c if !c.is_ascii() => good += 1,
            _ => {}
        }
    }
    good >= bad * 2
}

/// No byte above 0x7f and no escape that could begin ISO-2022.
fn is_seven_bit(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte < 0x80 && byte != 0x1b)
}

fn lossless_ascii(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests;
