//! What a server says and takes without an extension.

use super::{Extension, Literal, literal_at_end, refusal, without};

fn shown(line: &str, hidden: &[Extension]) -> String {
    String::from_utf8(without(line.as_bytes(), hidden).into_owned()).expect("text")
}

#[test]
fn hidden_words_are_not_among_the_capabilities() {
    let line =
        "* OK [CAPABILITY IMAP4rev1 SASL-IR IDLE ESORT SORT=DISPLAY MOVE AUTH=PLAIN] hello\r\n";
    assert_eq!(
        shown(line, &[Extension::Move, Extension::Esearch]),
        "* OK [CAPABILITY IMAP4rev1 SASL-IR IDLE SORT=DISPLAY AUTH=PLAIN] hello\r\n"
    );
    assert_eq!(
        shown(
            "* CAPABILITY IMAP4rev1 ID X-ODD UIDPLUS AUTH=PLAIN\r\n",
            &Extension::ALL
        ),
        "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
    );
}

#[test]
fn codes_and_attributes_of_hidden_extensions_do_not_come() {
    for (line, without) in [
        (
            "A1 OK [APPENDUID 7 9] Append completed.\r\n",
            "A1 OK Append completed.\r\n",
        ),
        ("* OK [HIGHESTMODSEQ 12] Highest\r\n", "* OK Highest\r\n"),
        (
            "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n",
            "* LIST (\\HasNoChildren) \"/\" Sent\r\n",
        ),
        (
            "* 1 FETCH (FLAGS (\\Sent))\r\n",
            "* 1 FETCH (FLAGS (\\Sent))\r\n",
        ),
    ] {
        assert_eq!(shown(line, &Extension::ALL), without);
        assert_eq!(shown(line, &[]), line);
    }
}

#[test]
fn commands_of_hidden_extensions_are_bad() {
    for (line, extension) in [
        ("A1 UID MOVE 1 Trash\r\n", Extension::Move),
        ("A1 UID EXPUNGE 3\r\n", Extension::UidPlus),
        (
            "A1 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 4)\r\n",
            Extension::Condstore,
        ),
        (
            "A1 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 4 VANISHED)\r\n",
            Extension::Qresync,
        ),
        ("A1 ENABLE QRESYNC\r\n", Extension::Qresync),
        ("A1 UID SEARCH RETURN (ALL) ALL\r\n", Extension::Esearch),
        (
            "A1 LIST \"\" \"*\" RETURN (STATUS (MESSAGES))\r\n",
            Extension::ListStatus,
        ),
        ("A1 APPEND x {3+}\r\n", Extension::LiteralPlus),
        ("A1 GETQUOTAROOT INBOX\r\n", Extension::Small),
        ("A1 STATUS x (SIZE)\r\n", Extension::Small),
    ] {
        assert_eq!(refusal(line.as_bytes(), &[]), None);
        let bad = refusal(line.as_bytes(), &[extension]).expect("a refusal");
        assert!(bad.starts_with("A1 BAD "), "{bad}");
    }
    for harmless in [
        "A1 SELECT \"MOVE (CONDSTORE)\"\r\n",
        "A1 EXPUNGE\r\n",
        "A1 STATUS \"SIZE\" (MESSAGES)\r\n",
        "DONE\r\n",
        "AGFkYQBwdw==\r\n",
    ] {
        let hidden = Extension::ALL;
        assert_eq!(refusal(harmless.as_bytes(), &hidden), None, "{harmless}");
    }
}

#[test]
fn literals_are_seen_at_the_end_of_a_line_only() {
    let literal = |length, is_unasked| Some(Literal { length, is_unasked });
    assert_eq!(
        literal_at_end(b"A1 APPEND x {310}\r\n"),
        literal(310, false)
    );
    assert_eq!(literal_at_end(b"A1 APPEND x {0+}\r\n"), literal(0, true));
    assert_eq!(literal_at_end(b"* 1 FETCH ({3} x\r\n"), None);
}
