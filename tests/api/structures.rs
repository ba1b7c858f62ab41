//! Messages of every structure as a real mail server tells of it: messages within messages, reports, packed
//! files, invitations, and those without a boundary.

use std::io::{Cursor, Read as _};

use whimbrel_shared::{Message, MessageKey, PartId, path};
use whimbrel_tests::world::MailServer;
use zip::ZipArchive;

use crate::kit::{Desk, server};

/// A letter of the corpus.
fn stored(name: &str) -> Vec<u8> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/letters/");
    let bytes = std::fs::read(format!("{root}{name}.eml")).expect(name);
    // Mail servers want whole line ends.
    let text = bytes.split(|&byte| byte == b'\n');
    let lines: Vec<&[u8]> = text
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .collect();
    lines.join(&b"\r\n"[..])
}

/// The letter, opened, and the document of its frame.
async fn opened(desk: &mut Desk, name: &str) -> (Message, String) {
    let raw = stored(name);
    drop(desk.other.append("INBOX", "", &raw).await.good());
    let (inbox, _) = desk.inbox().await;
    let message = desk.newest(&inbox).await;
    let body = path::body(&inbox, message.key);
    let body = desk.client.get(&body).await.good().text();
    (message, body)
}

/// The name and the bytes of a part.
async fn file(desk: &mut Desk, key: MessageKey, id: &PartId) -> (String, Vec<u8>) {
    let (inbox, _) = desk.inbox().await;
    let file = desk.client.get(&path::part(&inbox, key, id)).await.good();
    let name = file.header("content-disposition").to_owned();
    (name, file.bytes().to_vec())
}

fn names(message: &Message) -> Vec<&str> {
    let files = message.attachments.iter();
    files.map(|file| file.name.as_str()).collect()
}

#[tokio::test]
async fn a_message_within_a_message_stands_below_and_its_files_can_be_had() {
    let mut desk = Desk::new().await;
    let (message, body) = opened(&mut desk, "structure/message-with-files").await;
    assert_eq!(names(&message), ["files.eml"]);
    assert_eq!(message.text, "Two files within.");
    let (_, below) = body.split_once("class=\"w-letter\"").expect("a letter");
    for shown in [
        "Irina &lt;irina@kulik.example&gt;",
        "Here they are.",
        "15 November 2026",
    ] {
        assert!(below.contains(shown), "{shown} in {below}");
    }
    let plan = PartId::new("2.2").expect("a part");
    let (inbox, _) = desk.inbox().await;
    let url = path::part(&inbox, message.key, &plan);
    assert!(below.contains(&format!("href=\"{url}\"")), "{below}");
    let (name, bytes) = file(&mut desk, message.key, &plan).await;
    assert!(name.contains("plan.pdf") && bytes == b"%PDF-1.7", "{name}");
}

#[tokio::test]
async fn pictures_of_a_message_within_are_its_own() {
    let mut desk = Desk::new().await;
    let (message, body) = opened(&mut desk, "structure/message-with-html-and-pictures").await;
    assert!(message.is_html && message.has_remote_content);
    let (outer, inner) = body.split_once("class=\"w-letter\"").expect("a letter");
    let picture = |html: &str| {
        let (_, from) = html.split_once("<img src=\"").expect("a picture");
        let (url, _) = from.split_once('"').expect("its address");
        url.to_owned()
    };
    let (outer, inner) = (picture(outer), picture(inner));
    assert!(
        outer.ends_with("/2") && inner.ends_with("/3.2"),
        "{outer} {inner}"
    );
    let picture = desk.client.get(&inner).await.good();
    assert_eq!(picture.header("content-type"), "image/png");
}

#[tokio::test]
async fn a_message_that_was_encoded_is_opened_too() {
    let mut desk = Desk::new().await;
    let (message, body) = opened(&mut desk, "structure/message-in-base64-with-files").await;
    assert_eq!(names(&message), ["bridge.eml"]);
    assert!(message.is_html && message.text.contains("make of this?"));
    let (_, below) = body.split_once("class=\"w-letter\"").expect("a letter");
    for shown in ["Brücke im Nebel", "The bridge from <b>below</b>", "Früher."] {
        assert!(below.contains(shown), "{shown} in {below}");
    }
    let (inbox, _) = desk.inbox().await;
    let part = |id: &str| PartId::new(id).expect("a part");
    let picture = path::picture(&inbox, message.key, &part("2!2"));
    assert!(below.contains(&format!("src=\"{picture}\"")), "{below}");
    let picture = desk.client.get(&picture).await.good();
    assert!(picture.bytes().starts_with(b"\x89PNG"));
    let levels = path::part(&inbox, message.key, &part("2!3"));
    assert!(below.contains(&format!("href=\"{levels}\"")), "{below}");
    let (name, bytes) = file(&mut desk, message.key, &part("2!3")).await;
    assert!(name.contains("levels.csv"), "{name}");
    assert_eq!(bytes, b"day,level\n1,212");
}

