//! Text whose sender says its character set: that is believed unless the bytes contradict it and something else
//! fits them. A few damaged characters contradict nothing: whoever cuts a text by bytes cuts one.

use std::borrow::Cow;

use encoding_rs::{
    Encoding, ISO_2022_JP, ISO_8859_2, ISO_8859_4, ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_13,
    UTF_8, WINDOWS_1250, WINDOWS_1252, WINDOWS_1253, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257,
};

use super::{decode_unclaimed, guess, is_seven_bit, iso_2022_jp_2, line_by_line};

/// Bytes above ASCII of a text of one byte a character that is UTF-8, and not by chance.
const ENOUGH: usize = 8;
/// The same of a text of several bytes a character.
const ENOUGH_OF_MANY: usize = 12;

/// Decodes `bytes`, of which the sender says that they are `claimed`; `label` is the name used.
pub(super) fn decode(bytes: &[u8], claimed: &'static Encoding, label: &str) -> String {
    let is_vague = claimed == WINDOWS_1252 && label.contains("ascii");
    let is_japanese = claimed != ISO_2022_JP && has_japanese_escape(bytes);
    if (is_vague && !is_seven_bit(bytes)) || is_japanese {
        return decode_unclaimed(bytes);
    }
    let bytes = if claimed == ISO_2022_JP {
        &without_idle_escapes(bytes)
    } else {
        bytes
    };
    let (text, used, is_faulty) = claimed.decode(bytes);
    if claimed != UTF_8
        && is_utf8_all_the_same(bytes, claimed, is_faulty)
        && let Ok(utf8) = std::str::from_utf8(bytes)
    {
        return utf8.trim_start_matches('\u{feff}').to_owned();
    }
    if !is_faulty || used != claimed {
        return with_windows_signs(text, bytes, used);
    }
    match damaged(bytes, &text, claimed) {
        Some(text) => text,
        None => match guess(bytes).decode(bytes) {
            (_, _, true) => text.into_owned(),
            (guessed, _, false) => guessed.into_owned(),
        },
    }
}

/// Senders who claim Latin-1 and send UTF-8 are many; Latin-1 that happens to be UTF-8 is rare.
fn is_utf8_all_the_same(bytes: &[u8], claimed: &'static Encoding, is_faulty: bool) -> bool {
    let above_ascii = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if claimed == ISO_2022_JP {
        return false;
    }
    is_faulty
        || (claimed == WINDOWS_1252 && above_ascii > 0)
        || (claimed.is_single_byte() && above_ascii >= ENOUGH)
        || above_ascii >= ENOUGH_OF_MANY
}

/// Text in the claimed character set in spite of its faults; `None` if they are too many.
fn damaged(bytes: &[u8], text: &str, claimed: &'static Encoding) -> Option<String> {
    let (bad, good) = faults(text);
    if claimed == ISO_2022_JP {
        return bytes.contains(&0x1b).then(|| iso_2022_jp_2::decode(bytes));
    }
    if claimed == UTF_8 {
        if let Some(text) = with_surrogates(bytes).or_else(|| line_by_line(bytes)) {
            return Some(text);
        }
        let is_kept = is_only_cut(bytes, good) || (good > 0 && good >= bad);
        return is_kept.then(|| text.to_owned());
    }
    (good > 0 && bad <= 1 + good / 8).then(|| text.to_owned())
}

/// Characters that could not be read, and those above ASCII that could.
fn faults(text: &str) -> (usize, usize) {
    let above_ascii = text.chars().filter(|c| !c.is_ascii());
    let (bad, good): (Vec<char>, Vec<char>) = above_ascii.partition(|&c| c == '\u{fffd}');
    (bad.len(), good.len())
}

/// Whether all that is no UTF-8 begins a character as UTF-8 does. A single byte does so at the end alone, and there
/// it may be a small letter of Latin-1, if nothing else is UTF-8.
fn is_only_cut(bytes: &[u8], good: usize) -> bool {
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        let is_last = chunks.peek().is_none();
        let is_cut = match chunk.invalid() {
            [] | [_, _, ..] => true,
            [0xc2..=0xdd] => is_last,
            [0xe0..=0xf4] => is_last && good > 0,
            [_] => false,
        };
        if !is_cut {
            return false;
        }
    }
    true
}

