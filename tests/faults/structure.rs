//! Messages whose structure the mail server tells wrongly, in part or not at all: their text is shown all the
//! same, and the row beside them is not harmed.

use whimbrel_shared::{Message, MessageKey, path};
use whimbrel_tests::{
    letters::plain::letter,
    scripted_imap::{Script, send},
};

use crate::{
    kit::{Desk, second_program},
    street::Street,
};

const LETTER: &str = "From: Ada <ada@whimbrel.example>\r\nSubject: Waders\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: quoted-printable\r\n\r\nFour curlews =E2=80=93 and a whimbrel.\r\n\
    --b\r\nContent-Type: application/pdf; name=map.pdf\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n";

/// A mail server with one letter in its inbox, UID 7, of which it says `structure`, and gives `part` as every part.
pub(crate) fn one_letter(structure: &str, part: &str) -> Script {
    let head = LETTER.split_inclusive("\r\n\r\n").next().expect("a header");
    let row = format!(
        "* 1 FETCH (UID 7 FLAGS () INTERNALDATE \" 1-Nov-2026 10:00:00 +0000\" RFC822.SIZE {}{structure}",
        LETTER.len()
    );
    let header = |name: &str| {
        format!(
            "{row} BODY[{name}] {{{}}}\r\n{head})\r\n{{tag}} OK\r\n",
            head.len()
        )
    };
    let list = "* LIST () \"/\" INBOX\r\n{tag} OK\r\n";
    let whole = format!(
        "* 1 FETCH (UID 7 BODY[] {{{}}}\r\n{LETTER})\r\n{{tag}} OK\r\n",
        LETTER.len()
    );
    Script::default()
        .on("LIST", list)
        .on("LSUB", &list.replace("LIST", "LSUB"))
        .on(
            "STATUS",
            "* STATUS INBOX (MESSAGES 1 UNSEEN 1 UIDNEXT 8 UIDVALIDITY 3)\r\n{tag} OK\r\n",
        )
        .on(
            "SELECT",
            "* 1 EXISTS\r\n* OK [UIDVALIDITY 3]\r\n* OK [UIDNEXT 8]\r\n{tag} OK [READ-WRITE]\r\n",
        )
        .on("UID SEARCH", "* SEARCH 7\r\n{tag} OK\r\n")
        .on("UID FETCH 7 (UID BODY.PEEK[]", &whole)
        .on("UID FETCH 7 (UID BODY.PEEK[", part)
        .on(
            "UID FETCH 7 (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER]",
            &header("HEADER"),
        )
        .on("FETCH", &header("HEADER.FIELDS (DATE FROM TO SUBJECT)"))
        .on("UID FETCH", &header("HEADER.FIELDS (DATE FROM TO SUBJECT)"))
}

#[tokio::test]
async fn a_letter_whose_structure_is_missing_or_wrong_is_read_whole() {
    let text = "(\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 30 1 NIL NIL NIL NIL)";
    let deep = format!(
        " BODYSTRUCTURE {}{text}{}",
        "(".repeat(4_000),
        " \"mixed\")".repeat(4_000)
    );
    let (empty, no, bad) = (
        "* 1 FETCH (UID 7 BODY[1] NIL BODY[2] \"\")\r\n{tag} OK\r\n",
        "{tag} NO no such part\r\n",
        "{tag} BAD what?\r\n",
    );
    let claims = format!(" BODYSTRUCTURE {text}");
    let cases = [
        ("none at all", "", no),
        ("NIL", " BODYSTRUCTURE NIL", no),
        ("a word", " BODYSTRUCTURE \"text\"", bad),
        ("an empty list", " BODYSTRUCTURE ()", no),
        ("a part that is empty", &claims, empty),
        ("a part that is refused", &claims, no),
        ("a part that is not understood", &claims, bad),
        ("nested 4,000 deep", &deep, no),
    ];
    for (what, structure, part) in cases {
        let (street, _peer) = Street::beside_script(one_letter(structure, part)).await;
        let (inbox, snapshot) = street.inbox().await;
        assert_eq!(snapshot.envelopes[0].subject, "Waders", "{what}");
        let key = MessageKey {
            uidvalidity: snapshot.uidvalidity,
            uid: 7,
        };
        let message: Message = street
            .client
            .get(&path::message(&inbox, key))
            .await
            .good()
            .json();
        assert_eq!(
            message.text.trim(),
            "Four curlews – and a whimbrel.",
            "{what}"
        );
        assert_eq!(message.attachments.len(), 1, "{what}");
        assert_eq!(message.attachments[0].name, "map.pdf", "{what}");
        let frame = street.client.get(&path::body(&inbox, key)).await.good();
        assert!(frame.text().contains("Four curlews"), "{what}");
        street.neighbour_is_undisturbed().await;
    }
}

fn nested(depth: usize, is_message: bool) -> Vec<u8> {
    let mut raw = b"Subject: Nested\r\nFrom: a@b.example\r\n".to_vec();
    for level in 0..depth {
        raw.extend(if is_message {
            b"Content-Type: message/rfc822\r\n\r\n".to_vec()
        } else {
            format!("Content-Type: multipart/mixed; boundary=\"b{level}\"\r\n\r\n--b{level}\r\n")
                .into_bytes()
        });
    }
    raw.extend(b"Content-Type: text/plain\r\n\r\nAt the bottom\r\n");
    raw
}

