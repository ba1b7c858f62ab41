//! Headers as mail really has them.

use proptest::prelude::*;
use whimbrel_shared::Address;

use super::{first, parse};

fn people(raw: &str) -> Vec<(String, String)> {
    parse(format!("To: {raw}\r\n\r\n").as_bytes())
        .to
        .into_iter()
        .map(|Address { name, email }| (name, email))
        .collect()
}

#[track_caller]
fn assert_people(raw: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|&(name, email)| (name.to_owned(), email.to_owned()))
        .collect();
    assert_eq!(people(raw), expected, "{raw}");
}

#[test]
fn reads_addresses_as_people_write_them() {
    assert_people("ada@example.org", &[("", "ada@example.org")]);
    assert_people(
        "Ada Lovelace <ada@example.org>, \"Babbage, Charles\" <cb@example.org>",
        &[
            ("Ada Lovelace", "ada@example.org"),
            ("Babbage, Charles", "cb@example.org"),
        ],
    );
    assert_people(
        "=?utf-8?Q?J=C3=BCrgen,_M=C3=BCller?= <jm@example.org>",
        &[("Jürgen, Müller", "jm@example.org")],
    );
    assert_people(
        "\"=?iso-2022-jp?B?GyRCOzNFRBsoQg==?=\" <yamada@example.jp>",
        &[("山田", "yamada@example.jp")],
    );
    assert_people(
        "Friends: a@example.org, Bo <b@example.org>;, c@example.org",
        &[
            ("", "a@example.org"),
            ("Bo", "b@example.org"),
            ("", "c@example.org"),
        ],
    );
    assert_people(
        "undisclosed-recipients:;",
        &[("undisclosed-recipients", "")],
    );
    assert_people("Jürgen <j@example.org>", &[("Jürgen", "j@example.org")]);
    assert_people("<broken", &[("broken", "")]);
    assert_people("", &[]);
}

