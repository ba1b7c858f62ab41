//! Requests that no page of Whimbrel's sends: of wrong shapes, too many, too fast. Refused in words, never a crash.

use std::time::Instant;

use http::Method;
use serde_json::{Value, json};
use whimbrel_shared::{
    Action, Address, Draft, ErrorCode, MessageKey, Operation, SignIn, UidSet, path,
};
use whimbrel_tests::world::PASSWORD;

use crate::kit::{Desk, operation, somebody};

/// One of every kind, about nothing that is there.
async fn operations(desk: &Desk) -> Vec<Operation> {
    let (mailbox_id, snapshot) = desk.inbox().await;
    let uidvalidity = snapshot.uidvalidity;
    let uids: UidSet = std::iter::once(4_000_000_000).collect();
    let draft = Box::new(Draft {
        to: vec![Address {
            name: "Ada".to_owned(),
            email: "ada@whimbrel.example".to_owned(),
        }],
        ..Draft::default()
    });
    let replaces = Some(MessageKey {
        uidvalidity,
        uid: 4_000_000_000,
    });
    let (to, name) = (mailbox_id.clone(), "a/b".to_owned());
    [
        Action::SetKeywords {
            mailbox_id: mailbox_id.clone(),
            uidvalidity,
            uids: uids.clone(),
            add: Vec::new(),
            remove: Vec::new(),
        },
        Action::Copy {
            mailbox_id: mailbox_id.clone(),
            uidvalidity,
            uids: uids.clone(),
            to,
        },
        Action::Destroy {
            mailbox_id: mailbox_id.clone(),
            uidvalidity,
            uids,
        },
        Action::CreateMailbox {
            parent_id: None,
            name,
            role: None,
        },
        Action::SubscribeMailbox {
            mailbox_id,
            is_subscribed: true,
        },
        Action::SaveDraft { draft, replaces },
    ]
    .map(operation)
    .into()
}

/// The value with one thing in it replaced, for each thing in it and each replacement.
fn bent(value: &Value) -> Vec<Value> {
    let replacements = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5e300),
        json!(u64::MAX),
        json!(""),
        json!("\u{0}\r\n\"\\{}"),
        json!([]),
        json!([[[[null]]]]),
        json!({"a": {"a": null}}),
    ];
    let mut all: Vec<Value> = replacements.into();
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                for other in bent(item) {
                    let mut copy = items.clone();
                    copy[at] = other;
                    all.push(copy.into());
                }
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let mut without = fields.clone();
                without.remove(name);
                all.push(without.into());
                for other in bent(field) {
                    let mut copy = fields.clone();
                    copy.insert(name.clone(), other);
                    all.push(copy.into());
                }
            }
        }
        _ => {}
    }
    all
}

#[tokio::test]
async fn json_of_wrong_shapes_is_refused_and_never_a_defect() {
    let desk = Desk::new().await;
    let mut tried = 0;
    for operation in operations(&desk).await {
        let batch = serde_json::to_value([operation]).expect("JSON");
        for odd in bent(&batch) {
            let answer = desk
                .client
                .own(Method::POST, path::OPERATIONS, Some(&odd))
                .await;
            let status = answer.status().as_u16();
            assert!(
                matches!(status, 200 | 400 | 413 | 422),
                "{status} for {odd}"
            );
            assert!(status == 200 || !answer.error().message.is_empty(), "{odd}");
            tried += 1;
        }
    }
    assert!(tried > 400, "only {tried}");
    let typed = SignIn {
        address: "nobody@whimbrel.example".to_owned(),
        password: "wrong".to_owned(),
        shared: false,
    };
    for odd in bent(&serde_json::to_value(typed).expect("JSON")) {
        let answer = desk
            .app
            .client()
            .own(Method::POST, path::SESSION, Some(&odd))
            .await;
        assert!(
            answer.status().is_client_error(),
            "{} for {odd}",
            answer.status()
        );
    }
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let answer = desk
        .client
        .post_bytes(path::OPERATIONS, "application/json", deep.as_bytes())
        .await;
    assert_eq!(answer.error().code, ErrorCode::BadRequest);
}

#[tokio::test]
async fn odd_names_in_urls_are_refused_and_never_a_defect() {
    let desk = Desk::new().await;
    let odd = [
        "%00",
        "..",
        "%2e%2e%2f",
        "%ff",
        "a%0d%0ab",
        "-1",
        "0",
        "4294967296.1",
        "1.0",
        "1.1.1",
        "'",
        "%F0%9F%90%A6",
    ];
    for route in [
        path::MAILBOX,
        path::CHANGES,
        path::ENVELOPES,
        path::SEARCH,
        path::MESSAGE,
        path::BODY,
        path::PART,
        path::REMOTE,
        path::UPLOAD,
    ] {
        for name in odd {
            let parts: Vec<&str> = route.split('/').collect();
            let filled: Vec<&str> = parts
                .iter()
                .map(|part| if part.starts_with('{') { name } else { part })
                .collect();
            let url = format!(
                "{}?window=x&since=%00&uids=9-&text={name}",
                filled.join("/")
            );
            let answer = desk.client.get(&url).await;
            assert!(
                !answer.status().is_server_error(),
                "{} {url}",
                answer.status()
            );
        }
    }
}

#[tokio::test]
async fn a_session_that_searches_like_a_machine_is_told_to_wait() {
    let desk = Desk::new().await;
    let (inbox, _) = desk.inbox().await;
    let search = path::search(&inbox, "tern");
    for _ in 0..400 {
        let answer = desk.client.get(&search).await;
        if answer.status() == 429 {
            assert!(
                answer
                    .header("retry-after")
                    .parse::<u64>()
                    .is_ok_and(|wait| wait > 0)
            );
            assert_eq!(answer.error().code, ErrorCode::TooManyAttempts);
            drop(desk.client.get(path::MAILBOXES).await.good());
            return;
        }
        drop(answer.good());
    }
    panic!("never told to wait");
}

#[tokio::test]
async fn a_wrong_password_takes_as_long_as_an_unknown_name() {
    let desk = Desk::new().await;
    let client = desk.app.client();
    let took = async |address: String| {
        let typed = SignIn {
            address,
            password: format!("not {PASSWORD}"),
            shared: false,
        };
        let began = Instant::now();
        let refused = client.post(path::SESSION, &typed).await.error();
        assert_eq!(refused.code, ErrorCode::WrongPassword);
        began.elapsed().as_millis()
    };
    // The first one finds everything cold.
    let _ = took(somebody()).await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..6 {
        known.push(took(somebody()).await);
        unknown.push(took(format!("nobody{number}@whimbrel.example")).await);
    }
    let median = |took: &mut Vec<u128>| {
        took.sort_unstable();
        took[took.len() / 2]
    };
    let (one, other) = (median(&mut known), median(&mut unknown));
    // Refusals come in steps of 250 ms; a busy mail server may be a step off.
    assert!(one.abs_diff(other) < 300, "{known:?} and {unknown:?}");
}
