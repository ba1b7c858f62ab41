//! What a large file costs on its way from and to the browser: the memory of the server while 24 MiB pass.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use whimbrel_shared::{MessageKey, PartId, SessionInfo, path};
use whimbrel_tests::{
    http::HttpConnection,
    letters::{Flags, Letter, maildir::UIDVALIDITY},
    world::{ADA, PASSWORD, World},
};

use crate::{figures::Figures, large, rounds, server::Server};

const FILE_BYTES: usize = 24 << 20;

/// Measures it.
pub(crate) async fn measure(figures: &mut Figures) {
    let world = World::start().await.expect("a mail world");
    world.lay(ADA, [letter()].into_iter()).expect("room for it");
    let server = Server::start(&world).await;
    let mut http = HttpConnection::open(&server.origin).await;
    http.sign_in(ADA, PASSWORD).await;
    let inbox = large::inbox(&mut http).await;
    let key = MessageKey {
        uidvalidity: UIDVALIDITY,
        uid: 1,
    };
    assert_eq!(http.get(&path::message(&inbox, key)).await.status, 200);
    let part = PartId::new("2").expect("a section");
    let url = path::part(&inbox, key, &part);
    let mut most: f64 = 0.0;
    let before = server.memory();
    for _ in 0..rounds(2) {
        server.forget_peak();
        let (status, length) = http.get_unread(&url).await;
        assert_eq!((status, length), (200, FILE_BYTES as u64));
        most = most.max(server.peak() - before);
    }
    let what = "memory for 24 MiB on their way down";
    figures.at_most(what, most / 1024.0, 2.0, "MiB");
    up(figures, &server, &mut http).await;
}

async fn up(figures: &mut Figures, server: &Server, http: &mut HttpConnection) {
    let session = http.get(path::SESSION).await;
    let session: SessionInfo = serde_json::from_slice(&session.body).expect("a session");
    let (account, url) = (session.account_id, path::uploads("tides.bin"));
    let file = "The tide. ".repeat(FILE_BYTES / 10);
    let mut most: f64 = 0.0;
    let before = server.memory();
    for _ in 0..rounds(2) {
        server.forget_peak();
        let answer = http
            .post_body(&account, &url, "application/octet-stream", &file)
            .await;
        assert_eq!(answer.status, 200);
        most = most.max(server.peak() - before);
    }
    let what = "memory for 24 MiB on their way up";
    figures.at_most(what, most / 1024.0, 2.0, "MiB");
}

fn letter() -> Letter {
    let bytes: Vec<u8> = (0..FILE_BYTES).map(|n| (n * n / 251) as u8).collect();
    let lines: Vec<String> = bytes.chunks(57).map(|line| STANDARD.encode(line)).collect();
    let raw = format!(
        "From: {ADA}\nTo: {ADA}\nSubject: A file\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nHere it is.\n\
         --b\nContent-Type: application/octet-stream; name=\"tides.bin\"\n\
         Content-Disposition: attachment; filename=\"tides.bin\"\nContent-Transfer-Encoding: base64\n\n\
         {}\n--b--\n",
        lines.join("\n")
    );
    Letter {
        folder: "INBOX",
        arrived: 1_600_000_000,
        flags: Flags::default(),
        raw: raw.into_bytes(),
    }
}
