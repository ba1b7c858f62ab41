//! Submission against a scripted server on a loopback socket.

mod script;

use std::sync::Arc;

use self::script::{AfterDot, GOOD, Script};
use super::{
    Error,
    submit::{probe, submit},
};
use crate::{
    account::{Login, Secret},
    config::{MailServer, Security},
    message::outgoing::Outgoing,
    tls::TlsClient,
};

/// A client that trusts nobody but these.
fn trusting(roots: &[rustls::pki_types::CertificateDer<'static>]) -> TlsClient {
    let mut store = rustls::RootCertStore::empty();
    store.add_parsable_certificates(roots.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(store)
        .with_no_client_auth();
    TlsClient(Arc::new(config))
}

fn tls() -> TlsClient {
    trusting(&[])
}

/// A server's side of TLS for 127.0.0.1, and a client that trusts it.
fn tls_pair() -> (tokio_rustls::TlsAcceptor, TlsClient) {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = made.signing_key.serialize_der().try_into().unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    (Arc::new(config).into(), trusting(&[certificate]))
}

fn login() -> Login {
    Login {
        user: "Ada".to_owned(),
        password: "secret".to_owned().into(),
        secret: Secret::Password,
    }
}

const LETTER: &[u8] = b"Subject: x\r\n\r\nHello\r\n.dot\r\n.\r\nbare\n.\nend\r\n";

type Answer = Result<Vec<whimbrel_shared::RefusedRecipient>, Error>;

async fn send(script: Script, to: &[&str]) -> (Answer, Vec<String>) {
    send_letter(script, to, LETTER).await
}

async fn send_letter(script: Script, to: &[&str], letter: &[u8]) -> (Answer, Vec<String>) {
    let (server, heard) = script.start(Security::Plain).await;
    let to: Vec<String> = to.iter().map(|&email| email.to_owned()).collect();
    let answer = submit(
        &server,
        &tls(),
        &login(),
        "ada@example.org",
        &to,
        Outgoing::whole(letter),
    )
    .await;
    if matches!(script.after_dot, AfterDot::Nothing) {
        return (answer, Vec::new());
    }
    (answer, heard.await.unwrap())
}

#[tokio::test]
async fn a_letter_is_taken() {
    let (answer, heard) = send(
        GOOD,
        &["bo@example.org", "BO@EXAMPLE.ORG", "bo@example.org"],
    )
    .await;
    assert!(answer.unwrap().is_empty());
    let heard: Vec<&str> = heard.iter().map(String::as_str).collect();
    assert_eq!(
        heard,
        [
            "EHLO [127.0.0.1]",
            "AUTH PLAIN AEFkYQBzZWNyZXQ=",
            "MAIL FROM:<ada@example.org> SIZE=44",
            "RCPT TO:<bo@example.org>",
            "RCPT TO:<BO@example.org>",
            "DATA",
            "Subject: x",
            "",
            "Hello",
            "..dot",
            "..",
            "bare",
            "..",
            "end",
            ".",
            "QUIT",
        ]
    );
}

#[tokio::test]
async fn refused_recipients_are_named_and_the_others_get_the_letter() {
    let script = Script {
        refuse: "gone",
        ..GOOD
    };
    let (answer, heard) = send(script, &["gone@example.org", "bo@example.org", "nonsense"]).await;
    let refused = answer.unwrap();
    let emails: Vec<&str> = refused
        .iter()
        .map(|refused| refused.email.as_str())
        .collect();
    assert_eq!(emails, ["nonsense", "gone@example.org"]);
    assert!(
        refused[1].reason.contains("no such person"),
        "{}",
        refused[1].reason
    );
    assert!(heard.contains(&"DATA".to_owned()));
}

#[tokio::test]
async fn with_nobody_left_nothing_is_sent() {
    let script = Script {
        refuse: "@",
        ..GOOD
    };
    let (answer, heard) = send(script, &["a@example.org", "b@example.org"]).await;
    assert!(matches!(answer, Err(Error::RecipientsRefused(refused)) if refused.len() == 2));
    assert!(!heard.contains(&"DATA".to_owned()));
    let nowhere = MailServer {
        disabled: Vec::new(),
        host: "127.0.0.1".to_owned(),
        port: 1,
        security: Security::Plain,
    };
    let answer = submit(
        &nowhere,
        &tls(),
        &login(),
        "a@b.example",
        &[],
        Outgoing::whole(LETTER),
    )
    .await;
    assert!(matches!(answer, Err(Error::RecipientsRefused(_))));
}

#[tokio::test]
async fn a_refused_letter_is_not_sent() {
    for (reply, is_size) in [
        ("451 4.3.0 later\r\n", false),
        ("554 5.7.1 junk\r\n", false),
        ("421 closing\r\n", false),
        ("552 too big\r\n", true),
    ] {
        let script = Script {
            after_dot: AfterDot::Say(reply),
            ..GOOD
        };
        let (answer, _) = send(script, &["bo@example.org"]).await;
        match answer {
            Err(Error::TooLarge) => assert!(is_size),
            Err(Error::Refused(_) | Error::Unreachable(_)) => assert!(!is_size),
            other => panic!("{reply}: {other:?}"),
        }
    }
    let script = Script {
        data: "554 no\r\n",
        ..GOOD
    };
    assert!(matches!(
        send(script, &["bo@example.org"]).await.0,
        Err(Error::Refused(_))
    ));
    let script = Script {
        mail: "550 not you\r\n",
        ..GOOD
    };
    assert!(matches!(
        send(script, &["bo@example.org"]).await.0,
        Err(Error::Refused(_))
    ));
}

#[tokio::test]
async fn a_line_that_breaks_after_the_end_means_perhaps() {
    for after_dot in [
        AfterDot::Close,
        AfterDot::Say("what?\r\n"),
        AfterDot::Nothing,
    ] {
        let script = Script { after_dot, ..GOOD };
        let (answer, _) = send(script, &["bo@example.org"]).await;
        assert!(matches!(answer, Err(Error::MaybeSent)), "{answer:?}");
    }
}

#[tokio::test]
async fn a_line_that_breaks_before_the_end_means_no() {
    let script = Script {
        close_within: Some(3),
        ..GOOD
    };
    let letter = vec![b'x'; 30_000_000];
    let script = Script {
        ehlo: "250-x\r\n250 AUTH LOGIN\r\n",
        auth: "334 VXNlcm5hbWU6\r\n",
        ..script
    };
    let lines: Vec<u8> = letter
        .chunks(70)
        .flat_map(|line| [line, b"\r\n"].concat())
        .collect();
    let (answer, _) = send_letter(script, &["bo@example.org"], &lines).await;
    assert!(matches!(answer, Err(Error::Unreachable(_))), "{answer:?}");
}

#[tokio::test]
async fn signs_in_by_login_where_plain_is_missing() {
    let script = Script {
        ehlo: "250-x\r\n250-\r\n250 auth=login\r\n",
        auth: "334 VXNlcm5hbWU6\r\n",
        ..GOOD
    };
    let (answer, heard) = send(script, &["bo@example.org"]).await;
    answer.unwrap();
    assert_eq!(heard[1..4], ["AUTH LOGIN", "QWRh", "c2VjcmV0"]);
}

#[tokio::test]
async fn a_wrong_password_is_told_apart() {
    let script = Script {
        auth: "535 5.7.8 ünrecht\r\n",
        ..GOOD
    };
    assert!(matches!(
        send(script, &["b@example.org"]).await.0,
        Err(Error::WrongPassword(_))
    ));
    let script = Script {
        auth: "454 4.7.0 later\r\n",
        ..GOOD
    };
    assert!(matches!(
        send(script, &["b@example.org"]).await.0,
        Err(Error::Unreachable(_))
    ));
    let script = Script {
        ehlo: "250-x\r\n250 AUTH GSSAPI\r\n",
        ..GOOD
    };
    assert!(matches!(
        send(script, &["b@example.org"]).await.0,
        Err(Error::Refused(_))
    ));
}

#[tokio::test]
async fn what_the_server_cannot_take_is_not_offered() {
    let script = Script {
        ehlo: "250-x\r\n250 SIZE 10\r\n",
        ..GOOD
    };
    assert!(matches!(
        send(script, &["b@example.org"]).await.0,
        Err(Error::TooLarge)
    ));
    let script = Script {
        ehlo: "250 x\r\n",
        ..GOOD
    };
    let (answer, heard) = send(script, &["grün@example.org", "bo@bücher.example"]).await;
    assert_eq!(answer.unwrap().len(), 1);
    assert!(
        heard.contains(&"RCPT TO:<bo@xn--bcher-kva.example>".to_owned()),
        "{heard:?}"
    );
    let (answer, heard) = send_letter(GOOD, &["grün@example.org"], "ü\r\n".as_bytes()).await;
    assert!(answer.unwrap().is_empty());
    assert_eq!(
        heard[2],
        "MAIL FROM:<ada@example.org> SIZE=4 BODY=8BITMIME SMTPUTF8"
    );
}

#[tokio::test]
async fn odd_servers_are_understood() {
    let script = Script {
        greeting: "220\r\n",
        ehlo: "250-\r\n250- \r\n250-X-\u{fc}\r\n250-AUTH PLAIN\r\n250\r\n",
        mail: "250\n",
        ..GOOD
    };
    assert!(
        send(script, &["bo@example.org"])
            .await
            .0
            .unwrap()
            .is_empty()
    );
    for greeting in ["554 go away\r\n", "HTTP/1.1 400\r\n\r\n", ""] {
        let script = Script {
            greeting,
            ehlo: "500 no\r\n",
            ..GOOD
        };
        if !greeting.is_empty() {
            let (answer, _) = send(script, &["bo@example.org"]).await;
            assert!(
                matches!(answer, Err(Error::Unreachable(_))),
                "{greeting} {answer:?}"
            );
        }
    }
}

#[tokio::test]
async fn starttls_cannot_be_taken_away_or_talked_over() {
    for ehlo in [GOOD.ehlo, "250-x\r\n250 STARTTLS\r\n"] {
        let script = Script { ehlo, ..GOOD };
        let (server, heard) = script.start(Security::StartTls).await;
        let answer = probe(&server, &tls()).await;
        assert!(matches!(answer, Err(Error::Untrusted(_))), "{answer:?}");
        assert!(
            !heard
                .await
                .unwrap()
                .iter()
                .any(|line| line.starts_with("AUTH"))
        );
    }
}

#[tokio::test]
async fn a_probe_says_what_is_offered() {
    let (server, heard) = GOOD.start(Security::Plain).await;
    let offers = probe(&server, &tls()).await.unwrap();
    assert_eq!(
        offers,
        ["SIZE 100000", "8BITMIME", "AUTH PLAIN LOGIN", "SMTPUTF8"]
    );
    assert_eq!(heard.await.unwrap(), ["EHLO [127.0.0.1]", "QUIT"]);
}

#[tokio::test]
async fn the_line_is_protected_before_anything_is_said() {
    for security in [Security::Tls, Security::StartTls] {
        let (acceptor, tls) = tls_pair();
        let (server, heard) = GOOD.start_tls(security, acceptor).await;
        let to = ["bo@example.org".to_owned()];
        let answer = submit(
            &server,
            &tls,
            &login(),
            "ada@example.org",
            &to,
            Outgoing::whole(LETTER),
        )
        .await;
        assert!(answer.unwrap().is_empty());
        let heard = heard.await.unwrap();
        assert_eq!(heard[1], "AUTH PLAIN AEFkYQBzZWNyZXQ=", "{security:?}");
        assert_eq!(heard.last().unwrap(), "QUIT");
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused() {
    for security in [Security::Tls, Security::StartTls] {
        let (acceptor, _) = tls_pair();
        let (server, heard) = GOOD.start_tls(security, acceptor).await;
        let answer = probe(&server, &tls()).await;
        assert!(matches!(answer, Err(Error::Untrusted(_))), "{answer:?}");
        assert!(heard.await.unwrap().is_empty());
    }
}
