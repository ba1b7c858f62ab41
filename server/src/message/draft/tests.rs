//! Drafts of our own and of other programs, read back.

use whimbrel_shared::{
    Address, Draft, DraftAttachment, MailboxId, MessageKey, PartId, Related, Relation,
};

use super::from_message;
use crate::message::{
    PartNode,
    body::plan,
    build::{Bcc, build},
    render::{PictureUrls, render},
};

fn key() -> MessageKey {
    MessageKey {
        uidvalidity: 3,
        uid: 4,
    }
}

fn drafts() -> MailboxId {
    MailboxId("RHJhZnRz".to_owned())
}

fn text_node(id: &str, parameters: &[(&str, &str)], encoding: &str) -> PartNode {
    PartNode {
        id: PartId::new(id),
        media_type: "text/plain".into(),
        parameters: parameters
            .iter()
            .map(|&(k, v)| (k.into(), v.into()))
            .collect(),
        encoding: encoding.into(),
        ..PartNode::default()
    }
}

#[test]
fn our_own_draft_comes_back_whole() {
    let person = |email: &str| {
        vec![Address {
            name: "Örtlich".to_owned(),
            email: email.to_owned(),
        }]
    };
    let draft = Draft {
        to: person("to@example.org"),
        cc: person("cc@example.org"),
        bcc: person("bcc@example.org"),
        subject: "Half a “letter”".to_owned(),
        text:
            "Dear all,\n\n this is a long line, so long that it is broken on the wire and joined \
               again when it comes back to us.\n\n> said before\n\n-- \nA"
                .to_owned(),
        related: Some(Related {
            mailbox_id: MailboxId("SU5CT1g".to_owned()),
            key: MessageKey {
                uidvalidity: 1,
                uid: 2,
            },
            relation: Relation::Reply,
        }),
        in_reply_to: "b@x".to_owned(),
        references: vec!["a@x".to_owned(), "b@x".to_owned()],
        message_id: "me@x".to_owned(),
        ..Draft::default()
    };
    let from = Address {
        name: String::new(),
        email: "ada@example.org".to_owned(),
    };
    let stored = build(&draft, &from, 5, &draft.message_id, &[], Bcc::Keep).with_files(&[]);
    let stored = String::from_utf8(stored).unwrap();
    let (header, body) = stored.split_once("\r\n\r\n").unwrap();
    let encoding = if header.contains("quoted-printable") {
        "quoted-printable"
    } else {
        "7bit"
    };
    let tree = text_node("1", &[("charset", "utf-8"), ("format", "flowed")], encoding);
    let plan = plan(&tree);
    let rendered = render(
        &plan,
        &[body.as_bytes().to_vec()],
        &PictureUrls {
            within: &|_| String::new(),
            elsewhere: None,
            file: &|part| format!("/files/{part}"),
        },
    );
    let back = from_message(header.as_bytes(), &plan, &rendered, &drafts(), key());
    assert_eq!(back, draft);
}

#[test]
fn a_draft_of_another_program_keeps_its_files_and_pictures() {
    let node = |id: &str, media_type: &str, name: &str, cid: Option<&str>| PartNode {
        media_type: media_type.into(),
        content_id: cid.map(Into::into),
        disposition_parameters: vec![("filename".into(), name.into())],
        disposition: Some(
            if cid.is_some() {
                "inline"
            } else {
                "attachment"
            }
            .into(),
        ),
        ..text_node(id, &[], "base64")
    };
    let html = PartNode {
        media_type: "text/html".into(),
        ..text_node("1.1", &[("charset", "UTF-8")], "8bit")
    };
    let multi = |kind: &str, children: Vec<PartNode>| PartNode {
        media_type: format!("multipart/{kind}").into(),
        children,
        ..PartNode::default()
    };
    let tree = multi(
        "mixed",
        vec![
            multi(
                "related",
                vec![html, node("1.2", "image/png", "cat.png", Some("cat@x"))],
            ),
            node("2", "application/pdf", "plan.pdf", None),
            node("3", "message/rfc822", "old.eml", None),
        ],
    );
    let plan = plan(&tree);
    let body = "<p>Hello <b>you</b></p><img src=\"cid:cat@x\">".to_owned();
    let rendered = render(
        &plan,
        &[body.into_bytes()],
        &PictureUrls {
            within: &|part| format!("/p/{part}"),
            elsewhere: None,
            file: &|part| format!("/files/{part}"),
        },
    );
    let header = b"To: undisclosed-recipients:;\r\nBcc: Bo <bo@example.org>\r\nSubject: x\r\n\
        X-Mozilla-Draft-Info: internal/draft\r\nReferences: <r@x>\r\n";
    let draft = from_message(header, &plan, &rendered, &drafts(), key());
    assert_eq!(draft.text, "Hello you");
    assert!(draft.to.is_empty());
    assert_eq!(draft.bcc[0].email, "bo@example.org");
    assert_eq!(draft.references, ["r@x"]);
    let names: Vec<_> = draft
        .attachments
        .iter()
        .map(DraftAttachment::name)
        .collect();
    assert_eq!(names, ["plan.pdf", "old.eml", "cat.png"]);
}
