//! Pictures of cameras, and pictures that were made to do harm.

use std::time::{Duration, Instant};

use image::{Rgb, Rgba, RgbaImage, codecs::gif::GifEncoder};

use super::*;

fn of(bytes: &[u8]) -> Option<Thumbnail> {
    super::of(bytes, &|| false)
}

fn photo(width: u32, height: u32) -> Vec<u8> {
    let shade = |n: u32| u8::try_from(n % 256).unwrap();
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb([shade(x / 8), shade(y / 8), 90]));
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg)
        .unwrap();
    bytes
}

/// The same, with a word of its camera on how it was held.
fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif =
        b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    [&jpeg[..2], &exif, &jpeg[2..]].concat()
}

fn size(small: &Thumbnail) -> (u32, u32) {
    let read = image::load_from_memory(&small.bytes).unwrap();
    (read.width(), read.height())
}

#[test]
fn a_photo_becomes_small_and_stands_upright_and_tells_nothing_of_its_camera() {
    let photo = photo(1600, 1200);
    let small = of(&photo).unwrap();
    assert_eq!((small.media_type, size(&small)), ("image/jpeg", (160, 120)));
    assert!(small.bytes.len() < MOST_BYTES);
    for (orientation, wanted) in [
        (1, (160, 120)),
        (3, (160, 120)),
        (6, (120, 160)),
        (8, (120, 160)),
    ] {
        let small = of(&turned(&photo, orientation)).unwrap();
        assert_eq!(size(&small), wanted, "{orientation}");
        assert_eq!(memchr::memmem::find(&small.bytes, b"Exif"), None);
    }
}

#[test]
fn what_one_can_see_through_stays_so_if_that_is_small() {
    let mut bytes = Vec::new();
    let clear = RgbaImage::from_pixel(400, 20, Rgba([200, 0, 0, 100]));
    clear
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap();
    let small = of(&bytes).unwrap();
    assert_eq!((small.media_type, size(&small)), ("image/png", (160, 8)));
}

#[test]
fn of_what_moves_the_first_picture_is_shown() {
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new(&mut gif);
    for shade in [0, 255] {
        let frame = RgbaImage::from_pixel(40, 30, Rgba([shade, shade, shade, 255]));
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    assert_eq!(size(&of(&gif).unwrap()), (40, 30));
    // Its head says 8,000 x 6,000 points, of which it holds 40 x 30.
    gif[6..10].copy_from_slice(&[0x40, 0x1f, 0x70, 0x17]);
    assert_eq!(of(&gif), None);
}

#[test]
fn bombs_and_ruins_are_no_pictures() {
    let png = |width: u32, height: u32| {
        let mut bytes = Vec::new();
        let small = RgbImage::new(2, 2);
        small
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .unwrap();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        bytes
    };
    let photo = photo(1600, 1200);
    let mut huge = photo.clone();
    let frame = memchr::memmem::find(&photo, b"\xff\xc0").unwrap();
    huge[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    // Of four scans with one sign each; it would be decoded in its full size.
    let mut lossless = b"\xff\xd8\xff\xc3\0\x0b\x08\x06\x82\x75\x30\x01\x01\x11\0\
        \xff\xc4\0\x14\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        .to_vec();
    lossless.extend(b"\xff\xda\0\x08\x01\x01\0\x01\0\0".repeat(250));
    lossless.extend(b"\xff\xd9");
    let mut webp = Vec::new();
    let plain = RgbImage::new(8, 8);
    plain
        .write_to(&mut Cursor::new(&mut webp), ImageFormat::WebP)
        .unwrap();
    assert!(of(&webp).is_some());
    webp.truncate(webp.len() - 4);
    let began = Instant::now();
    for (what, bytes) in [
        ("a PNG of 100,000 x 100,000", png(100_000, 100_000)),
        (
            "a PNG of 7,000 x 7,000 without its points",
            png(7_000, 7_000),
        ),
        (
            "a PNG of 2,000 x 2,000 without its points",
            png(2_000, 2_000),
        ),
        ("a JPEG of 65,535 x 65,535", huge),
        ("the head of a JPEG", photo[..frame + 40].to_vec()),
        ("a JPEG without loss", lossless),
        ("half a WebP", webp),
        ("SVG", b"<svg onload=x>".to_vec()),
        ("nothing", Vec::new()),
    ] {
        assert_eq!(of(&bytes), None, "{what}");
    }
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(super::of(&photo, &|| true), None, "no time is left");
    // A line that broke near the end of a photo harms nobody, whatever is made of it.
    let _ = of(&photo[..photo.len() / 2]);
}
