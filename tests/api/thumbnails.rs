//! Small pictures of files: made by the server, and of nothing but pictures.

use whimbrel_shared::{PartId, path};
use whimbrel_tests::elsewhere::GIF;

use crate::kit::Desk;

/// A letter with these files, all said to be GIFs.
fn letter(files: &[&[u8]]) -> Vec<u8> {
    let mut raw = b"From: ada@fenwick.example\r\nSubject: Photos\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=tern\r\n\r\n\
        --tern\r\nContent-Type: text/plain\r\n\r\nHere.\r\n"
        .to_vec();
    for file in files {
        let hex: String = file.iter().map(|byte| format!("={byte:02X}")).collect();
        raw.extend_from_slice(
            b"--tern\r\nContent-Type: image/gif; name=a.gif\r\nContent-Disposition: attachment\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\r\n",
        );
        for line in hex.as_bytes().chunks(72) {
            raw.extend_from_slice(line);
            raw.extend_from_slice(b"=\r\n");
        }
        raw.extend_from_slice(b"\r\n");
    }
    raw.extend_from_slice(b"--tern--\r\n");
    raw
}

#[tokio::test]
async fn a_picture_has_a_small_one_and_what_only_says_so_has_none() {
    let mut lying = GIF.to_vec();
    lying[6..10].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    let letter = letter(&[GIF, &lying, b"<svg onload=x>", &GIF[..20]]);
    let desk = Desk::with_letters(&[("", &letter)]).await;
    let (inbox, _) = desk.inbox().await;
    let message = desk.newest(&inbox).await;
    assert_eq!(message.attachments.len(), 4);
    let url = |part: &PartId| path::thumbnail(&inbox, message.key, part);
    for _ in 0..2 {
        let small = desk
            .client
            .get(&url(&message.attachments[0].id))
            .await
            .good();
        assert!(matches!(
            &*small.header("content-type"),
            "image/jpeg" | "image/png"
        ));
        assert!(small.header("content-security-policy").contains("sandbox"));
        assert_eq!(small.header("cache-control"), "no-store");
        assert_ne!(small.bytes(), GIF);
        for file in &message.attachments[1..] {
            let answer = desk.client.get(&url(&file.id)).await;
            assert_eq!(answer.status().as_u16(), 404, "{file:?}");
        }
    }
    for other in ["1", "9", "x"] {
        let known = PartId::new("2").expect("a part");
        let url = url(&known).replace("/parts/2/", &format!("/parts/{other}/"));
        assert_eq!(
            desk.client.get(&url).await.status().as_u16(),
            404,
            "{other}"
        );
    }
}
