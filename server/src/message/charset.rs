//! Bytes to text: character sets, as lenient as mail in the wild asks for. Linear, never fails, holds nothing
//! back at the end of truncated input.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, WINDOWS_1252, X_USER_DEFINED};

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
    let may_be_utf8 = latin || (claimed.is_single_byte() && has_many_above_ascii(bytes));
    if may_be_utf8 && let Ok(utf8) = std::str::from_utf8(bytes) {
        return utf8.trim_start_matches('\u{feff}').to_owned();
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
    if claimed == UTF_8 {
        if let Some(text) = with_surrogates(bytes).or_else(|| line_by_line(bytes)) {
            return text;
        }
        if mostly_utf8(&text) {
            return text.into_owned();
        }
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
        _ => line_by_line(bytes).unwrap_or_else(|| guess(bytes).decode(bytes).0.into_owned()),
    }
}

/// Enough that text of one byte a character does not look like UTF-8 by chance.
fn has_many_above_ascii(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .filter(|byte| !byte.is_ascii())
        .nth(7)
        .is_some()
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

/// UTF-8 but for characters beyond 0xffff, of which each half was coded by itself, as old Java does; `None` if it
/// is something else.
fn with_surrogates(bytes: &[u8]) -> Option<String> {
    if !bytes
        .windows(2)
        .any(|pair| matches!(pair, [0xed, 0xa0..=0xbf]))
    {
        return None;
    }
    let mut mended = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        if let [
            0xed,
            a @ 0xa0..=0xaf,
            b,
            0xed,
            c @ 0xb0..=0xbf,
            d,
            after @ ..,
        ] = rest
        {
            let unit =
                |high: u8, low: u8| 0xd000 | u16::from(high & 0x3f) << 6 | u16::from(low & 0x3f);
            let units = [unit(*a, *b), unit(*c, *d)];
            mended.extend(String::from_utf16_lossy(&units).as_bytes());
            rest = after;
        } else {
            mended.push(*first);
            rest = after;
        }
    }
    String::from_utf8(mended).ok()
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
