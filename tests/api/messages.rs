//! Rows and opened messages.

use whimbrel_shared::{Changes, Envelopes, ErrorCode, MessageKey, SearchResult, UidSet, path};

use whimbrel_tests::letters::plain::letter;

use crate::kit::Desk;

const NEWSLETTER: &[u8] = b"From: =?utf-8?Q?Caf=C3=A9?= <news@cafe.example>\r\n\
To: you@whimbrel.example\r\nSubject: =?iso-2022-jp?B?GyRCRnxLXDhsGyhC?=\r\n\
Date: Tue, 03 Nov 2026 08:00:00 +0100\r\nMessage-ID: <n1@cafe.example>\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n\
--r\r\nContent-Type: text/html; charset=koi8-r\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
<p onclick=\"alert(1)\">\xf0\xd2\xc9\xd7\xc5\xd4</p><img src=\"cid:pic\"><img src=\"https://tracker.example/x.png\">\
<script>alert(2)</script>\r\n\
--r\r\nContent-Type: image/png\r\nContent-ID: <pic>\r\nContent-Transfer-Encoding: base64\r\n\r\n\
iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==\r\n\
--r--\r\n--m\r\nContent-Type: text/csv; name*=utf-8''%E2%82%AC%20rates.csv\r\n\
Content-Disposition: attachment; filename*=utf-8''%E2%82%AC%20rates.csv\r\n\
Content-Transfer-Encoding: base64\r\n\r\nYSxiCjEsMgo=\r\n--m--\r\n";

#[tokio::test]
async fn a_newsletter_is_read_as_it_was_meant_and_can_do_nothing() {
    let mut desk = Desk::with_letters(&[("", NEWSLETTER)]).await;
    let (inbox, snapshot) = desk.inbox().await;
    let row = &snapshot.envelopes[0];
    assert_eq!(row.subject, "日本語");
    assert_eq!(row.from[0].name, "Café");
    assert!(row.has_attachment);

    let message = desk.newest(&inbox).await;
    assert!(message.is_html && message.has_remote_content);
    assert!(message.text.contains("Привет"), "{}", message.text);
    assert_eq!(message.attachments.len(), 1);
    assert_eq!(message.attachments[0].name, "€ rates.csv");
    assert_eq!(message.pictures.len(), 1);
    assert_eq!(message.pictures[0].media_type, "image/png");

    let body = desk
        .client
        .get(&path::body(&inbox, message.key))
        .await
        .good();
    let policy = body.header("content-security-policy").to_owned();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox"),
        "{policy}"
    );
    let html = body.text();
    assert!(html.contains("Привет"));
    for bad in ["<script", "onclick", "tracker.example"] {
        assert!(!html.contains(bad), "{bad} in {html}");
    }
    let picture = html
        .split("src=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a picture");
    let picture = desk.client.get(picture).await.good();
    assert_eq!(picture.header("content-type"), "image/png");

    let part = &message.attachments[0].id;
    let file = desk
        .client
        .get(&path::part(&inbox, message.key, part))
        .await
        .good();
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(file.bytes(), b"a,b\n1,2\n");

    desk.other.select("INBOX").await;
    let flags = desk.other.flags().await;
    assert!(
        flags.values().all(|flags| !flags.contains("\\Seen")),
        "reading marks nothing"
    );
}

#[tokio::test]
async fn rows_can_be_asked_by_uid_and_gone_ones_are_left_out() {
    let letters: Vec<Vec<u8>> = (0..5)
        .map(|i| letter(&format!("letter {i}"), "text"))
        .collect();
    let letters: Vec<(&str, &[u8])> = letters.iter().map(|l| ("", l.as_slice())).collect();
    let desk = Desk::with_letters(&letters).await;
    let (inbox, snapshot) = desk.inbox().await;
    let subjects: Vec<&str> = snapshot
        .envelopes
        .iter()
        .map(|row| row.subject.as_str())
        .collect();
    assert_eq!(
        subjects,
        ["letter 4", "letter 3", "letter 2", "letter 1", "letter 0"]
    );
    let asked = snapshot.uids.union(&UidSet::one(9999));
    let url = path::envelopes(&inbox, snapshot.uidvalidity, &asked);
    let rows: Envelopes = desk.client.get(&url).await.good().json();
    assert_eq!(rows.envelopes.len(), 5);
    let url = path::envelopes(&inbox, snapshot.uidvalidity + 1, &asked);
    assert_eq!(
        desk.client.get(&url).await.error().code,
        ErrorCode::MessageGone
    );
}

