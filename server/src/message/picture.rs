//! What the bytes of a picture say of it. Looks at their beginning only: nothing is decoded here.

/// So many first bytes tell every type.
pub const TOLD_BY: usize = 16;
/// Pixels of a picture: a browser takes four bytes of memory for each.
const MOST_PIXELS: usize = 50_000_000;
/// Pixels along one edge.
const LONGEST_EDGE: usize = 30_000;

/// The type of a picture that a browser may show, by its first bytes; `None` for anything else, SVG included.
#[must_use]
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some("image/bmp"),
        _ if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Some("image/webp"),
        _ => None,
    }
}

/// Whether it is of a size that a browser shows without harm. One whose size cannot be read is no picture that
/// a browser could show either, or one made to mislead.
#[must_use]
pub fn is_bounded(bytes: &[u8]) -> bool {
    let is_padded = media_type(bytes) == Some("image/jpeg") && has_padding(bytes);
    !is_padded
        && imagesize::blob_size(bytes).is_ok_and(|size| {
            let edge = size.width.max(size.height);
            edge <= LONGEST_EDGE && size.width.saturating_mul(size.height) <= MOST_PIXELS
        })
}

/// Whether there are fill bytes (ITU T.81 §B.1.1.2) before the size of a JPEG: decoders skip them, and who reads the
/// size alone may take them for something else.
fn has_padding(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    loop {
        match rest {
            [0xff, 0xff, ..] => return true,
            // Sizes stand in these, but for tables and what is reserved.
            [0xff, 0xc0..=0xcf, ..] if !matches!(rest.get(1), Some(0xc4 | 0xc8 | 0xcc)) => {
                return false;
            }
            [0xff, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = rest.get(2 + length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_bounded, media_type};

    /// The beginning of a GIF of this size.
    fn gif(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = b"GIF89a".to_vec();
        bytes.extend(width.to_le_bytes());
        bytes.extend(height.to_le_bytes());
        bytes.extend([0x80, 0, 0]);
        bytes
    }

    /// The beginning of a PNG of this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0]);
        bytes
    }

    #[test]
    fn a_picture_is_what_its_first_bytes_say() {
        assert_eq!(media_type(&gif(1, 1)), Some("image/gif"));
        assert_eq!(media_type(&png(1, 1)), Some("image/png"));
        assert_eq!(media_type(b"RIFF\x04\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [
            &b"<svg onload=x>"[..],
            b"",
            b"RIFF\x04\0\0\0WAVE",
            b"%PDF-1.7",
        ] {
            assert_eq!(media_type(other), None);
        }
    }

    #[test]
    fn a_picture_that_says_its_size_twice_is_none() {
        // In front of its real size stand fill bytes, and in a comment another size.
        let mut bytes = b"\xff\xd8\xff\xff\xc3\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0".to_vec();
        bytes.extend(b"\xff\xfe\xc4\x00");
        bytes.extend(b"\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0".repeat(4_000));
        assert!(!is_bounded(&bytes));
        bytes.remove(2);
        assert!(!is_bounded(&bytes), "65,535 x 65,535");
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_none() {
        assert!(is_bounded(&gif(600, 20_000)) && is_bounded(&png(8_000, 6_000)));
        assert!(!is_bounded(&gif(65_000, 65_000)));
        assert!(!is_bounded(&png(100_000, 100_000)) && !is_bounded(&png(1, 40_000)));
        assert!(!is_bounded(b"GIF89a") && !is_bounded(b""));
    }
}
