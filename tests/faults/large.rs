//! A large mailbox: the first screen and its middle come quickly, and nobody asks for all of it. Ten times as
//! large with `WHIMBREL_ROUNDS`; how much memory it takes is measured by the soak, in a process of its own.

use std::time::{Duration, Instant};

use whimbrel_shared::{Envelopes, MailboxSnapshot, UidSet, path};
use whimbrel_tests::{
    app::TestApp,
    dovecot::Person,
    imap_proxy::ImapProxy,
    letters::{Plan, Spread},
    world::{ADA, PASSWORD, World},
};

use crate::street::inbox_of;

#[tokio::test]
async fn the_first_screen_and_the_middle_of_a_large_mailbox_come_without_the_rest() {
    let rounds: u32 = std::env::var("WHIMBREL_ROUNDS").map_or(1, |n| n.parse().unwrap_or(1));
    let count = 10_000 * rounds.clamp(1, 10);
    let world = World::of(&[Person::new(ADA, PASSWORD)])
        .await
        .expect("a mail world");
    let plan = Plan {
        seed: 22,
        count,
        owner: "ada".to_owned(),
        until: 1_795_000_000,
        days: 2_000,
        spread: Spread::Inbox,
    };
    world.fill(plan).expect("room for letters");
    let proxy = ImapProxy::before(world.dovecot.ports.imap).expect("a proxy");
    let app = TestApp::with_imap_port(&world, proxy.port).await;
    let mut client = app.client();
    client.sign_in(ADA, PASSWORD).await;
    let timed = async |url: String| {
        let began = Instant::now();
        let answer = client.get(&url).await.good();
        (answer, began.elapsed())
    };
    let inbox = inbox_of(&client).await;
    let (cold, took) = timed(path::mailbox(&inbox, 50)).await;
    let snapshot: MailboxSnapshot = cold.json();
    assert_eq!(
        (snapshot.uids.len(), snapshot.envelopes.len()),
        (count as usize, 50)
    );
    assert!(took < Duration::from_secs(4), "cold: {took:?}");
    // All of the UIDs are a few ranges, whatever their number.
    assert!(cold.bytes().len() < 200_000, "{} bytes", cold.bytes().len());
    let (_, took) = timed(path::mailbox(&inbox, 50)).await;
    assert!(took < Duration::from_millis(1_500), "warm: {took:?}");
    let middle: UidSet = snapshot
        .uids
        .iter()
        .skip(count as usize / 2)
        .take(100)
        .collect();
    let (rows, took) = timed(path::envelopes(&inbox, snapshot.uidvalidity, &middle)).await;
    assert_eq!(rows.json::<Envelopes>().envelopes.len(), 100);
    assert!(took < Duration::from_secs(1), "the middle: {took:?}");
    let heard = proxy.heard();
    let fetches: Vec<&String> = heard.iter().filter(|line| line.contains("FETCH")).collect();
    assert!(!fetches.is_empty());
    for fetch in fetches {
        let asks_for_all = fetch.contains(" 1:*") || fetch.contains(&format!(" 1:{count} "));
        assert!(!asks_for_all || !fetch.contains("BODY"), "{fetch}");
    }
}
