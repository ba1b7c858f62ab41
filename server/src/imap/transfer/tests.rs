//! Only the messages named are touched.

use super::{destroy, move_to};
use crate::imap::{
    name::MailboxName,
    scripted::{NOOP, OPEN, SELECT, USUAL, set, signed_in},
};

#[tokio::test]
async fn without_uidplus_nobody_elses_deletions_are_carried_out() {
    let (mut conn, _server) = signed_in(
        "IMAP4rev1 AUTH=PLAIN SASL-IR",
        &[
            ("SELECT INBOX", OPEN),
            NOOP,
            ("UID STORE 9 +FLAGS.SILENT (\\Deleted)", "TAG OK\r\n"),
            ("UID SEARCH DELETED", "* SEARCH 8 9\r\nTAG OK\r\n"),
            NOOP,
            ("UID STORE 8 -FLAGS.SILENT (\\Deleted)", "TAG OK\r\n"),
            ("EXPUNGE", "* 3 EXPUNGE\r\nTAG OK\r\n"),
            NOOP,
            ("UID STORE 8 +FLAGS.SILENT (\\Deleted)", "TAG OK\r\n"),
        ],
    )
    .await;
    destroy(&mut conn, &MailboxName::inbox(), 7, &set("9"))
        .await
        .unwrap();
    assert_eq!(conn.selected().unwrap().exists, 2);
}

#[tokio::test]
async fn moved_messages_are_found_where_they_went() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            NOOP,
            (
                "UID SEARCH RETURN (ALL) UID 7:9",
                "* ESEARCH UID ALL 7,9\r\nTAG OK\r\n",
            ),
            (
                "UID MOVE 7:9 \"My Trash\"",
                "* OK [COPYUID 5 7,9 20:21] moved\r\n* 1 EXPUNGE\r\n* 2 EXPUNGE\r\nTAG OK\r\n",
            ),
        ],
    )
    .await;
    let trash = MailboxName::from_wire(b"My Trash");
    let moved = move_to(&mut conn, &MailboxName::inbox(), 7, &set("7:9"), &trash)
        .await
        .unwrap();
    let pairs: Vec<_> = moved.iter().map(|m| (m.from, m.to.unwrap().uid)).collect();
    assert_eq!(pairs, [(7, 20), (9, 21)]);
}
