//! Whom answers go to and what stands in them.

use whimbrel_shared::{
    Address, DraftAttachment, Keywords, MailboxId, Message, MessageKey, Part, PartId, Relation,
};

use super::{Answer, MOST_REFERENCES, draft};

const OWN: &str = "ingrid@nest.example";

fn people(emails: &str) -> Vec<Address> {
    emails
        .split_whitespace()
        .map(|email| Address {
            name: String::new(),
            email: email.to_owned(),
        })
        .collect()
}

fn emails(addresses: &[Address]) -> String {
    addresses
        .iter()
        .map(|one| one.email.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn message(from: &str, to: &str, cc: &str, reply_to: &str) -> Message {
    Message {
        mailbox_id: MailboxId("inbox".to_owned()),
        key: MessageKey {
            uidvalidity: 1,
            uid: 7,
        },
        keywords: Keywords::new(),
        from: people(from),
        reply_to: people(reply_to),
        to: people(to),
        cc: people(cc),
        bcc: Vec::new(),
        subject: "Tides".to_owned(),
        received_at: 0,
        sent_at: None,
        size: 100,
        message_id: "m2@shore.example".to_owned(),
        references: vec!["m1@shore.example".to_owned()],
        text: "Low water at 9.\n".to_owned(),
        is_html: false,
        has_remote_content: false,
        remote_hosts: Vec::new(),
        loads_pictures: false,
        held_because: String::new(),
        trackers: Vec::new(),
        attachments: vec![Part {
            id: PartId::new("2").unwrap(),
            name: "tides.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 900,
        }],
        pictures: Vec::new(),
        defects: Vec::new(),
    }
}

#[track_caller]
fn goes_to(message: &Message, answer: Answer, to: &str, cc: &str) {
    let draft = draft(message, answer, OWN, "Monday");
    assert_eq!(emails(&draft.to), to);
    assert_eq!(emails(&draft.cc), cc);
}

#[test]
fn a_reply_goes_to_the_writer() {
    let message = message(
        "ann@x.example",
        "ingrid@nest.example bo@x.example",
        "cy@x.example",
        "",
    );
    goes_to(&message, Answer::Reply, "ann@x.example", "");
    goes_to(
        &message,
        Answer::ReplyAll,
        "ann@x.example bo@x.example",
        "cy@x.example",
    );
}

#[test]
fn reply_to_is_honoured() {
    let message = message(
        "ann@x.example",
        "INGRID@nest.example",
        "ann@x.example",
        "list@x.example",
    );
    goes_to(&message, Answer::Reply, "list@x.example", "");
    goes_to(
        &message,
        Answer::ReplyAll,
        "list@x.example",
        "ann@x.example",
    );
}

#[test]
fn nobody_is_written_to_twice() {
    let message = message(
        "ann@x.example",
        "bo@x.example Ann@x.example",
        "bo@x.example ingrid@nest.example",
        "",
    );
    goes_to(&message, Answer::ReplyAll, "ann@x.example bo@x.example", "");
}

#[test]
fn one_goes_on_with_ones_own_letter() {
    let sent = message(OWN, "ann@x.example ingrid@nest.example", "cy@x.example", "");
    goes_to(&sent, Answer::Reply, "ann@x.example", "");
    goes_to(&sent, Answer::ReplyAll, "ann@x.example", "cy@x.example");
    let to_self = message(OWN, OWN, "", "");
    goes_to(&to_self, Answer::Reply, OWN, "");
    goes_to(&to_self, Answer::ReplyAll, OWN, "");
}

#[test]
fn a_reply_quotes_and_joins_the_conversation() {
    let draft = draft(
        &message("ann@x.example", OWN, "", ""),
        Answer::Reply,
        OWN,
        "Monday 23 November 2026, 09:12",
    );
    assert_eq!(draft.subject, "Re: Tides");
    assert_eq!(
        draft.text,
        "\n\nOn Monday 23 November 2026, 09:12, ann@x.example wrote:\n> Low water at 9.\n"
    );
    assert_eq!(draft.in_reply_to, "m2@shore.example");
    assert_eq!(draft.references, ["m1@shore.example", "m2@shore.example"]);
    assert_eq!(draft.related.unwrap().relation, Relation::Reply);
    assert!(draft.attachments.is_empty());
}

#[test]
fn endless_references_are_cut_in_the_middle() {
    let mut long = message("ann@x.example", OWN, "", "");
    long.references = (0..200).map(|i| format!("r{i}@x.example")).collect();
    let references = draft(&long, Answer::Reply, OWN, "").references;
    assert_eq!(references.len(), MOST_REFERENCES);
    assert_eq!(references[0], "r0@x.example");
    assert_eq!(references[MOST_REFERENCES - 1], "m2@shore.example");
}

#[test]
fn passing_on_takes_text_and_files_along() {
    let draft = draft(
        &message("ann@x.example", OWN, "cy@x.example", ""),
        Answer::Forward,
        OWN,
        "Monday",
    );
    assert_eq!(draft.subject, "Fwd: Tides");
    assert!(draft.to.is_empty());
    assert!(draft.text.contains("From: ann@x.example\nDate: Monday\nSubject: Tides\nTo: ingrid@nest.example\nCc: cy@x.example\n\nLow water at 9.\n"));
    assert_eq!(draft.attachments[0].name(), "tides.pdf");
    assert!(draft.in_reply_to.is_empty());
    assert_eq!(draft.related.unwrap().relation, Relation::Forward);
}

#[test]
fn passing_on_takes_pictures_of_the_text_along_as_files() {
    let mut message = message("ann@x.example", OWN, "", "");
    message.pictures = vec![Part {
        id: PartId::new("1.2").unwrap(),
        name: "bird.png".to_owned(),
        media_type: "image/png".to_owned(),
        size: 70,
    }];
    let names = |answer| {
        let files = draft(&message, answer, OWN, "").attachments;
        let names = files.iter().map(|file| file.name().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(Answer::Forward), ["tides.pdf", "bird.png"]);
    assert_eq!(names(Answer::ForwardAsAttachment), ["Tides.eml"]);
    assert!(names(Answer::Reply).is_empty());
}

#[test]
fn passing_on_as_a_file_names_it_after_the_subject() {
    let mut odd = message("ann@x.example", OWN, "", "");
    odd.subject = "../a:b\n".to_owned();
    let files = draft(&odd, Answer::ForwardAsAttachment, OWN, "").attachments;
    assert!(
        matches!(files.as_slice(), [DraftAttachment::Message { name, size: 100, .. }] if name == "ab.eml")
    );
    odd.subject.clear();
    assert_eq!(
        draft(&odd, Answer::ForwardAsAttachment, OWN, "").attachments[0].name(),
        "message.eml"
    );
}