#[tokio::test]
async fn letters_nested_thousands_deep_and_empty_multiparts_are_shown_as_far_as_they_go() {
    let (street, _proxy) = Street::beside_proxy().await;
    let mut other = second_program(&street.address).await;
    let boundary = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    let letters = [
        nested(2_000, false),
        nested(4_000, false),
        nested(4_000, true),
        format!("Subject: Empty\r\n{boundary}").into_bytes(),
        format!("Subject: Empty\r\n{boundary}--b--\r\n").into_bytes(),
        format!("Subject: Empty\r\n{boundary}--b\r\n--b\r\n--b--\r\n").into_bytes(),
        b"Subject: Empty\r\nContent-Type: multipart/mixed\r\n\r\nno boundary\r\n".to_vec(),
        letter("An honest one", "whole"),
    ];
    for letter in &letters {
        drop(other.append("INBOX", "", letter).await.good());
    }
    let (inbox, snapshot) = street.inbox().await;
    assert_eq!(snapshot.envelopes.len(), letters.len());
    for uid in snapshot.uids.iter() {
        let key = MessageKey {
            uidvalidity: snapshot.uidvalidity,
            uid,
        };
        let message: Message = street
            .client
            .get(&path::message(&inbox, key))
            .await
            .good()
            .json();
        drop(street.client.get(&path::body(&inbox, key)).await.good());
        let says_something = !message.text.trim().is_empty() || !message.attachments.is_empty();
        let is_empty = message.subject == "Empty";
        assert!(
            says_something || is_empty || !message.defects.is_empty(),
            "{message:?}"
        );
    }
    street.neighbour_is_undisturbed().await;
}

#[tokio::test]
async fn rows_without_fields_are_shown_and_open() {
    let many: String = (0..3_000)
        .map(|n| format!(" Person {n} <p{n}@whimbrel.example>,\r\n"))
        .collect();
    let letters = [
        b"\r\nno header at all\r\n".to_vec(),
        b"Subject:\r\nFrom:\r\nTo:\r\nDate:\r\n\r\nempty fields\r\n".to_vec(),
        b"From: undisclosed-recipients:;\r\nTo: The waders: a@b.example, <c@d.example>;, e@f.example\r\n\r\ngroups\r\n".to_vec(),
        b"From: <>\r\nTo: \"\"\r\nSubject: =?utf-8?q?=\r\n\r\nbroken\r\n".to_vec(),
        format!("From: a@b.example\r\nTo:\r\n{many} z@b.example\r\nSubject: {}\r\n\r\nhuge\r\n", "long ".repeat(40_000)).into_bytes(),
        b"X: y".to_vec(),
    ];
    let letters: Vec<(&str, &[u8])> = letters
        .iter()
        .map(|letter| ("", letter.as_slice()))
        .collect();
    let desk = Desk::with_letters(&letters).await;
    let (inbox, snapshot) = desk.inbox().await;
    assert_eq!(snapshot.envelopes.len(), letters.len());
    let mut texts = Vec::new();
    for row in &snapshot.envelopes {
        let key = MessageKey {
            uidvalidity: snapshot.uidvalidity,
            uid: row.uid,
        };
        assert!(row.received_at > 0 && row.to.len() <= 10);
        let message: Message = desk
            .client
            .get(&path::message(&inbox, key))
            .await
            .good()
            .json();
        texts.push(message.text.trim().to_owned());
    }
    texts.reverse();
    assert_eq!(
        texts,
        [
            "no header at all",
            "empty fields",
            "groups",
            "broken",
            "huge",
            ""
        ]
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_read_spoils_itself_alone() {
    let row = "* 1 FETCH (UID 7 FLAGS NIL INTERNALDATE \"never\" RFC822.SIZE -1 ENVELOPE NIL BODYSTRUCTURE \
        (NIL NIL) BODY[HEADER.FIELDS (DATE)] NIL)\r\n* 2 FETCH (UID 8 FLAGS (\\Seen) RFC822.SIZE 9 \
        BODY[HEADER.FIELDS (SUBJECT)] \"Subject: fine\")\r\n{tag} OK\r\n";
    let script = Script::default()
        .on("LIST", "* LIST () NIL INBOX\r\n{tag} OK\r\n")
        .on(
            "SELECT",
            "* 2 EXISTS\r\n* OK [UIDVALIDITY 3]\r\n* OK [UIDNEXT 1]\r\n{tag} OK\r\n",
        )
        .on("UID SEARCH", "* SEARCH 7 8\r\n{tag} OK\r\n")
        .react("FETCH", [send(row)])
        .react("UID FETCH", [send(row)]);
    let (street, _peer) = Street::beside_script(script).await;
    let (_, snapshot) = street.inbox().await;
    assert_eq!(snapshot.uids.len(), 2);
    assert_eq!(snapshot.envelopes.len(), 2, "{:?}", snapshot.envelopes);
    assert_eq!(snapshot.envelopes[0].subject, "fine");
    street.neighbour_is_undisturbed().await;
}
