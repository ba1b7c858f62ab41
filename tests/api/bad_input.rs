//! What a mail server, a sender or a person may do wrong: a clear answer with a way forward, never a crash.

use whimbrel_shared::{
    Action, ErrorCode, MailboxId, MessageKey, OperationId, Outcome, OutcomeKind, SignIn, UidSet,
    path,
};
use whimbrel_tests::{
    app::TestApp,
    letters::plain::letter,
    scripted_imap::{Reaction, Script, ScriptedImap},
    world::{MailServer, PASSWORD},
};

use crate::kit::{Desk, assert_applied, mark, operation, server, somebody, world};

fn sign_in(address: &str) -> SignIn {
    SignIn {
        address: address.to_owned(),
        password: PASSWORD.to_owned(),
        shared: false,
    }
}

#[tokio::test]
async fn a_mail_server_that_is_down_is_said_to_be_down() {
    let app = TestApp::with_imap_port(world().await, 1).await;
    let error = app
        .client()
        .post(path::SESSION, &sign_in("a@whimbrel.example"))
        .await
        .error();
    assert_eq!(error.code, ErrorCode::MailServerDown);
    assert!(!error.remedy.is_empty());
}

#[tokio::test]
async fn what_is_no_mail_server_is_said_to_be_wrong() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt as _;
        while let Ok((mut socket, _)) = listener.accept().await {
            drop(socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await);
        }
    });
    let app = TestApp::with_imap_port(world().await, port).await;
    let error = app
        .client()
        .post(path::SESSION, &sign_in("a@whimbrel.example"))
        .await
        .error();
    assert_eq!(error.code, ErrorCode::MailServerWrong, "{error}");
}

#[tokio::test]
async fn an_untrusted_certificate_is_refused() {
    let app = TestApp::without_ca(world().await).await;
    let error = app
        .client()
        .post(path::SESSION, &sign_in("a@whimbrel.example"))
        .await
        .error();
    assert_eq!(error.code, ErrorCode::MailServerWrong, "{error}");
    assert!(
        error.message.to_lowercase().contains("certificate"),
        "{error}"
    );
}

#[tokio::test]
async fn a_locked_account_hears_why() {
    let script = Script::new("IMAP4rev1 AUTH=PLAIN SASL-IR").on(
        "AUTHENTICATE",
        "{tag} NO [CONTACTADMIN] Your account is locked\r\n",
    );
    let server = ScriptedImap::start(script).await;
    let app = TestApp::with_imap_port(world().await, server.port()).await;
    let error = app
        .client()
        .post(path::SESSION, &sign_in("a@whimbrel.example"))
        .await
        .error();
    assert_ne!(error.code, ErrorCode::WrongPassword, "{error}");
    assert_ne!(error.code, ErrorCode::Internal, "{error}");
}

#[tokio::test]
async fn strange_letters_are_listed_and_open() {
    let strange: [&[u8]; 8] = [
        b"\r\n",
        b"Subject: no body",
        b"Subject: \xff\xfe\x00 8-bit rubbish\r\nFrom: \xe9\xe9 <x@y>\r\n\r\n\xff\xff",
        b"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"From: a@b\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
        b"From: a@b\r\nContent-Type: text/html; charset=made-up\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+dHJ1bmNhdGVk",
        b"From: group: a@b, c@d;\r\nDate: yesterday\r\nSubject: =?utf-8?Q?=?=\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n",
    ];
    let mut desk = Desk::new().await;
    let mut taken = 0;
    for letter in strange {
        let answer = desk.other.append("INBOX", "", letter).await;
        if answer.tagged.starts_with("OK") {
            taken += 1;
        } else {
            // Cyrus takes nothing whose header is none at all.
            assert_eq!(server(), MailServer::Cyrus, "{}", answer.tagged);
        }
    }
    let (inbox, snapshot) = desk.inbox().await;
    assert!(taken >= 5, "only {taken}");
    assert_eq!(snapshot.envelopes.len(), taken);
    for uid in snapshot.uids.iter() {
        let key = MessageKey {
            uidvalidity: snapshot.uidvalidity,
            uid,
        };
        drop(desk.client.get(&path::message(&inbox, key)).await.good());
        drop(desk.client.get(&path::body(&inbox, key)).await.good());
    }
}