#[tokio::test]
async fn changes_tell_what_came_went_and_was_marked() {
    let letters: Vec<Vec<u8>> = (0..4)
        .map(|i| letter(&format!("letter {i}"), "text"))
        .collect();
    let letters: Vec<(&str, &[u8])> = letters.iter().map(|l| ("", l.as_slice())).collect();
    let mut desk = Desk::with_letters(&letters).await;
    let (inbox, snapshot) = desk.inbox().await;
    let uids: Vec<u32> = snapshot.uids.iter().collect();
    desk.other.select("INBOX").await;
    desk.other
        .store(&uids[0].to_string(), "+FLAGS (\\Flagged)")
        .await;
    desk.other
        .store(&uids[1].to_string(), "+FLAGS (\\Deleted)")
        .await;
    desk.other.expunge(&uids[1].to_string()).await;
    drop(
        desk.other
            .append("INBOX", "", &letter("new", "n"))
            .await
            .good(),
    );
    let url = path::changes(&inbox, &snapshot.state, &snapshot.uids);
    let changes: Changes = desk.client.get(&url).await.good().json();
    let Changes::Since {
        state,
        uids: now,
        keywords,
    } = changes
    else {
        panic!("{changes:?}")
    };
    assert_ne!(state, snapshot.state);
    assert!(!now.contains(uids[1]) && now.len() == 4 && now.last() > snapshot.uids.last());
    let flagged = keywords
        .iter()
        .find(|change| change.uid == uids[0])
        .expect("the flag");
    assert!(flagged.keywords.contains("$flagged"));
    let url = path::changes(&inbox, &state, &UidSet::new());
    let Changes::Since { state: again, .. } = desk.client.get(&url).await.good().json() else {
        panic!("start over")
    };
    assert_eq!(again, state, "nothing happened");
}

#[tokio::test]
async fn the_open_folder_is_searched_by_the_mail_server() {
    let (a, b) = (
        letter("=?utf-8?Q?=C3=96lstand?=", "the needle is here"),
        letter("other", "hay (\"quoted\\)"),
    );
    let desk = Desk::with_letters(&[("", &a), ("", &b)]).await;
    let (inbox, snapshot) = desk.inbox().await;
    for (text, hit) in [("needle", 0), ("%C3%96lstand", 0), ("%22quoted%5C", 1)] {
        let found: SearchResult = desk
            .client
            .get(&path::search(&inbox, text))
            .await
            .good()
            .json();
        let uid = snapshot.uids.iter().nth(hit).unwrap();
        assert_eq!(found.uids, UidSet::one(uid), "{text}");
    }
    let none: SearchResult = desk
        .client
        .get(&path::search(&inbox, "a%0D%0AB%20LOGOUT"))
        .await
        .good()
        .json();
    assert!(none.uids.is_empty());
}

#[tokio::test]
async fn a_message_that_is_gone_says_so() {
    let desk = Desk::with_letters(&[("", &letter("one", "1"))]).await;
    let (inbox, snapshot) = desk.inbox().await;
    let key = MessageKey {
        uidvalidity: snapshot.uidvalidity,
        uid: 4711,
    };
    for url in [path::message(&inbox, key), path::body(&inbox, key)] {
        let error = desk.client.get(&url).await.error();
        assert_eq!(error.code, ErrorCode::MessageGone);
        assert!(!error.remedy.is_empty());
    }
}
