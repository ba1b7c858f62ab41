//! Leaving mailing lists: offered, done only on a click, and by nothing but the one request that was asked for.

use whimbrel_shared::{Draft, ErrorCode, MailboxId, MessageKey, ReportLine, path};
use whimbrel_tests::elsewhere::Elsewhere;

use crate::kit::{Desk, world};

const ONE_CLICK: &str = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";

async fn with_newsletter(header: &str) -> (Desk, MailboxId, MessageKey) {
    let raw = format!(
        "From: News <news@mudflat.example>\r\nTo: you@whimbrel.example\r\n{header}Subject: Tides\r\n\
         Date: Tue, 03 Nov 2026 08:00:00 +0100\r\nMIME-Version: 1.0\r\n\r\nHigh water\r\n"
    );
    let desk = Desk::with_letters(&[("", raw.as_bytes())]).await;
    let (inbox, _) = desk.inbox().await;
    let key = desk.newest(&inbox).await.key;
    (desk, inbox, key)
}

/// The note that offers it.
async fn offered(desk: &Desk, mailbox: &MailboxId, key: MessageKey) -> Option<ReportLine> {
    let url = path::sender(mailbox, key);
    let notes: Vec<ReportLine> = desk.client.get(&url).await.good().json();
    notes
        .into_iter()
        .find(|note| note.title.starts_with("This is mail of a list"))
}

#[tokio::test]
async fn one_click_is_one_request_that_tells_nobody_who_reads() {
    let elsewhere = Elsewhere::over_tls(&world().await.certificates).await;
    let header = format!(
        "List-Unsubscribe: <mailto:leave@mudflat.example>, <{}/leave?id=7>\r\n{ONE_CLICK}",
        elsewhere.origin
    );
    let (desk, inbox, key) = with_newsletter(&header).await;
    let note = offered(&desk, &inbox, key).await.expect("an offer");
    assert_eq!(note.target, path::unsubscribe(&inbox, key));
    drop(desk.client.get(&path::body(&inbox, key)).await.good());
    assert_eq!(
        elsewhere.asked(),
        Vec::<String>::new(),
        "nothing without a click"
    );

    let answer: String = desk.client.post(&note.target, &()).await.good().json();
    assert!(answer.contains("take you off its list"), "{answer}");
    let asked = elsewhere.asked();
    let [request] = &asked[..] else {
        panic!("{asked:?}")
    };
    assert!(
        request.starts_with("POST /leave?id=7 HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.ends_with("\r\n\r\nList-Unsubscribe=One-Click"),
        "{request}"
    );
    let header = request.to_ascii_lowercase();
    assert!(
        header.contains("content-type: application/x-www-form-urlencoded"),
        "{request}"
    );
    for tells in ["cookie", "referer", "origin", "whimbrel", &desk.address] {
        assert!(!header.contains(tells), "{tells} in {header}");
    }
}

#[tokio::test]
async fn what_leads_on_or_inside_is_not_followed() {
    let elsewhere = Elsewhere::over_tls(&world().await.certificates).await;
    for (target, asks) in [
        (format!("{}/inside", elsewhere.origin), 1),
        ("https://127.0.0.1:1/leave".to_owned(), 1),
        ("https://169.254.169.254/leave".to_owned(), 1),
        ("https://[::1]/leave".to_owned(), 1),
    ] {
        let header = format!("List-Unsubscribe: <{target}>\r\n{ONE_CLICK}");
        let (desk, inbox, key) = with_newsletter(&header).await;
        let url = path::unsubscribe(&inbox, key);
        let error = desk.client.post(&url, &()).await.error();
        assert_eq!(error.code, ErrorCode::Invalid, "{target}");
        assert_eq!(elsewhere.asked().len(), asks, "{target}");
    }
}

#[tokio::test]
async fn without_one_click_it_is_a_letter_or_a_page_and_the_server_asks_nobody() {
    let elsewhere = Elsewhere::over_tls(&world().await.certificates).await;
    let page = format!("{}/leave", elsewhere.origin);
    let letter = "mailto:leave@mudflat.example?subject=leave%20me";
    let signed = "Authentication-Results: mx.whimbrel.example; dkim=fail header.d=mudflat.example\r\n\
        Received: from mudflat.example by mx.whimbrel.example with ESMTP\r\n";
    let failed = signed.replace("dkim=fail", "dmarc=fail");
    for (header, target, subject) in [
        (format!("List-Unsubscribe: <{page}>\r\n"), &*page, None),
        (
            format!("List-Unsubscribe: <{letter}>, <{page}>\r\n"),
            "",
            Some("leave me"),
        ),
        // Its signature does not fit, so that anybody may have written the field.
        (
            format!("{signed}List-Unsubscribe: <{page}>\r\n{ONE_CLICK}"),
            &*page,
            None,
        ),
    ] {
        let (desk, inbox, key) = with_newsletter(&header).await;
        let note = offered(&desk, &inbox, key).await.expect("an offer");
        let url = path::unsubscribe(&inbox, key);
        if let Some(subject) = subject {
            let letter: Draft = desk.client.get(&note.target).await.good().json();
            assert_eq!(
                (&*letter.subject, &*letter.to[0].email),
                (subject, "leave@mudflat.example")
            );
        } else {
            assert_eq!(note.target, target, "{header}");
            let draft = desk.client.get(&format!("{url}/draft")).await;
            assert_eq!(draft.error().code, ErrorCode::NotFound);
        }
        let error = desk.client.post(&url, &()).await.error();
        assert_eq!(error.code, ErrorCode::NotFound, "{header}");
    }
    let header = format!("{failed}List-Unsubscribe: <{page}>\r\n{ONE_CLICK}");
    let (desk, inbox, key) = with_newsletter(&header).await;
    assert_eq!(
        offered(&desk, &inbox, key).await,
        None,
        "somebody else wrote it"
    );
    assert_eq!(elsewhere.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_link_to_an_address_becomes_a_letter_that_nobody_sent() {
    let desk = Desk::with_letters(&[]).await;
    let link = "mailto%3Aada%40fenwick.example%3Fcc%3Dbo%40curlew.example%26subject%3DHigh%2520tide%26attach%3D%2Fetc%2Fpasswd";
    let letter: Draft = desk.client.get(&path::letter(link)).await.good().json();
    assert_eq!(
        (&*letter.to[0].email, &*letter.cc[0].email),
        ("ada@fenwick.example", "bo@curlew.example")
    );
    assert_eq!(
        (&*letter.subject, letter.attachments.len()),
        ("High tide", 0)
    );
    let other = desk
        .client
        .get(&path::letter("https%3A%2F%2Fa.example"))
        .await;
    assert_eq!(other.error().code, ErrorCode::NotFound);
}
