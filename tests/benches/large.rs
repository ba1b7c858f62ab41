//! A folder of 100,000 messages, warm: its list, one message's text, one message's document, the next window
//! while scrolling, and what changed after one new mail.

use std::time::{Duration, Instant};

use whimbrel_shared::{
    Changes, MailboxId, MailboxList, MailboxSnapshot, MessageKey, Role, State, UidSet, path,
};
use whimbrel_tests::{
    http::HttpConnection,
    letters::{self, Letter, Plan, Spread, maildir::UIDVALIDITY, plain},
    world::{ADA, PASSWORD, World},
};

use crate::{
    figures::{Figures, Times},
    floor::Floor,
    rounds,
    server::Server,
};

const MESSAGES: u32 = 100_000;
const WINDOW: u32 = 50;
/// The first messages of the folder are HTML of this many bytes.
const HTML_BYTES: usize = 10 * 1024;
const HTML_MESSAGES: u32 = 1000;

/// How often Whimbrel and the mail server meet anew for the list. Odd, so that one is in the middle.
const SERIES: usize = 9;

/// Who asks, and of what.
struct Desk {
    world: World,
    _server: Server,
    http: HttpConnection,
    floor: Floor,
    inbox: MailboxId,
    /// Messages that are one plain text.
    plain: Vec<u32>,
}

/// Measures all of it.
pub(crate) async fn measure(figures: &mut Figures) {
    let mut desk = Desk::set_up().await;
    desk.list(figures).await;
    desk.text(figures).await;
    desk.document(figures).await;
    desk.scrolling(figures).await;
    desk.changes(figures).await;
}

impl Desk {
    async fn set_up() -> Self {
        let world = World::start().await.expect("a mail world");
        println!("Writing {MESSAGES} letters ...");
        let plain = fill(&world);
        let server = Server::start(&world).await;
        let mut http = HttpConnection::open(&server.origin).await;
        http.sign_in(ADA, PASSWORD).await;
        let inbox = inbox(&mut http).await;
        let floor = Floor::open(&world, ADA).await;
        let cold = Instant::now();
        assert_eq!(http.get(&path::mailbox(&inbox, WINDOW)).await.status, 200);
        let cold = cold.elapsed();
        println!("first list, nothing cached by the mail server yet: {cold:?}");
        Self {
            world,
            _server: server,
            http,
            floor,
            inbox,
            plain,
        }
    }

    /// Which of two processors the mail server's processes and Whimbrel come to share is settled when they meet,
    /// and moves the figure by a fifth either way: so they meet anew for every series, and the middle one counts.
    async fn list(&mut self, figures: &mut Figures) {
        let mut ratios = Vec::new();
        for _ in 0..SERIES {
            let server = Server::start(&self.world).await;
            let mut http = HttpConnection::open(&server.origin).await;
            http.sign_in(ADA, PASSWORD).await;
            let url = path::mailbox(&inbox(&mut http).await, WINDOW);
            let mut floor = Floor::open(&self.world, ADA).await;
            ratios.push(list_beside(&mut http, &url, &mut floor).await);
        }
        ratios.sort_unstable_by(f64::total_cmp);
        let ratio = ratios[SERIES / 2];
        figures.at_most("list window, times its FETCH", ratio, 1.5, "times");
    }

    async fn text(&mut self, figures: &mut Figures) {
        let uids: Vec<u32> = self.plain.iter().copied().step_by(40).collect();
        let uids: Vec<u32> = uids.into_iter().take(rounds(300)).collect();
        let [ours, bare] = self.opened(&uids, path::message, "1").await;
        println!("a message with its text {ours:.3} ms, its FETCH by hand {bare:.3} ms");
        figures.at_most(
            "text of a message, times its FETCH",
            ours / bare,
            2.0,
            "times",
        );
    }

    async fn document(&mut self, figures: &mut Figures) {
        let uids: Vec<u32> = (1..=HTML_MESSAGES).take(rounds(300)).collect();
        let [ours, bare] = self.opened(&uids, path::body, "2").await;
        println!("the document of 10 KB of HTML {ours:.3} ms, its FETCH by hand {bare:.3} ms");
        let what = "document of 10 KB of HTML, beyond its FETCH";
        figures.at_most(what, ours - bare, 3.0, "ms");
    }

