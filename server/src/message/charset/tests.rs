//! Bytes of every charset and encoding.

use proptest::prelude::*;

use super::{
    decode_text, is_known,
    transfer::{self, TransferDecoder},
};

#[test]
fn reads_base64_however_it_is_broken() {
    for (encoded, plain) in [
        ("SGFsbG8=", "Hallo"),
        ("SGFs\r\nbG8=\r\n", "Hallo"),
        ("SGFsbG8", "Hallo"),
        ("SGFsbG", "Hall"),
        ("SGFs bG8=SGFsbG8=", "HalloHallo"),
        ("!!SG*FsbG8=", "Hallo"),
        ("S", ""),
        ("", ""),
    ] {
        assert_eq!(
            transfer::decode(encoded.as_bytes(), " BASE64 "),
            plain.as_bytes(),
            "{encoded}"
        );
    }
}

#[test]
fn reads_quoted_printable_however_it_is_broken() {
    for (encoded, plain) in [
        ("gr=C3=BC=c3=9fe", "grüße"),
        ("soft=\r\nline", "softline"),
        ("soft=  \r\nline", "softline"),
        ("soft=\nline", "softline"),
        ("blank \t\r\nnext", "blank\r\nnext"),
        ("a = b", "a = b"),
        ("100%=", "100%"),
        ("=4", "=4"),
        ("=ZZ=41", "=ZZA"),
        ("==41", "=A"),
        ("end  ", "end"),
    ] {
        assert_eq!(
            transfer::decode(encoded.as_bytes(), "quoted-printable"),
            plain.as_bytes(),
            "{encoded}"
        );
    }
}

#[test]
fn a_message_that_only_says_it_is_encoded_is_read_as_it_is() {
    let raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\nx=20=\n";
    for encoding in ["base64", "quoted-printable", "7bit"] {
        let real = transfer::of_message(raw, encoding);
        assert!(matches!(real, "8bit" | "7bit"), "{encoding}: {real}");
    }
    let quoted = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=3Db\n\nx";
    assert_eq!(
        transfer::of_message(quoted, "quoted-printable"),
        "quoted-printable"
    );
    assert_eq!(transfer::of_message(b"RnJvbTogYQo=\n", "base64"), "base64");
}

#[test]
fn leaves_other_encodings_alone() {
    assert_eq!(transfer::decode(b"=41", "7bit"), b"=41");
    assert_eq!(transfer::decode(b"=41", "x-unheard-of"), b"=41");
}

#[test]
fn reads_the_charsets_of_the_world() {
    for (bytes, charset, text) in [
        (&b"\x1b$B$3$s$K$A$O\x1b(B"[..], "ISO-2022-JP", "こんにちは"),
        (b"\xf0\xd2\xc9\xd7\xc5\xd4", "koi8-r", "Привет"),
        (b"\xc4\xe3\xba\xc3", "GB18030", "你好"),
        (b"\xc4\xe3\xba\xc3", "gb2312", "你好"),
        (b"\xe3\xd1\xcd\xc8\xc7", "windows-1256", "مرحبا"),
        (b"\xe3\xd1\xcd\xc8\xc7", "CP1256", "مرحبا"),
        (b"caf\xe9", "iso-8859-1", "café"),
        (b"+AOk-", "utf-7", "é"),
        ("schön".as_bytes(), "\"utf-8\"", "schön"),
        ("schön".as_bytes(), "iso-8859-1", "schön"),
        ("schön".as_bytes(), "us-ascii", "schön"),
        ("schön".as_bytes(), "x-unheard-of", "schön"),
    ] {
        assert_eq!(decode_text(bytes, Some(charset)), text, "{charset}");
    }
}

#[test]
fn guesses_when_the_sender_says_nothing() {
    let russian = encoding_rs::KOI8_R
        .encode("Здравствуйте, посылаю вам отчёт за прошлый месяц. С уважением, Иван")
        .0
        .into_owned();
    assert!(decode_text(&russian, None).starts_with("Здравствуйте"));
    assert!(decode_text(&russian, Some("us-ascii")).starts_with("Здравствуйте"));
    assert_eq!(decode_text(b"\x1b$B$3$s$K$A$O\x1b(B", None), "こんにちは");
    assert_eq!(decode_text(b"plain", None), "plain");
    assert_eq!(decode_text(b"a\0b", None), "ab");
}

#[test]
fn wrong_claims_do_not_ruin_the_text() {
    let latin =
        b"Sch\xf6ne Gr\xfc\xdfe aus K\xf6ln, wir m\xfcssen \xfcber die \xc4nderung sprechen";
    assert!(decode_text(latin, Some("utf-8")).contains("Schöne Grüße"));
    let mut cut = "Längere Sätze über Öl".as_bytes().to_vec();
    cut.pop();
    cut.push(0xc3);
    assert!(decode_text(&cut, Some("utf-8")).starts_with("Längere Sätze"));
    assert!(
        is_known("utf8")
            && is_known("KOI8-U")
            && is_known("hz-gb-2312")
            && !is_known("x-none")
            && !is_known("")
    );
}

proptest! {
    #[test]
    fn pieces_decode_like_the_whole(
        bytes in proptest::collection::vec(prop_oneof![
            any::<u8>(), Just(b'='), Just(b' '), Just(b'\r'), Just(b'\n'), Just(b'4')
        ], 0..200),
        cut in 0_usize..200,
        encoding in prop_oneof![Just("base64"), Just("quoted-printable"), Just("8bit")],
    ) {
        let whole = transfer::decode(&bytes, encoding);
        let (a, b) = bytes.split_at(cut.min(bytes.len()));
        let mut decoder = TransferDecoder::new(encoding);
        let mut pieces = Vec::new();
        decoder.push(a, &mut pieces);
        decoder.push(b, &mut pieces);
        decoder.finish(&mut pieces);
        prop_assert_eq!(whole, pieces);
    }

    #[test]
    fn any_bytes_become_text(bytes: Vec<u8>, charset in proptest::option::of("[a-z0-9_-]{0,50}")) {
        let text = decode_text(&bytes, charset.as_deref());
        prop_assert!(!text.contains('\0'));
    }
}
