//! A thousand people signed in at the same time, each with one idle connection over TLS: the server's memory
//! for each of them, and whether all of them are answered afterwards.

use std::time::Instant;

use futures_util::{StreamExt as _, stream};
use whimbrel_shared::{MailboxId, path};
use whimbrel_tests::{
    dovecot::Person,
    http::{HttpConnection, Visitor},
    letters::{Plan, Spread},
    world::{PASSWORD, World},
};

use crate::{
    figures::{Figures, Times},
    large,
    server::Server,
};

const ACCOUNTS: usize = 1000;
const LETTERS: u32 = 20;
/// So many sign in, or ask, at the same time.
const AT_ONCE: usize = 8;
/// Settles before memory is looked at.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);

/// Measures it.
pub(crate) async fn measure(figures: &mut Figures) {
    let people: Vec<Person> = (0..=ACCOUNTS).map(person).collect();
    let world = World::of(&people).await.expect("a mail world");
    for number in 0..=ACCOUNTS {
        fill(&world, number, LETTERS);
    }
    let server = Server::start(&world).await;
    // The first one makes the server set up what all share.
    let (first, inbox) = sign_in(&server.origin, 0).await;
    list(&first, &inbox).await;
    let before = server.memory();
    let per_account = |now: f64| (now - before) / ACCOUNTS as f64;

    let start = Instant::now();
    let signing_in = (1..=ACCOUNTS).map(|number| sign_in(&server.origin, number));
    let visitors: Vec<_> = stream::iter(signing_in)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    println!("{ACCOUNTS} signed in within {:?}", start.elapsed());
    tokio::time::sleep(PAUSE).await;
    let what = "memory for an account that signed in";
    figures.at_most(what, per_account(server.memory()), 100.0, "KiB");

    let mut times = Times::default();
    let mut failed = 0;
    let listing = visitors.iter().map(|(visitor, inbox)| list(visitor, inbox));
    let mut listing = stream::iter(listing).buffer_unordered(AT_ONCE);
    while let Some((status, time)) = listing.next().await {
        failed += usize::from(status != 200);
        times.add(time);
    }
    let [median, most] = [50, 99].map(|percent| times.percentile(percent));
    println!(
        "{} lists: median {median:.2} ms, p99 {most:.2} ms",
        times.len()
    );
    figures.at_most(
        "lists that failed, of 1,000 accounts",
        failed as f64,
        0.0,
        "lists",
    );
    tokio::time::sleep(PAUSE).await;
    let what = "memory for an account that listed its inbox";
    figures.at_most(what, per_account(server.memory()), 100.0, "KiB");
}

/// Somebody by number.
pub(crate) fn person(number: usize) -> Person {
    Person::new(&address(number), PASSWORD)
}

/// The address of [`person`].
pub(crate) fn address(number: usize) -> String {
    format!("{}@whimbrel.example", name(number))
}

fn name(number: usize) -> String {
    format!("person{number}")
}

/// Lays letters into the inbox of [`person`].
pub(crate) fn fill(world: &World, number: usize, count: u32) {
    let plan = Plan {
        seed: number as u64,
        count,
        owner: name(number),
        until: 1_795_000_000,
        days: 2000,
        spread: Spread::Inbox,
    };
    world.fill(plan).expect("room for letters");
}

async fn sign_in(origin: &str, number: usize) -> (Visitor, MailboxId) {
    let mut http = HttpConnection::open(origin).await;
    http.sign_in(&address(number), PASSWORD).await;
    let inbox = large::inbox(&mut http).await;
    (http.leave(), inbox)
}

async fn list(visitor: &Visitor, inbox: &MailboxId) -> (u16, std::time::Duration) {
    let mut http = HttpConnection::again(visitor).await;
    let start = Instant::now();
    let status = http.get(&path::mailbox(inbox, 50)).await.status;
    (status, start.elapsed())
}
