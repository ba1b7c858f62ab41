//! Visitors that hold connections and say next to nothing: they are sent away, and whoever signs in
//! meanwhile does not notice.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use whimbrel_tests::{app::ServedApp, http::HttpConnection, world::PASSWORD};

use crate::kit::{somebody, world};

const HALF_OPEN: usize = 500;
/// The deadline for the head of a request, and some for a busy machine.
const SENT_AWAY: Duration = Duration::from_secs(13);

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, whose steps need what came before"
)]
async fn five_hundred_half_open_requests_are_sent_away_and_nobody_waits_for_them() {
    let app = ServedApp::start(world().await, 0)
        .await
        .expect("Whimbrel listens");
    let port: u16 = app
        .url
        .rsplit(':')
        .next()
        .expect("a port")
        .parse()
        .expect("a port");
    let half_open = join_all((0..HALF_OPEN).map(|number| async move {
        let mut line = TcpStream::connect(("127.0.0.1", port))
            .await
            .expect("Whimbrel listens");
        let beginning = [
            "",
            "G",
            "GET / HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
        ][number % 4];
        line.write_all(beginning.as_bytes())
            .await
            .expect("the line is up");
        line
    }))
    .await;
    let opened = Instant::now();
    let trickling: Vec<_> = half_open
        .into_iter()
        .map(|mut line| {
            tokio::spawn(async move {
                let mut answer = [0; 256];
                loop {
                    tokio::select! {
                        read = line.read(&mut answer) => if read.is_err() || read.is_ok_and(|n| n == 0) {
                            return opened.elapsed();
                        },
                        // A byte now and then does not buy more time.
                        () = tokio::time::sleep(Duration::from_secs(2)) => {
                            if line.write_all(b"x").await.is_err() {
                                return opened.elapsed();
                            }
                        }
                    }
                }
            })
        })
        .collect();
    let mut times = Vec::new();
    while opened.elapsed() < Duration::from_secs(7) {
        let mut visitor = HttpConnection::open(&app.url).await;
        let began = Instant::now();
        if times.len() < 20 {
            visitor.sign_in(&somebody(), PASSWORD).await;
        } else {
            assert_eq!(
                visitor.get(whimbrel_shared::path::SIGN_IN).await.status,
                200
            );
        }
        times.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    times.sort_unstable();
    let slow = times[times.len() * 95 / 100];
    assert!(slow < Duration::from_secs(1), "{slow:?}");
    let ended = tokio::time::timeout(SENT_AWAY, join_all(trickling)).await;
    let ended = ended.expect("all of them are sent away");
    let slowest = ended.into_iter().map(|end| end.expect("no panic")).max();
    assert!(slowest.is_some_and(|end| end < SENT_AWAY), "{slowest:?}");
    app.stop().await;
}
