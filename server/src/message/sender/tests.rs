//! Tricks with names and addresses, and honest mail that must not be suspected.

use proptest::prelude::*;

use super::*;

fn circle() -> Circle {
    let mut circle = Circle {
        own: "ingrid@whimbrel.example".to_owned(),
        own_names: std::iter::once(look_alike::look_of_name("Ingrid Solberg")).collect(),
        ..Circle::default()
    };
    circle
        .trust
        .anywhere
        .insert("mx.whimbrel.example".to_owned());
    for (name, email, since) in [
        ("Ada Fenwick", "ada@fenwick.example", (1_000, 1)),
        ("Bo", "bo@curlew.example", ALWAYS),
        // They came later, and prove nothing for themselves.
        ("Ada Fenwick", "x@evil.test", (1_000, 2)),
        ("Somebody", "x@fenwlck.example", (2_000, 1)),
        ("Ingrid Solberg", "boss@evil.test", (1_000, 1)),
    ] {
        let (name, email) = (name.to_owned(), email.to_owned());
        circle.add(&Address { name, email }, since);
    }
    circle
}

fn warned(raw: &str) -> Vec<String> {
    let header = header::parse(raw.as_bytes());
    let notes = notes(raw.as_bytes(), &header, &circle(), Some(false));
    notes.warnings.into_iter().map(|note| note.title).collect()
}

#[test]
fn tricks_with_names_and_addresses_are_told() {
    for (raw, wanted) in [
        (
            "From: \"ada@fenwick.example\" <x@evil.test>",
            "The name says ada@fenwick.example, but the message comes from x@evil.test.",
        ),
        (
            "From: =?utf-8?Q?Ada_=28ADA=40fenwick.example=29?= <x@evil.test>",
            "The name says ada@fenwick.example, but the message comes from x@evil.test.",
        ),
        (
            "From: ADA  Fenwick <ada.fenwick@evil.test>",
            "You know somebody of this name as ada@fenwick.example; this comes from ada.fenwick@evil.test.",
        ),
        (
            "From: =?utf-8?B?0JBkYSBGZW53aWNr?= <x@evil.test>",
            "You know somebody of this name as ada@fenwick.example; this comes from x@evil.test.",
        ),
        (
            "From: Ingrid Solberg <boss@evil.test>",
            "It bears your own name, but comes from boss@evil.test.",
        ),
        (
            "From: Somebody <x@fenwlck.example>",
            "fenwlck.example looks like fenwick.example, one you know, but is another.",
        ),
        (
            "From: Post <x@whimbrei.example>",
            "whimbrei.example looks like whimbrel.example, your own, but is another.",
        ),
        (
            "From: x@xn--fenwck-cwf.test",
            "xn--fenwck-cwf.test mixes letters of several alphabets, to look like something else.",
        ),
        (
            "From: Post <x@bank.test>\r\nReply-To: y@evil.test",
            "Answers would go to y@evil.test, not to bank.test.",
        ),
        (
            "From: x@bank.test\r\nX-Spam-Status: Yes, score=7.2 required=5",
            "Your mail server rates this 7.2 of 5: junk.",
        ),
    ] {
        assert_eq!(warned(&format!("{raw}\r\n\r\n")), [wanted], "{raw}");
    }
}

#[test]
fn honest_mail_is_not_suspected() {
    for raw in [
        "From: Ada Fenwick <ada@fenwick.example>",
        "From: Bo <other@bo.test>",
        "From: Ingrid Solberg <ingrid@whimbrel.example>",
        "From: \"Ada @ Fenwick\" <ada@fenwick.example>",
        "From: \"ada@fenwick.example\" <ada@mail.fenwick.example>",
        "From: x@bank.test\r\nReply-To: answers@mail.bank.test",
        "From: x@bank.test\r\nReply-To: list@lists.test\r\nList-Id: <a.lists.test>",
        "From: x@bank.test\r\nReply-To: nobody",
        "Authentication-Results: mx.whimbrel.example; dmarc=pass header.from=fenwick.example\r\n\
         From: Ada Fenwick <ada.fenwick@fenwick.example>",
        "From: x@bank.test\r\nX-Spam-Status: No, score=1",
        "Subject: nobody",
    ] {
        assert_eq!(
            warned(&format!("{raw}\r\n\r\n")),
            Vec::<String>::new(),
            "{raw}"
        );
    }
}

#[test]
fn the_first_message_of_an_address_is_told_where_that_is_known() {
    let raw = b"From: x@bank.test\r\n\r\n";
    let header = header::parse(raw);
    let texts = |is_first| {
        let notes = notes(raw, &header, &circle(), is_first);
        let texts = notes
            .warnings
            .into_iter()
            .map(|note| (note.kind, note.title));
        texts.collect::<Vec<_>>()
    };
    let wanted = (
        ReportKind::Fact,
        "This is the first message from x@bank.test.".to_owned(),
    );
    assert_eq!(texts(Some(true)), [wanted]);
    assert_eq!(texts(Some(false)), []);
    assert_eq!(texts(None), []);
    let own = header::parse(b"From: Ingrid@whimbrel.example\r\n\r\n");
    assert!(notes(raw, &own, &circle(), Some(true)).warnings.is_empty());
}

#[test]
fn whatever_stands_there_words_stay_short_and_clean() {
    let name = "a@b.example ".repeat(20_000);
    let long = format!(
        "From: \"{name}\" <{}@evil.test>\r\nReply-To: {}\r\n\r\n",
        "x".repeat(9_999),
        name
    );
    for text in warned(&long) {
        assert!(
            text.len() < 600 && !text.contains(char::is_control),
            "{text}"
        );
    }
    assert_eq!(
        domain_of("a@Fenwick.Example."),
        Some("fenwick.example".to_owned())
    );
    assert_eq!(domain_of("a@b c"), None);
    assert_eq!(domain_of("a@"), None);
    assert_eq!(
        domain_of("a@bücher.example"),
        Some("xn--bcher-kva.example".to_owned())
    );
    assert_eq!(organization("a.b.fenwick.co.uk"), "fenwick.co.uk");
    assert_eq!(organization("co.uk"), "co.uk");
}

proptest! {
    #[test]
    fn no_header_is_too_odd(
        names in prop::collection::vec(
            prop_oneof![
                Just("From"), Just("Reply-To"), Just("Received"), Just("Authentication-Results"),
                Just("DKIM-Signature"), Just("List-Unsubscribe"), Just("List-Unsubscribe-Post"),
                Just("X-Spam-Status"), Just("X-Spamd-Result"), Just("List-Id"),
            ],
            0..8,
        ),
        values in prop::collection::vec(
            prop_oneof![
                prop::collection::vec(any::<u8>(), 0..60),
                "[-a-z0-9@.;=<>()\"\\\\ :/?&%,]{0,60}".prop_map(String::into_bytes),
            ],
            8,
        ),
    ) {
        let mut raw = Vec::new();
        for (name, value) in names.iter().zip(&values) {
            raw.extend_from_slice(name.as_bytes());
            raw.extend_from_slice(b": ");
            raw.extend_from_slice(value);
            raw.extend_from_slice(b"\r\n");
        }
        let header = header::parse(&raw);
        let notes = notes(&raw, &header, &circle(), None);
        prop_assert!(!notes.verdict.is_verified() || raw.windows(19).any(|w| w == b"mx.whimbrel.example"));
        for line in notes.warnings {
            prop_assert!(!line.title.contains(char::is_control), "{line:?}");
        }
        if let Some(way) = notes.way {
            prop_assert!(!way.line(String::new()).title.contains(char::is_control));
        }
    }
}
