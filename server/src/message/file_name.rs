//! Names and types of files from strangers, made harmless: for screens, for download headers, for
//! letters. Names never reach a file system.

use std::collections::{BTreeMap, btree_map::Entry};

/// Bytes a cleaned name may have; file systems allow 255.
const MAX_NAME: usize = 200;

/// The name without path, control characters, direction overrides and characters that Windows
/// refuses; never empty, never hidden, at most 200 bytes with its ending kept.
#[must_use]
pub fn clean(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut cleaned = String::with_capacity(base.len().min(4 * MAX_NAME));
    let beginning = base
        .char_indices()
        .nth(4 * MAX_NAME)
        .map_or(base, |(end, _)| base.get(..end).unwrap_or_default());
    // Of a name without end the ending says what it is.
    let after = base.get(beginning.len()..).unwrap_or_default();
    let ending = after.rfind('.').and_then(|dot| after.get(dot..));
    let ending = ending
        .filter(|ending| ending.len() <= 16)
        .unwrap_or_default();
    for c in beginning.chars().chain(ending.chars()) {
        match c {
            c if is_invisible(c) => {}
            ':' | '*' | '?' | '"' | '<' | '>' | '|' => cleaned.push('_'),
            // Many spaces would push an ending out of sight.
            c if c.is_whitespace() && cleaned.ends_with(' ') => {}
            c if c.is_whitespace() => cleaned.push(' '),
            c => cleaned.push(c),
        }
    }
    let cleaned = cleaned.trim_matches(['.', ' ']);
    if cleaned.is_empty() {
        return "unnamed".to_owned();
    }
    let stem = cleaned.split('.').next().unwrap_or_default();
    if is_device(stem.trim_end()) {
        return shorten(&format!("_{cleaned}"));
    }
    shorten(cleaned)
}

/// What Windows takes for a device, whatever its ending.
fn is_device(stem: &str) -> bool {
    let is = |name: &str| stem.eq_ignore_ascii_case(name);
    let numbered = stem.strip_suffix(|c: char| ('1'..='9').contains(&c));
    let is_port = |name: &str| {
        ["com", "lpt"]
            .iter()
            .any(|port| name.eq_ignore_ascii_case(port))
    };
    ["con", "prn", "aux", "nul"].into_iter().any(is) || numbered.is_some_and(is_port)
}

/// Controls, direction overrides and marks that take no room.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}')
}

fn shorten(name: &str) -> String {
    if name.len() <= MAX_NAME {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 16 => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let mut short = String::new();
    for c in stem.chars() {
        if short.len() + c.len_utf8() + ending.len() > MAX_NAME {
            break;
        }
        short.push(c);
    }
    // A cut may end where a space or a dot stood; no name ends with either.
    let kept = short.trim_end_matches(['.', ' ']).len();
    short.truncate(kept);
    short + &ending
}

/// A name for a file made of a message, by its subject; `ending` has its dot.
#[must_use]
pub fn of_subject(subject: &str, ending: &str) -> String {
    // A subject has no path: "3/4" is no folder.
    let stem = clean(&subject.replace(['/', '\\'], "_"));
    let stem = if subject.trim().is_empty() {
        "message"
    } else {
        &stem
    };
    clean(&format!("{stem}{ending}"))
}

/// The names, cleaned, those that occur again with a number before their ending. Names that differ in
/// their case only are the same for many file systems.
#[must_use]
pub fn all_different<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    let different = |name: &str| {
        let name = clean(name);
        let mut wanted = name.clone();
        loop {
            if let Entry::Vacant(free) = taken.entry(wanted.to_lowercase()) {
                free.insert(1);
                return wanted;
            }
            // Counted by the name itself, so that many of the same name are not tried one by one.
            let count = taken.entry(name.to_lowercase()).or_insert(1);
            *count += 1;
            wanted = numbered(&name, *count);
        }
    };
    names.into_iter().map(different).collect()
}

/// `name (2).ext`
fn numbered(name: &str, number: u32) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 16 => {
            format!("{stem} ({number}).{ending}")
        }
        _ => format!("{name} ({number})"),
    }
}

