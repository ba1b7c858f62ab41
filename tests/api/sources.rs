//! Messages as they are: source, header fields, files at once, and the views of their text.

use std::io::{Cursor, Read as _};

use whimbrel_shared::{BodyView, ErrorCode, MailboxSnapshot, MessageHeader, MessageKey, path};
use whimbrel_tests::{letters::plain::letter, world::MailServer};
use zip::ZipArchive;

use crate::kit::{Desk, server};

/// A subject that tries to leave its header, to hide its ending and to be a path.
const HOSTILE_SUBJECT: &str = "=?utf-8?Q?a=0D=0ASet-Cookie:_b=22_=E2=80=AEgpj.exe_3/4?=";

/// The messages of a list, newest first.
fn keys(snapshot: &MailboxSnapshot) -> Vec<MessageKey> {
    let uidvalidity = snapshot.uidvalidity;
    let rows = snapshot.envelopes.iter();
    rows.map(|row| MessageKey {
        uidvalidity,
        uid: row.uid,
    })
    .collect()
}

#[tokio::test]
async fn the_source_is_every_byte_and_can_do_nothing() {
    let script = "<script>alert(1)</script>\r\n".repeat(10_000);
    let raw = letter(HOSTILE_SUBJECT, &script);
    let mut desk = Desk::with_letters(&[("", &raw)]).await;
    let (inbox, _) = desk.inbox().await;
    let key = desk.newest(&inbox).await.key;

    let shown = desk.client.get(&path::source(&inbox, key)).await.good();
    assert_eq!(shown.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert!(shown.header("content-security-policy").contains("sandbox"));
    assert_eq!(shown.header("content-disposition"), "");
    assert!(shown.bytes() == raw, "{} bytes", shown.bytes().len());

    let url = path::source_file(&inbox, key);
    let kept = desk.client.get(&url).await.good();
    assert_eq!(kept.header("content-type"), "message/rfc822");
    assert_eq!(kept.header("set-cookie"), "");
    let name = kept.header("content-disposition");
    assert!(name.starts_with("attachment; filename=\"a"), "{name}");
    assert!(name.ends_with("gpj.exe%203_4.eml"), "{name}");
    assert!(
        !name.contains("%E2%80%AE") && !name.contains("%22"),
        "{name}"
    );
    assert_eq!(name.matches('"').count(), 2, "{name}");
    assert!(kept.bytes() == raw);

    desk.other.select("INBOX").await;
    let flags = desk.other.flags().await;
    assert!(flags.values().all(|flags| !flags.contains("\\Seen")));
}

const RUBBISH: &[u8] =
    b"Received: from a.example\r\n\tby b.example;\r\n Tue, 3 Nov 2026 08:00:00 +0100\r\n\
X-Rubbish: \xff\xfe\x1b[31m caf\xe9\r\nX-Empty:\r\nno field at all\r\n\
From: =?utf-8?Q?Caf=C3=A9?= <cafe@whimbrel.example>\r\nReceived: from c.example\r\n\r\n\
X-Body: is no header\r\n";

#[tokio::test]
async fn all_header_fields_are_told_in_order_and_can_be_read() {
    if server() == MailServer::Cyrus {
        return; // it takes no letter with such a header
    }
    let long = format!("X-Long: {}\r\n", "long ".repeat(10_000));
    let many: String = (0..1_100).map(|n| format!("X-{n}: y\r\n")).collect();
    let many = format!("From: a@whimbrel.example\r\n{long}{many}\r\n.\r\n");
    let desk = Desk::with_letters(&[("", RUBBISH), ("", many.as_bytes())]).await;
    let (inbox, snapshot) = desk.inbox().await;
    let mut headers = Vec::new();
    for key in keys(&snapshot) {
        let url = path::header(&inbox, key);
        headers.push(desk.client.get(&url).await.good().json::<MessageHeader>());
    }
    let [many, rubbish] = &headers[..] else {
        panic!("two letters")
    };

    let fields: Vec<_> = rubbish.fields.iter().map(|field| &*field.name).collect();
    assert_eq!(
        fields,
        ["Received", "X-Rubbish", "X-Empty", "From", "Received"]
    );
    let value = |at: usize| &*rubbish.fields[at].value;
    assert!(value(0).starts_with("from a.example") && value(0).ends_with("+0100"));
    assert!(value(1).contains("caf") && !value(1).contains(char::is_control));
    assert_eq!(value(2), "");
    assert_eq!(value(3), "Café <cafe@whimbrel.example>");
    assert!(!rubbish.is_cut);

    assert!(many.is_cut);
    assert_eq!(many.fields.len(), 1_000);
    let long = &many.fields[1];
    assert!(long.is_cut && long.value.len() <= 16 * 1024 && long.value.starts_with("long long"));
    assert!(!many.fields[2].is_cut);
}

#[tokio::test]
async fn a_text_can_be_seen_plain_and_as_it_came() {
    let quote: String = (1..=10).map(|n| format!("> {n}\r\n")).collect();
    let plain =
        format!("A letter that is long enough to be \r\nread.\r\n\r\nAda wrote:\r\n{quote}");
    let raw = format!(
        "From: a@whimbrel.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain; format=flowed\r\n\r\n{plain}\r\n--b\r\nContent-Type: text/html\r\n\r\n\
         <p>A <b>letter</b></p>\r\n--b--\r\n"
    );
    let html_only =
        b"From: a@whimbrel.example\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n\
        <p>Only <b>HTML</b></p>\r\n";
    let desk = Desk::with_letters(&[("", html_only), ("", raw.as_bytes())]).await;
    let (inbox, snapshot) = desk.inbox().await;
    let keys = keys(&snapshot);
    let (both, html) = (keys[0], keys[1]);
    let document = async |key, view| {
        let url = path::body_as(&inbox, key, view);
        let document = desk.client.get(&format!("{url}&theme=dark")).await.good();
        assert!(
            document
                .header("content-security-policy")
                .contains("sandbox")
        );
        document.text()
    };

    let sent = document(both, BodyView::AsSent).await;
    assert!(sent.contains("<b>letter</b>") && sent.contains("content=\"dark\""));
    let text = document(both, BodyView::Text).await;
    assert!(
        text.contains("content=\"dark\"") && text.contains("to be read."),
        "{text}"
    );
    assert!(
        text.contains("<summary>Show quoted text (10 lines)</summary>"),
        "{text}"
    );
    let original = document(both, BodyView::Original).await;
    assert!(original.contains("<pre><samp>A letter"), "{original}");
    assert!(original.contains("to be \nread.") || original.contains("to be \r\nread."));
    assert!(original.contains("&gt; 10") && !original.contains("<details>"));

    for view in [BodyView::Text, BodyView::Original] {
        let document = document(html, view).await;
        assert!(
            document.contains("Only HTML") && !document.contains("<b>"),
            "{document}"
        );
    }
    let url = format!("{}?view=other", path::body(&inbox, both));
    assert_eq!(
        desk.client.get(&url).await.error().code,
        ErrorCode::BadRequest
    );
}

fn with_files() -> Vec<u8> {
    let file = |name: &str, content: &str| {
        format!(
            "--m\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename*=utf-8''{name}\r\n\r\n{content}\r\n"
        )
    };
    let files = [
        file("..%2F..%2Fa.txt", "b25l"),
        file("a.txt", "dHdv"),
        file("A.TXT", "dGhyZWU="),
        file(
            "%E2%82%AC%E2%80%AE.csv",
            &format!("{}\r\n", "YWJj".repeat(18)).repeat(5_000),
        ),
    ]
    .concat();
    let head =
        format!("From: a@whimbrel.example\r\nSubject: {HOSTILE_SUBJECT}\r\nMIME-Version: 1.0\r\n");
    format!(
        "{head}Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\ntext\r\n{files}--m--\r\n"
    )
    .into_bytes()
}

#[tokio::test]
async fn all_files_come_in_one_archive_with_names_of_their_own() {
    let desk = Desk::with_letters(&[("", &letter("none", "text")), ("", &with_files())]).await;
    let (inbox, snapshot) = desk.inbox().await;
    let url = path::attachments(&inbox, keys(&snapshot)[0]);
    let answer = desk.client.get(&url).await.good();
    assert_eq!(answer.header("content-type"), "application/zip");
    let name = answer.header("content-disposition");
    assert!(name.ends_with("gpj.exe%203_4.zip"), "{name}");

    let mut archive = ZipArchive::new(Cursor::new(answer.bytes())).expect("an archive");
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a file");
        let name = file.name().expect("a name").into_owned();
        let mut content = String::new();
        file.read_to_string(&mut content).expect("whole");
        files.push((name, content));
    }
    let wanted = [
        ("a.txt", "one".to_owned()),
        ("a (2).txt", "two".to_owned()),
        ("A (3).TXT", "three".to_owned()),
        ("€.csv", "abc".repeat(90_000)),
    ];
    let names: Vec<&str> = files.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, wanted.each_ref().map(|(name, _)| *name));
    for ((name, content), (_, wanted)) in files.iter().zip(&wanted) {
        assert!(content == wanted, "{name}");
    }

    let url = path::attachments(&inbox, keys(&snapshot)[1]);
    assert_eq!(
        desk.client.get(&url).await.error().code,
        ErrorCode::NotFound
    );
}

#[tokio::test]
async fn nobody_else_sees_any_of_it() {
    let desk = Desk::with_letters(&[("", &with_files())]).await;
    let (inbox, snapshot) = desk.inbox().await;
    let key = keys(&snapshot)[0];
    let (stranger, nobody) = (Desk::new().await, desk.app.client());
    for url in [
        path::source(&inbox, key),
        path::source_file(&inbox, key),
        path::header(&inbox, key),
        path::attachments(&inbox, key),
        path::body_as(&inbox, key, BodyView::Text),
        path::body_as(&inbox, key, BodyView::Original),
    ] {
        drop(desk.client.get(&url).await.good());
        let error = stranger.client.get(&url).await.error();
        assert_eq!(error.code, ErrorCode::MailboxGone, "{url}");
        assert_eq!(
            nobody.get(&url).await.error().code,
            ErrorCode::SignedOut,
            "{url}"
        );
        let other = path::of_account(&url, "another");
        assert_eq!(
            desk.client.get(&other).await.error().code,
            ErrorCode::SignedOut,
            "{url}"
        );
    }
}