#[tokio::test]
async fn what_smime_signed_is_read_and_its_files_can_be_had() {
    let mut desk = Desk::new().await;
    for name in ["around", "in-pieces", "as-octet-stream"] {
        let (message, body) = opened(&mut desk, &format!("structure/smime-signed-{name}")).await;
        assert_eq!(names(&message), ["smime.p7m", "levels.csv"], "{name}");
        assert!(body.contains("The offer for the <b>Brücke</b>"), "{body}");
        let id = &message.attachments.last().expect("a file").id;
        let (_, bytes) = file(&mut desk, message.key, id).await;
        assert!(bytes.starts_with(b"day,level\r\n0,200\r\n"), "{name}");
        assert!(bytes.ends_with(b"\r\n599,207"), "{name}");
    }
}

#[tokio::test]
async fn messages_are_opened_as_far_as_it_goes() {
    let mut desk = Desk::new().await;
    for (name, shown) in [
        ("structure/message-alone", "The only text."),
        ("structure/digest", "Two."),
        ("structure/message-eight-deep", "Text of level 5."),
    ] {
        let (message, body) = opened(&mut desk, name).await;
        assert!(body.contains(shown), "{name}: {body}");
        let is_cut = message
            .defects
            .iter()
            .any(|defect| defect.contains("Not all"));
        assert_eq!(is_cut, name.ends_with("deep"), "{:?}", message.defects);
    }
}

#[tokio::test]
async fn reports_say_what_happened() {
    let mut desk = Desk::new().await;
    for (name, shown) in [
        (
            "notices/bounce-no-such-user",
            "There is nobody with this address.",
        ),
        ("notices/bounce-no-such-user", "Tomorrow at nine?"),
        ("notices/bounce-mailbox-full", "Möwen"),
        ("notices/receipt-displayed", "Your message was opened"),
    ] {
        let (_, body) = opened(&mut desk, name).await;
        assert!(body.contains(shown), "{name}: {body}");
    }
}