#[test]
fn a_quoted_local_part_names_nobody_else() {
    assert_people(
        "\"ann (sales)\"@x.example, Ann <\"ann (sales)\"@x.example>, \"Berg, A\" <a@x.example>",
        &[
            ("", "\"ann (sales)\"@x.example"),
            ("Ann", "\"ann (sales)\"@x.example"),
            ("Berg, A", "a@x.example"),
        ],
    );
    for (raw, email) in [
        (r#""ann"@x.example"#, "ann@x.example"),
        (r#""a\"b\\c" @x.example"#, r#""a\"b\\c"@x.example"#),
        (r#"" ann"@x.example"#, r#"" ann"@x.example"#),
        (r#""a@b"@x.example"#, r#""a@b"@x.example"#),
        ("\"ann\u{202e}\"@x.example", r#""ann "@x.example"#),
        ("ann(sales)@x.example", "ann@x.example"),
        ("\u{e000}0\u{e001}\"ann\"@x.example", "0ann@x.example"),
    ] {
        assert_people(raw, &[("", email)]);
    }
    let wire = crate::message::address::to_wire;
    assert_eq!(wire(r#""ann (sales)"@x.example"#), None);
    assert_eq!(wire(r#""a\"b"@x.example"#), None);
    assert!(wire(r#""ann(sales)"@x.example"#).is_some());
}

#[test]
fn an_encoded_local_part_is_decoded_and_the_name_kept() {
    assert_people(
        "Hans <=?UTF-8?Q?h=C3=A4ns?=@kulik.example>",
        &[("Hans", "h\u{e4}ns@kulik.example")],
    );
    assert_people(
        "Hans <=?UTF-8?Q?bob=40evil.example?=@kulik.example>",
        &[("Hans", "\"bob@evil.example\"@kulik.example")],
    );
}

#[test]
fn a_name_before_an_address_without_brackets_is_a_name() {
    assert_people(
        "Hans M\u{fc}ller hans@kulik.example, Ada Berg ada@x.example",
        &[
            ("Hans M\u{fc}ller", "hans@kulik.example"),
            ("Ada Berg", "ada@x.example"),
        ],
    );
}

#[test]
fn names_cannot_turn_the_line_around() {
    assert_people(
        "\"evil\u{202e}gro.elpmaxe\" <x@example.org>",
        &[("evilgro.elpmaxe", "x@example.org")],
    );
}

#[test]
fn reads_the_rest_of_a_header() {
    let header = parse(
        b"From: Ada <ada@example.org>\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n aus Wien\r\n\
          Date: Tue, 1 Oct 2024 12:00:00 +0200 (CEST)\r\nMessage-ID: < 1@example.org >\r\n\
          References: <a@x> <b@x>\r\n\t<c@x>\r\nIn-Reply-To: Your mail <c@x>\r\n\
          Content-Type: Multipart/Mixed; boundary=x\r\nX-Own: yes \r\n\r\nbody: no\r\n",
    );
    assert_eq!(header.subject, "Grüße aus Wien");
    assert_eq!(header.sent_at, Some(1_727_776_800));
    assert_eq!(header.message_id, "1@example.org");
    assert_eq!(header.references, ["a@x", "b@x", "c@x"]);
    assert_eq!(header.in_reply_to, "c@x");
    assert_eq!(header.media_type, "multipart/mixed");
    assert!(header.defects.is_empty(), "{:?}", header.defects);
    assert_eq!(
        first(b"A: b\r\nX-Own:  yes \r\n\r\n", "x-own").as_deref(),
        Some("yes")
    );
}

#[test]
fn bad_headers_are_shown_all_the_same() {
    assert_eq!(parse(b"").defects.len(), 2);
    let header = parse(b"garbage\n: x\nSubject: ok\nDate: yesterday\nFrom\n\n");
    assert_eq!((header.subject.as_str(), header.sent_at), ("ok", None));
    let long = format!("Subject: {}\r\n\r\n", "x".repeat(100 * 1024));
    assert_eq!(parse(long.as_bytes()).subject.chars().count(), 1_001);
    let folded = format!("Subject: a\r\n{}\r\n", " b\r\n".repeat(100_000));
    assert!(parse(folded.as_bytes()).subject.starts_with("a b b"));
    let crowd = format!("To: {}\r\n\r\n", "a@example.org,".repeat(20_000));
    assert_eq!(parse(crowd.as_bytes()).to.len(), 2_000);
}

#[test]
fn who_sent_it_stands_in_for_who_wrote_it() {
    let header = parse(b"Sender: Bo <bo@x.example>\r\nDate: 3 Mar 2026 09:12:00 Z\r\n\r\n");
    assert_eq!(header.from.first().unwrap().email, "bo@x.example");
    assert_eq!(
        header.defects,
        ["It does not say who wrote it, only who sent it."]
    );
    let header = parse(b"Sender: Bo <bo@x.example>\r\nFrom: Ada <ada@x.example>\r\n\r\n");
    let people: Vec<_> = header.from.iter().map(|one| &*one.email).collect();
    assert_eq!(people, ["ada@x.example"]);
}

#[test]
fn raw_eight_bit_headers_are_guessed() {
    let mut raw = b"From: ".to_vec();
    raw.extend(encoding_rs::KOI8_R.encode("Мария Ивановна").0.iter());
    raw.extend(b" <maria@example.ru>\r\nSubject: ");
    raw.extend(
        encoding_rs::KOI8_R
            .encode("Приглашение на день рождения")
            .0
            .iter(),
    );
    raw.extend(b"\r\n\r\n");
    let header = parse(&raw);
    assert_eq!(header.subject, "Приглашение на день рождения");
    assert_eq!(header.from.first().unwrap().email, "maria@example.ru");
}

proptest! {
    #[test]
    fn nothing_panics(bytes: Vec<u8>, value in "\\PC{0,80}") {
        let _ = parse(&bytes);
        for name in ["From", "Subject", "Date", "References", "Content-Type"] {
            let header = parse(format!("{name}: {value}\r\n\r\n").as_bytes());
            prop_assert!(!header.subject.contains(['\r', '\n']));
        }
    }
}

#[test]
fn a_field_has_its_bounds_and_no_beginning_is_tried_to_the_end() {
    let long = "a@b, ".repeat(200_000);
    assert_eq!(people(&long).len(), 2_000);
    let started = std::time::Instant::now();
    let words = people(&"=?ab?q?z ".repeat(25_000));
    assert!(words.len() < 10, "{} people", words.len());
    assert!(started.elapsed() < std::time::Duration::from_secs(2));
    let folded = format!(
        "Subject: {}\r\n {}\r\n\r\n",
        "a".repeat(300_000),
        "b".repeat(300_000)
    );
    assert!(!parse(folded.as_bytes()).subject.contains('b'));
}

#[test]
fn quotes_and_comments_without_end_are_read_in_one_go() {
    for piece in ["(", "\"", "\"a\"@", "\"a\" ", "=?utf-8?q?a?=@"] {
        let started = std::time::Instant::now();
        let _ = people(&piece.repeat(100_000 / piece.len()));
        let took = started.elapsed();
        assert!(
            took < std::time::Duration::from_secs(2),
            "{piece}: {took:?}"
        );
    }
}
