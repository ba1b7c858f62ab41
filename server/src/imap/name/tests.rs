//! Names as people and servers write them.

use proptest::prelude::*;

use super::MailboxName;

#[test]
fn names_read_as_they_were_typed() {
    for (typed, wire) in [
        ("Entwürfe", "Entw&APw-rfe"),
        ("A&B", "A&-B"),
        ("日本語", "&ZeVnLIqe-"),
        ("~x {5} \"q\" \\ %*", "~x {5} \"q\" \\ %*"),
        ("😀", "&2D3eAA-"),
    ] {
        let name = MailboxName::child(None, typed, Some(b'/')).unwrap();
        assert_eq!(name.wire(), wire.as_bytes());
        assert_eq!(name.decoded(), typed);
    }
}

#[test]
fn broken_names_are_kept_and_shown_as_they_are() {
    for (wire, shown) in [
        (&b"a&b"[..], "a&b"),
        (b"&AA-", "&AA-"),
        (b"&", "&"),
        (b"&2D0-", "&2D0-"),
        (b"caf\xe9", "caf\u{fffd}"),
        (b"&ZeU-&ZeU-", "日日"),
    ] {
        let name = MailboxName::from_wire(wire);
        assert_eq!(name.decoded(), shown);
    }
}

#[test]
fn only_inbox_is_the_same_in_any_case() {
    assert!(MailboxName::from_wire(b"InBox").is_inbox());
    assert!(!MailboxName::from_wire(b"INBOX/x").is_inbox());
    assert_ne!(
        MailboxName::from_wire(b"Sent"),
        MailboxName::from_wire(b"sent")
    );
}

#[test]
fn what_cannot_be_a_level_is_refused() {
    let parent = MailboxName::from_wire(b"a");
    for name in ["", "  ", "a/b", "a\nb", "\u{7}", &"x".repeat(1001)] {
        assert!(
            MailboxName::child(None, name, Some(b'/')).is_err(),
            "{name:?}"
        );
    }
    assert!(MailboxName::child(Some(&parent), "b", None).is_err());
    let child = MailboxName::child(Some(&parent), "b.c", Some(b'/')).unwrap();
    assert_eq!(child.levels(Some(b'/')), (Some(parent), "b.c".to_owned()));
}

proptest! {
    #[test]
    fn every_text_comes_back(text in "\\PC{1,40}") {
        prop_assume!(!text.trim().is_empty() && !text.chars().any(char::is_control));
        let name = MailboxName::child(None, &text, None).unwrap();
        prop_assert!(name.wire().is_ascii());
        prop_assume!(!name.is_inbox());
        prop_assert_eq!(name.decoded(), text);
    }

    #[test]
    fn no_bytes_make_it_panic(wire in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = MailboxName::from_wire(&wire).levels(Some(b'/'));
    }
}