/// The value of a `Content-Disposition` header that makes the browser save a file of this name
/// (RFC 6266): an ASCII fallback, and the true name percent-encoded.
#[must_use]
pub fn content_disposition(name: &str) -> String {
    let name = clean(name);
    let mut fallback = String::with_capacity(name.len());
    let mut encoded = String::with_capacity(name.len());
    for c in name.chars() {
        let plain = c.is_ascii() && !matches!(c, '"' | '\\' | '%');
        fallback.push(if plain { c } else { '_' });
        let mut buffer = [0; 4];
        for &byte in c.encode_utf8(&mut buffer).as_bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                encoded.push(byte as char);
            } else {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{encoded}")
}

/// The types a download may carry, of which none can run anything in a page.
const SAFE_TYPES: [&str; 31] = [
    "application/gzip",
    "application/msword",
    "application/pdf",
    "application/pgp-signature",
    "application/rtf",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/x-7z-compressed",
    "application/x-tar",
    "application/zip",
    "audio/aac",
    "audio/flac",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
    "text/plain",
    "video/mp4",
    "video/quicktime",
    "video/webm",
];

/// The claimed type if it is harmless, else `application/octet-stream`.
#[must_use]
pub fn safe_media_type(claimed: &str) -> &'static str {
    SAFE_TYPES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(claimed.trim()))
        .unwrap_or("application/octet-stream")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{all_different, clean, content_disposition, of_subject, safe_media_type};

    #[test]
    fn names_lose_what_can_do_harm() {
        for (name, cleaned) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\a.txt", "a.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\r\nSet-Cookie: x", "aSet-Cookie_ x"),
            (".htaccess", "htaccess"),
            ("..", "unnamed"),
            ("", "unnamed"),
            ("Übersicht 数.pdf", "Übersicht 数.pdf"),
        ] {
            assert_eq!(clean(name), cleaned, "{name:?}");
        }
        let long = clean(&format!("{}.tar", "ü".repeat(5_000)));
        assert!(long.len() <= 200 && long.starts_with("üü"));
        let cut_at_a_dot = format!("{}. and no ending, but more", "a".repeat(199));
        assert_eq!(clean(&cut_at_a_dot), "a".repeat(199));
    }

    #[test]
    fn subjects_are_names() {
        for (subject, name) in [
            ("Re: 3/4 of it", "Re_ 3_4 of it.eml"),
            ("", "message.eml"),
            ("..", "unnamed.eml"),
            ("a\u{202e}b\r\nX: \"y\"", "abX_ _y_.eml"),
        ] {
            assert_eq!(of_subject(subject, ".eml"), name, "{subject:?}");
        }
        let long = of_subject(&"long ".repeat(100), ".eml");
        assert!(long.len() <= 200 && long.ends_with(".eml"), "{long}");
    }

    #[test]
    fn names_in_an_archive_are_all_different() {
        let names = [
            "a.txt",
            "A.TXT",
            "../a.txt",
            "a (2).txt",
            "b",
            "b",
            ".x",
            "a.txt",
        ];
        let different = [
            "a.txt",
            "A (2).TXT",
            "a (3).txt",
            "a (2) (2).txt",
            "b",
            "b (2)",
            "x",
            "a (4).txt",
        ];
        assert_eq!(all_different(names), different);
        assert_eq!(all_different(vec!["same"; 10_000]).len(), 10_000);
    }

    #[test]
    fn downloads_carry_both_names() {
        assert_eq!(
            content_disposition("Grüße \"1\".pdf"),
            "attachment; filename=\"Gr__e _1_.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20_1_.pdf"
        );
    }

    #[test]
    fn only_harmless_types_pass() {
        assert_eq!(safe_media_type("Image/PNG"), "image/png");
        for hostile in [
            "text/html",
            "image/svg+xml",
            "application/xhtml+xml",
            "text/xml",
            "",
        ] {
            assert_eq!(safe_media_type(hostile), "application/octet-stream");
        }
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_header(name in "\\PC{0,300}|[\\x00-\\x7f]{0,50}") {
            let header = content_disposition(&name);
            prop_assert!(header.is_ascii() && !header.contains(|c: char| c.is_ascii_control()));
            prop_assert_eq!(header.matches('"').count(), 2);
            let once = clean(&name);
            prop_assert_eq!(clean(&once), once.clone());
        }
    }
}
