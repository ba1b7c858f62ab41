//! Greetings and sign-ins of all kinds.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, duplex};

use super::{meet, sign_in, start_tls};
use crate::{
    account::{Login, Secret},
    config::{MailServer, Security},
    imap::{
        Error, Result,
        alerts::Alerts,
        connection::Connection,
        mailbox_ids::MailboxIds,
        scripted::{USUAL, login, signed_in},
    },
    tls::TlsClient,
};

/// Signs in to a server that greets with `greeting` and then answers its first question so.
async fn try_sign_in(greeting: &'static str, answer: &'static str) -> Result<Connection> {
    try_sign_in_as(&login(), &[], greeting, answer).await
}

async fn try_sign_in_as(
    login: &Login,
    disabled: &[&'static str],
    greeting: &'static str,
    answer: &'static str,
) -> Result<Connection> {
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
    let met = meet(Box::new(ours), true).await?;
    sign_in(met, disabled, login).await
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

#[tokio::test]
async fn the_administrator_is_heard_from_the_first_word_on() {
    let greeting = "* OK [ALERT] Maintenance tonight\r\n";
    let capabilities = "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\nA0001 OK\r\n";
    let (ours, theirs) = duplex(4096);
    let server = tokio::spawn(async move {
        let mut theirs = theirs;
        for answer in [
            greeting,
            capabilities,
            "* OK [ALERT] Maintenance tonight\r\n* OK [ALERT] Bring tea\r\n\
             A0002 OK [CAPABILITY IMAP4rev1] in\r\n",
        ] {
            theirs.write_all(answer.as_bytes()).await.unwrap();
            let _ = theirs.read(&mut [0; 4096]).await;
        }
    });
    let met = meet(Box::new(ours), true).await.unwrap();
    let mut conn = sign_in(met, &[], &login()).await.unwrap();
    let alerts = Alerts::default();
    conn.belong_to(alerts.clone(), MailboxIds::default());
    assert_eq!(alerts.take(), ["Maintenance tonight", "Bring tea"]);
    drop(conn);
    server.await.unwrap();
}

/// A server that says why it refuses a token and then waits for an answer.
#[tokio::test]
async fn a_refused_token_is_a_refused_sign_in() {
    let token = Login {
        secret: Secret::Token,
        ..login()
    };
    for (mechanism, expected) in [("OAUTHBEARER", "AQ==\r\n"), ("XOAUTH2", "\r\n")] {
        let (ours, theirs) = duplex(4096);
        let server = tokio::spawn(async move {
            let mut theirs = BufReader::new(theirs);
            let greeting = format!("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH={mechanism}] hi\r\n");
            theirs.write_all(greeting.as_bytes()).await.unwrap();
            let mut lines = [String::new(), String::new()];
            theirs.read_line(&mut lines[0]).await.unwrap();
            let why = b"+ eyJzdGF0dXMiOiI0MDEifQ==\r\n";
            theirs.write_all(why).await.unwrap();
            theirs.read_line(&mut lines[1]).await.unwrap();
            let refused = b"A0001 NO [AUTHENTICATIONFAILED] expired\r\n";
            theirs.write_all(refused).await.unwrap();
            lines
        });
        let met = meet(Box::new(ours), true).await.unwrap();
        let refused = sign_in(met, &[], &token).await;
        assert!(
            matches!(refused, Err(Error::WrongPassword(_))),
            "{mechanism}"
        );
        let [first, second] = server.await.unwrap();
        assert!(first.starts_with(&format!("A0001 AUTHENTICATE {mechanism} ")));
        assert_eq!(second, expected, "{mechanism}");
    }
    let plain = try_sign_in_as(&token, &[], GREETING, "").await;
    assert!(matches!(plain, Err(Error::NotImap(_))));
}

#[tokio::test]
async fn a_way_of_signing_in_can_be_switched_off() {
    let greeting = "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN SASL-IR] hi\r\n";
    let refused = try_sign_in_as(&login(), &["AUTH=PLAIN"], greeting, "").await;
    assert!(matches!(refused, Err(Error::NotImap(_))));
}

/// What comes between the server's consent and TLS was put there by somebody on the way.
#[tokio::test]
async fn words_before_the_protection_are_not_believed() {
    for (injected, is_found_out) in [
        ("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", true),
        ("A0002 OK [CAPABILITY IMAP4rev1] in\r\n", true),
        ("+ go on\r\n", true),
        ("* OK [ALERT] half a line", true),
        ("", false),
    ] {
        let (ours, theirs) = duplex(4096);
        let server = tokio::spawn(async move {
            let mut theirs = BufReader::new(theirs);
            let greeting = b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\r\n";
            theirs.write_all(greeting).await.unwrap();
            let mut asked = String::new();
            theirs.read_line(&mut asked).await.unwrap();
            assert_eq!(asked, "A0001 STARTTLS\r\n");
            let consent = format!("A0001 OK begin\r\n{injected}");
            theirs.write_all(consent.as_bytes()).await.unwrap();
        });
        let roots = rustls::RootCertStore::empty();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let to = MailServer {
            host: "localhost".to_owned(),
            port: 143,
            security: Security::StartTls,
            disabled: Vec::new(),
        };
        let refused = start_tls(Box::new(ours), &to, &TlsClient(Arc::new(tls))).await;
        let words = refused.map(drop).unwrap_err().to_string();
        assert_eq!(words.contains("words came before"), is_found_out, "{words}");
        server.await.unwrap();
    }
}
