//! Letters: written, kept, sent, received.

use std::time::Duration;

use whimbrel_shared::{
    Action, Address, Draft, DraftAttachment, ErrorCode, OutcomeKind, Related, Relation, Role,
    Upload, path,
};

use whimbrel_tests::letters::plain::letter;

use crate::kit::{Desk, assert_applied, operation, second_program};

fn to(email: &str) -> Vec<Address> {
    vec![Address {
        name: "Somebody Ørsted".to_owned(),
        email: email.to_owned(),
    }]
}

fn send(draft: Draft) -> Action {
    Action::Send {
        draft: Box::new(draft),
        replaces: None,
    }
}

/// The newest message of somebody's inbox, as it lies on the mail server.
async fn arrived(address: &str) -> String {
    let mut program = second_program(address).await;
    for _ in 0..100 {
        if program.select("INBOX").await.exists > 0 {
            let uid = *program.uids().await.last().expect("a message");
            return String::from_utf8(program.message(uid).await).expect("a message in UTF-8");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing arrived for {address}");
}

#[tokio::test]
async fn a_letter_with_a_file_arrives_and_a_copy_is_kept() {
    let (desk, friend, hidden) = (Desk::new().await, Desk::new().await, Desk::new().await);
    let file = b"col1,col2\n".repeat(20_000);
    let upload: Upload = desk
        .client
        .post_bytes(&path::uploads("r%C3%A9sum%C3%A9.csv"), "text/csv", &file)
        .await
        .good()
        .json();
    assert_eq!(upload.size, file.len() as u64);
    let draft = Draft {
        to: to(&friend.address),
        bcc: to(&hidden.address),
        subject: "Grüße, 世界".to_owned(),
        text: "First line\nÆ second line\n".to_owned(),
        attachments: vec![DraftAttachment::Upload(upload)],
        ..Draft::default()
    };
    let outcome = desk.perform(send(draft)).await;
    let OutcomeKind::Applied {
        refused_recipients,
        warning,
        ..
    } = &outcome
    else {
        panic!("{outcome:?}")
    };
    assert!(
        refused_recipients.is_empty() && warning.is_none(),
        "{outcome:?}"
    );

    for address in [&friend.address, &hidden.address] {
        let raw = arrived(address).await;
        let names_hidden = |line: &str| {
            let name = line
                .split(':')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            name == "bcc" || (name == "to" && line.contains(&hidden.address))
        };
        assert!(!raw.lines().any(names_hidden), "{raw}");
    }
    let (inbox, _) = friend.inbox().await;
    let message = friend.newest(&inbox).await;
    assert_eq!(message.subject, "Grüße, 世界");
    assert!(message.text.contains("Æ second line"));
    let part = &message.attachments[0];
    assert_eq!(part.name, "résumé.csv");
    let url = path::part(&inbox, message.key, &part.id);
    assert_eq!(friend.client.get(&url).await.good().bytes(), file);

    let sent = desk.role(Role::Sent).await.id;
    let copy = desk.newest(&sent).await;
    assert_eq!(
        copy.bcc[0].email, hidden.address,
        "one's own copy says who got it"
    );
    assert_eq!(copy.message_id, message.message_id);
    assert!(copy.keywords.contains("$seen"));
}

#[tokio::test]
async fn an_answer_marks_what_it_answers_and_follows_its_thread() {
    let friend = Desk::new().await;
    let mut desk = Desk::with_letters(&[("", &letter("A question", "?"))]).await;
    let (inbox, _) = desk.inbox().await;
    let question = desk.newest(&inbox).await;
    let draft = Draft {
        to: to(&friend.address),
        subject: "Re: A question".to_owned(),
        text: "!".to_owned(),
        in_reply_to: question.message_id.clone(),
        references: vec![question.message_id.clone()],
        related: Some(Related {
            mailbox_id: inbox,
            key: question.key,
            relation: Relation::Reply,
        }),
        ..Draft::default()
    };
    assert_applied(&desk.perform(send(draft)).await);
    desk.other.select("INBOX").await;
    assert!(
        desk.other
            .flags()
            .await
            .values()
            .all(|flags| flags.contains("\\Answered"))
    );
    let raw = arrived(&friend.address).await;
    assert!(
        raw.contains(&format!("In-Reply-To: <{}>", question.message_id)),
        "{raw}"
    );
    assert!(
        raw.contains(&format!("References: <{}>", question.message_id)),
        "{raw}"
    );
}

#[tokio::test]
async fn a_replayed_send_goes_out_once() {
    let (desk, friend) = (Desk::new().await, Desk::new().await);
    let action = send(Draft {
        to: to(&friend.address),
        subject: "once".into(),
        ..Draft::default()
    });
    let operation = operation(action);
    for _ in 0..3 {
        let outcomes = desk.perform_all(std::slice::from_ref(&operation)).await;
        assert_applied(&outcomes[0].outcome);
    }
    arrived(&friend.address).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (_, snapshot) = friend.inbox().await;
    assert_eq!(snapshot.uids.len(), 1);
}

#[tokio::test]
async fn a_refused_recipient_is_named_and_the_others_get_it() {
    let (desk, friend) = (Desk::new().await, Desk::new().await);
    let nobody = "nobody-at-all@whimbrel.example";
    let mut recipients = to(&friend.address);
    recipients.extend(to(nobody));
    let draft = Draft {
        to: recipients,
        subject: "partly".into(),
        ..Draft::default()
    };
    let outcome = desk.perform(send(draft)).await;
    let OutcomeKind::Applied {
        refused_recipients, ..
    } = &outcome
    else {
        panic!("{outcome:?}")
    };
    assert_eq!(refused_recipients.len(), 1, "{outcome:?}");
    assert_eq!(refused_recipients[0].email, nobody);
    arrived(&friend.address).await;

    let draft = Draft {
        to: to(nobody),
        subject: "not at all".into(),
        ..Draft::default()
    };
    let outcome = desk.perform(send(draft)).await;
    let OutcomeKind::Refused {
        error,
        refused_recipients,
    } = outcome
    else {
        panic!("{outcome:?}")
    };
    assert_eq!(error.code, ErrorCode::RecipientsRefused);
    assert_eq!(refused_recipients.len(), 1);
    let sent = desk.role(Role::Sent).await;
    assert_eq!(sent.total_emails, 1, "only what went out is kept");
}

#[tokio::test]
async fn a_draft_has_one_version_and_goes_when_it_is_sent() {
    let (desk, friend) = (Desk::new().await, Desk::new().await);
    let upload: Upload = desk
        .client
        .post_bytes(&path::uploads("a.txt"), "text/plain", b"hello")
        .await
        .good()
        .json();
    let mut draft = Draft {
        to: to(&friend.address),
        bcc: to("quiet@whimbrel.example"),
        subject: "Plan".to_owned(),
        text: "one".to_owned(),
        attachments: vec![DraftAttachment::Upload(upload)],
        ..Draft::default()
    };
    let save = |draft: &Draft, replaces| Action::SaveDraft {
        draft: Box::new(draft.clone()),
        replaces,
    };
    let first = key_of(&desk.perform(save(&draft, None)).await);
    draft.text = "two".to_owned();
    let second = key_of(&desk.perform(save(&draft, Some(first))).await);
    let drafts = desk.role(Role::Drafts).await;
    assert_eq!(drafts.total_emails, 1);

    let reopened: Draft = desk
        .client
        .get(&path::draft(&drafts.id, second))
        .await
        .good()
        .json();
    assert_eq!(
        (reopened.subject.as_str(), reopened.text.trim_end()),
        ("Plan", "two")
    );
    assert_eq!(reopened.bcc[0].email, "quiet@whimbrel.example");
    assert_eq!(reopened.attachments[0].name(), "a.txt");
    let mut reopened = reopened;
    reopened.bcc.clear();
    let action = Action::Send {
        draft: Box::new(reopened),
        replaces: Some(second),
    };
    assert_applied(&desk.perform(action).await);
    assert_eq!(desk.role(Role::Drafts).await.total_emails, 0);
    assert!(arrived(&friend.address).await.contains("a.txt"));
}

fn key_of(outcome: &OutcomeKind) -> whimbrel_shared::MessageKey {
    let OutcomeKind::Applied { moved, .. } = outcome else {
        panic!("{outcome:?}")
    };
    moved[0].key
}

#[tokio::test]
async fn a_message_is_passed_on_whole_without_the_browser_fetching_it() {
    let friend = Desk::new().await;
    let original = letter("Original", "the original text");
    let desk = Desk::with_letters(&[("", &original)]).await;
    let (inbox, _) = desk.inbox().await;
    let message = desk.newest(&inbox).await;
    let draft = Draft {
        to: to(&friend.address),
        subject: "Fwd: Original".to_owned(),
        attachments: vec![DraftAttachment::Message {
            mailbox_id: inbox.clone(),
            key: message.key,
            name: "Original.eml".to_owned(),
            size: message.size,
        }],
        related: Some(Related {
            mailbox_id: inbox.clone(),
            key: message.key,
            relation: Relation::Forward,
        }),
        ..Draft::default()
    };
    assert_applied(&desk.perform(send(draft)).await);
    assert!(arrived(&friend.address).await.contains("the original text"));
    let (_, snapshot) = desk.inbox().await;
    assert!(snapshot.envelopes[0].keywords.contains("$forwarded"));
}
