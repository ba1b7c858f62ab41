//! What is told of changes, and what that costs.

use whimbrel_shared::{Changes, State, UidSet};

use super::since;
use crate::imap::{
    envelopes::snapshot,
    name::MailboxName,
    scripted::{NOOP, OPEN, SEARCH, SELECT, USUAL, set, signed_in},
    select::select,
};

#[tokio::test]
async fn changes_need_no_select_while_marks_change_and_mail_comes() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            SEARCH,
            (
                "NOOP",
                "* 4 EXISTS\r\n* 1 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (51))\r\nTAG OK\r\n",
            ),
            (
                "UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 50)",
                "* 1 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (51))\r\n\
                 * 4 FETCH (UID 12 FLAGS () MODSEQ (52))\r\nTAG OK\r\n",
            ),
        ],
    )
    .await;
    let first = snapshot(&mut conn, &MailboxName::inbox(), 0, None)
        .await
        .unwrap();
    let none = UidSet::new();
    let changes = since(&mut conn, &MailboxName::inbox(), &first.state, &none)
        .await
        .unwrap();
    let Changes::Since {
        state,
        uids,
        keywords,
    } = changes
    else {
        panic!("start over")
    };
    assert_eq!(state, State("7.13.4.52".to_owned()));
    assert_eq!(uids, set("7:9,12"));
    assert_eq!(keywords.len(), 2);
}

// What Dovecot says to a NOOP and a FETCH sent together.
#[tokio::test]
async fn mail_that_the_answer_lacks_is_asked_for_without_select() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            SEARCH,
            ("NOOP", "TAG OK\r\n"),
            (
                "UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 50)",
                "* 1 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (51))\r\n* 5 EXISTS\r\nTAG OK\r\n",
            ),
            (
                "UID FETCH 10:* (UID FLAGS MODSEQ)",
                "* 4 FETCH (UID 12 FLAGS () MODSEQ (52))\r\n\
                 * 5 FETCH (UID 14 FLAGS (\\Flagged) MODSEQ (53))\r\nTAG OK\r\n",
            ),
        ],
    )
    .await;
    let first = snapshot(&mut conn, &MailboxName::inbox(), 0, None)
        .await
        .unwrap();
    let none = UidSet::new();
    let changes = since(&mut conn, &MailboxName::inbox(), &first.state, &none)
        .await
        .unwrap();
    let Changes::Since {
        state,
        uids,
        keywords,
    } = changes
    else {
        panic!("start over")
    };
    assert_eq!(state, State("7.15.5.53".to_owned()));
    assert_eq!(uids, set("7:9,12,14"));
    assert_eq!(keywords.len(), 3);
}

#[tokio::test]
async fn a_mark_that_is_told_without_a_uid_is_asked_for_afresh() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            SEARCH,
            NOOP,
            // Dovecot without QRESYNC: the news comes after an answer that did not know it yet.
            (
                "CHANGEDSINCE 50",
                "* 1 FETCH (MODSEQ (51) FLAGS (\\Flagged))\r\nTAG OK\r\n",
            ),
            NOOP,
            (
                "SELECT",
                "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 10] ok\r\n\
                 * OK [HIGHESTMODSEQ 51] ok\r\nTAG OK open\r\n",
            ),
            (
                "UID SEARCH RETURN (ALL) UID 10:*",
                "* ESEARCH UID ALL 9\r\nTAG OK\r\n",
            ),
            (
                "CHANGEDSINCE 50",
                "* 1 FETCH (UID 7 FLAGS (\\Flagged) MODSEQ (51))\r\nTAG OK\r\n",
            ),
        ],
    )
    .await;
    let inbox = MailboxName::inbox();
    let first = snapshot(&mut conn, &inbox, 0, None).await.unwrap();
    let changes = since(&mut conn, &inbox, &first.state, &UidSet::new()).await;
    let Changes::Since {
        state, keywords, ..
    } = changes.unwrap()
    else {
        panic!("start over")
    };
    assert_eq!(state, State("7.10.3.51".to_owned()));
    let told: Vec<_> = keywords.iter().map(|change| change.uid).collect();
    assert_eq!(told, [7]);
}

#[tokio::test]
async fn what_is_gone_is_known_by_its_place() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            SEARCH,
            ("NOOP", "* 2 EXPUNGE\r\nTAG OK\r\n"),
            ("UID FETCH 1:*", "TAG OK\r\n"),
            NOOP,
            (
                "SELECT",
                "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 10] ok\r\n\
                 * OK [HIGHESTMODSEQ 53] ok\r\nTAG OK open\r\n",
            ),
            (
                "UID SEARCH RETURN (ALL) UID 10:*",
                "* ESEARCH UID ALL 9\r\nTAG OK\r\n",
            ),
            ("CHANGEDSINCE", "TAG OK\r\n"),
        ],
    )
    .await;
    let first = snapshot(&mut conn, &MailboxName::inbox(), 0, None)
        .await
        .unwrap();
    let none = UidSet::new();
    let changes = since(&mut conn, &MailboxName::inbox(), &first.state, &none)
        .await
        .unwrap();
    let Changes::Since { uids, .. } = changes else {
        panic!("start over")
    };
    assert_eq!(uids, set("7,9"));
}

#[tokio::test]
async fn what_went_while_the_mailbox_was_closed_needs_no_search_of_all_of_it() {
    let (mut conn, _server) = signed_in(
        "IMAP4rev1 AUTH=PLAIN SASL-IR ESEARCH CONDSTORE QRESYNC",
        &[
            ("ENABLE QRESYNC", "* ENABLED QRESYNC\r\nTAG OK\r\n"),
            SELECT,
            SEARCH,
            ("SELECT Trash", OPEN),
            (
                "SELECT INBOX (CONDSTORE)",
                "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 11] ok\r\n\
                 * OK [HIGHESTMODSEQ 53] ok\r\nTAG OK open\r\n",
            ),
            (
                "UID SEARCH RETURN (ALL) UID 10:*",
                "* ESEARCH UID ALL 10\r\nTAG OK\r\n",
            ),
            (
                "UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 50 VANISHED)",
                "* VANISHED (EARLIER) 1:6,8\r\n\
                 * 3 FETCH (UID 10 FLAGS () MODSEQ (53))\r\nTAG OK\r\n",
            ),
        ],
    )
    .await;
    let first = snapshot(&mut conn, &MailboxName::inbox(), 0, None)
        .await
        .unwrap();
    let trash = MailboxName::from_wire(b"Trash");
    select(&mut conn, &trash).await.unwrap();
    let changes = since(
        &mut conn,
        &MailboxName::inbox(),
        &first.state,
        &UidSet::new(),
    )
    .await
    .unwrap();
    let Changes::Since { uids, .. } = changes else {
        panic!("start over")
    };
    assert_eq!(uids, set("7,9:10"));
}
