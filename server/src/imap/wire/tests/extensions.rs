//! Answers of servers with many extensions: what is of use is read, the rest is passed over whole.

use super::{
    super::{
        found::Found,
        response::{Code, Condition, MailboxStatus, Word},
    },
    *,
};

fn read(text: &str) -> Response {
    response::read(&Bytes::copy_from_slice(text.as_bytes())).unwrap()
}

#[test]
fn items_of_no_use_leave_the_row_whole() {
    for item in [
        "BINARY[1] ~{5}\r\na\0(\")",
        "BINARY[1.2]<0> \"ab\"",
        "BINARY[2] NIL",
        "BINARY.SIZE[1] 4096",
        "SAVEDATE \"17-Jul-1996 02:44:25 -0700\"",
        "SAVEDATE NIL",
        "EMAILID (M6d99ac3275bb4e)",
        "THREADID (T64b478a75b7ea9)",
        "THREADID NIL",
        "X-GM-MSGID 1278455344230334865",
        "X-GM-THRID 1266894439832287888",
        "X-GM-LABELS (\\Inbox \\Sent Important \"Muy Importante\" {3}\r\na)b)",
        "ANNOTATION (/comment (value.priv \"x\" value.shared NIL))",
        "RFC822.HEADER {4}\r\n)(\r\n",
        "ENVELOPE (NIL \"a (\" ((NIL NIL \"b\" \"c\")) NIL NIL NIL NIL NIL NIL NIL)",
        "BODY (\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1)",
    ] {
        let row = row(&format!(
            "(UID 5 {item} MODSEQ (65) PREVIEW \"hi\" RFC822.SIZE 9)"
        ));
        assert_eq!((row.uid, row.modseq), (Some(5), Some(65)), "{item}");
        assert_eq!((row.preview.as_deref(), row.size), (Some("hi"), Some(9)));
        assert!(row.sections.is_empty(), "{item}");
    }
}

#[test]
fn rows_of_lists_may_say_more_than_is_of_use() {
    for more in [
        "",
        " (\"CHILDINFO\" (\"SUBSCRIBED\"))",
        " (OLDNAME (\"Old (\"))",
        " ((X-ODD {2}\r\n)) \"CHILDINFO\" NIL)",
    ] {
        let Response::List(listed) = read(&format!("* LIST (\\Subscribed) \"/\" \"a b\"{more}"))
        else {
            panic!("{more}")
        };
        let (name, delimiter) = (&*listed.name, listed.delimiter);
        assert_eq!((name, delimiter), (&b"a b"[..], Some(b'/')), "{more}");
    }
    let told = "DELETED 3 SIZE 44421 MAILBOXID (F2212ea87-6097) DELETED-STORAGE 9 APPENDLIMIT NIL \
                HIGHESTMODSEQ 7 MESSAGES 2";
    let expected = MailboxStatus {
        name: Bytes::from_static(b"a b"),
        messages: Some(2),
        highest_modseq: Some(7),
        size: Some(44421),
        ..MailboxStatus::default()
    };
    assert_eq!(
        read(&format!("* STATUS \"a b\" ({told})")),
        Response::Status(expected)
    );
}

#[test]
fn finds_are_read_whatever_else_is_said_of_them() {
    for (text, uids, count) in [
        ("SEARCH 2 84 882 (MODSEQ 917162500)", "2,84,882", None),
        ("SEARCH", "", None),
        (
            "ESEARCH (TAG \"A1\") UID MIN 4 MAX 42 COUNT 3 ALL 4,17,42 MODSEQ 9",
            "4,17,42",
            Some(3),
        ),
        (
            "ESEARCH UID PARTIAL (1:2 7,9) COUNT 9 ALL 7:9",
            "7:9",
            Some(9),
        ),
        ("ESEARCH (TAG \"A\") UID PARTIAL (-1:-100 NIL)", "", None),
        (
            "ESEARCH (TAG \"A\" MAILBOX \"x\" UIDVALIDITY 1) UID RELEVANCY (4 99) ALL 5",
            "5",
            None,
        ),
        ("ESEARCH", "", None),
    ] {
        let uids = uids.parse().unwrap();
        let found = Found { uids, count };
        assert_eq!(read(&format!("* {text}")), Response::Search(found));
    }
}

#[test]
fn answers_to_no_question_of_ours_are_known_and_left_alone() {
    for text in [
        "ACL INBOX fred rwipslxetad chris lrs",
        "MYRIGHTS \"a b\" lrswipkxte",
        "LISTRIGHTS INBOX smith la r swicdkxte",
        "METADATA \"\" (/shared/comment {3}\r\n(\"x)",
        "METADATA INBOX /shared/comment /private/comment",
        "QUOTAROOT INBOX \"\" \"x y\"",
        "FLAGS (\\Answered \\Seen)",
        "3 RECENT",
        "LANGUAGE (EN)",
    ] {
        assert_eq!(read(&format!("* {text}")), Response::Unneeded, "{text}");
    }
    for text in ["XLATER (a {2}\r\n))", "7 XLATER 5", "5", "", "\u{fc}"] {
        assert_eq!(read(&format!("* {text}")), Response::Other, "{text}");
    }
    let named = vec![("name".to_owned(), "Cyrus".to_owned())];
    let id = read("* ID (\"name\" \"Cyrus\" \"version\" NIL)");
    assert_eq!(id, Response::Id(named));
    assert_eq!(read("* ID NIL"), Response::Id(Vec::new()));
    let personal = read("* NAMESPACE ((\"INBOX.\" \".\" \"X\" (\"a\"))) NIL ((\"Public/\" \"/\"))");
    let expected = Response::Namespace(Bytes::from_static(b"INBOX."), Some(b'.'));
    assert_eq!(personal, expected);
}

#[test]
fn codes_are_told_from_words_for_people() {
    for (code, name, arguments, text) in [
        ("[APPENDUID 38505 3955]", "APPENDUID", "38505 3955", " done"),
        (
            "[COPYUID 38 304,319:320 3956:3958]",
            "COPYUID",
            "38 304,319:320 3956:3958",
            "",
        ),
        ("[MODIFIED 7,9]", "MODIFIED", "7,9", " not all"),
        ("[overquota]", "OVERQUOTA", "", "Full"),
        ("[INUSE]", "INUSE", "", " busy"),
        ("[HIGHESTMODSEQ 7151940]", "HIGHESTMODSEQ", "7151940", ""),
        (
            "[METADATA LONGENTRIES 2199]",
            "METADATA",
            "LONGENTRIES 2199",
            " x",
        ),
        ("[BADURL \"a]b\"]", "BADURL", "\"a]b\"", " x"),
    ] {
        let frame = Bytes::from(format!("A1 NO {code}{text}"));
        let code = Code {
            name: name.to_owned(),
            arguments: Bytes::from(arguments),
        };
        let condition = Condition {
            word: Word::No,
            code: Some(code),
            text: text.trim().to_owned(),
        };
        let expected = ("A1".to_owned(), condition);
        assert_eq!(response::read_tagged(&frame), Some(expected));
    }
    let plain = Condition {
        word: Word::Ok,
        code: None,
        text: "[unclosed".to_owned(),
    };
    assert_eq!(read("* OK [unclosed"), Response::Condition(plain));
}
