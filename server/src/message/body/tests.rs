//! Trees of every shape, and what is shown of them.

use whimbrel_shared::PartId;

use super::{Purpose, Told, has_attachment, plan};
use crate::message::PartNode;

fn leaf(id: &str, media_type: &str) -> PartNode {
    PartNode {
        id: PartId::new(id),
        media_type: media_type.into(),
        encoding: "7bit".into(),
        size: 780,
        ..PartNode::default()
    }
}

fn named(id: &str, media_type: &str, name: &str) -> PartNode {
    PartNode {
        encoding: "base64".into(),
        disposition: Some("attachment".into()),
        disposition_parameters: vec![("filename".into(), name.into())],
        ..leaf(id, media_type)
    }
}

fn picture(id: &str, cid: &str) -> PartNode {
    PartNode {
        content_id: Some(cid.into()),
        disposition: Some("inline".into()),
        ..leaf(id, "image/png")
    }
}

fn multi(kind: &str, children: Vec<PartNode>) -> PartNode {
    PartNode {
        media_type: format!("multipart/{kind}").into(),
        children,
        ..PartNode::default()
    }
}

fn texts(tree: &PartNode) -> Vec<(String, Purpose)> {
    plan(tree)
        .texts
        .into_iter()
        .map(|text| (text.part.to_string(), text.purpose))
        .collect()
}

fn files(tree: &PartNode) -> Vec<String> {
    plan(tree)
        .attachments
        .into_iter()
        .map(|part| part.name)
        .collect()
}

fn shown(id: &str) -> (String, Purpose) {
    (id.to_owned(), Purpose::Show)
}

#[test]
fn a_letter_of_one_text() {
    let tree = leaf("1", "text/plain");
    assert_eq!(texts(&tree), [shown("1")]);
    assert!(!has_attachment(&tree));
}

#[test]
fn a_newsletter_with_pictures_and_a_plain_version() {
    let tree = multi(
        "alternative",
        vec![
            leaf("1", "text/plain"),
            multi(
                "related",
                vec![leaf("2.1", "text/html"), picture("2.2", "logo@x")],
            ),
        ],
    );
    assert_eq!(
        texts(&tree),
        [("1".to_owned(), Purpose::Quote), shown("2.1")]
    );
    let plan = plan(&tree);
    assert_eq!(plan.pictures.len(), 1);
    assert_eq!(plan.pictures[0].cid, "logo@x");
    assert!(plan.attachments.is_empty() && !has_attachment(&tree));
}

#[test]
fn a_picture_that_is_attached_may_be_shown_and_is_a_file_in_lists() {
    let photo = PartNode {
        content_id: Some("photo@x".into()),
        ..named("2", "image/jpeg", "tern.jpg")
    };
    let tree = multi("mixed", vec![leaf("1", "text/html"), photo]);
    assert_eq!(plan(&tree).pictures.len(), 1);
    assert!(has_attachment(&tree));
}

#[test]
fn a_text_that_is_attached_is_read_where_there_is_no_other() {
    let page = named("2", "text/html", "page.html");
    let file = named("1", "application/pdf", "plan.pdf");
    let tree = multi("mixed", vec![file.clone(), page.clone()]);
    assert_eq!(texts(&tree), [shown("2")]);
    assert_eq!(files(&tree), ["plan.pdf", "page.html"]);
    let tree = multi("mixed", vec![leaf("3", "text/plain"), file, page]);
    assert_eq!(texts(&tree), [shown("3")]);
}

#[test]
fn a_letter_with_files() {
    let tree = multi(
        "mixed",
        vec![
            leaf("1", "text/plain"),
            named("2", "application/pdf", "a/b/report.pdf"),
            leaf("3", "message/rfc822"),
            named("4", "text/plain", "notes.txt"),
            leaf("5", "text/plain"),
            named("6", "application/ms-tnef", "winmail.dat"),
        ],
    );
    let told = ("6".to_owned(), Purpose::Tell(Told::Winmail));
    assert_eq!(texts(&tree), [shown("1"), shown("5"), told]);
    assert_eq!(
        files(&tree),
        ["report.pdf", "part-3.eml", "notes.txt", "winmail.dat"]
    );
    assert_eq!(plan(&tree).attachments[0].size, 570);
    assert!(has_attachment(&tree));
}

#[test]
fn an_invitation_is_text_and_file() {
    let tree = multi(
        "alternative",
        vec![
            leaf("1", "text/plain"),
            leaf("2", "text/html"),
            leaf("3", "text/calendar"),
        ],
    );
    let quoted = ("1".to_owned(), Purpose::Quote);
    let told = ("3".to_owned(), Purpose::Tell(Told::Calendar));
    assert_eq!(texts(&tree), [quoted, shown("2"), told]);
    assert_eq!(files(&tree), ["part-3.ics"]);
}

#[test]
fn a_signature_is_no_paper_clip() {
    let tree = multi(
        "signed",
        vec![
            multi("mixed", vec![leaf("1.1", "text/plain")]),
            leaf("2", "application/pgp-signature"),
        ],
    );
    assert_eq!(texts(&tree), [shown("1.1")]);
    assert_eq!(files(&tree), ["part-2.asc"]);
    assert!(!has_attachment(&tree));
}

#[test]
fn a_message_that_is_only_a_file() {
    let tree = named("1", "application/pdf", "scan.pdf");
    assert!(texts(&tree).is_empty());
    assert_eq!(files(&tree), ["scan.pdf"]);
}

#[test]
fn an_alternative_of_unknown_things_loses_nothing() {
    let tree = multi(
        "alternative",
        vec![leaf("1", "application/x-a"), leaf("2", "image/heic")],
    );
    assert_eq!(files(&tree), ["part-1", "part-2"]);
}

#[test]
fn hostile_trees_end() {
    let mut deep = leaf("1", "text/plain");
    for _ in 0..5_000 {
        deep = multi("mixed", vec![deep]);
    }
    assert!(!plan(&deep).defects.is_empty());
    assert!(!has_attachment(&deep));
    let wide = multi("mixed", vec![leaf("1", "text/plain"); 20_000]);
    assert!(plan(&wide).attachments.len() <= 1_000);
    let mut alternatives = leaf("1", "text/html");
    for _ in 0..60 {
        alternatives = multi("alternative", vec![leaf("1", "text/plain"), alternatives]);
    }
    assert!(!plan(&alternatives).texts.is_empty());
    assert!(plan(&PartNode::default()).texts.is_empty());
}