    /// Opens messages that nobody here has opened yet; the mail server has seen each just before.
    async fn opened(
        &mut self,
        uids: &[u32],
        url: fn(&MailboxId, MessageKey) -> String,
        part: &str,
    ) -> [f64; 2] {
        let (mut ours, mut bare) = <(Times, Times)>::default();
        for &uid in uids {
            self.floor.message(uid, part).await;
        }
        for &uid in uids {
            let key = MessageKey {
                uidvalidity: UIDVALIDITY,
                uid,
            };
            ours.add(self.timed(&url(&self.inbox, key)).await);
            let start = Instant::now();
            self.floor.message(uid, part).await;
            bare.add(start.elapsed());
        }
        [ours.median(), bare.median()]
    }

    /// Windows of 100 to 200 rows that Whimbrel was not asked for before, all over the folder. The mail server
    /// looked at all of them once before: it keeps what rows are made of from the first time that anybody asks,
    /// or from delivery on.
    async fn scrolling(&mut self, figures: &mut Figures) {
        let count = rounds(200) as u32;
        let stride = (MESSAGES - HTML_MESSAGES - 1000) / count;
        let window = |number: u32| {
            let first = HTML_MESSAGES + 1 + number * stride;
            let rows = [100, 150, 200][number as usize % 3].min(stride);
            UidSet::from_ranges(vec![(first, first + rows - 1)])
        };
        let windows: Vec<UidSet> = (0..count).map(window).collect();
        println!("The mail server looks at {count} windows that Whimbrel has not seen.");
        let (mut ours, mut bare, mut cold) = <(Times, Times, Times)>::default();
        for uids in &windows {
            let start = Instant::now();
            self.floor.rows(&uids.to_string()).await;
            cold.add(start.elapsed());
        }
        for uids in &windows {
            let start = Instant::now();
            self.floor.rows(&uids.to_string()).await;
            bare.add(start.elapsed());
            let url = path::envelopes(&self.inbox, UIDVALIDITY, uids);
            ours.add(self.timed(&url).await);
        }
        let [cold, bare] = [cold, bare].map(|times| times.percentile(95));
        println!("its FETCH by hand, p95 {bare:.2} ms; the first time {cold:.2} ms");
        let what = "next window while scrolling, p95";
        figures.at_most(what, ours.percentile(95), 30.0, "ms");
    }

    /// After a mail that the mail server has told of: a browser asks when it hears of news.
    async fn changes(&mut self, figures: &mut Figures) {
        let answer = self.http.get(&path::mailbox(&self.inbox, WINDOW)).await;
        let snapshot: MailboxSnapshot = serde_json::from_slice(&answer.body).expect("a list");
        let (mut state, mut uids) = (snapshot.state, snapshot.uids);
        let (mut times, mut told) = <(Times, Times)>::default();
        for round in 0..rounds(60) {
            let letter = plain::letter(&format!("News {round}"), "Something came.\n");
            let delivery = self.world.deliver(ADA, &letter).await;
            delivery.expect("the mail server takes it");
            let start = Instant::now();
            self.floor.news(MESSAGES).await;
            told.add(start.elapsed());
            let (time, came) = self.what_came(&mut state, &mut uids).await;
            assert_eq!(came, 1, "the new mail is told of");
            times.add(time);
        }
        println!(
            "the mail server finds a new mail within {:.2} ms",
            told.median()
        );
        let what = "changes after one new mail";
        figures.at_most(what, times.median(), 20.0, "ms");
    }

    async fn what_came(&mut self, state: &mut State, uids: &mut UidSet) -> (Duration, usize) {
        let url = path::changes(&self.inbox, state, &UidSet::new());
        let start = Instant::now();
        let answer = self.http.get(&url).await;
        let time = start.elapsed();
        assert_eq!(answer.status, 200);
        let Changes::Since {
            state: new_state,
            uids: new_uids,
            ..
        } = serde_json::from_slice(&answer.body).expect("changes")
        else {
            panic!("the folder is the same");
        };
        let came = new_uids.difference(uids).len();
        (*state, *uids) = (new_state, new_uids);
        (time, came)
    }

