//! What broken and odd servers do to a connection.

use std::time::Duration;

use whimbrel_shared::{Keyword, MessageKey, PartId, State};

use crate::imap::{
    Error, append, envelopes,
    idle::{Woken, idle},
    keywords,
    mailbox_ids::MailboxIds,
    mailboxes,
    name::MailboxName,
    parts::{self, FirstPart},
    scripted::{NOOP, OPEN, SEARCH, SELECT, Step, USUAL, set, signed_in},
    search, select, transfer,
};
use crate::message::outgoing::Outgoing;

mod floods;

fn inbox() -> MailboxName {
    MailboxName::inbox()
}

const KEY: MessageKey = MessageKey {
    uidvalidity: 7,
    uid: 9,
};

#[tokio::test]
async fn the_end_of_the_stream_is_never_an_empty_mailbox() {
    for broken in [
        "",
        "* 3 EXISTS\r\n",
        "* 1 FETCH (UID 9 BODY[HEADER] {500}\r\nhalf",
        "* BYE going down\r\n",
        "garbage\r\n",
        "A9999 OK not yours\r\n",
    ] {
        let steps: &'static [Step] = Box::leak(Box::new([("SELECT", broken)]));
        let (mut conn, _server) = signed_in(USUAL, steps).await;
        let error = envelopes::snapshot(&mut conn, &inbox(), 50, None).await;
        assert!(
            matches!(error, Err(Error::Lost(_))),
            "{broken:?}: {error:?}"
        );
        assert!(!conn.is_usable());
        assert!(conn.noop().await.is_err());
    }
}

#[tokio::test]
async fn refusals_carry_the_servers_code_and_words() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            ("SELECT gone", "TAG NO [NONEXISTENT] no such thing\r\n"),
            (
                "SELECT gone",
                "TAG NO Unable to open: it does not exist\r\n",
            ),
            ("SELECT closed", "TAG NO [NOPERM] not for you\r\n"),
            ("APPEND full", ""),
            ("text", "TAG NO [OVERQUOTA] too much\r\n"),
            ("NOOP", "TAG BAD what?\r\n"),
        ],
    )
    .await;
    for _ in 0..2 {
        let gone = select::select(&mut conn, &MailboxName::from_wire(b"gone")).await;
        assert!(matches!(gone, Err(Error::MailboxGone)));
    }
    let closed = select::select(&mut conn, &MailboxName::from_wire(b"closed")).await;
    assert!(matches!(closed, Err(Error::No { code: Some(code), .. }) if code == "NOPERM"));
    let text = Outgoing::whole(b"text");
    let full = append::append(&mut conn, &MailboxName::from_wire(b"full"), &[], text).await;
    assert!(matches!(full, Err(Error::No { code: Some(code), .. }) if code == "OVERQUOTA"));
    assert!(matches!(conn.noop().await, Err(Error::Bad(words)) if words == "what?"));
    assert!(conn.is_usable());
}

#[tokio::test]
async fn a_dropped_command_poisons_the_connection() {
    let (mut conn, _server) = signed_in(USUAL, &[("NOOP", "* 1 EXISTS\r\n"), ("never", "")]).await;
    let cut = tokio::time::timeout(Duration::from_millis(20), conn.noop()).await;
    assert!(cut.is_err());
    assert!(!conn.is_usable());
    assert!(matches!(conn.noop().await, Err(Error::Lost(_))));
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_given_up() {
    let (mut conn, _server) = signed_in(USUAL, &[("NOOP", ""), ("never", "")]).await;
    assert!(matches!(conn.noop().await, Err(Error::Lost(_))));
    assert!(!conn.is_usable());
}

#[tokio::test]
async fn odd_responses_are_passed_over_and_alerts_kept_once() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[(
            "NOOP",
            "* XWHATEVER (a \"b\" {3}\r\n)\"( c)\r\n* OK [ALERT]Wartung für alle\r\n\
             * OK [ALERT]Wartung für alle\r\n* XOTHER (1)(2)\r\n* 5 FETCH (INTERNALDATE NIL)\r\n\
             \r\nTAG OK [ALERT]done\r\n",
        )],
    )
    .await;
    conn.noop().await.unwrap();
    let alerts = crate::imap::alerts::Alerts::default();
    conn.belong_to(alerts.clone(), MailboxIds::default());
    assert_eq!(alerts.take(), ["Wartung für alle", "done"]);
    conn.belong_to(alerts.clone(), MailboxIds::default());
    assert!(alerts.take().is_empty());
    assert_eq!(conn.skipped, 2);
    assert!(conn.is_usable());
}

