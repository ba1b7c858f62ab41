//! Letters as they leave, read back by a parser.

use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;
use whimbrel_shared::{Address, Draft, MailboxId, MessageKey, Related, Relation};

use super::{
    Bcc, File, Letter, Piece, build, crlf, message_id,
    pieces::{Encoder, Inspector},
};
use crate::message::header;

impl Letter {
    /// The whole, as it travels.
    pub(in crate::message) fn with_files(&self, files: &[Vec<u8>]) -> Vec<u8> {
        let mut whole = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => whole.extend_from_slice(text),
                Piece::File { index, encoding } => {
                    let mut encoder = Encoder::new(*encoding);
                    for bytes in files[*index].chunks(100) {
                        encoder.push(bytes, &mut whole);
                    }
                    encoder.finish(&mut whole);
                }
            }
        }
        assert_eq!(self.size, whole.len() as u64);
        assert_eq!(self.is_ascii, whole.is_ascii());
        whole
    }
}

/// A file of these bytes: what is known of it beforehand, and the bytes.
fn file(name: &str, media_type: &str, bytes: impl Into<Vec<u8>>) -> (File, Vec<u8>) {
    let bytes = bytes.into();
    let mut inspector = Inspector::default();
    for piece in bytes.chunks(7) {
        inspector.push(piece);
    }
    let file = File {
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        size: bytes.len() as u64,
        lines: Some(inspector.finish()),
    };
    (file, bytes)
}

fn letter_with(
    draft: &Draft,
    from: &Address,
    id: &str,
    files: Vec<(File, Vec<u8>)>,
    bcc: Bcc,
) -> Vec<u8> {
    let (files, bytes): (Vec<_>, Vec<_>) = files.into_iter().unzip();
    let letter = build(draft, from, 1_727_776_800, id, &files, bcc).with_files(&bytes);
    assert_on_the_wire(&letter);
    letter
}

fn person(name: &str, email: &str) -> Address {
    Address {
        name: name.to_owned(),
        email: email.to_owned(),
    }
}

fn letter() -> Draft {
    Draft {
        to: vec![person("Jürgen, \"der\" Müller", "jm@bücher.example")],
        cc: vec![person("", "cc@example.org")],
        bcc: vec![person("Hidden", "hidden@example.org")],
        subject: "Grüße – 你好, a subject that is long enough to need folding over several lines"
            .to_owned(),
        text: "Hallo Jürgen,\n\nFrom here on.\n> quoted\n\n-- \nAda".to_owned(),
        in_reply_to: "b@x".to_owned(),
        references: vec!["a@x".to_owned(), "b@x".to_owned()],
        ..Draft::default()
    }
}

