//! Bytes to text: character sets, as lenient as mail in the wild asks for. Linear, never fails, holds nothing
//! back at the end of truncated input.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, X_USER_DEFINED};

mod claimed;
mod iso_2022_jp_2;
mod old;
mod tables;
pub mod transfer;

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
    if matches!(&*label, "utf-16" | "utf16" | "ucs-2" | "iso-10646-ucs-2")
        && old::by_mark(bytes).is_none()
    {
        old::utf_16_label(bytes).clone_into(&mut label);
    }
    let text = match encoding_of(&label) {
        _ if old::is_known(&label) => old::decode(bytes, &label).unwrap_or_default(),
        _ if label.is_empty() && is_seven_bit(bytes) => lossless_ascii(bytes),
        Some(encoding) => claimed::decode(bytes, encoding, &label),
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

/// Whether two names are of one character set.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    let encoding = |name| encoding_of(&clean_label(name));
    one.eq_ignore_ascii_case(other)
        || encoding(one).is_some_and(|known| encoding(other) == Some(known))
}

fn clean_label(label: &str) -> String {
    // Some write a comment or one more parameter behind it.
    let mut pieces = label.split(['(', ',']);
    let label = pieces.find(|piece| !piece.trim().is_empty());
    label
        .unwrap_or_default()
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';'))
        .to_ascii_lowercase()
}

/// Names for which WHATWG has a replacement only, or bytes; mail-parser has no more.
fn is_dead(label: &str) -> bool {
    let known = Encoding::for_label(label.as_bytes());
    known.is_some_and(|known| known == REPLACEMENT || known == X_USER_DEFINED)
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
            "iso-2022-jp-ms" | "cp50220" | "cp50221" => "iso-2022-jp",
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
    // That one names bytes, not characters; programs wrote it where they did not know.
    let is_none = known == REPLACEMENT || known == X_USER_DEFINED;
    (!is_none).then_some(known)
}

fn decode_unclaimed(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !bytes.contains(&0x1b) => text.to_owned(),
        _ => line_by_line(bytes).unwrap_or_else(|| guess(bytes).decode(bytes).0.into_owned()),
    }
}

/// An answer in UTF-8 to a letter in something else, which it quotes as it came: each line is one or the other.
fn line_by_line(bytes: &[u8]) -> Option<String> {
    let is_utf8 = |line: &&[u8]| std::str::from_utf8(line).is_ok();
    let lines = || bytes.split_inclusive(|&byte| byte == b'\n');
    if !lines().any(|line| is_utf8(&line) && !line.is_ascii()) {
        return None;
    }
    let others: Vec<u8> = lines()
        .filter(|line| !is_utf8(line))
        .flatten()
        .copied()
        .collect();
    let other = guess(&others);
    if other == UTF_8 || other.decode_without_bom_handling(&others).1 {
        return None;
    }
    let line = |line: &[u8]| match std::str::from_utf8(line) {
        Ok(line) => line.to_owned(),
        Err(_) => other.decode_without_bom_handling(line).0.into_owned(),
    };
    Some(lines().map(line).collect())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(bytes, true);
    detector.guess(None, true)
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
