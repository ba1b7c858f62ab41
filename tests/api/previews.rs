//! Files to be looked at in a tab of their own: what is shown, as what, and what only goes as a download.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use whimbrel_shared::{MailboxId, MessageKey, path};

use crate::kit::Desk;

/// A file as mail programs attach it.
fn file(name: &str, media_type: &str, bytes: &[u8]) -> String {
    let letters = STANDARD.encode(bytes);
    let lines: Vec<&str> = letters
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).expect("ASCII"))
        .collect();
    format!(
        "--m\r\nContent-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename={name}\r\n\r\n{}\r\n",
        lines.join("\r\n")
    )
}

/// A desk with one letter that has these files.
async fn desk_with(files: &[String]) -> (Desk, MailboxId, MessageKey) {
    let letter = format!(
        "From: a@whimbrel.example\r\nSubject: Files\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\ntext\r\n{}--m--\r\n",
        files.concat()
    );
    let desk = Desk::with_letters(&[("", letter.as_bytes())]).await;
    let (inbox, _) = desk.inbox().await;
    let key = desk.newest(&inbox).await.key;
    (desk, inbox, key)
}

/// Where the file of this name can be looked at.
async fn preview(desk: &Desk, inbox: &MailboxId, key: MessageKey, name: &str) -> String {
    let message = desk.newest(inbox).await;
    let mut files = message.attachments.iter();
    let part = files.find(|file| file.name == name).expect("the file");
    path::preview(inbox, key, &part.id)
}

#[tokio::test]
async fn a_file_is_shown_as_what_it_is_and_hostile_ones_only_go_as_downloads() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
    let page = b"<script>alert(1)</script>";
    let files = [
        file("a.pdf", "application/octet-stream", b"%PDF-1.7\nwords"),
        file("b.pdf", "application/pdf", page),
        file("c.png", "text/html", png),
        file("e.html", "text/html", page),
        file("f.svg", "image/svg+xml", b"<svg onload=alert(1)>"),
        file("g.txt", "text/plain", page),
        file(
            "h.csv",
            "text/csv",
            "Bird;Count\r\nCurlew;<b>7</b>\r\n".as_bytes(),
        ),
        file("i.txt", "text/plain", b"MZ\x90\0\x03"),
    ];
    let (desk, inbox, key) = desk_with(&files).await;
    for (name, media_type, is_shown) in [
        ("a.pdf", "application/pdf", true),
        ("b.pdf", "application/pdf", false),
        ("e.html", "application/octet-stream", false),
        ("f.svg", "application/octet-stream", false),
        ("i.txt", "text/plain", false),
    ] {
        let url = preview(&desk, &inbox, key, name).await;
        let answer = desk.client.get(&url).await.good();
        let disposition = answer.header("content-disposition").to_owned();
        let kind = if is_shown { "inline" } else { "attachment" };
        assert!(disposition.starts_with(kind), "{name}: {disposition}");
        if is_shown {
            assert_eq!(answer.header("content-type"), media_type, "{name}");
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let policy = answer.header("content-security-policy").to_owned();
        assert!(policy.starts_with("default-src 'none'"), "{name}: {policy}");
        let is_pdf = name == "a.pdf";
        assert_eq!(policy.contains("sandbox"), !is_pdf, "{name}: {policy}");
    }
    for (name, wanted) in [
        ("c.png", "<img src=\"/api/mailboxes/"),
        ("g.txt", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("h.csv", ">&lt;b&gt;7&lt;/b&gt;</td>"),
    ] {
        let url = preview(&desk, &inbox, key, name).await;
        let document = desk.client.get(&url).await.good();
        assert_eq!(document.header("content-type"), "text/html; charset=utf-8");
        assert!(
            document
                .header("content-security-policy")
                .contains("sandbox")
        );
        let text = document.text();
        assert!(text.contains(wanted) && !text.contains("<script"), "{text}");
    }
}

#[tokio::test]
async fn a_player_can_begin_in_the_middle() {
    let mut sound = b"ID3\x04\0".to_vec();
    sound.extend((0..300_000_u32).map(|n| (n * 31 % 253) as u8));
    let (desk, inbox, key) = desk_with(&[file("tern.mp3", "audio/mpeg", &sound)]).await;
    let url = preview(&desk, &inbox, key, "tern.mp3").await;

    let whole = desk.client.get(&url).await.good();
    assert_eq!(whole.header("content-type"), "audio/mpeg");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(whole.bytes() == sound);

    for (from, to) in [(0, 99), (200_003, 200_102), (299_000, sound.len() - 1)] {
        let range = format!("bytes={from}-{to}");
        let part = desk.client.get_with(&url, &[("range", &range)]).await;
        assert_eq!(part.status(), 206);
        let told = format!("bytes {from}-{to}/{}", sound.len());
        assert_eq!(part.header("content-range"), told);
        assert!(*part.bytes() == sound[from..=to], "{range}");
    }
}
