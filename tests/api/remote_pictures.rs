//! Pictures that messages want from elsewhere: asked for only when the reader wants them, by the server alone.

use whimbrel_shared::{BodyView, Message, RemoteHost, path};
use whimbrel_tests::elsewhere::{ADDRESS, Elsewhere, GIF};

use crate::kit::Desk;

fn newsletter(origin: &str) -> Vec<u8> {
    format!(
        "From: news@mudflat.example\r\nTo: you@whimbrel.example\r\nSubject: Tides\r\n\
         Date: Tue, 03 Nov 2026 08:00:00 +0100\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n\
         <p>High water</p><img src=\"{origin}/one.gif?id=7\" alt=\"one\"><img src=\"{origin}/inside\">\
         <img src=\"http://169.254.169.254/latest/meta-data/\"><img src=\"{origin}/one.gif?id=7\">\r\n"
    )
    .into_bytes()
}

async fn opened(elsewhere: &Elsewhere) -> (Desk, Message) {
    let letter = newsletter(&elsewhere.origin);
    let desk = Desk::with_letters(&[("", &letter)]).await;
    let (inbox, _) = desk.inbox().await;
    let message = desk.newest(&inbox).await;
    (desk, message)
}

#[tokio::test]
async fn nothing_is_asked_elsewhere_before_the_reader_wants_it() {
    let elsewhere = Elsewhere::start().await;
    let (desk, message) = opened(&elsewhere).await;
    let host = |host: &str, pictures| RemoteHost {
        host: host.to_owned(),
        pictures,
    };
    assert_eq!(
        message.remote_hosts,
        [host(ADDRESS, 2), host("169.254.169.254", 1)]
    );
    let body = path::body(&message.mailbox_id, message.key);
    let blocked = desk.client.get(&body).await.good().text();
    assert!(
        blocked.contains("alt=\"one\"") && !blocked.contains("/remote/"),
        "{blocked}"
    );
    assert_eq!(elsewhere.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn the_reader_sees_pictures_that_the_server_fetched_without_a_word_of_who_reads() {
    let elsewhere = Elsewhere::start().await;
    let (desk, message) = opened(&elsewhere).await;
    let body = path::body_as(&message.mailbox_id, message.key, BodyView::Pictures);
    let html = desk.client.get(&body).await.good().text();
    assert!(!html.contains(&elsewhere.origin), "{html}");
    let remote = |place| path::remote(&message.mailbox_id, message.key, place);
    assert_eq!(html.matches(&format!("\"{}\"", remote(0))).count(), 2);

    let picture = desk.client.get(&remote(0)).await.good();
    assert_eq!(picture.header("content-type"), "image/gif");
    assert!(
        picture
            .header("content-security-policy")
            .contains("sandbox")
    );
    assert_eq!(picture.bytes(), GIF);
    let asked = elsewhere.asked();
    assert!(
        asked[0].starts_with("GET /one.gif?id=7 HTTP/1.1\r\n"),
        "{asked:?}"
    );
    let header = asked[0].to_ascii_lowercase();
    for tells in [
        "cookie",
        "referer",
        "origin",
        "accept-language",
        "whimbrel",
        &desk.address,
    ] {
        assert!(!header.contains(tells), "{tells} in {header}");
    }
}

#[tokio::test]
async fn no_message_makes_the_server_ask_its_own_network() {
    let elsewhere = Elsewhere::start().await;
    let (desk, message) = opened(&elsewhere).await;
    for place in [1, 2, 3, 1_000] {
        let url = path::remote(&message.mailbox_id, message.key, place);
        assert_eq!(
            desk.client.get(&url).await.status().as_u16(),
            404,
            "{place}"
        );
    }
    // Somebody else's messages are nobody's to load pictures of.
    let stranger = Desk::new().await;
    let url = path::remote(&message.mailbox_id, message.key, 0);
    assert_eq!(stranger.client.get(&url).await.status().as_u16(), 404);
    let asked = elsewhere.asked();
    assert!(
        asked
            .iter()
            .all(|request| request.starts_with("GET /inside ")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn trackers_are_named_before_anything_is_loaded() {
    let letter = b"From: news@mudflat.example\r\nSubject: Tides\r\nMIME-Version: 1.0\r\n\
        Content-Type: text/html\r\n\r\n\
        <img src=\"https://x.list-manage.com/track/open.php?u=1\" width=1 height=1>\
        <img src=\"https://mudflat.example/p.gif\" style=\"display:none\">\
        <a href=\"https://mudflat.example/?utm_source=news&amp;mc_eid=7\">Read on</a>\r\n";
    let desk = Desk::with_letters(&[("", letter)]).await;
    let (inbox, _) = desk.inbox().await;
    let message = desk.newest(&inbox).await;
    assert_eq!(
        message.trackers,
        [
            "2 tracking pixels: Mailchimp, mudflat.example",
            "1 link with a tracking mark: mc_eid, utm_*"
        ]
    );
}

#[tokio::test]
async fn backgrounds_are_pictures_like_others_and_each_has_its_place() {
    let elsewhere = Elsewhere::start().await;
    let origin = &elsewhere.origin;
    let letter = format!(
        "From: news@mudflat.example\r\nSubject: Tides\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n\
         <style>.a{{background:url({origin}/a.gif)}} .a:hover{{background:url({origin}/never.gif)}}\
         @media (max-width:600px){{.a{{background-image:url({origin}/b.gif)!important}}}}</style>\
         <body background=\"{origin}/c.gif\"><table background=\"{origin}/d.gif\"><tr><td class=a>\
         <img src=\"{origin}/e.gif\" src=\"{origin}/never.gif\">\
         <div style=\"background:#eee url('{origin}/f.gif') no-repeat,url({origin}/a.gif)\">High water</div></table>\r\n"
    );
    let desk = Desk::with_letters(&[("", letter.as_bytes())]).await;
    let (inbox, _) = desk.inbox().await;
    let message = desk.newest(&inbox).await;
    assert_eq!(message.remote_hosts[0].pictures, 6);
    let blocked = path::body(&message.mailbox_id, message.key);
    let blocked = desk.client.get(&blocked).await.good().text();
    assert!(
        !blocked.contains("/remote/")
            && blocked.contains("background:light-dark(#eee,#0c1315) none no-repeat,none")
    );
    let shown = path::body_as(&message.mailbox_id, message.key, BodyView::Pictures);
    let shown = desk.client.get(&shown).await.good().text();
    assert!(
        !shown.contains(origin) && !shown.contains("never"),
        "{shown}"
    );
    let place = |number| path::remote(&message.mailbox_id, message.key, number);
    for (number, before) in [
        (0, "url('"),
        (1, "url('"),
        (2, "url('"),
        (3, "<table background=\""),
        (4, "<img src=\""),
        (5, "url('"),
    ] {
        let written = format!("{before}{}", place(number));
        assert!(shown.contains(&written), "{written} in {shown}");
        let picture = desk.client.get(&place(number)).await.good();
        assert_eq!(picture.bytes(), GIF);
        let asked = elsewhere.asked();
        let name = char::from(b'a' + u8::try_from(number).unwrap());
        assert!(
            asked[number].starts_with(&format!("GET /{name}.gif ")),
            "{asked:?}"
        );
    }
    assert_eq!(desk.client.get(&place(6)).await.status().as_u16(), 404);
}
