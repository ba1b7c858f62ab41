//! HTML of any size and shape, opened for the first time: what it takes from the request to the document, its
//! FETCH included, and the memory on the way. Every letter lies there several times, because what was opened is
//! remembered.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use whimbrel_shared::{MailboxId, MessageKey, path};
use whimbrel_tests::{
    http::HttpConnection,
    letters::{Flags, Letter, maildir::UIDVALIDITY},
    world::{ADA, PASSWORD, World},
};

use crate::{
    figures::{Figures, Times},
    large,
    server::Server,
};

/// Each shape, so often.
const COPIES: usize = 5;
const MIB: usize = 1 << 20;
/// What a letter may add to the memory of the server while it is opened, in MiB.
const MEMORY: f64 = 64.0;
/// The time for all that is larger or odder than real mail, in ms.
const BOUNDED: f64 = 1_000.0;

/// A letter, and how soon it must be there.
struct Shape {
    name: &'static str,
    html: String,
    budget: f64,
}

/// Measures all of it.
pub(crate) async fn measure(figures: &mut Figures) {
    let world = World::start().await.expect("a mail world");
    let shapes = shapes();
    let all = shapes.iter().flat_map(|shape| vec![shape; COPIES]);
    world.lay(ADA, all.map(letter)).expect("room for letters");
    let server = Server::start(&world).await;
    let mut http = HttpConnection::open(&server.origin).await;
    http.sign_in(ADA, PASSWORD).await;
    let inbox = large::inbox(&mut http).await;
    let mut uid = 0;
    for Shape { name, budget, .. } in &shapes {
        let (mut times, mut memory) = (Times::default(), 0.0_f64);
        for _ in 0..COPIES {
            uid += 1;
            let before = server.memory();
            server.forget_peak();
            let (time, length) = opened(&mut http, &inbox, uid).await;
            times.add(time);
            memory = memory.max(server.peak() - before);
            println!("{name}: {time:?}, a document of {length} bytes");
        }
        figures.at_most(&format!("{name}, opened"), times.median(), *budget, "ms");
        let what = format!("{name}, memory on the way");
        figures.at_most(&what, memory / 1024.0, MEMORY, "MiB");
    }
}

async fn opened(http: &mut HttpConnection, inbox: &MailboxId, uid: u32) -> (Duration, usize) {
    let key = MessageKey {
        uidvalidity: UIDVALIDITY,
        uid,
    };
    let url = path::body(inbox, key);
    let start = Instant::now();
    let answer = http.get(&url).await;
    let time = start.elapsed();
    assert_eq!(answer.status, 200, "{url}");
    (time, answer.body.len())
}

fn shapes() -> Vec<Shape> {
    let newsletters = newsletters();
    let of = |bytes: usize| newsletters.repeat(bytes / newsletters.len() + 1);
    let rule = |n: usize| format!(".c{n} td > a:hover{{color:#123;padding:{}px}}\n", n % 90);
    let link = |n: usize| format!("<a href=\"https://mudflat.example/{n}?a=1&amp;b=2\">{n}</a>\n");
    let shape = |name, budget, html| Shape { name, html, budget };
    vec![
        shape("1 MB of newsletters", 150.0, of(MIB)),
        shape("5 MB of newsletters", BOUNDED, of(5 * MIB)),
        shape("40,000 deep", BOUNDED, "<div>\n".repeat(40_000)),
        shape(
            "40,000 tables deep",
            BOUNDED,
            "<table><tr><td>\n".repeat(40_000),
        ),
        shape(
            "10 MB of CSS",
            BOUNDED,
            format!(
                "<style>{}</style>Low water",
                (0..250_000).map(rule).collect::<String>()
            ),
        ),
        shape("100,000 links", BOUNDED, (0..100_000).map(link).collect()),
    ]
}

/// The HTML of all newsletters in the corpus, one after the other.
fn newsletters() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("letters/html");
    let files = fs::read_dir(folder).expect("the corpus").flatten();
    let mut paths: Vec<_> = files.map(|file| file.path()).collect();
    paths.sort();
    let is_wanted = |path: &&std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("newsletter-as-") && name.ends_with(".eml")
    };
    let html = paths.iter().filter(is_wanted).map(|path| {
        let raw = fs::read_to_string(path).expect("a letter");
        let (_, html) = raw.split_once("\n<!").expect("its HTML");
        let (html, _) = html.rsplit_once("</html>").expect("its end");
        format!("<!{html}</html>\n")
    });
    html.collect()
}

fn letter(shape: &Shape) -> Letter {
    let Shape { name, html, .. } = shape;
    let raw = format!(
        "From: reader@mudflat.example\nTo: {ADA}\nSubject: {name}\n\
         Date: Fri, 01 Jan 2021 10:00:00 +0000\nMIME-Version: 1.0\n\
         Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{html}\n"
    );
    Letter {
        folder: "INBOX",
        arrived: 1_600_000_000,
        flags: Flags::default(),
        raw: raw.into_bytes(),
    }
}
