//! Greetings and sign-ins of all kinds.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

use super::{meet, sign_in};
use crate::imap::{
    Error, Result,
    connection::Connection,
    scripted::{USUAL, login, signed_in},
};

/// Signs in to a server that greets with `greeting` and then answers its first question so.
async fn try_sign_in(greeting: &'static str, answer: &'static str) -> Result<Connection> {
    let (ours, mut theirs) = duplex(4096);
    tokio::spawn(async move {
        if greeting.is_empty() {
            return;
        }
        theirs.write_all(greeting.as_bytes()).await.unwrap();
        let mut asked = vec![0; 4096];
        if theirs.read(&mut asked).await.is_ok() {
            let _ = theirs.write_all(answer.as_bytes()).await;
        }
        drop(theirs);
    });
    let (client, known) = meet(Box::new(ours), true).await?;
    sign_in(client, known, &[], &login()).await
}

const GREETING: &str = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n";

#[tokio::test]
async fn what_is_no_imap_server_is_told_apart() {
    for greeting in [
        "220 smtp.example.org ESMTP\r\n",
        "* PREAUTH welcome back\r\n",
        "* OK [CAPABILITY POP3] hi\r\n",
        "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n",
    ] {
        let error = try_sign_in(greeting, "").await.err();
        assert!(
            matches!(error, Some(Error::NotImap(_))),
            "{greeting}: {error:?}"
        );
    }
    assert!(matches!(
        try_sign_in("", "").await,
        Err(Error::Unreachable(_))
    ));
    let busy = try_sign_in("* BYE Too many connections\r\n", "").await;
    assert!(matches!(busy, Err(Error::TooManyConnections(_))));
}

#[tokio::test]
async fn a_refused_sign_in_says_why() {
    for (answer, expected) in [
        (
            "A0001 NO [AUTHENTICATIONFAILED] wrong\r\n",
            "sign-in refused: wrong",
        ),
        ("A0001 NO wrong\r\n", "sign-in refused: wrong"),
        (
            "* OK wait\r\nA0001 NO [UNAVAILABLE] later\r\n",
            "the account cannot be used: later",
        ),
        (
            "A0001 NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded\r\n",
            "too many connections: Maximum number of connections from user+IP exceeded",
        ),
        (
            "* BYE [ALERT]gewartet für immer\r\n",
            "the account cannot be used: gewartet für immer",
        ),
    ] {
        let error = try_sign_in(GREETING, answer).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    assert!(matches!(
        try_sign_in(GREETING, "").await,
        Err(Error::Lost(_))
    ));
}

#[tokio::test]
async fn capabilities_are_asked_for_where_sign_in_does_not_tell_them() {
    let (conn, _server) = signed_in(USUAL, &[]).await;
    assert!(conn.capabilities().moves && !conn.capabilities().preview);
    let told = "* CAPABILITY IMAP4rev1 MOVE\r\nA0001 OK in\r\n";
    let conn = try_sign_in(GREETING, told).await.unwrap();
    assert!(conn.capabilities().moves && !conn.capabilities().idle);
}