#[tokio::test]
async fn a_folder_with_poison_rows_still_opens() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            SEARCH,
            (
                "UID FETCH 7:9",
                "* 3 FETCH (UID 9 FLAGS NIL INTERNALDATE NIL RFC822.SIZE x BODYSTRUCTURE ((((\r\n\
                 * 1 FETCH (FLAGS (\\Seen) UID 7 RFC822.SIZE 12 BODYSTRUCTURE NIL)\r\n\
                 * 2 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 8 X-NEW (1 (2)) RFC822.SIZE 5 \
                 BODY[HEADER.FIELDS (\"SUBJECT\")]<0> {15}\r\nSubject: eight\n)\r\nTAG OK\r\n",
            ),
        ],
    )
    .await;
    let snapshot = envelopes::snapshot(&mut conn, &inbox(), 50, None)
        .await
        .unwrap();
    assert_eq!(snapshot.uids, set("7:9"));
    let rows: Vec<_> = snapshot.envelopes.iter().map(|row| row.uid).collect();
    assert_eq!(rows, [9, 8, 7]);
    assert_eq!(snapshot.envelopes[0].received_at, 0);
    assert_eq!(snapshot.envelopes[1].subject, "eight");
    assert_ne!(
        snapshot.state,
        State("7.10.3.50".to_owned()),
        "news came without MODSEQ"
    );
}

#[tokio::test]
async fn a_list_of_messages_that_is_not_whole_is_an_error() {
    for answer in [
        "TAG OK\r\n",
        "* ESEARCH (TAG \"x\") UID\r\nTAG OK\r\n",
        "* ESEARCH UID ALL 1:4294967295\r\nTAG OK\r\n",
    ] {
        let steps: &'static [Step] = Box::leak(Box::new([SELECT, ("UID SEARCH", answer)]));
        let (mut conn, _server) = signed_in(USUAL, steps).await;
        let snapshot = envelopes::snapshot(&mut conn, &inbox(), 50, None).await;
        assert!(matches!(snapshot, Err(Error::Lost(_))), "{answer}");
    }
}

#[tokio::test]
async fn what_was_remembered_before_a_mailbox_was_closed_does_not_hide_what_happened_since() {
    const OTHER: &str =
        "* 0 EXISTS\r\n* OK [UIDVALIDITY 8] ok\r\n* OK [UIDNEXT 1] ok\r\nTAG OK\r\n";
    // 8 went while it was closed, 9 goes and 10 comes while it is looked at: as many as remembered.
    const AGAIN: &str =
        "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 10] ok\r\nTAG OK\r\n";
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            SEARCH,
            ("SELECT Other", OTHER),
            ("SELECT INBOX", AGAIN),
            (
                "UID SEARCH RETURN (ALL) UID 10:*",
                "* ESEARCH UID\r\n* 2 EXPUNGE\r\n* 2 EXISTS\r\nTAG OK\r\n",
            ),
            (
                "UID SEARCH RETURN (ALL) ALL",
                "* ESEARCH UID ALL 7,10\r\nTAG OK\r\n",
            ),
        ],
    )
    .await;
    let first = envelopes::snapshot(&mut conn, &inbox(), 0, None).await;
    assert_eq!(first.unwrap().uids, set("7:9"));
    let other = MailboxName::from_wire(b"Other");
    select::select(&mut conn, &other).await.unwrap();
    let again = envelopes::snapshot(&mut conn, &inbox(), 0, None).await;
    assert_eq!(again.unwrap().uids, set("7,10"));
}

#[tokio::test]
async fn another_uidvalidity_means_another_message() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            ("UID FETCH 9", "TAG OK\r\n"),
            NOOP,
            ("UID FETCH 9", "TAG OK\r\n"),
        ],
    )
    .await;
    let old = MessageKey {
        uidvalidity: 6,
        uid: 9,
    };
    let message = parts::message(&mut conn, &inbox(), old).await;
    assert!(matches!(message, Err(Error::UidValidityChanged)));
    let gone = parts::message(&mut conn, &inbox(), KEY).await;
    assert!(matches!(gone, Err(Error::MessageGone)));
    let moved = transfer::move_to(&mut conn, &inbox(), 6, &set("9"), &inbox()).await;
    assert!(matches!(moved, Err(Error::UidValidityChanged)));
}

#[tokio::test]
async fn a_literal_of_the_wrong_length_ends_the_connection() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            (
                "UID FETCH 9",
                "* 1 FETCH (UID 9 BODY[1]<0> {3}\r\nabcdef)\r\nTAG OK\r\n",
            ),
        ],
    )
    .await;
    let part = PartId::new("1").unwrap();
    let read = {
        let wanted = [(parts::Section::Part(part), 100)];
        parts::sections(&mut conn, &inbox(), KEY, &wanted, &FirstPart::NONE).await
    };
    assert!(matches!(read, Err(Error::Lost(_))));
    assert!(!conn.is_usable());
}

#[tokio::test]
async fn an_untagged_line_before_the_permission_does_not_confuse_append() {
    let (mut conn, _server) = signed_in(
        "IMAP4rev1 AUTH=PLAIN SASL-IR",
        &[
            ("APPEND Sent (\\Seen) {7}", "* 3 EXISTS\r\n+ go\r\n"),
            ("Hello", "* 4 EXISTS\r\n"),
            ("", "TAG OK [APPENDUID 3 44] done\r\n"),
        ],
    )
    .await;
    let sent = MailboxName::from_wire(b"Sent");
    let seen = [Keyword::new(Keyword::SEEN)];
    let key = append::append(&mut conn, &sent, &seen, Outgoing::whole(b"Hello\r\n"))
        .await
        .unwrap();
    assert_eq!(key.map(|key| (key.uidvalidity, key.uid)), Some((3, 44)));
}

