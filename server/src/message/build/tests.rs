//! Letters as they leave, read back by a parser.

use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;
use whimbrel_shared::{Address, Draft, MailboxId, MessageKey, Related, Relation};

use super::{Bcc, File, build, crlf, message_id};
use crate::message::header;

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

fn built(draft: &Draft, files: Vec<File>, bcc: Bcc) -> String {
    let from = person("Ada", "ada@example.org");
    let bytes = build(draft, &from, 1_727_776_800, "own@example.org", files, bcc);
    assert_on_the_wire(&bytes);
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
        [person("Jürgen, \"der\" Müller", "jm@xn--bcher-kva.example")]
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
    let eml = b"Subject: inner\n\nbody\n".to_vec();
    let files = vec![
        File {
            name: "../Grüße 数.bin".to_owned(),
            media_type: "a/b".to_owned(),
            bytes: (0..=255).collect(),
        },
        File {
            name: "t.txt".to_owned(),
            media_type: "text/plain".to_owned(),
            bytes: b"a\nb\r\nc ".to_vec(),
        },
        File {
            name: "m.eml".to_owned(),
            media_type: "message/rfc822".to_owned(),
            bytes: eml,
        },
        File {
            name: "x".to_owned(),
            media_type: "multipart/mixed; a=\r\nb".to_owned(),
            bytes: vec![0; 10_000],
        },
    ];
    let from = person("", "ada@example.org");
    let bytes = build(&letter(), &from, 0, "i@x", files, Bcc::Omit);
    assert_on_the_wire(&bytes);
    let parsed = MessageParser::new().parse(&bytes).unwrap();
    let names: Vec<_> = parsed
        .attachments()
        .filter_map(|part| part.attachment_name())
        .collect();
    assert_eq!(names, ["Grüße 数.bin", "t.txt", "m.eml", "x"]);
    let parts: Vec<_> = parsed.attachments().collect();
    assert_eq!(parts[0].contents(), (0..=255).collect::<Vec<u8>>());
    assert_eq!(parts[1].contents(), b"a\nb\r\nc ");
    assert_eq!(parts[2].message().unwrap().subject(), Some("inner"));
    assert_eq!(parts[3].contents(), vec![0; 10_000]);
}

#[test]
fn a_letter_that_cannot_be_nested_travels_as_a_file() {
    let long = File {
        name: "m.eml".to_owned(),
        media_type: "message/rfc822".to_owned(),
        bytes: format!("Subject: x\r\n\r\n{}\r\n", "y".repeat(2_000)).into_bytes(),
    };
    assert!(built(&letter(), vec![long], Bcc::Omit).contains("application/octet-stream"));
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
    let file = File {
        name: evil.to_owned(),
        media_type: evil.to_owned(),
        bytes: Vec::new(),
    };
    let from = person(evil, &format!("ada{evil}"));
    let bytes = build(&draft, &from, 0, evil, vec![file], Bcc::Keep);
    assert_on_the_wire(&bytes);
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
        file in "\\PC{0,80}|[\\x00-\\x7f]{0,40}",
    ) {
        let draft = Draft {
            to: vec![person(&name, "to@example.org")],
            subject: subject.clone(),
            text,
            ..Draft::default()
        };
        let file = File { name: file, media_type: "text/plain".to_owned(), bytes: subject.clone().into() };
        let bytes = build(&draft, &person(&name, "a@example.org"), 0, "i@x", vec![file], Bcc::Omit);
        assert_on_the_wire(&bytes);
        let header = header::parse(&bytes);
        prop_assert_eq!(header.to.len(), 1);
        prop_assert_eq!(&header.to[0].email, "to@example.org");
        prop_assert_eq!(header.message_id, "i@x");
    }
}
