//! A password that is changed while somebody is signed in, and accounts that are locked: the session ends
//! with a clear word, and the mail server is not stormed with a password it refused.

use std::time::{Duration, Instant};

use http::StatusCode;
use whimbrel_shared::{ErrorCode, Event, SessionEnd, SignIn, path};
use whimbrel_tests::{client::TestClient, dovecot::Person, imap_proxy::ImapProxy, world::PASSWORD};

use crate::{
    kit::{somebody, world},
    outages::wait_for,
    street::{Street, inbox_of},
};

/// Dovecot looks at its file of passwords once a second at most.
const READ_AGAIN: Duration = Duration::from_millis(1_500);
const NEW: &str = "another tide";

#[tokio::test]
async fn a_changed_password_ends_the_session_and_is_tried_three_times_a_minute_at_most() {
    let world = world().await;
    let proxy = ImapProxy::before(world.dovecot.ports.imap).expect("a proxy");
    let street = Street::beside(proxy.port).await;
    let inbox = inbox_of(&street.client).await;
    let mut events = street.client.events(&path::events(Some(&inbox))).await;
    while !matches!(events.next().await, Some(Event::Mailboxes { .. })) {}
    world
        .dovecot
        .set_person(Person::new(&street.address, NEW))
        .expect("a file");
    tokio::time::sleep(READ_AGAIN).await;
    proxy.cut_all();
    tokio::time::sleep(Duration::from_millis(200)).await; // until it is cut
    let known = street.sign_ins();
    let began = Instant::now();
    let first = street.client.get(path::MAILBOXES).await.error();
    assert!(
        matches!(first.code, ErrorCode::WrongPassword | ErrorCode::SignedOut),
        "{first}"
    );
    let expired = Event::SessionEnded {
        reason: SessionEnd::Expired,
    };
    wait_for(&mut events, &expired, Duration::from_secs(10)).await;
    while began.elapsed() < Duration::from_secs(10) {
        let error = street.client.get(&path::mailbox(&inbox, 50)).await.error();
        assert!(!error.remedy.is_empty(), "{error}");
        drop(street.client.events(&path::events(Some(&inbox))));
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let tries = street.sign_ins() - known;
    assert!(tries <= 3, "{tries} sign-ins with a refused password");
    nobody_runs_in_circles(&street.client).await;
    // With the new password everything goes on.
    tokio::time::sleep(READ_AGAIN).await;
    let again = SignIn {
        address: street.address.clone(),
        password: NEW.to_owned(),
        shared: false,
    };
    drop(street.client.post(path::SESSION, &again).await.good());
    drop(street.client.get(path::MAILBOXES).await.good());
    world
        .dovecot
        .set_person(Person::new(&street.address, PASSWORD))
        .expect("a file");
    street.neighbour_is_undisturbed().await;
}

/// The app leads to the sign-in page, and that asks for the password rather than leading back.
async fn nobody_runs_in_circles(client: &TestClient) {
    let asked = client.get(path::SESSION).await.error();
    assert_eq!(asked.code, ErrorCode::SignedOut);
    let app = client.get(path::HOME).await;
    assert_eq!(app.status(), StatusCode::SEE_OTHER);
    assert_eq!(app.header("location"), path::SIGN_IN);
    let page = client.get(path::SIGN_IN).await.good();
    assert!(page.text().contains("name=\"password\""));
}

#[tokio::test]
async fn a_session_with_the_password_before_is_led_to_the_sign_in_page() {
    let world = world().await;
    let app = whimbrel_tests::app::TestApp::start(world).await;
    let address = somebody();
    let (mut before, mut after) = (app.client(), app.client());
    before.sign_in(&address, PASSWORD).await;
    world
        .dovecot
        .set_person(Person::new(&address, NEW))
        .expect("a file");
    tokio::time::sleep(READ_AGAIN).await;
    after.sign_in(&address, NEW).await;
    drop(after.get(path::MAILBOXES).await.good());
    nobody_runs_in_circles(&before).await;
    assert_ne!(after.get(path::HOME).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn somebody_who_was_removed_is_asked_for_the_password() {
    let world = world().await;
    let proxy = ImapProxy::before(world.dovecot.ports.imap).expect("a proxy");
    let app = whimbrel_tests::app::TestApp::with_imap_port(world, proxy.port).await;
    let address = somebody();
    let mut client = app.client();
    client.sign_in(&address, PASSWORD).await;
    world.dovecot.remove_person(&address).expect("a file");
    tokio::time::sleep(READ_AGAIN).await;
    proxy.cut_all();
    tokio::time::sleep(Duration::from_millis(200)).await; // until it is cut
    let error = client.get(path::MAILBOXES).await.error();
    assert!(
        matches!(error.code, ErrorCode::WrongPassword | ErrorCode::SignedOut),
        "{error}"
    );
}
