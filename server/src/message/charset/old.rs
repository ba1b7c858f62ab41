//! Character sets that browsers gave up and old mail is written in: seven-bit encodings that shift between sets,
//! code pages of DOS and Macintosh, UTF-32. A page of a web site could smuggle with some of them; here the text is
//! decoded first and made harmless afterwards.

use std::borrow::Cow;

use encoding_rs::{EUC_KR, Encoding, GBK};

use super::{iso_2022_jp_2, tables};

/// One of these character sets.
#[derive(Clone, Copy)]
enum Set {
    Shifted(&'static Encoding),
    Japanese,
    Hz,
    Utf7,
    Utf32 { is_little: bool },
    Viscii(&'static str),
    Page(&'static str),
}

/// Decodes text if its character set is one of these; `label` is lower-case.
pub(super) fn decode(bytes: &[u8], label: &str) -> Option<String> {
    Some(match set(label)? {
        Set::Shifted(set) => shifted(bytes, set),
        Set::Japanese => iso_2022_jp_2::decode(bytes),
        Set::Hz => hz(bytes),
        Set::Utf7 => utf_7(bytes),
        Set::Utf32 { is_little } => utf_32(bytes, is_little),
        Set::Viscii(half) => {
            let text = by_table(bytes, half);
            let lower = |c| match c {
                '\u{2}' => 'Ẳ',
                '\u{5}' => 'Ẵ',
                '\u{6}' => 'Ẫ',
                '\u{14}' => 'Ỷ',
                '\u{19}' => 'Ỹ',
                '\u{1e}' => 'Ỵ',
                c => c,
            };
            text.chars().map(lower).collect()
        }
        Set::Page(half) => by_table(bytes, half),
    })
}

/// Whether this is one of these.
pub(super) fn is_known(label: &str) -> bool {
    set(label).is_some()
}

fn set(label: &str) -> Option<Set> {
    Some(match label {
        "iso-2022-kr" | "csiso2022kr" => Set::Shifted(EUC_KR),
        "iso-2022-cn" | "iso-2022-cn-ext" => Set::Shifted(GBK),
        "iso-2022-jp-1" | "iso-2022-jp-2" | "csiso2022jp2" | "iso-2022-jp-3"
        | "iso-2022-jp-2004" => Set::Japanese,
        "hz-gb-2312" | "hz" => Set::Hz,
        "utf-7" | "utf7" | "unicode-1-1-utf-7" | "csutf7" | "x-unicode-2-0-utf-7" => Set::Utf7,
        "utf-32" | "utf-32be" | "utf-32le" | "utf32" | "ucs-4" => Set::Utf32 {
            is_little: label.ends_with("le"),
        },
        "viscii" | "csviscii" => Set::Viscii(tables::upper_half("viscii")?),
        _ => Set::Page(tables::upper_half(page(label))?),
    })
}

/// `cp437`, `ibm-437` and the like are one.
fn page(label: &str) -> &str {
    let number = ["ibm", "cp", "csibm", "cs", "dos", "x-cp", "oem"]
        .iter()
        .find_map(|before| {
            let rest = label.strip_prefix(before)?;
            let rest = rest.trim_start_matches(['-', '_', '0']);
            let is_number = rest.bytes().all(|byte| byte.is_ascii_digit());
            (is_number && !rest.is_empty()).then_some(rest)
        });
    match label {
        "x-mac-ce" | "x-mac-centraleurroman" | "x-mac-centraleurope" => "mac-central-europe",
        "x-mac-greek" => "mac-greek",
        "x-mac-turkish" => "mac-turkish",
        "x-mac-icelandic" => "mac-iceland",
        "x-mac-croatian" => "mac-croatian",
        "x-mac-romanian" => "mac-romanian",
        _ => number.unwrap_or(label),
    }
}

fn by_table(bytes: &[u8], upper_half: &str) -> String {
    let upper: Vec<char> = upper_half.chars().collect();
    let character = |&byte: &u8| match byte.checked_sub(128) {
        None => char::from(byte),
        Some(place) => upper.get(usize::from(place)).copied().unwrap_or('\u{fffd}'),
    };
    bytes.iter().map(character).collect()
}

/// ISO-2022-KR (RFC 1557) and the simplified half of ISO-2022-CN (RFC 1922): between SO and SI the
/// characters of `set`, without their upper bits.
fn shifted(bytes: &[u8], set: &'static Encoding) -> String {
    let mut eight = Vec::with_capacity(bytes.len());
    let mut is_out = false;
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (0x1b, [b'$', b')' | b'*' | b'+', _, after @ ..]) => rest = after,
            (0x0e, _) => is_out = true,
            (0x0f, _) => is_out = false,
            (b'\n', _) => {
                is_out = false;
                eight.push(b'\n');
            }
            (byte, _) => eight.push(if is_out { byte | 0x80 } else { *byte }),
        }
    }
    set.decode_without_bom_handling(&eight).0.into_owned()
}

/// HZ (RFC 1843): between `~{` and `~}` Chinese without upper bits, `~~` a tilde, `~` at a line's end nothing.
fn hz(bytes: &[u8]) -> String {
    let mut eight = Vec::with_capacity(bytes.len());
    let mut is_chinese = false;
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'~', [b'{', after @ ..]) => (is_chinese, rest) = (true, after),
            (b'~', [b'}', after @ ..]) => (is_chinese, rest) = (false, after),
            (b'~', [b'~', after @ ..]) if !is_chinese => {
                eight.push(b'~');
                rest = after;
            }
            (b'~', [b'\n', after @ ..] | [b'\r', b'\n', after @ ..]) => rest = after,
            (b'\n', _) => {
                is_chinese = false;
                eight.push(b'\n');
            }
            (byte @ 0x21..=0x7e, _) if is_chinese => eight.push(byte | 0x80),
            (byte, _) => eight.push(*byte),
        }
    }
    GBK.decode_without_bom_handling(&eight).0.into_owned()
}

