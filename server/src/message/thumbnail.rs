//! Small pictures of large ones, for lists of files. What comes in is a stranger's: its size is read before anything
//! is decoded, memory and time are bounded, and what goes out is a new picture without anything else of the old one.

use std::io::{BufReader, Cursor, Error, Read};

use image::{
    DynamicImage, GrayImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage,
    codecs::jpeg::JpegEncoder, metadata::Orientation,
};

use jpeg_decoder::CodingProcess;

use super::picture;

/// Pixels along its longer edge: three times what a list shows, for fine screens.
const EDGE: u16 = 160;
/// Bytes of a small picture that is not made smaller by giving up its transparency.
const MOST_BYTES: usize = 30 << 10;
/// Of a JPEG, in percent.
const QUALITY: u8 = 75;
/// Pixels of a picture that is decoded in its full size, at four bytes each. JPEG is only if it comes in several
/// passes: then its coefficients are held whole.
const MOST_PIXELS: u64 = 24_000_000;
/// Pixels of a JPEG that comes in one pass, of which little is held.
const MOST_IN_ONE_PASS: u64 = 50_000_000;
/// So few bytes that the clock is looked at between any two scans of a JPEG: each may take long, and be short.
const READ_AT_ONCE: usize = 16;
/// What its decoder may take, in bytes.
const MOST_MEMORY: u64 = 128 << 20;

/// A small picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// The picture.
    pub bytes: Vec<u8>,
}

/// The small picture of a PNG, JPEG, GIF or WebP; of several, the first. `None` of anything else, of what is larger
/// than is good for us, and of a JPEG whose time `is_over` before it was read.
#[must_use]
pub fn of(bytes: &[u8], is_over: &dyn Fn() -> bool) -> Option<Thumbnail> {
    if !picture::is_bounded(bytes) {
        return None;
    }
    let (large, orientation) = match picture::media_type(bytes)? {
        "image/jpeg" => jpeg(bytes, is_over)?,
        "image/png" => whole(bytes, ImageFormat::Png)?,
        "image/gif" => whole(bytes, ImageFormat::Gif)?,
        "image/webp" => whole(bytes, ImageFormat::WebP)?,
        _ => return None,
    };
    let edge = u32::from(EDGE);
    let mut small = if large.width().max(large.height()) > edge {
        large.thumbnail(edge, edge)
    } else {
        large
    };
    small.apply_orientation(orientation);
    encoded(&small)
}

/// Reads no more once its time is over.
struct Hurried<'a>(&'a [u8], &'a dyn Fn() -> bool);

impl Read for Hurried<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if (self.1)() {
            return Err(Error::other("it takes too long"));
        }
        self.0.read(buffer)
    }
}

/// A JPEG at about the size that is wanted: an eighth of its edges needs a sixty-fourth of the memory.
fn jpeg(bytes: &[u8], is_over: &dyn Fn() -> bool) -> Option<(DynamicImage, Orientation)> {
    let hurried = Hurried(bytes, is_over);
    let mut decoder = jpeg_decoder::Decoder::new(BufReader::with_capacity(READ_AT_ONCE, hurried));
    decoder.read_info().ok()?;
    let info = decoder.info()?;
    let pixels = u64::from(info.width) * u64::from(info.height);
    // What the decoder has read counts, whatever was found before.
    let most = match info.coding_process {
        CodingProcess::DctSequential => MOST_IN_ONE_PASS,
        CodingProcess::DctProgressive => MOST_PIXELS,
        // Decoded in its full size, and no camera makes them.
        CodingProcess::Lossless => 0,
    };
    if pixels > most {
        return None;
    }
    decoder.scale(EDGE, EDGE).ok()?;
    let pixels = decoder.decode().ok()?;
    let orientation = decoder.exif_data().and_then(Orientation::from_exif_chunk);
    let info = decoder.info()?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let picture = match info.pixel_format {
        jpeg_decoder::PixelFormat::L8 => GrayImage::from_raw(width, height, pixels)?.into(),
        jpeg_decoder::PixelFormat::RGB24 => RgbImage::from_raw(width, height, pixels)?.into(),
        _ => return None,
    };
    Some((picture, orientation.unwrap_or(Orientation::NoTransforms)))
}

fn whole(bytes: &[u8], format: ImageFormat) -> Option<(DynamicImage, Orientation)> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let size = imagesize::blob_size(bytes).ok()?;
    if (size.width as u64).saturating_mul(size.height as u64) > MOST_PIXELS {
        return None;
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let is_small = u64::from(width) * u64::from(height) <= MOST_PIXELS;
    limits
        .reserve(decoder.total_bytes())
        .ok()
        .filter(|()| is_small)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Some((DynamicImage::from_decoder(decoder).ok()?, orientation))
}

/// As PNG if one can see through it, else as JPEG.
fn encoded(small: &DynamicImage) -> Option<Thumbnail> {
    let mut rgba = small.to_rgba8();
    let is_clear = rgba.pixels().any(|pixel| pixel.0.last() != Some(&u8::MAX));
    let mut bytes = Vec::new();
    if is_clear {
        rgba.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .ok()?;
        if bytes.len() <= MOST_BYTES {
            return Some(Thumbnail {
                media_type: "image/png",
                bytes,
            });
        }
        bytes.clear();
        for pixel in rgba.pixels_mut() {
            let [red, green, blue, alpha] = pixel.0;
            let on_white = |c: u8| {
                let (c, alpha) = (u16::from(c), u16::from(alpha));
                u8::try_from((c * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
            };
            pixel.0 = [on_white(red), on_white(green), on_white(blue), u8::MAX];
        }
    }
    let rgb = DynamicImage::ImageRgba8(rgba).into_rgb8();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode_image(&rgb)
        .ok()?;
    Some(Thumbnail {
        media_type: "image/jpeg",
        bytes,
    })
}

#[cfg(test)]
mod tests;
