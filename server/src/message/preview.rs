//! As what a file may be shown in a tab of its own: by what its first bytes say, and never by its name alone.
//! Looks at bytes only; nothing is decoded here but text.

use super::{
    charset, picture,
    sanitize::{self, entities::escape, entities::escape_char},
};
use whimbrel_shared::SanitizedHtml;

pub mod ranges;

/// Text of a file beyond this is left out of the view.
pub const MOST_TEXT: usize = 2 << 20;
/// Markup made of a file beyond this is left out of the view.
const MOST_MARKUP: usize = 4 << 20;
/// Cells of a table beyond this are left out of the view.
const MOST_CELLS: usize = 50_000;

/// As what a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preview {
    /// A picture that browsers show.
    Picture,
    /// In the browser's own viewer, which runs nothing of the page.
    Pdf,
    /// Sound or film, of this type.
    Media(&'static str),
    /// Lines of text.
    Text,
    /// Rows of cells, with this byte between them.
    Table(u8),
}

/// As what to show a file that begins so; `None`: it can only be kept, as pages of HTML. `media_type` is what the
/// sender claims.
#[must_use]
pub fn of(first: &[u8], name: &str, media_type: &str) -> Option<Preview> {
    if picture::media_type(first).is_some() {
        return Some(Preview::Picture);
    }
    if first.starts_with(b"%PDF-") {
        return Some(Preview::Pdf);
    }
    if let Some(media) = media(first, media_type) {
        return Some(Preview::Media(media));
    }
    let name = name.to_ascii_lowercase();
    let is_named = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let is_page = media_type == "text/html" || is_named(&[".html", ".htm", ".xhtml", ".svg"]);
    if is_page || !is_text(first) {
        None
    } else if media_type == "text/tab-separated-values" || is_named(&[".tsv"]) {
        Some(Preview::Table(b'\t'))
    } else if media_type == "text/csv" || is_named(&[".csv"]) {
        Some(Preview::Table(separator(first)))
    } else {
        let claims = media_type.starts_with("text/") || media_type == "application/json";
        (claims || is_named(&TEXT_NAMES)).then_some(Preview::Text)
    }
}

const TEXT_NAMES: [&str; 12] = [
    ".txt", ".log", ".md", ".json", ".xml", ".yml", ".yaml", ".ini", ".patch", ".diff", ".ics",
    ".vcf",
];

/// Sound and film that browsers play.
fn media(first: &[u8], claimed: &str) -> Option<&'static str> {
    let is_sound = claimed.starts_with("audio/");
    let (sound, film) = match first {
        [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => ("audio/mpeg", "audio/mpeg"),
        [b'O', b'g', b'g', b'S', ..] => ("audio/ogg", "video/ogg"),
        [b'f', b'L', b'a', b'C', ..] => ("audio/flac", "audio/flac"),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => ("audio/webm", "video/webm"),
        // Of pictures of telephones too, which not every browser shows.
        [_, _, _, _, b'f', b't', b'y', b'p', ..] if is_picture_brand(first) => return None,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => ("audio/mp4", "video/mp4"),
        _ if first.starts_with(b"RIFF") && first.get(8..12) == Some(b"WAVE") => {
            ("audio/wav", "audio/wav")
        }
        _ => return None,
    };
    Some(if is_sound { sound } else { film })
}

/// What a file of ISO media says that it is (ISO/IEC 14496-12 §4.3): HEIF and AVIF.
fn is_picture_brand(first: &[u8]) -> bool {
    let brand = first.get(8..12).unwrap_or_default();
    let brands: [&[u8]; 8] = [
        b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif", b"avis",
    ];
    brands.contains(&brand)
}

/// No byte that text does not have; UTF-16 has them, and says so at its beginning.
fn is_text(first: &[u8]) -> bool {
    let is_wide = first.starts_with(&[0xff, 0xfe]) || first.starts_with(&[0xfe, 0xff]);
    is_wide
        || !first
            .iter()
            .any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31))
}

/// What stands between the cells: the one of the usual three that the first line has most of.
fn separator(first: &[u8]) -> u8 {
    let line = first
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|&&byte| byte == wanted).count();
    let usual = [b'\t', b';', b','];
    usual
        .into_iter()
        .max_by_key(|&byte| count(byte))
        .unwrap_or(b',')
}

/// A picture for the frame, at this path of ours. Nothing of the picture is needed.
#[must_use]
pub fn picture(name: &str, path: &str) -> SanitizedHtml {
    let mut markup = String::from("<img src=\"cid:picture\" alt=\"");
    escape(name, &mut markup);
    markup.push_str("\">");
    sanitize::html(&markup, &mut |_: &str| Some(path.to_owned())).html
}

