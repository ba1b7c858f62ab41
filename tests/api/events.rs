//! News: what another program does shows up by itself.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use whimbrel_shared::{Event, SessionEnd, SignIn, path};
use whimbrel_tests::{letters::plain::letter, world::PASSWORD};

use crate::kit::{Desk, offers, tells_at_once, world};

/// The next event for which `wanted` has an answer, and how long it took.
pub(crate) async fn await_event<T>(
    events: &mut whimbrel_tests::client::EventStream,
    limit: Duration,
    wanted: impl Fn(&Event) -> Option<T>,
) -> (T, Duration) {
    let began = Instant::now();
    let waiting = async {
        loop {
            let event = events.next().await.expect("the stream goes on");
            if let Some(found) = wanted(&event) {
                return found;
            }
        }
    };
    let found = timeout(limit, waiting)
        .await
        .expect("the event comes in time");
    (found, began.elapsed())
}

/// Within how long news of the open folder come. A mail server that does not tell by itself has to be asked.
async fn soon() -> Duration {
    Duration::from_secs(if tells_at_once().await { 2 } else { 15 })
}

#[tokio::test]
async fn letters_in_a_row_are_told_each_within_two_seconds() {
    let letters = if tells_at_once().await { 10 } else { 2 };
    let desk = Desk::new().await;
    let (inbox, _) = desk.inbox().await;
    let mut events = desk.client.events(&path::events(Some(&inbox))).await;
    await_event(&mut events, Duration::from_secs(5), |event| {
        matches!(event, Event::Mailboxes { .. }).then_some(())
    })
    .await;
    for i in 0..letters {
        let text = format!("number {i}");
        world()
            .await
            .deliver(&desk.address, &letter(&text, "n"))
            .await
            .expect("delivered");
        let total = |event: &Event| match event {
            Event::Mailboxes { list } => list
                .mailboxes
                .iter()
                .find(|m| m.id == inbox && m.total_emails == i + 1)
                .map(|_| ()),
            _ => None,
        };
        await_event(&mut events, soon().await, total).await;
    }
}

#[tokio::test]
async fn closing_one_tab_does_not_end_the_news_of_another() {
    let desk = Desk::new().await;
    let (inbox, _) = desk.inbox().await;
    let mut first = desk.client.events(&path::events(Some(&inbox))).await;
    let second = desk.client.events(&path::events(Some(&inbox))).await;
    await_event(&mut first, Duration::from_secs(5), |event| {
        matches!(event, Event::Mailboxes { .. }).then_some(())
    })
    .await;
    drop(second);
    world()
        .await
        .deliver(&desk.address, &letter("still there?", "n"))
        .await
        .expect("delivered");
    let changed = |event: &Event| {
        matches!(event, Event::MailboxChanged { mailbox_id, .. } if *mailbox_id == inbox)
            .then_some(())
    };
    await_event(&mut first, soon().await, changed).await;
}

#[tokio::test]
async fn other_folders_are_told_soon_where_the_server_tells_and_within_fifteen_seconds_else() {
    let mut desk = Desk::new().await;
    let (inbox, _) = desk.inbox().await;
    let mut events = desk.client.events(&path::events(Some(&inbox))).await;
    await_event(&mut events, Duration::from_secs(5), |event| {
        matches!(event, Event::Mailboxes { .. }).then_some(())
    })
    .await;
    desk.other.create("From elsewhere").await;
    drop(
        desk.other
            .append("From elsewhere", "", &letter("x", "y"))
            .await
            .good(),
    );
    let seen = |event: &Event| match event {
        Event::Mailboxes { list } => list
            .mailboxes
            .iter()
            .find(|mailbox| mailbox.name == "From elsewhere" && mailbox.unread_emails == 1)
            .map(|_| ()),
        _ => None,
    };
    // Both need the server to speak first (NOTIFY, and IDLE to wait in).
    let tells = offers("NOTIFY").await && offers("IDLE").await;
    let limit = Duration::from_secs(if tells { 3 } else { 15 });
    await_event(&mut events, limit, seen).await;
}

#[tokio::test]
async fn signing_out_is_told_to_every_tab() {
    let desk = Desk::new().await;
    let mut events = desk.client.events(path::EVENTS).await;
    drop(desk.client.delete(path::SESSION).await);
    let ended = |event: &Event| match event {
        Event::SessionEnded { reason } => Some(*reason),
        _ => None,
    };
    let (reason, _) = await_event(&mut events, Duration::from_secs(2), ended).await;
    assert_eq!(reason, SessionEnd::SignedOut);
}

#[tokio::test]
async fn signing_in_again_takes_no_other_tab_out() {
    let desk = Desk::new().await;
    let mut events = desk.client.events(path::EVENTS).await;
    let again = SignIn {
        address: desk.address.clone(),
        password: PASSWORD.to_owned(),
        shared: false,
    };
    drop(desk.client.post(path::SESSION, &again).await.good());
    while let Some(event) = events.next().await {
        assert!(!matches!(event, Event::SessionEnded { .. }), "{event:?}");
    }
    let mut events = desk.client.events(path::EVENTS).await;
    assert_eq!(events.next().await, Some(Event::Hello));
}
