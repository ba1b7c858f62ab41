//! Clocks that jump, and letters from every zone: nothing expires before it began, and an hour that comes
//! twice a year moves no letter.

use whimbrel_shared::{SessionInfo, path};
use whimbrel_tests::world::PASSWORD;

use crate::kit::Desk;

const DAY: i64 = 24 * 60 * 60;

/// `Max-Age` of every cookie it was given.
fn ages(desk: &Desk) -> Vec<i64> {
    let lines = desk.client.cookies();
    let ages = lines.iter().filter_map(|line| {
        let (_, age) = line
            .to_lowercase()
            .split_once("max-age=")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))?;
        age.split(';').next()?.trim().parse().ok()
    });
    ages.collect()
}

#[tokio::test]
async fn a_clock_that_goes_back_ends_no_session_and_makes_none_eternal() {
    let mut desk = Desk::new().await;
    let clock = desk.app.state().auth.clock.clone();
    for jump in [-3_600, -30 * DAY, 3_600, 30 * DAY] {
        clock.advance(jump);
        drop(desk.client.get(path::MAILBOXES).await.good());
        let _: SessionInfo = desk.client.get(path::SESSION).await.good().json();
        assert!(
            ages(&desk).into_iter().all(|age| age > 0),
            "{:?}",
            desk.client.cookies()
        );
        // The form's token and the throttle go by the same clock.
        let mut another = desk.app.client();
        another.sign_in(&desk.address, PASSWORD).await;
    }
    clock.advance(-30 * DAY);
    let mut early = desk.app.client();
    early.sign_in(&desk.address, PASSWORD).await;
    clock.advance(400 * DAY);
    for client in [&desk.client, &early] {
        assert_eq!(client.get(path::MAILBOXES).await.status(), 401);
    }
    desk.client.sign_in(&desk.address.clone(), PASSWORD).await;
}

#[tokio::test]
async fn the_same_moment_in_any_zone_is_the_same_moment() {
    let dates = [
        // Both sides of the night in which Europe's clocks go back, and zones of every kind.
        ("Sun, 25 Oct 2026 02:30:00 +0200", 1_792_888_200),
        ("Sun, 25 Oct 2026 02:30:00 +0100", 1_792_891_800),
        ("Sun, 25 Oct 2026 00:30:00 GMT", 1_792_888_200),
        ("Sat, 24 Oct 2026 20:30:00 EDT", 1_792_888_200),
        ("Sun, 25 Oct 2026 06:15:00 +0545", 1_792_888_200),
        ("Sun, 25 Oct 2026 14:30:00 +1400", 1_792_888_200),
        ("Sat, 24 Oct 2026 12:30:00 -1200", 1_792_888_200),
    ];
    let letters: Vec<Vec<u8>> = dates
        .iter()
        .map(|(date, _)| {
            format!("Date: {date}\r\nFrom: a@b.example\r\nSubject: x\r\n\r\nx\r\n").into_bytes()
        })
        .collect();
    let letters: Vec<(&str, &[u8])> = letters
        .iter()
        .map(|letter| ("", letter.as_slice()))
        .collect();
    let desk = Desk::with_letters(&letters).await;
    let mut rows = desk.inbox().await.1.envelopes;
    rows.reverse();
    for (row, (date, moment)) in rows.iter().zip(dates) {
        assert_eq!(row.sent_at, Some(moment), "{date}");
    }
}
