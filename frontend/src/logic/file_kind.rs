//! What a file is, as a badge: a few letters, a hue for the common kinds, or a picture.

/// The badge of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Badge {
    /// The picture of a picture.
    Picture,
    /// At most four capital letters.
    Letters {
        /// The letters.
        letters: String,
        /// 1 to 8, a hue of the tokens; `None` for grey.
        hue: Option<&'static str>,
    },
}

/// The badge of a file of this name and media type; an empty type is unknown.
#[must_use]
pub fn badge(name: &str, media_type: &str) -> Badge {
    let (_, extension) = split(name);
    let extension = extension.trim_start_matches('.').to_ascii_lowercase();
    let is_picture = media_type.starts_with("image/")
        || matches!(
            extension.as_str(),
            "png" | "jpg" | "jpeg" | "gif" | "webp" | "heic" | "svg"
        );
    if is_picture {
        return Badge::Picture;
    }
    let hue = match extension.as_str() {
        "pdf" => Some("5"),
        "doc" | "docx" | "odt" | "rtf" => Some("2"),
        "xls" | "xlsx" | "ods" | "csv" => Some("7"),
        "ppt" | "pptx" | "odp" => Some("6"),
        _ => None,
    };
    let letters: String = extension.chars().take(4).collect();
    Badge::Letters {
        letters: if letters.is_empty() {
            "FILE".to_owned()
        } else {
            letters.to_ascii_uppercase()
        },
        hue,
    }
}

/// Whether the browser can show such a file in a tab of its own. What it really is, the server finds.
#[must_use]
pub fn opens(name: &str, media_type: &str) -> bool {
    let (_, extension) = split(name);
    let extension = extension.trim_start_matches('.').to_ascii_lowercase();
    let is_shown = |kind| media_type.starts_with(kind);
    match extension.as_str() {
        "html" | "htm" | "svg" | "xhtml" => false,
        "pdf" | "txt" | "csv" | "tsv" | "log" | "md" | "json" | "png" | "jpg" | "jpeg" | "gif"
        | "webp" | "mp3" | "m4a" | "mp4" | "webm" | "ogg" | "wav" => true,
        _ if media_type == "text/html" || media_type == "image/svg+xml" => false,
        _ => ["image/", "text/", "audio/", "video/", "application/pdf"]
            .into_iter()
            .any(is_shown),
    }
}

/// A file name in two: the stem, which may be cut on screen, and the extension with its dot, which may not.
#[must_use]
pub fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && (2..=8).contains(&(name.len() - at)) => name.split_at(at),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::{Badge, badge, opens, split};

    #[test]
    fn opens_what_can_do_nothing() {
        assert!(opens("a.PDF", "") && opens("scan", "image/png") && opens("notes", "text/plain"));
        assert!(
            !opens("page.html", "text/plain") && !opens("a.svg", "") && !opens("a", "text/html")
        );
        assert!(!opens("a.docx", "application/zip") && !opens("a", ""));
    }

    #[test]
    fn keeps_the_end_of_a_name() {
        assert_eq!(split("transects.v3.pdf"), ("transects.v3", ".pdf"));
        assert_eq!(split(".profile"), (".profile", ""));
        assert_eq!(split("README"), ("README", ""));
        assert_eq!(split("dot."), ("dot.", ""));
        assert_eq!(split("a.averylongextension"), ("a.averylongextension", ""));
        assert_eq!(split("文書.pdf"), ("文書", ".pdf"));
    }

    #[test]
    fn knows_common_kinds() {
        let letters = |text: &str, hue| Badge::Letters {
            letters: text.to_owned(),
            hue,
        };
        assert_eq!(badge("a.PDF", ""), letters("PDF", Some("5")));
        assert_eq!(badge("a.gpx", "application/gpx+xml"), letters("GPX", None));
        assert_eq!(
            badge("a", "application/octet-stream"),
            letters("FILE", None)
        );
        assert_eq!(badge("a.jpg", ""), Badge::Picture);
        assert_eq!(badge("scan", "image/png"), Badge::Picture);
    }
}