#[tokio::test]
async fn invitations_and_cards_are_told() {
    let mut desk = Desk::new().await;
    for (name, shown) in [
        (
            "notices/invitation",
            "15:00 to 16:30 (W. Europe Standard Time, UTC+01:00)",
        ),
        ("notices/invitation-as-file", "Quay 2, beside the crane"),
        ("notices/card-3", "Whimbrel Station, Waders"),
    ] {
        let (message, body) = opened(&mut desk, name).await;
        assert!(body.contains(shown), "{name}: {body}");
        assert_eq!(message.attachments.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn packed_files_can_be_had_alone_and_together() {
    let mut desk = Desk::new().await;
    let (message, _) = opened(&mut desk, "files/winmail-with-files").await;
    assert_eq!(names(&message), ["Plan für Mai.pdf", "list.txt"]);
    let (name, bytes) = file(&mut desk, message.key, &message.attachments[0].id).await;
    assert!(
        name.contains("Mai.pdf") && bytes == b"%PDF-1.7 plan",
        "{name}"
    );
    let (inbox, _) = desk.inbox().await;
    let archive = path::attachments(&inbox, message.key);
    let archive = desk.client.get(&archive).await.good().bytes().to_vec();
    let mut archive = ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut list = String::new();
    let read = archive
        .by_name("list.txt")
        .expect("a file")
        .read_to_string(&mut list);
    assert_eq!((read.expect("text"), list.as_str()), (7, "curlew\n"));
}

#[tokio::test]
async fn files_written_into_a_text_are_taken_out_of_it() {
    let mut desk = Desk::new().await;
    let (message, body) = opened(&mut desk, "files/uuencode-in-text").await;
    assert!(body.contains("Here is the list.") && !body.contains("begin 644"));
    assert_eq!(names(&message), ["count.txt"]);
    let (_, bytes) = file(&mut desk, message.key, &message.attachments[0].id).await;
    assert_eq!(bytes, b"curlew 4\nwhimbrel 12\n".repeat(6));
    let (message, _) = opened(&mut desk, "files/uuencode-as-encoding").await;
    let (_, bytes) = file(&mut desk, message.key, &message.attachments[0].id).await;
    assert_eq!(bytes, b"godwit\n");
}

#[tokio::test]
async fn a_message_without_its_boundary_is_read() {
    let mut desk = Desk::new().await;
    for (name, shown) in [
        ("broken/no-boundary-named", "Still to be read."),
        ("broken/other-boundary-used", "<p>Rich.</p>"),
        (
            "broken/boundary-never-comes",
            "There are no parts here, only words.",
        ),
        ("broken/no-last-boundary", "Second, and then nothing"),
    ] {
        let (message, body) = opened(&mut desk, name).await;
        assert!(body.contains(shown), "{name}: {body}");
        for part in &message.attachments {
            let (_, bytes) = file(&mut desk, message.key, &part.id).await;
            assert_eq!((&*part.name, &*bytes), ("a.txt", &b"file"[..]));
        }
    }
}

#[tokio::test]
async fn file_names_come_as_they_were_meant() {
    let mut desk = Desk::new().await;
    for (letter, name) in [
        ("files/name-rfc-2231-pieces", "Größen und Masse.txt"),
        ("files/name-encoded-word", "План.pdf"),
        ("files/name-with-path", "passwd"),
    ] {
        let (message, _) = opened(&mut desk, letter).await;
        assert_eq!(names(&message).first(), Some(&name), "{letter}");
    }
}

#[tokio::test]
async fn letters_that_lost_their_structure_keep_their_words() {
    // Others refuse to keep such letters, or say other things of them.
    if server() != MailServer::Dovecot {
        return;
    }
    let mut desk = Desk::new().await;
    for (name, words) in [
        ("broken/no-blank-line", "Two terns sat on the pole."),
        ("broken/no-blank-line-2", "Two terns sat on the pole."),
        ("broken/blank-line-with-spaces", "Two terns sat."),
        ("broken/bom-before-header", "Two terns sat."),
        ("broken/folding-missing", "Two terns."),
        ("structure/content-type-comment", "Two terns"),
        ("structure/content-type-comment-before", "Two terns"),
        ("structure/content-type-no-semicolon", "Two térns"),
        ("structure/content-type-comma", "Two térns"),
        ("structure/content-type-quoted-whole", "Two térns"),
        ("structure/content-type-spaces", "Two térns"),
        ("structure/multipart-html-root", "Two térns sat."),
        ("structure/multipart-header-missing-blank", "Two térns sat."),
        ("structure/alternative-inline-names", "Two térns sat."),
        ("structure/related-no-root-start", "Two térns sat"),
        ("structure/related-two-texts", "Two térns sat."),
        ("structure/text-richtext", "(and <gulls>)"),
        ("charsets/transfer-base64-footer", "Two térns sat."),
        ("charsets/transfer-qp-comment", "Two térns sat."),
        ("charsets/transfer-qp-label-variants", "Two térns sat."),
        ("charsets/set-mixed-quoted", "Ja, schön."),
        ("headers/subject-with-raw-line-breaks", "ok"),
        ("structure/html-attached-alone", "Only body"),
    ] {
        let (message, _) = opened(&mut desk, name).await;
        assert!(message.text.contains(words), "{name}: {}", message.text);
    }
    for (name, file) in [
        ("name-device", "_CON.pdf"),
        ("name-disp-name-param", "plan.pdf"),
        ("name-2231-start-1", "plan.pdf"),
    ] {
        let (message, _) = opened(&mut desk, &format!("files/{name}")).await;
        assert_eq!(names(&message), [file], "{name}");
    }
    let (message, _) = opened(&mut desk, "files/uuencode-no-blank-line").await;
    let [levels] = message.attachments.as_slice() else {
        panic!("{:?}", message.attachments);
    };
    let (_, bytes) = file(&mut desk, message.key, &levels.id).await;
    assert_eq!(bytes, b"day,level\n1,212\n2,198\n");
}