/// What begins Japanese in ISO-2022-JP, in a text that says to be something else and has nothing but ASCII.
fn has_japanese_escape(bytes: &[u8]) -> bool {
    bytes.is_ascii()
        && bytes
            .windows(3)
            .any(|window| matches!(window, [0x1b, b'$', b'B' | b'@']))
}

/// Windows has quotes, dashes and letters where ISO 8859 has control characters, and calls itself ISO 8859.
fn with_windows_signs(text: Cow<'_, str>, bytes: &[u8], used: &'static Encoding) -> String {
    let is_control = |c: char| matches!(c, '\u{80}'..='\u{9f}');
    if !used.is_single_byte() || !text.contains(is_control) {
        return text.into_owned();
    }
    let siblings = [
        (ISO_8859_2, WINDOWS_1250),
        (ISO_8859_4, WINDOWS_1257),
        (ISO_8859_6, WINDOWS_1256),
        (ISO_8859_7, WINDOWS_1253),
        (ISO_8859_8, WINDOWS_1255),
        (ISO_8859_13, WINDOWS_1257),
    ];
    if let Some((_, windows)) = siblings.iter().find(|(iso, _)| *iso == used) {
        return windows.decode_without_bom_handling(bytes).0.into_owned();
    }
    let sign = |c: char| match u8::try_from(u32::from(c)) {
        Ok(byte) if is_control(c) => {
            let byte = [byte];
            let (sign, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
            sign.chars().next().unwrap_or(c)
        }
        _ => c,
    };
    text.chars().map(sign).collect()
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

#[cfg(test)]
mod tests {
    use crate::message::charset::decode_text;

    #[track_caller]
    fn assert_reads(label: &str, bytes: &[u8], text: &str) {
        assert_eq!(decode_text(bytes, Some(label)), text, "{label}");
    }

    #[test]
    fn a_text_that_was_cut_or_damaged_stays_what_it_is() {
        assert_reads(
            "utf-8",
            b"We don\xe2\x80\x99t know yet, it \xe2\x80",
            "We don’t know yet, it �",
        );
        assert_reads("utf-8", b"Read more \xe2\x80", "Read more �");
        assert_reads("utf-8", b"f\xc3\xbcr 5\xa0EUR", "für 5�EUR");
        assert_reads("utf-8", b"Bericht f\xc3", "Bericht f�");
        assert_reads(
            "shift_jis",
            b"\x96\xbe\x93\xfa\x82\xcc\x89\xef\x8bc\x82",
            "明日の会議�",
        );
        assert_reads(
            "gb2312",
            b"\xc4\xfa\xba\xc3\xa3\xac\xc3\xf7\xcc\xec\xff",
            "您好，明天�",
        );
        assert_reads(
            "windows-1255",
            b"\xf9\xec\xe5\xed \xf8\xe1 \xd9",
            "שלום רב �",
        );
        assert_reads("iso-2022-jp", b"\x1b$B$3$s$K$A$O$", "こんにちは�");
        assert_reads(
            "iso-2022-jp",
            b"\x1b$B$3$s$K$A$O\nhello",
            "こんにちは\nhello",
        );
        assert_reads("iso-2022-jp", b"\x1b$B$3$s\x1b(B\xa05", "こん\u{a0}5");
    }

    #[test]
    fn a_claim_that_is_wrong_is_not_believed() {
        assert_reads("utf-8", b"Gr\xfc\xdfe aus K\xf6ln", "Grüße aus Köln");
        assert_reads("utf-8", b"Caf\xe9", "Café");
        assert_reads("utf-8", b"\xab\xe9t\xe9\xbb", "«été»");
        assert_reads("utf-8", b"\x1b$B$3$s$K$A$O\x1b(B", "こんにちは");
        assert_reads("gb2312", "您好，明天见面".as_bytes(), "您好，明天见面");
        assert_reads("iso-8859-1", "Größe".as_bytes(), "Größe");
    }

    #[test]
    fn windows_signs_in_iso_8859_are_read() {
        assert_reads(
            "iso-8859-15",
            b"\x93Hello\x94 \x96 it\x92s \xa45",
            "“Hello” – it’s €5",
        );
        assert_reads("iso-8859-2", b"\x8cl\xb9sk, dzi\x9c", "Śląsk, dziś");
        assert_reads("iso-8859-2", b"\xa6l\xb1sk, dzi\xb6", "Śląsk, dziś");
        assert_reads("iso-8859-7", b"\x93\xea\xfc\xf3\xec\xe5\x94", "“κόσμε”");
    }
}