fn built(draft: &Draft, files: Vec<(File, Vec<u8>)>, bcc: Bcc) -> String {
    let from = person("Ada", "ada@example.org");
    let bytes = letter_with(draft, &from, "own@example.org", files, bcc);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[track_caller]
fn assert_on_the_wire(letter: &[u8]) {
    let text = String::from_utf8_lossy(letter);
    assert!(text.ends_with("\r\n"));
    for line in text.split("\r\n") {
        assert!(!line.contains(['\r', '\n']), "bare line end in {line:?}");
        assert!(line.len() <= 998, "long line");
    }
}

#[test]
fn a_letter_says_what_was_meant() {
    let letter_text = built(&letter(), Vec::new(), Bcc::Omit);
    let header = header::parse(letter_text.as_bytes());
    assert_eq!(header.subject, letter().subject);
    assert_eq!(
        header.to,
        [person("Jürgen, \"der\" Müller", "jm@bücher.example")]
    );
    assert_eq!(header.cc, letter().cc);
    assert_eq!(header.from, [person("Ada", "ada@example.org")]);
    assert_eq!(header.sent_at, Some(1_727_776_800));
    assert_eq!(header.message_id, "own@example.org");
    assert_eq!(header.in_reply_to, "b@x");
    assert_eq!(header.references, ["a@x", "b@x"]);
    assert!(header.bcc.is_empty() && !letter_text.contains("hidden"));
    assert!(!letter_text.contains("User-Agent") && !letter_text.contains("X-"));
    assert!(letter_text.contains("MIME-Version: 1.0") && letter_text.is_ascii());
}

#[test]
fn the_kept_copy_names_everybody_and_what_it_answers() {
    let related = Related {
        mailbox_id: MailboxId("SU5CT1g".to_owned()),
        key: MessageKey {
            uidvalidity: 7,
            uid: 9,
        },
        relation: Relation::Reply,
    };
    let draft = Draft {
        related: Some(related),
        ..letter()
    };
    let kept = built(&draft, Vec::new(), Bcc::Keep);
    assert_eq!(header::parse(kept.as_bytes()).bcc, letter().bcc);
    assert_eq!(
        header::first(kept.as_bytes(), "x-whimbrel-related").as_deref(),
        Some("reply SU5CT1g 7.9")
    );
    assert!(!built(&draft, Vec::new(), Bcc::Omit).contains("X-Whimbrel"));
}

#[test]
fn files_arrive_as_they_were() {
    let files = vec![
        file("../Grüße 数.bin", "a/b", (0..=255).collect::<Vec<u8>>()),
        file("t.txt", "text/plain", "a\nb\r\nc "),
        file("m.eml", "message/rfc822", "Subject: inner\n\nbödy\n"),
        file("x", "multipart/mixed; a=\r\nb", vec![0; 10_000]),
        file("empty", "text/csv", ""),
    ];
    let from = person("", "ada@example.org");
    let bytes = letter_with(&letter(), &from, "i@x", files, Bcc::Omit);
    let parsed = MessageParser::new().parse(&bytes).unwrap();
    let names: Vec<_> = parsed
        .attachments()
        .filter_map(|part| part.attachment_name())
        .collect();
    assert_eq!(names, ["Grüße 数.bin", "t.txt", "m.eml", "x", "empty"]);
    let parts: Vec<_> = parsed.attachments().collect();
    assert_eq!(parts[0].contents(), (0..=255).collect::<Vec<u8>>());
    assert_eq!(parts[1].contents(), b"a\nb\r\nc ");
    assert_eq!(parts[2].message().unwrap().subject(), Some("inner"));
    assert_eq!(parts[3].contents(), vec![0; 10_000]);
}

#[test]
fn a_letter_that_cannot_be_nested_travels_as_a_file() {
    for inner in [&"y".repeat(2_000), "a\0b"] {
        let inner = format!("Subject: x\r\n\r\n{inner}\r\n");
        let odd = file("m.eml", "message/rfc822", inner);
        assert!(built(&letter(), vec![odd], Bcc::Omit).contains("application/octet-stream"));
    }
}

#[test]
fn a_letter_to_hidden_people_only_names_nobody() {
    let draft = Draft {
        to: Vec::new(),
        cc: Vec::new(),
        ..letter()
    };
    let wire = built(&draft, Vec::new(), Bcc::Omit);
    assert!(wire.contains("To: undisclosed-recipients:;\r\n"), "{wire}");
    assert!(!built(&draft, Vec::new(), Bcc::Keep).contains("undisclosed"));
    assert!(!built(&Draft::default(), Vec::new(), Bcc::Keep).contains("\r\nTo:"));
}

#[test]
fn no_field_makes_lines_of_its_own() {
    let evil = "x\r\nEvil: yes\r\n\r\nbody";
    let draft = Draft {
        to: vec![
            person(evil, "a@b.example"),
            person("", &format!("a@b.example>{evil}")),
        ],
        subject: evil.to_owned(),
        in_reply_to: evil.to_owned(),
        references: vec![evil.to_owned(), "ok@x".to_owned()],
        related: Some(Related {
            mailbox_id: MailboxId(evil.to_owned()),
            key: MessageKey {
                uidvalidity: 1,
                uid: 1,
            },
            relation: Relation::Forward,
        }),
        ..Draft::default()
    };
    let from = person(evil, &format!("ada{evil}"));
    let bytes = letter_with(&draft, &from, evil, vec![file(evil, evil, "")], Bcc::Keep);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(!text.contains("\r\nEvil:"), "{text}");
    assert_eq!(header::parse(&bytes).references, ["ok@x"]);
}

#[test]
fn ids_are_new_and_belong_to_the_domain() {
    let (a, b) = (message_id(1, "Example.org"), message_id(2, "Example.org"));
    assert_ne!(a, b);
    assert!(a.ends_with("@example.org") && a.len() == 32 + 12);
    assert!(message_id(3, "x>\r\nEvil: ").ends_with("@localhost"));
}

#[test]
fn line_ends_are_mended() {
    for (raw, mended) in [
        ("a\nb\rc\r\nd", "a\r\nb\r\nc\r\nd"),
        ("\n.\n", "\r\n.\r\n"),
        ("\r\r\n\n", "\r\n\r\n\r\n"),
        ("a\r", "a\r\n"),
        ("", ""),
    ] {
        assert_eq!(
            crlf(raw.as_bytes().into()).as_ref(),
            mended.as_bytes(),
            "{raw:?}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_stays_within_its_field(
        subject in "\\PC{0,200}|[\\x00-\\x7f]{0,40}",
        name in "\\PC{0,60}|[\\x00-\\x7f]{0,40}",
        text in "(\\PC{0,120}|[\\x00-\\x7f]{0,20}|\n|\\.\n){0,8}",
        named in "\\PC{0,80}|[\\x00-\\x7f]{0,40}",
    ) {
        let draft = Draft {
            to: vec![person(&name, "to@example.org")],
            subject: subject.clone(),
            text,
            ..Draft::default()
        };
        let files = vec![file(&named, "text/plain", subject)];
        let bytes = letter_with(&draft, &person(&name, "a@example.org"), "i@x", files, Bcc::Omit);
        let header = header::parse(&bytes);
        prop_assert_eq!(header.to.len(), 1);
        prop_assert_eq!(&header.to[0].email, "to@example.org");
        prop_assert_eq!(header.message_id, "i@x");
    }
}