#[tokio::test]
async fn made_up_urls_are_answered_with_sense() {
    let desk = Desk::new().await;
    let (inbox, _) = desk.inbox().await;
    let gone = MailboxId("Tm93aGVyZQ".to_owned());
    assert_eq!(
        desk.client
            .get(&path::mailbox(&gone, 50))
            .await
            .error()
            .code,
        ErrorCode::MailboxGone
    );
    for url in [
        "/api/nothing".to_owned(),
        "/api/mailboxes/%00%FF".to_owned(),
        format!("/api/mailboxes/{inbox}/messages/x"),
        format!("/api/mailboxes/{inbox}/messages/0.0"),
        format!("/api/mailboxes/{inbox}/messages/1.1/parts/..%2F..%2Fetc"),
        format!("/api/mailboxes/{inbox}/envelopes?uidvalidity=a&uids=*"),
        format!("/api/mailboxes/{inbox}/changes?since=rubbish"),
    ] {
        let response = desk.client.get(&url).await;
        let status = response.status().as_u16();
        if status == 200 {
            // A state nobody gave out is an invitation to start over.
            assert!(response.text().contains("startOver"), "{url}");
            continue;
        }
        assert!((400..500).contains(&status), "{url}: {status}");
        assert!(!response.error().message.is_empty(), "{url}");
    }
    let rubbish = serde_json::json!([{"id": "../x", "action": {"type": "explode"}}]);
    let response = desk.client.post(path::OPERATIONS, &rubbish).await;
    assert!(response.status().is_client_error());
    assert!(!OperationId("a b".to_owned()).is_valid());
}

#[tokio::test]
async fn thirty_megabytes_are_over_the_limit_and_said_so() {
    let desk = Desk::new().await;
    let file = vec![b'x'; 30 << 20];
    let error = desk
        .client
        .post_bytes(&path::uploads("big.bin"), "application/octet-stream", &file)
        .await
        .error();
    assert_eq!(error.code, ErrorCode::TooLarge);
    assert!(
        error.remedy.contains("MB") || error.message.contains("MB"),
        "{error}"
    );
}

#[tokio::test]
async fn a_restart_of_the_mail_server_is_not_an_error_on_screen() {
    let people = [whimbrel_tests::dovecot::Person::new(
        "eve@whimbrel.example",
        PASSWORD,
    )];
    let world = whimbrel_tests::world::World::of(&people).await.unwrap();
    let app = TestApp::start(&world).await;
    let mut client = app.client();
    client.sign_in("eve@whimbrel.example", PASSWORD).await;
    drop(client.get(path::MAILBOXES).await.good());
    world.dovecot.restart().await.unwrap();
    drop(client.get(path::MAILBOXES).await.good());
}

#[tokio::test]
async fn a_folder_whose_making_lost_its_answer_is_made_all_the_same() {
    let script = Script::default()
        .once("CREATE", [Reaction::Cut])
        .on("CREATE", "{tag} NO [ALREADYEXISTS] it is there\r\n");
    let peer = ScriptedImap::start(script).await;
    let app = TestApp::with_imap_port(world().await, peer.port()).await;
    let mut client = app.client();
    client.sign_in(&somebody(), PASSWORD).await;
    let make = operation(Action::CreateMailbox {
        parent_id: None,
        name: "Estuary".to_owned(),
        role: None,
    });
    let outcomes = client.post(path::OPERATIONS, &[make]).await.good();
    let outcomes: Vec<Outcome> = outcomes.json();
    assert_applied(&outcomes[0].outcome);
}

#[tokio::test]
async fn operations_on_what_is_gone_change_nothing_else() {
    let mut desk =
        Desk::with_letters(&[("", &letter("one", "1")), ("", &letter("two", "2"))]).await;
    let (inbox, snapshot) = desk.inbox().await;
    let uids: Vec<u32> = snapshot.uids.iter().collect();
    desk.other.select("INBOX").await;
    desk.other
        .store(&uids[0].to_string(), "+FLAGS (\\Deleted)")
        .await;
    desk.other.expunge(&uids[0].to_string()).await;
    let gone = UidSet::one(uids[0]);
    let outcome = desk
        .perform(mark(&inbox, &snapshot, &gone, &["$flagged"], &[]))
        .await;
    assert!(
        !matches!(outcome, OutcomeKind::Refused { .. }),
        "{outcome:?}"
    );
    let destroy = Action::Destroy {
        mailbox_id: inbox,
        uidvalidity: snapshot.uidvalidity,
        uids: gone,
    };
    let outcome = desk.perform(destroy).await;
    assert!(
        !matches!(outcome, OutcomeKind::Refused { .. }),
        "{outcome:?}"
    );
    desk.other.select("INBOX").await;
    let flags = desk.other.flags().await;
    assert_eq!(flags.len(), 1);
    assert!(!flags[&uids[1]].contains("\\Flagged"));
}

#[tokio::test]
async fn a_few_bytes_that_name_thousands_of_millions_of_messages_are_refused() {
    let desk = Desk::with_letters(&[("", &letter("one", "1"))]).await;
    let (inbox, snapshot) = desk.inbox().await;
    let destroy = operation(Action::Destroy {
        mailbox_id: inbox,
        uidvalidity: snapshot.uidvalidity,
        uids: UidSet::from_ranges(vec![(2, u32::MAX)]),
    });
    let answer = desk.client.post(path::OPERATIONS, &[destroy]).await;
    assert_eq!(answer.status(), 400);
}
