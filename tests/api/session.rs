//! Signing in and out, and who is kept out.

use whimbrel_shared::{ErrorCode, SessionInfo, SignIn, path};
use whimbrel_tests::{
    app::{PUBLIC_URL, TestApp},
    dovecot::{Options, Person},
    world::{PASSWORD, World},
};

use crate::kit::{Desk, somebody, world};

#[tokio::test]
async fn signing_in_gives_two_strict_cookies_and_an_app() {
    let desk = Desk::new().await;
    let info: SessionInfo = desk.client.get(path::SESSION).await.good().json();
    assert_eq!(info.address, desk.address);
    assert!(!info.shared && info.ends_in.is_none() && info.limits.attachments > 0);
    let cookies = desk.client.cookies();
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    for cookie in &cookies {
        let low = cookie.to_lowercase();
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for must in ["secure", "httponly", "samesite=strict", "path=/"] {
            assert!(low.contains(must), "{must} in {cookie}");
        }
        assert!(
            low.contains("max-age") || low.contains("expires"),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn on_a_shared_computer_the_cookies_go_with_the_browser() {
    let app = TestApp::start(world().await).await;
    let mut client = app.client();
    client.sign_in_shared(&somebody(), PASSWORD).await;
    for cookie in client.cookies() {
        let low = cookie.to_lowercase();
        assert!(
            !low.contains("max-age") && !low.contains("expires"),
            "{cookie}"
        );
    }
    let info: SessionInfo = client.get(path::SESSION).await.good().json();
    assert!(info.shared);
    let left = info.ends_in.expect("it says when it ends");
    assert!((590..=600).contains(&left), "{left}");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_person_get_the_same_answer() {
    let app = TestApp::start(world().await).await;
    let client = app.client();
    let mut answers = Vec::new();
    for address in [somebody(), "nobody@whimbrel.example".to_owned()] {
        let sign_in = SignIn {
            address,
            password: "wrong".to_owned(),
            shared: false,
        };
        let error = client.post(path::SESSION, &sign_in).await.error();
        assert_eq!(error.code, ErrorCode::WrongPassword);
        answers.push(error);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(
        client.get(path::MAILBOXES).await.error().code,
        ErrorCode::SignedOut
    );
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let app = TestApp::start(world().await).await;
    let client = app.client();
    let address = somebody();
    let mut codes = Vec::new();
    for i in 0..12 {
        let sign_in = SignIn {
            address: address.clone(),
            password: format!("guess {i}"),
            shared: false,
        };
        codes.push(client.post(path::SESSION, &sign_in).await.error().code);
        if codes.last() == Some(&ErrorCode::TooManyAttempts) {
            return;
        }
    }
    panic!("never told to wait: {codes:?}");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let desk = Desk::new().await;
    let kept = desk.client.clone();
    let response = desk.client.delete(path::SESSION).await;
    assert!(response.header("clear-site-data").contains("storage"));
    assert_eq!(
        kept.get(path::MAILBOXES).await.error().code,
        ErrorCode::SignedOut,
        "a stolen cookie is dead"
    );
}

#[tokio::test]
async fn another_site_can_change_nothing() {
    let desk = Desk::new().await;
    let body = serde_json::json!([]);
    let foreign = desk
        .client
        .post_from(
            path::OPERATIONS,
            &body,
            &[("origin", "https://evil.example"), ("x-whimbrel", "1")],
        )
        .await;
    assert_eq!(foreign.error().code, ErrorCode::ForeignRequest);
    let bare = desk.client.post_from(path::OPERATIONS, &body, &[]).await;
    assert_eq!(bare.error().code, ErrorCode::ForeignRequest);
}

#[tokio::test]
async fn a_page_of_another_account_changes_nothing() {
    let desk = Desk::new().await;
    let own = [
        ("origin", PUBLIC_URL),
        ("sec-fetch-site", "same-origin"),
        (path::CSRF_HEADER, "1"),
    ];
    let of_another = [&own[..], &[(path::ACCOUNT_HEADER, "another")]].concat();
    let nothing = serde_json::json!([]);
    for (headers, code) in [
        (&own[..], ErrorCode::BadRequest),
        (&of_another, ErrorCode::SignedOut),
    ] {
        let operations = path::OPERATIONS;
        let refused = desk.client.post_from(operations, &nothing, headers).await;
        assert_eq!(refused.error().code, code);
    }
    for url in [path::EVENTS, path::MAILBOXES] {
        let url = path::of_account(url, "another");
        assert_eq!(
            desk.client.get(&url).await.error().code,
            ErrorCode::SignedOut
        );
    }
    drop(desk.client.post(path::OPERATIONS, &nothing).await.good());
}

#[tokio::test]
async fn nobody_reaches_the_mail_of_another() {
    let (ada, ben) = (Desk::new().await, Desk::new().await);
    let (inbox, _) = ada.inbox().await;
    let theirs = ben.client.get(&path::mailbox(&inbox, 10)).await;
    assert_eq!(theirs.error().code, ErrorCode::MailboxGone);
    let upload: whimbrel_shared::Upload = ada
        .client
        .post_bytes(&path::uploads("a"), "text/plain", b"secret")
        .await
        .good()
        .json();
    let draft = whimbrel_shared::Draft {
        subject: "stolen".to_owned(),
        attachments: vec![whimbrel_shared::DraftAttachment::Upload(upload)],
        ..whimbrel_shared::Draft::default()
    };
    let action = whimbrel_shared::Action::SaveDraft {
        draft: Box::new(draft),
        replaces: None,
    };
    let outcome = ben.perform(action).await;
    assert!(
        matches!(outcome, whimbrel_shared::OutcomeKind::Refused { .. }),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn people_sign_in_by_whatever_mechanism_the_mail_server_has() {
    let people = [Person::new("fay@whimbrel.example", PASSWORD)];
    for mechanisms in ["scram-sha-256", "login", "plain"] {
        let options = Options {
            settings: format!("auth_mechanisms = {mechanisms}\n"),
            ..Options::default()
        };
        let world = World::with(&people, &options).await.unwrap();
        let app = TestApp::start(&world).await;
        let mut client = app.client();
        client.sign_in("fay@whimbrel.example", PASSWORD).await;
        drop(client.get(path::MAILBOXES).await.good());
        let wrong = SignIn {
            address: "fay@whimbrel.example".to_owned(),
            password: "wrong".to_owned(),
            shared: false,
        };
        let refused = app.client().post(path::SESSION, &wrong).await.error();
        assert_eq!(refused.code, ErrorCode::WrongPassword, "{mechanisms}");
    }
}

#[tokio::test]
async fn a_session_that_began_with_an_old_password_ends_when_the_new_one_is_used() {
    let desk = Desk::new().await;
    drop(desk.client.get(path::MAILBOXES).await.good());
    let new = Person::new(&desk.address, "spring tide at dawn");
    let changed = world().await.set_person(new.clone()).await;
    changed.expect("a new password");
    let mut elsewhere = desk.app.client();
    elsewhere.sign_in(&desk.address, &new.password).await;
    let answer = desk.client.get(path::MAILBOXES).await;
    assert_eq!(answer.error().code, ErrorCode::SignedOut);
    drop(elsewhere.get(path::MAILBOXES).await.good());
}
