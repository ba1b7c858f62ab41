//! What real Dovecot and Postfix do for us.

use base64::Engine;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use whimbrel_tests::{
    certificate::Certificates,
    dovecot::{Dovecot, FOLDERS, Options, Person},
    imap_client::ImapClient,
    world::{ADA, BEN, PASSWORD, World},
};

#[tokio::test]
async fn a_letter_from_ada_arrives_at_bens() {
    let world = World::start().await.unwrap();
    let answers = submit(&world, ADA, PASSWORD, BEN).await;
    assert!(answers.contains("250 2.0.0 Ok: queued"), "{answers}");
    let mut ben = ImapClient::signed_in(world.dovecot.ports.imap, BEN, PASSWORD).await;
    ben.select("INBOX").await;
    for _ in 0..200 {
        if ben.noop().await.iter().any(|line| line.ends_with("EXISTS")) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(ben.uids().await.len(), 1);
    let letter = String::from_utf8(ben.message(1).await).unwrap();
    assert!(letter.contains("Subject: The ferry"), "{letter}");
}

#[tokio::test]
async fn strangers_and_unknown_recipients_are_refused() {
    let world = World::start().await.unwrap();
    let answers = submit(&world, ADA, PASSWORD, "nobody@whimbrel.example").await;
    assert!(answers.contains("550 5.1.1"), "{answers}");
    let answers = submit(&world, ADA, PASSWORD, "x@elsewhere.example").await;
    assert!(answers.contains("554 5.7.1"), "{answers}");
    let answers = submit(&world, ADA, "wrong", BEN).await;
    assert!(answers.contains("535 5.7.8"), "{answers}");
    assert!(!answers.contains("queued"), "{answers}");
}

#[tokio::test]
async fn a_second_client_changes_what_the_first_sees() {
    let world = World::start().await.unwrap();
    world.deliver(ADA, b"Subject: one\n\n.dot\n").await.unwrap();
    world.deliver(ADA, b"Subject: two\n\nx\n").await.unwrap();
    let port = world.dovecot.ports.imap;
    let mut one = ImapClient::signed_in(port, ADA, PASSWORD).await;
    assert_eq!(one.select("INBOX").await.exists, 2);
    assert!(one.message(1).await.ends_with(b"\r\n\r\n.dot\r\n"));

    let mut two = ImapClient::signed_in(port, ADA, PASSWORD).await;
    two.select("INBOX").await;
    two.store("1", "+FLAGS (\\Flagged $Forwarded)").await;
    two.create("Work/Plans \"&-\"").await;
    two.move_to("2", "Work/Plans \"&-\"").await;
    one.noop().await;
    let flags = one.flags().await;
    assert_eq!(flags.len(), 1);
    assert!(flags[&1].contains("\\Flagged") && flags[&1].contains("$Forwarded"));
    let folders = one.folders().await;
    assert!(
        folders.contains(&"Work/Plans \"&-\"".to_owned()),
        "{folders:?}"
    );
    two.rename("Work/Plans \"&-\"", "Plans").await;
    two.append("Plans", "\\Seen", b"Subject: three\r\n\r\nx\r\n")
        .await
        .good();
    assert_eq!(two.select("Plans").await.exists, 2);
    two.expunge("1").await;
    assert_eq!(two.uids().await, [2]);
}

#[tokio::test]
async fn a_full_mailbox_and_a_new_password_are_felt() {
    let world = World::start().await.unwrap();
    let mut tiny = Person::new(ADA, "päss:wörd {1} \"x\" \\");
    tiny.quota = 2000;
    world.dovecot.set_person(tiny).unwrap();
    let port = world.dovecot.ports.imap;
    let mut ada = ImapClient::connect(port).await;
    let refused = ada.command(&format!("LOGIN {ADA} wrong")).await;
    assert!(refused.tagged.starts_with("NO [AUTHENTICATIONFAILED]"));
    let mut secret = base64::engine::general_purpose::STANDARD
        .encode(format!("\0{ADA}\0päss:wörd {{1}} \"x\" \\"));
    secret.insert_str(0, "AUTHENTICATE PLAIN ");
    ada.command(&secret).await.good();
    let letter = vec![b'x'; 3000];
    let answer = ada.append("INBOX", "", &letter).await;
    assert!(
        answer.tagged.starts_with("NO [OVERQUOTA]"),
        "{}",
        answer.tagged
    );
}

#[tokio::test]
async fn the_mail_server_comes_back_with_its_mail() {
    let world = World::start().await.unwrap();
    world.deliver(ADA, b"Subject: one\n\nx\n").await.unwrap();
    world.dovecot.restart().await.unwrap();
    let mut ada = ImapClient::signed_in(world.dovecot.ports.imap, ADA, PASSWORD).await;
    assert_eq!(ada.select("INBOX").await.exists, 1);
}

// Speaks SMTP as a mail program would, and gives all the answers.
async fn submit(world: &World, from: &str, password: &str, to: &str) -> String {
    let secret = base64::engine::general_purpose::STANDARD.encode(format!("\0{from}\0{password}"));
    let stream = TcpStream::connect(("127.0.0.1", world.postfix.ports.submission))
        .await
        .unwrap();
    let mut stream = BufReader::new(stream);
    let mut answers = String::new();
    for line in [
        String::new(),
        "EHLO tests".to_owned(),
        format!("AUTH PLAIN {secret}"),
        format!("MAIL FROM:<{from}>"),
        format!("RCPT TO:<{to}>"),
        "DATA".to_owned(),
        "Subject: The ferry\r\n\r\nIt leaves at seven.\r\n.".to_owned(),
        "QUIT".to_owned(),
    ] {
        if !line.is_empty() {
            stream
                .write_all(format!("{line}\r\n").as_bytes())
                .await
                .unwrap();
        }
        loop {
            let mut answer = String::new();
            if stream.read_line(&mut answer).await.unwrap() == 0 {
                return answers;
            }
            answers += &answer;
            if answer.as_bytes().get(3) != Some(&b'-') {
                break;
            }
        }
        if line == "DATA" && !answers.contains("\n354") {
            return answers;
        }
    }
    answers
}

// Needs no root, other than everything with Postfix in it.
#[tokio::test]
async fn dovecot_alone_offers_what_it_is_told_to() {
    let certificates = Certificates::for_loopback().unwrap();
    let people = [Person::new(ADA, PASSWORD)];
    let options = Options {
        capability: Some("IMAP4rev1 IDLE".to_owned()),
        ..Options::default()
    };
    let dovecot = Dovecot::start(&people, &certificates, &options)
        .await
        .unwrap();
    let mut ada = ImapClient::signed_in(dovecot.ports.imap, ADA, PASSWORD).await;
    ada.append("INBOX", "\\Seen", b"Subject: x\r\n\r\ny\r\n")
        .await
        .good();
    let offered = ada.command("CAPABILITY").await.good();
    assert_eq!(
        offered.lines().next().unwrap(),
        "* CAPABILITY IMAP4rev1 IDLE"
    );
    let folders = ada.folders().await;
    for (folder, _) in FOLDERS {
        assert!(
            folders.contains(&folder.to_owned()),
            "{folder} in {folders:?}"
        );
    }
}