    async fn timed(&mut self, url: &str) -> Duration {
        timed(&mut self.http, url).await
    }
}

/// How many times as long as its FETCH a list takes.
async fn list_beside(http: &mut HttpConnection, url: &str, floor: &mut Floor) -> f64 {
    let newest = format!("{}:{MESSAGES}", MESSAGES - WINDOW + 1);
    let (mut ours, mut bare, mut alone) = <(Times, Times, Times)>::default();
    for round in 0..rounds(100) {
        let answer = timed(http, url).await;
        let start = Instant::now();
        floor.rows(&newest).await;
        let hand = start.elapsed();
        let nothing = timed(http, path::SESSION).await;
        if round >= 20 {
            ours.add(answer);
            bare.add(hand);
            alone.add(nothing);
        }
    }
    let (ours, bare, alone) = (ours.median(), bare.median(), alone.median());
    let ratio = ours / bare;
    println!("list {ours:.3} ms, its FETCH by hand {bare:.3} ms: {ratio:.2} times");
    println!("a request that asks the mail server nothing {alone:.3} ms");
    ratio
}

async fn timed(http: &mut HttpConnection, url: &str) -> Duration {
    let start = Instant::now();
    let answer = http.get(url).await;
    let time = start.elapsed();
    assert_eq!(answer.status, 200, "{url}");
    time
}

/// The inbox of who is signed in.
pub(crate) async fn inbox(http: &mut HttpConnection) -> MailboxId {
    let answer = http.get(path::MAILBOXES).await;
    let list: MailboxList = serde_json::from_slice(&answer.body).expect("the list of folders");
    let is_inbox = |mailbox: &&whimbrel_shared::Mailbox| mailbox.role == Some(Role::Inbox);
    list.mailboxes
        .iter()
        .find(is_inbox)
        .expect("an inbox")
        .id
        .clone()
}

/// Fills Ada's inbox, and tells which messages are one plain text.
fn fill(world: &World) -> Vec<u32> {
    let plan = Plan {
        seed: 1,
        count: MESSAGES - HTML_MESSAGES,
        owner: "ada".to_owned(),
        until: 1_795_000_000,
        days: 2000,
        spread: Spread::Inbox,
    };
    let mut plain = Vec::new();
    let mut uid = 0;
    let all = (0..HTML_MESSAGES)
        .map(html_letter)
        .chain(letters::letters(plan));
    let noted = all.inspect(|letter| {
        uid += 1;
        let text = String::from_utf8_lossy(&letter.raw);
        if uid > HTML_MESSAGES
            && text.contains("\nContent-Type: text/plain")
            && !text.contains("multipart/")
        {
            plain.push(uid);
        }
    });
    world.lay(ADA, noted).expect("room for letters");
    plain
}

/// A letter of two versions, of which the HTML one is of the given size.
fn html_letter(number: u32) -> Letter {
    let paragraph = "<p style=\"color: #1d5b5e\">The <b>tide</b> leaves <a href=\"https://mudflat.example/read\">\
                     mud &amp; sand</a>, and the whimbrels come.</p>\n";
    let mut html =
        "<!doctype html>\n<html><head><style>.box { margin: 0 auto }</style></head><body>\n"
            .to_owned();
    while html.len() < HTML_BYTES {
        html += paragraph;
    }
    let raw = format!(
        "From: reader@mudflat.example\nTo: {ADA}\nSubject: Tides {number}\n\
         Date: Fri, 01 Jan 2021 10:00:00 +0000\nMessage-ID: <{number}@mudflat.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/alternative; boundary=\"b\"\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n\
         The tide.\n--b\nContent-Type: text/html; charset=utf-8\n\n{html}</body></html>\n--b--\n"
    );
    Letter {
        folder: "INBOX",
        arrived: 1_600_000_000 + i64::from(number),
        flags: letters::Flags::default(),
        raw: raw.into_bytes(),
    }
}
