//! Fifty people who do not stop to think: each lists the inbox and opens a message nobody has opened yet, again
//! and again, on a connection of their own. The floor is the same on the bare connections to the mail server.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use whimbrel_shared::{MailboxId, MessageKey, path};
use whimbrel_tests::{
    dovecot::Person,
    http::HttpConnection,
    letters::maildir::UIDVALIDITY,
    world::{PASSWORD, World},
};

use crate::{
    accounts::{address, fill, person},
    figures::{Figures, Times},
    floor::Floor,
    large, rounds,
    server::Server,
};

const PEOPLE: usize = 50;
const LETTERS: u32 = 1000;
const WINDOW: u32 = 50;
/// Enough on two cores, where a PHP webmail does 125.
const ENOUGH: f64 = 1500.0;

/// Measures it.
pub(crate) async fn measure(figures: &mut Figures) {
    let people: Vec<Person> = (0..PEOPLE).map(person).collect();
    let world = World::of(&people).await.expect("a mail world");
    println!("Writing {} letters ...", PEOPLE as u32 * LETTERS);
    for number in 0..PEOPLE {
        fill(&world, number, LETTERS);
    }
    let server = Server::start(&world).await;
    let mut floors = Vec::new();
    for number in 0..PEOPLE {
        floors.push(Floor::open(&world, &address(number)).await);
    }
    // Once over everything: the mail server looks at each message for the first time.
    for floor in &mut floors {
        for first in (1..=LETTERS).step_by(200) {
            floor.rows(&format!("{first}:{}", first + 199)).await;
        }
    }
    let length = Duration::from_secs(rounds(10) as u64);
    let run = Run::of(floors, length, read_bare, &world, &server);
    let bare = run.told("by hand").await;
    let mut readers = Vec::new();
    for number in 0..PEOPLE {
        readers.push(Reader::sign_in(&server.origin, number).await);
    }
    let run = Run::of(readers, length, read, &world, &server);
    let ours = run.told("requests").await;
    let budget = ENOUGH.min(bare / 2.0);
    figures.at_least(
        "50 people, list and open",
        ours,
        budget,
        "requests a second",
    );
}

/// Somebody in a browser.
struct Reader {
    http: HttpConnection,
    inbox: MailboxId,
}

impl Reader {
    async fn sign_in(origin: &str, number: usize) -> Self {
        let mut http = HttpConnection::open(origin).await;
        http.sign_in(&address(number), PASSWORD).await;
        let inbox = large::inbox(&mut http).await;
        let list = http.get(&path::mailbox(&inbox, WINDOW)).await;
        assert_eq!(list.status, 200, "{}", address(number));
        Self { http, inbox }
    }
}

/// Lists and opens until the deadline; the times of all questions.
async fn read(mut reader: Reader, deadline: Instant) -> (Reader, Times) {
    let mut times = Times::default();
    let mut uid = LETTERS;
    while Instant::now() < deadline {
        let key = MessageKey {
            uidvalidity: UIDVALIDITY,
            uid,
        };
        let inbox = &reader.inbox;
        for url in [path::mailbox(inbox, WINDOW), path::message(inbox, key)] {
            let start = Instant::now();
            let status = reader.http.get(&url).await.status;
            times.add(start.elapsed());
            assert_eq!(status, 200, "{url}");
        }
        uid = uid
            .checked_sub(1)
            .filter(|&uid| uid > 0)
            .expect("letters enough");
    }
    (reader, times)
}

async fn read_bare(mut floor: Floor, deadline: Instant) -> (Floor, Times) {
    let newest = format!("{}:{LETTERS}", LETTERS - WINDOW + 1);
    let mut times = Times::default();
    let mut uid = LETTERS;
    while Instant::now() < deadline {
        let start = Instant::now();
        floor.rows(&newest).await;
        let middle = Instant::now();
        floor.message(uid, "1").await;
        times.add(middle - start);
        times.add(middle.elapsed());
        uid = uid
            .checked_sub(1)
            .filter(|&uid| uid > 0)
            .expect("letters enough");
    }
    (floor, times)
}

/// All at once, for a while.
struct Run<'w, Who> {
    tasks: Vec<tokio::task::JoinHandle<(Who, Times)>>,
    start: Instant,
    /// Processor seconds used before.
    before: [f64; 3],
    world: &'w World,
    server: &'w Server,
}

impl<'w, Who: Send + 'static> Run<'w, Who> {
    fn of<Work>(
        people: Vec<Who>,
        length: Duration,
        work: fn(Who, Instant) -> Work,
        world: &'w World,
        server: &'w Server,
    ) -> Self
    where
        Work: Future<Output = (Who, Times)> + Send + 'static,
    {
        let before = server.processor(world);
        let start = Instant::now();
        let begin = |who| tokio::spawn(work(who, start + length));
        Self {
            tasks: people.into_iter().map(begin).collect(),
            start,
            before,
            world,
            server,
        }
    }

    /// Waits for all, prints how it went, and gives the number of answers per second.
    async fn told(self, what: &str) -> f64 {
        let mut times = Times::default();
        // The kernel forgets the time of a process that ended: nobody hangs up before it is read.
        let mut people = Vec::new();
        for task in self.tasks {
            let (who, more) = task.await.expect("all are answered");
            times.extend(more);
            people.push(who);
        }
        let seconds = self.start.elapsed().as_secs_f64();
        let after = self.server.processor(self.world);
        drop(people);
        let [own, mail, this] = [0, 1, 2].map(|i| (after[i] - self.before[i]) / seconds);
        let rate = times.len() as f64 / seconds;
        let [median, most] = [50, 99].map(|percent| times.percentile(percent));
        println!(
            "{PEOPLE} people {what}: {rate:.0} a second, p50 {median:.1} ms, p99 {most:.1} ms; \
             processors busy: Whimbrel {own:.2}, Dovecot {mail:.2}, this program {this:.2}"
        );
        rate
    }
}
