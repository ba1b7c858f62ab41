//! Files that come out of others, and those that only claim to hold any.

use proptest::prelude::*;

use super::{Body, rtf, uuencode, winmail};

/// One attribute of a `winmail.dat`.
fn attribute(id: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2];
    bytes.extend(u32::from(id).to_le_bytes());
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    bytes.extend([0, 0]);
    bytes
}

fn winmail(attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut bytes = 0x223e_9f78_u32.to_le_bytes().to_vec();
    bytes.extend([1, 0]);
    bytes.extend(
        attributes
            .iter()
            .flat_map(|(id, data)| attribute(*id, data)),
    );
    bytes
}

/// A list of binary or text properties.
fn properties(list: &[(u16, u16, &[u8])]) -> Vec<u8> {
    let mut bytes = (list.len() as u32).to_le_bytes().to_vec();
    for (kind, id, value) in list {
        bytes.extend(kind.to_le_bytes());
        bytes.extend(id.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend((value.len() as u32).to_le_bytes());
        bytes.extend(*value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn files_of_a_winmail_are_where_they_are_said_to_be() {
    let long = utf16("Gezeiten für Röst.pdf\0");
    let named = properties(&[
        (0x001f, 0x3707, &long),
        (0x001e, 0x370e, b"application/pdf\0"),
    ]);
    let bytes = winmail(&[
        (0x9007, &1251_u32.to_le_bytes()),
        (0x800c, b"\xcf\xf0\xe8\xe2\xe5\xf2\0"),
        (0x9002, &[0; 14]),
        (0x8010, b"GEZEIT~1.PDF\0"),
        (0x800f, b"%PDF-1.7"),
        (0x9005, &named),
        (0x9002, &[0; 14]),
        (0x8010, b"second.txt\0"),
        (0x800f, b"two"),
    ]);
    let read = winmail::read(&bytes);
    assert!(read.is_whole);
    assert_eq!(read.body, Some(Body::Plain("Привет".to_owned())));
    let files: Vec<_> = read
        .files
        .iter()
        .map(|file| (&*file.name, &*file.media_type, &bytes[file.range.clone()]))
        .collect();
    assert_eq!(
        files,
        [
            ("Gezeiten für Röst.pdf", "application/pdf", &b"%PDF-1.7"[..]),
            ("second.txt", "application/octet-stream", &b"two"[..]),
        ]
    );
}

#[test]
fn lengths_that_lie_are_not_believed() {
    let mut bytes = winmail(&[(0x9002, &[0; 14]), (0x8010, b"a.txt\0"), (0x800f, b"data")]);
    let at = bytes.len() - 10;
    bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let read = winmail::read(&bytes);
    assert!(!read.is_whole && read.files.len() == 1 && !read.files[0].is_whole);
    let mut count = properties(&[(0x001e, 0x3707, b"x")]);
    count[..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(!winmail::read(&winmail(&[(0x9002, &[]), (0x9005, &count)])).is_whole);
    let many = [(0x9002, &b""[..]), (0x8010, b"x\0")].repeat(5_000);
    assert_eq!(winmail::read(&winmail(&many)).files.len(), super::MAX_FILES);
}

#[test]
fn rtf_says_its_words() {
    let plain = br"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}\pard \'cf\'f0\'e8\par \u8211?x \{y\}\tab\uc0\u-10179\u-9025 {\*\secret no}}";
    assert_eq!(rtf::text(plain), "При\n–x {y}\t💿");
    let html =
        br"{\rtf1\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hello\htmlrtf\par}\htmlrtf0 }";
    assert_eq!(rtf::text(html).trim(), "Hello");
    // The example of MS-OXRTFCP §4.1.
    let packed = b"\x2d\x00\x00\x00\x2b\x00\x00\x00LZFu\xf1\xc5\xc7\xa7\x03\x00\x0a\x00rcpg125B2\x0a\xf3 hel\
        \x09\x00 bw\x05\xb0ld}\x0a\x80\x0f\xa0";
    let unpacked = rtf::decompress(packed).unwrap();
    let unpacked = String::from_utf8(unpacked).unwrap();
    assert_eq!(
        unpacked,
        "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    );
}

#[test]
fn files_in_a_text_are_taken_out() {
    let text = b"Before.\r\nbegin 644 hi there.txt\r\n#:&D*\r\n`\r\nend\r\nAfter.\r\n";
    let (files, rest) = uuencode::take(text);
    assert_eq!(rest, b"Before.\r\nAfter.\r\n");
    assert_eq!(
        (files.len(), &*files[0].name, files[0].size),
        (1, "hi there.txt", 3)
    );
    assert_eq!(&text[files[0].range.clone()], b"#:&D*\r\n`\r\n");
    for prose in [
        &b"begin 644 the story\nOnce upon a time\nend\n"[..],
        b"begin 999 x\n#:&D*\nend",
        b"begin 644\n",
        b"begin ",
    ] {
        assert!(uuencode::take(prose).0.is_empty());
    }
}

proptest! {
    #[test]
    fn nothing_panics(bytes: Vec<u8>, id in 0x8000_u16..0x9010, data: Vec<u8>, end: prop::sample::Index) {
        let _ = (winmail::read(&bytes), rtf::text(&bytes), rtf::decompress(&bytes), uuencode::take(&bytes));
        let _ = winmail::read(&winmail(&[(id, &data), (0x9005, &data), (0x9003, &data)]));
        let named = properties(&[(0x001e, 0x3707, &data), (0x0102, 0x3701, &bytes)]);
        let whole = winmail(&[(0x9002, &data), (0x9005, &named)]);
        let read = winmail::read(&whole[..end.index(whole.len())]);
        for file in read.files {
            prop_assert!(whole.get(file.range).is_some());
        }
        let packed = [b"01234567LZFu0123", &data[..]].concat();
        let _ = rtf::text(&rtf::decompress(&packed).unwrap());
    }
}
