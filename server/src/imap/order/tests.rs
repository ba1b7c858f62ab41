//! Orders, by a server that sorts and by looking at messages.

use whimbrel_shared::{OrderBy, UidList};

use super::{Key, keys, sorted};
use crate::imap::{
    name::MailboxName,
    scripted::{OPEN, SELECT, set, signed_in},
};

#[tokio::test]
async fn a_server_that_sorts_is_asked_and_its_order_kept() {
    let (mut conn, _server) = signed_in(
        "IMAP4rev1 AUTH=PLAIN SASL-IR CONDSTORE SORT SORT=DISPLAY",
        &[
            SELECT,
            ("UID SORT (SUBJECT) UTF-8 ALL", "* SORT 9 7 8\r\nTAG OK\r\n"),
            ("NOOP", "TAG OK\r\n"),
            (
                "UID SORT (DISPLAYFROM) UTF-8 ALL",
                "* SORT 9 7\r\nTAG OK\r\n",
            ),
            ("NOOP", "TAG OK\r\n"),
            ("UID SORT (SIZE) UTF-8 ALL", "TAG NO [BADCHARSET] no\r\n"),
        ],
    )
    .await;
    let inbox = MailboxName::inbox();
    let order = sorted(&mut conn, &inbox, OrderBy::Subject).await.unwrap();
    assert_eq!(order.unwrap().uids, UidList(vec![9, 7, 8]));
    // What lacks a message, or is refused, is no order: messages are looked at instead.
    for by in [OrderBy::From, OrderBy::Size] {
        assert_eq!(sorted(&mut conn, &inbox, by).await.unwrap(), None, "{by}");
    }
}

#[tokio::test]
async fn a_server_that_sorts_people_by_their_addresses_is_not_asked_for_that() {
    let (mut conn, _server) = signed_in("IMAP4rev1 AUTH=PLAIN SASL-IR CONDSTORE SORT", &[]).await;
    let inbox = MailboxName::inbox();
    for by in [OrderBy::From, OrderBy::To] {
        assert_eq!(sorted(&mut conn, &inbox, by).await.unwrap(), None, "{by}");
    }
}

#[tokio::test]
async fn where_the_server_cannot_sort_messages_are_looked_at() {
    let (mut conn, _server) = signed_in(
        "IMAP4rev1 AUTH=PLAIN SASL-IR",
        &[
            ("SELECT INBOX", OPEN),
            (
                "UID FETCH 7:9 (UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (DATE)]<0.1024>)",
                "* 1 FETCH (UID 7 INTERNALDATE \"01-Jan-2026 00:00:10 +0000\" \
                 BODY[HEADER.FIELDS (DATE)]<0> \"\")\r\n\
                 * 3 FETCH (UID 9 INTERNALDATE \"01-Jan-2026 00:00:30 +0000\" \
                 BODY[HEADER.FIELDS (DATE)]<0> {43}\r\n\
                 Date: Thu, 01 Jan 2026 00:00:05 +0000\r\n\r\n\r\n)\r\nTAG OK\r\n",
            ),
        ],
    )
    .await;
    let inbox = MailboxName::inbox();
    let uids = set("7:9");
    let order = sorted(&mut conn, &inbox, OrderBy::SentAt).await.unwrap();
    assert_eq!(order, None);
    let keys = keys(&mut conn, &inbox, 7, &uids, OrderBy::SentAt).await;
    let keys: Vec<_> = keys.unwrap().into_iter().collect();
    let at = |seconds: i64| Key::Number(1_767_225_600 + seconds);
    assert_eq!(keys, [(7, at(10)), (9, at(5))]);
}