/// UTF-7 (RFC 2152): between `+` and `-`, or whatever is no base64, UTF-16 in base64.
fn utf_7(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(plus) = memchr::memchr(b'+', rest) {
        let (before, after) = rest.split_at(plus);
        text.push_str(&String::from_utf8_lossy(before));
        let after = after.get(1..).unwrap_or_default();
        let is_digit = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        let length = after.iter().take_while(is_digit).count();
        let (digits, after) = after.split_at(length);
        if digits.is_empty() {
            text.push('+');
        }
        let units = super::transfer::decode(digits, "base64");
        let (units, _) = units.as_chunks::<2>();
        let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
        text.extend(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')));
        rest = after.strip_prefix(b"-").unwrap_or(after);
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

/// The big end first, unless a mark or the name says otherwise.
fn utf_32(bytes: &[u8], is_little: bool) -> String {
    let is_little = is_little || bytes.starts_with(&[0xff, 0xfe, 0, 0]);
    let character = |unit: &[u8; 4]| {
        let number = if is_little {
            u32::from_le_bytes(*unit)
        } else {
            u32::from_be_bytes(*unit)
        };
        char::from_u32(number).unwrap_or('\u{fffd}')
    };
    let (units, _) = bytes.as_chunks::<4>();
    let text = units.iter().map(character);
    text.filter(|&c| c != '\u{feff}').collect()
}

/// UTF-16 whose name does not say which end comes first, and which has no mark that does: most text has spaces or
/// ASCII, whose upper halves are zero.
pub(super) fn utf_16_label(bytes: &[u8]) -> &'static str {
    let count = |odd: usize| {
        let halves = bytes.iter().skip(odd).step_by(2);
        halves.filter(|&&byte| byte == 0).count()
    };
    if count(0) > count(1) {
        "utf-16be"
    } else {
        "utf-16le"
    }
}

/// What a mark at the beginning says of all that follows.
pub(super) fn by_mark(bytes: &[u8]) -> Option<Cow<'static, str>> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("utf-32".into()),
        [0xff, 0xfe, ..] => Some("utf-16le".into()),
        [0xfe, 0xff, ..] => Some("utf-16be".into()),
        _ => None,
    }
}
