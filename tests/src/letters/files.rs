//! Small real files made in code: PNG pictures and one-page PDF documents. They open in any program.

use super::random::Random;

/// A PNG of stripes and a sun, `width` by `height` pixels, in colours of the sequence.
pub(super) fn png(width: u32, height: u32, random: &mut Random) -> Vec<u8> {
    let colours: Vec<[u8; 3]> = (0..8)
        .map(|_| {
            let n = random.next().to_le_bytes();
            [n[0] / 2 + 100, n[1] / 2 + 110, n[2] / 2 + 120]
        })
        .collect();
    let (sun_x, sun_y) = (
        width / 4 + random.below(u64::from(width / 2)) as u32,
        height / 3,
    );
    let mut pixels = Vec::with_capacity(((width + 1) * height) as usize);
    for y in 0..height {
        pixels.push(0); // no filter in this row
        for x in 0..width {
            let (dx, dy) = (x.abs_diff(sun_x), y.abs_diff(sun_y));
            let in_sun = dx * dx + dy * dy < height * height / 16;
            let stripe = if in_sun { 7 } else { y * 7 / height };
            pixels.push(stripe as u8);
        }
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = Vec::new();
    head.extend_from_slice(&width.to_be_bytes());
    head.extend_from_slice(&height.to_be_bytes());
    head.extend_from_slice(&[8, 3, 0, 0, 0]); // 8 bits, palette
    chunk(&mut file, *b"IHDR", &head);
    chunk(&mut file, *b"PLTE", &colours.concat());
    chunk(&mut file, *b"IDAT", &zlib_stored(&pixels));
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// A PDF of one page with these lines.
pub(super) fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut text = String::from("BT /F1 14 Tf 18 TL 60 780 Td\n");
    for line in lines {
        let safe: String = line
            .chars()
            .filter(|c| c.is_ascii() && !"()\\".contains(*c))
            .collect();
        text += &format!("({safe}) Tj T*\n");
    }
    text += "ET\n";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}endstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = file.len();
    file += &format!(
        "xref\n0 6\n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend_from_slice(&(data.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend_from_slice(&name);
    file.extend_from_slice(data);
    let checksum = crc32(&file[start..]);
    file.extend_from_slice(&checksum.to_be_bytes());
}

// Deflate without compression (RFC 1951 §3.2.4) in a zlib wrapper (RFC 1950).
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(65_535).count();
    for (number, block) in data.chunks(65_535).enumerate() {
        let length = block.len() as u16;
        out.push(u8::from(number + 1 == blocks));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in data {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend_from_slice(&(b << 16 | a).to_be_bytes());
    out
}

fn crc32(data: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for &byte in data {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn the_checksum_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