#[tokio::test]
async fn idle_wakes_for_news_and_not_for_keepalives() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[
            SELECT,
            (
                "IDLE",
                "+ idling\r\n* OK Still here\r\n* 0 RECENT\r\n* 4 EXISTS\r\n",
            ),
            ("DONE", "TAG OK\r\n"),
            ("IDLE", "TAG NO not now\r\n"),
            ("IDLE", "+ idling\r\n"),
            ("DONE", "TAG OK\r\n"),
        ],
    )
    .await;
    select::select(&mut conn, &inbox()).await.unwrap();
    let long = Duration::from_secs(60);
    let woken = idle(&mut conn, long, std::future::pending()).await.unwrap();
    assert_eq!(woken, Woken::Changed);
    assert_eq!(conn.selected().unwrap().exists, 4);
    let refused = idle(&mut conn, long, std::future::pending()).await.unwrap();
    assert_eq!(refused, Woken::Unsupported);
    let stopped = idle(&mut conn, long, std::future::ready(())).await.unwrap();
    assert_eq!(stopped, Woken::Stopped);
    assert!(conn.is_usable());
}

#[tokio::test]
async fn what_people_type_never_becomes_a_command() {
    let (mut conn, _server) = signed_in(
        "IMAP4rev1 AUTH=PLAIN SASL-IR LITERAL+",
        &[
            SELECT_PLAIN,
            (
                "UID SEARCH TEXT \"a\\\"b\" TEXT \"*\" TEXT LOGOUT",
                "* SEARCH\r\nTAG OK\r\n",
            ),
            NOOP,
            ("UID SEARCH CHARSET UTF-8 TEXT {5+}", ""),
            ("grün", "* SEARCH 9 7\r\nTAG OK\r\n"),
        ],
    )
    .await;
    let found = search::text(&mut conn, &inbox(), "a\"b\r\n* LOGOUT")
        .await
        .unwrap();
    assert!(found.uids.is_empty());
    let found = search::text(&mut conn, &inbox(), "grün").await.unwrap();
    assert_eq!(found.uids, set("7,9"));
    let nul = MailboxName::from_wire(b"a\0b");
    assert!(matches!(
        select::select(&mut conn, &nul).await,
        Err(Error::InvalidName(_))
    ));
}

const SELECT_PLAIN: Step = ("SELECT INBOX", OPEN);

#[tokio::test]
async fn a_mark_the_folder_cannot_keep_is_refused_unless_it_is_only_a_help() {
    let (mut conn, _server) = signed_in(
        USUAL,
        &[(
            "SELECT",
            "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 2] ok\r\n\
             * OK [PERMANENTFLAGS (\\Seen)] ok\r\nTAG OK\r\n",
        )],
    )
    .await;
    let mut store = async |keyword: &str| {
        let add = [Keyword::new(keyword)];
        keywords::store(&mut conn, &inbox(), 7, &set("1"), &add, &[]).await
    };
    assert!(matches!(store("work").await, Err(Error::Unsupported(_))));
    assert!(store("$forwarded").await.is_ok());
    assert!(matches!(store("a b").await, Err(Error::Unsupported(_))));
}

#[tokio::test]
async fn folders_are_listed_without_any_extension() {
    let (mut conn, _server) = signed_in(
        "IMAP4rev1 AUTH=PLAIN SASL-IR",
        &[
            (
                "LIST \"\" \"*\"",
                "* LIST (\\HasChildren) \".\" inbox\r\n* LIST () \".\" INBOX.Papierkorb\r\n\
                 * LIST (\\Noselect) \".\" {6}\r\nShared\r\n* LIST () \".\" \"a\\\"b.c\"\r\nTAG OK\r\n",
            ),
            ("LSUB \"\" \"*\"", "* LSUB () \".\" INBOX\r\n* LSUB () \".\" gone\r\nTAG OK\r\n"),
            ("STATUS INBOX", "* STATUS INBOX (MESSAGES 3 UNSEEN 1 UIDNEXT 4 UIDVALIDITY 9)\r\nTAG OK\r\n"),
            ("STATUS \"a\\\"b.c\"", "TAG NO [NOPERM] no\r\n"),
            ("STATUS INBOX.Papierkorb", "* STATUS INBOX.Papierkorb ()\r\nTAG OK\r\n"),
        ],
    )
    .await;
    let list = mailboxes::list(&mut conn).await.unwrap();
    let names: Vec<_> = list.mailboxes.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["Inbox", "Papierkorb", "a\"b", "c", "Shared"]);
    assert_eq!(list.mailboxes[0].unread_emails, 1);
    assert!(list.mailboxes[0].is_subscribed);
    assert_eq!(list.mailboxes[1].role, Some(whimbrel_shared::Role::Trash));
    assert!(list.mailboxes[2].state.is_none());
}