/// A text file for the frame; `is_cut`: there was more.
#[must_use]
pub fn text(bytes: &[u8], is_cut: bool) -> SanitizedHtml {
    let mut markup = String::from("<pre><samp>");
    let text = charset::decode_text(bytes, None);
    // Of some characters there are five for one, and the sanitizer takes only so much.
    let mut is_cut = is_cut;
    for c in text.chars() {
        if markup.len() > MOST_MARKUP {
            is_cut = true;
            break;
        }
        escape_char(c, &mut markup);
    }
    markup.push_str("</samp></pre>");
    sanitize::own(&with_cut(markup, is_cut))
}

/// A table for the frame.
#[must_use]
pub fn table(bytes: &[u8], separator: u8, is_cut: bool) -> SanitizedHtml {
    let text = charset::decode_text(bytes, None);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut markup = String::from("<table class=\"sheet\">");
    let mut cells = 0;
    for (at, record) in reader.records().map_while(Result::ok).enumerate() {
        cells += record.len();
        if cells > MOST_CELLS || markup.len() > MOST_MARKUP {
            cells = MOST_CELLS + 1;
            break;
        }
        let tag = if at == 0 { "th" } else { "td" };
        markup.push_str("<tr>");
        for cell in &record {
            markup.push_str(&format!("<{tag} dir=\"auto\">"));
            escape(cell, &mut markup);
            markup.push_str(&format!("</{tag}>"));
        }
        markup.push_str("</tr>");
    }
    markup.push_str("</table>");
    sanitize::own(&with_cut(markup, is_cut || cells > MOST_CELLS))
}

fn with_cut(mut markup: String, is_cut: bool) -> String {
    if is_cut {
        markup.push_str("<p><small>The file goes on; download it to see the rest.</small></p>");
    }
    markup
}

#[cfg(test)]
mod tests {
    use super::{Preview, of, table, text};

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(of(png, "a.html", "text/html"), Some(Preview::Picture));
        assert_eq!(
            of(b"%PDF-1.7\n\xe2\xe3", "a.txt", "text/plain"),
            Some(Preview::Pdf)
        );
        assert_eq!(
            of(b"ID3\x04\0", "a.mp3", "audio/mpeg"),
            Some(Preview::Media("audio/mpeg"))
        );
        let film = b"\0\0\0\x18ftypmp42";
        assert_eq!(
            of(film, "a.mp4", "video/mp4"),
            Some(Preview::Media("video/mp4"))
        );
        assert_eq!(
            of(film, "a.m4a", "audio/mp4"),
            Some(Preview::Media("audio/mp4"))
        );
    }

    #[test]
    fn what_is_no_text_is_not_shown_as_text() {
        assert_eq!(of(b"MZ\x90\0\x03\0", "notes.txt", "text/plain"), None);
        assert_eq!(of(b"PK\x03\x04", "a.docx", "application/zip"), None);
        assert_eq!(of(b"%PDF?", "a.pdf", "application/pdf"), None);
        assert_eq!(of(b"hello", "a.exe", "application/octet-stream"), None);
        assert_eq!(of(b"\0\0\0\x18ftypheic", "a.heic", "image/heic"), None);
        assert_eq!(
            of(b"hello", "a.log", "application/octet-stream"),
            Some(Preview::Text)
        );
        assert_eq!(of(b"<p>hi", "a.html", "text/plain"), None);
        assert_eq!(of(b"<p>hi", "a", "text/html"), None);
        assert_eq!(of(b"<svg onload=x>", "a.svg", "image/svg+xml"), None);
        assert_eq!(
            of(b"\xff\xfeh\0i\0", "a.txt", "text/plain"),
            Some(Preview::Text)
        );
    }

    #[test]
    fn text_and_tables_hold_no_markup_of_the_file() {
        let shown = text(b"<script>alert(1)</script> caf\xe9", true);
        assert!(shown.as_str().contains("&lt;script&gt;") && shown.as_str().contains("café"));
        assert!(shown.as_str().contains("The file goes on"));
        assert_eq!(of(b"a;b\n1;2", "x.csv", ""), Some(Preview::Table(b';')));
        let sheet = table(
            "Name;Größe\n\"a;<b>\";1,5\nonly one\n".as_bytes(),
            b';',
            false,
        );
        assert!(
            sheet.as_str().contains(">Größe</th>") && sheet.as_str().contains(">a;&lt;b&gt;</td>")
        );
        assert!(!sheet.as_str().contains("goes on"), "{}", sheet.as_str());
        let many = "x,".repeat(60_000) + "\n" + &"y,".repeat(10);
        assert!(
            table(many.as_bytes(), b',', false)
                .as_str()
                .contains("The file goes on")
        );
    }
}
