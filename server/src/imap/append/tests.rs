//! Letters that go into a mailbox, and those that do not.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use whimbrel_shared::MessageKey;

use super::append;
use crate::{
    imap::{
        Error, Result,
        connection::Connection,
        name::MailboxName,
        scripted::{NOOP, Step, USUAL, signed_in},
    },
    message::outgoing::Outgoing,
};

/// A server whose literals need permission.
const POOR: &str = "IMAP4rev1 AUTH=PLAIN SASL-IR";

/// A letter of 20 bytes in two pieces that says it has `size`.
fn letter(size: u64) -> Outgoing {
    let pieces = ["Subject: x\r\n", "\r\nhello\n"].map(|piece| Ok(Bytes::from(piece)));
    Outgoing {
        size,
        is_ascii: true,
        pieces: stream::iter(pieces).boxed(),
    }
}

async fn appended(
    capabilities: &str,
    steps: &'static [Step],
    letter: Outgoing,
) -> (Connection, Result<Option<MessageKey>>) {
    let (mut conn, server) = signed_in(capabilities, steps).await;
    let drafts = MailboxName::from_wire(b"Drafts");
    let result = append(&mut conn, &drafts, &[], letter).await;
    if result.is_ok() {
        conn.noop().await.unwrap();
        server.await.unwrap();
    }
    (conn, result)
}

#[tokio::test]
async fn a_letter_comes_in_pieces() {
    const RICH: &[Step] = &[
        ("APPEND Drafts () {20+}\r\n", ""),
        ("Subject: x\r\n", ""),
        ("\r\n", ""),
        ("hello\n", ""),
        ("\r\n", "TAG OK [APPENDUID 7 9] done\r\n"),
        NOOP,
    ];
    const PERMITTED: &[Step] = &[
        ("APPEND Drafts () {20}\r\n", "+ go on\r\n"),
        ("Subject: x\r\n", ""),
        ("\r\n", ""),
        ("hello\n", ""),
        ("\r\n", "TAG OK [APPENDUID 7 9] done\r\n"),
        NOOP,
    ];
    for (capabilities, steps) in [(USUAL, RICH), (POOR, PERMITTED)] {
        let (_, result) = appended(capabilities, steps, letter(20)).await;
        let expected = MessageKey {
            uidvalidity: 7,
            uid: 9,
        };
        assert_eq!(result.unwrap(), Some(expected));
    }
}

#[tokio::test]
async fn a_letter_that_is_refused_is_not_sent() {
    let steps: &[Step] = &[("APPEND Drafts () {20}", "TAG NO [OVERQUOTA] full\r\n")];
    let (conn, result) = appended(POOR, steps, letter(20)).await;
    let code = match result {
        Err(Error::No { code, .. }) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code.as_deref(), Some("OVERQUOTA"));
    assert!(conn.is_usable());
}

#[tokio::test]
async fn a_letter_of_another_length_costs_the_connection() {
    for size in [19, 21] {
        let steps: &[Step] = &[("APPEND Drafts () {", "")];
        let (conn, result) = appended(USUAL, steps, letter(size)).await;
        assert!(matches!(result, Err(Error::Lost(_))), "{result:?}");
        assert!(!conn.is_usable());
    }
}
