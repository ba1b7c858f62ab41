//! `make soak`: many people at one Whimbrel, in a process of its own before a real Dovecot, who do at random
//! what people do. Stops with an error where memory, files or connections grow, or anything answers 5xx.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "prints what it measures, and stops where that cannot be"
)]

mod figures;
mod person;

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, sleep, sleep_until};
use whimbrel_shared::{MailboxList, MailboxSnapshot, Role, UidSet, path};
use whimbrel_tests::{
    child,
    dovecot::Person,
    http::HttpConnection,
    letters::{Plan, Spread},
    own_process,
    world::{ADA, PASSWORD, World},
};

use figures::{Figures, Tally};

/// Letters of the large mailbox.
const LARGE: u32 = 100_000;
/// What one session in it may take.
const LARGE_GROWTH: u64 = 150 << 20;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, config] = arguments.as_slice()
        && word == own_process::SERVE
    {
        return own_process::serve_here(config).await;
    }
    let setting = |name: &str, usual: u64| -> u64 {
        std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
    };
    let minutes = setting("WHIMBREL_SOAK_MINUTES", 30);
    let count = setting("WHIMBREL_SOAK_PEOPLE", 200);
    let names: Vec<String> = (0..count).map(|n| format!("person{n}")).collect();
    let mut people: Vec<Person> = names
        .iter()
        .map(|name| Person::new(&format!("{name}@whimbrel.example"), PASSWORD))
        .collect();
    people.push(Person::new(ADA, PASSWORD));
    let world = World::of(&people).await.expect("a mail world");
    println!("Writing {LARGE} letters into one mailbox, 300 into each of {count} ...");
    fill(&world, "ada", LARGE);
    for name in &names {
        fill(&world, name, 300);
    }
    let [port] = child::free_ports().expect("a free port");
    let origin = format!("http://localhost:{port}");
    let server = own_process::start(&world, "soak", &origin, port).await;
    large(&origin, server.pid()).await;
    let minutes = Duration::from_secs(60 * minutes);
    crowd(
        &world,
        &origin,
        server.pid(),
        &people[..people.len() - 1],
        minutes,
    )
    .await;
}

fn fill(world: &World, owner: &str, count: u32) {
    let plan = Plan {
        seed: 32,
        count,
        owner: owner.to_owned(),
        until: 1_795_000_000,
        days: 1_000,
        spread: Spread::Inbox,
    };
    world.fill(plan).expect("room for letters");
}

/// One session in a mailbox of 100,000: the first screen, a walk to the middle and back.
async fn large(origin: &str, pid: u32) {
    let before = figures::memory(pid);
    let mut http = HttpConnection::open(origin).await;
    http.sign_in(ADA, PASSWORD).await;
    let list = http.get(path::MAILBOXES).await;
    let list: MailboxList = serde_json::from_slice(&list.body).expect("the folders");
    let inbox = list
        .mailboxes
        .iter()
        .find(|m| m.role == Some(Role::Inbox))
        .expect("an inbox");
    let mut times = Vec::new();
    let mut snapshot = None;
    for _ in 0..3 {
        let began = Instant::now();
        let answer = http.get(&path::mailbox(&inbox.id, 50)).await;
        times.push(began.elapsed());
        snapshot = serde_json::from_slice::<MailboxSnapshot>(&answer.body).ok();
    }
    let snapshot = snapshot.expect("the inbox");
    assert_eq!(snapshot.uids.len(), LARGE as usize);
    let mut slowest = Duration::ZERO;
    for start in (0..LARGE as usize).step_by(2_500) {
        let window: UidSet = snapshot.uids.iter().skip(start).take(100).collect();
        let began = Instant::now();
        let answer = http
            .get(&path::envelopes(&inbox.id, snapshot.uidvalidity, &window))
            .await;
        slowest = slowest.max(began.elapsed());
        assert_eq!(answer.status, 200);
    }
    let grown = figures::memory(pid).saturating_sub(before);
    println!(
        "{LARGE} letters: first screen {:?}, then {:?}; slowest of 40 windows {slowest:?}; memory +{} KiB",
        times[0],
        times[2],
        grown >> 10
    );
    assert!(
        grown < LARGE_GROWTH,
        "one session takes {} MiB",
        grown >> 20
    );
}

async fn crowd(world: &World, origin: &str, pid: u32, people: &[Person], minutes: Duration) {
    let tally = Arc::new(Tally::default());
    let began = Instant::now();
    let ends = began + minutes;
    let addresses: Arc<Vec<String>> = Arc::new(people.iter().map(|p| p.address.clone()).collect());
    let living: Vec<_> = (0..people.len())
        .map(|number| {
            let (tally, addresses, origin) = (tally.clone(), addresses.clone(), origin.to_owned());
            tokio::spawn(async move {
                // They do not all come in the same second.
                sleep(Duration::from_millis(50 * number as u64)).await;
                person::live(&origin, number, &addresses, &tally, ends).await;
            })
        })
        .collect();
    let mut figures = Figures::new(pid, world.dovecot.ports.imaps);
    let every = (minutes / 60).clamp(Duration::from_secs(2), Duration::from_secs(20));
    while Instant::now() + every < ends {
        sleep_until(Instant::now() + every).await;
        figures.take(began.elapsed(), &tally);
    }
    for life in living {
        life.await.expect("a person whose life ends in peace");
    }
    figures.judge(people.len(), &tally);
}
