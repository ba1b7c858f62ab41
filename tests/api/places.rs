//! Where one is signed in, and signing out everywhere else.

use whimbrel_shared::{ErrorCode, SessionInfo, SessionSummary, path};
use whimbrel_tests::{client::TestClient, world::PASSWORD};

use crate::kit::{Desk, somebody};

async fn sessions(client: &TestClient) -> Vec<SessionSummary> {
    client.get(path::SESSIONS).await.good().json()
}

async fn elsewhere(desk: &Desk) -> TestClient {
    let mut other = desk.app.client();
    other.sign_in_shared(&desk.address, PASSWORD).await;
    other
}

#[tokio::test]
async fn a_person_sees_all_sessions_of_the_account_and_ends_the_others() {
    let desk = Desk::new().await;
    let other = elsewhere(&desk).await;
    let mut stranger = desk.app.client();
    stranger.sign_in(&somebody(), PASSWORD).await;

    let listed = sessions(&desk.client).await;
    assert_eq!(listed.len(), 2);
    assert_eq!(listed.iter().filter(|session| session.current).count(), 1);
    let theirs = listed.iter().find(|session| !session.current).expect("two");
    assert!(theirs.shared && theirs.began_at > 1_700_000_000);

    assert_eq!(desk.client.delete(path::SESSIONS).await.status(), 204);
    let ended = other.get(path::MAILBOXES).await.error();
    assert_eq!(ended.code, ErrorCode::SignedOut);
    assert_eq!(sessions(&desk.client).await.len(), 1);
    drop(desk.client.get(path::MAILBOXES).await.good());
    drop(stranger.get(path::MAILBOXES).await.good());
}

#[tokio::test]
async fn the_page_does_the_same_without_scripts_and_once() {
    let desk = Desk::new().await;
    let other = elsewhere(&desk).await;
    let page = desk.client.get(path::SIGNED_IN_PLACES).await.good().text();
    assert!(page.contains("Sign out everywhere else") && page.contains("(here)"));
    let fields = whimbrel_tests::client::hidden_fields(&page);

    let forged: Vec<_> = fields
        .iter()
        .filter(|(name, _)| name != "token")
        .cloned()
        .collect();
    let refused = desk.client.post_form(path::SIGNED_IN_PLACES, &forged).await;
    assert!(refused.good().text().contains("Nothing was changed"));
    drop(other.get(path::MAILBOXES).await.good());

    let done = desk
        .client
        .post_form(path::SIGNED_IN_PLACES, &fields)
        .await
        .good()
        .text();
    assert!(done.contains("signed out everywhere else"), "{done}");
    assert!(!done.contains("<form"), "nothing is left to end");
    assert_eq!(
        other.get(path::MAILBOXES).await.error().code,
        ErrorCode::SignedOut
    );
    let twice = desk.client.post_form(path::SIGNED_IN_PLACES, &fields).await;
    assert!(twice.good().text().contains("Nothing was changed"));
}

#[tokio::test]
async fn without_a_session_the_page_leads_to_the_sign_in() {
    let desk = Desk::new().await;
    let nobody = desk.app.client();
    let answer = nobody.get(path::SIGNED_IN_PLACES).await;
    assert!(answer.status().is_redirection());
    assert_eq!(answer.header("location"), path::SIGN_IN);
}

#[tokio::test]
async fn with_another_secret_old_sessions_end_in_good_order() {
    let desk = Desk::new().await;
    drop(desk.client.get(path::MAILBOXES).await.good());
    std::fs::remove_file(desk.app.data_dir().join("secret")).expect("a secret");
    let later = desk.app.after_a_crash(crate::kit::world().await).await;
    let client = later.client_like(&desk.client);
    assert_eq!(
        client.get(path::MAILBOXES).await.error().code,
        ErrorCode::SignedOut
    );
    assert!(client.get(path::APP).await.status().is_redirection());
    let mut again = later.client();
    again.sign_in(&desk.address, PASSWORD).await;
    assert_eq!(
        sessions(&again).await.len(),
        1,
        "the old one cannot be read"
    );
}

#[tokio::test]
async fn a_secret_is_changed_and_nobody_notices() {
    let desk = Desk::new().await;
    let data = desk.app.data_dir().display();
    std::fs::write(desk.app.data_dir().join("newer"), [7; 32]).expect("a secret");
    let newer = format!("secret_file = \"{data}/newer\"\n");
    let both = format!("{newer}old_secret_files = \"{data}/secret\"\n");
    let unused = elsewhere(&desk).await;
    let account = |info: SessionInfo| info.account_id;
    let before = account(desk.client.get(path::SESSION).await.good().json());

    let world = crate::kit::world().await;
    let later = desk.app.after_a_crash_with(world, &both).await;
    let client = later.client_like(&desk.client);
    drop(client.get(path::MAILBOXES).await.good());
    assert_eq!(sessions(&client).await.len(), 2, "both can be read");
    let mut new = later.client();
    new.sign_in(&desk.address, PASSWORD).await;
    let after = account(new.get(path::SESSION).await.good().json());
    assert_eq!(after, before, "the account is the same");

    let last = later.after_a_crash_with(world, &newer).await;
    for used in [&client, &new] {
        let client = last.client_like(used);
        drop(client.get(path::MAILBOXES).await.good());
    }
    let ended = last.client_like(&unused).get(path::MAILBOXES).await;
    assert_eq!(ended.error().code, ErrorCode::SignedOut);
    let page = last.client_like(&unused).get(path::APP).await;
    assert!(page.status().is_redirection());
}
