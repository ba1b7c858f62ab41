//! Quotas as servers tell them, the odd ones too.

use bytes::Bytes;
use proptest::prelude::*;
use whimbrel_shared::Quota;

use super::{LARGEST, fullest, in_bytes, quota};
use crate::imap::{
    scripted::{Step, USUAL, signed_in},
    wire::response::{self, Response},
};

/// What these responses together say of the account.
fn told(lines: &[&str]) -> Option<(u64, u64)> {
    let storage = lines.iter().filter_map(|line| {
        let frame = Bytes::copy_from_slice(format!("* {line}").as_bytes());
        match response::read(&frame) {
            Ok(Response::Quota(storage)) => storage,
            _ => None,
        }
    });
    fullest(storage).map(in_bytes).map(|q| (q.used, q.limit))
}

#[test]
fn the_fullest_root_counts() {
    assert_eq!(
        told(&["QUOTA \"\" (STORAGE 10 512)"]),
        Some((10_240, 524_288))
    );
    let several = [
        "QUOTAROOT INBOX one two three",
        "QUOTA one (MESSAGE 9 10 STORAGE 10 100)",
        "QUOTA two (STORAGE 40 50 X-ODD 3 4)",
        "QUOTA three (STORAGE 900 10000 STORAGE 60 80)",
    ];
    assert_eq!(told(&several), Some((40 * 1024, 50 * 1024)));
}

#[test]
fn odd_answers_are_read_or_passed_over() {
    for good in [
        "QUOTA (STORAGE 1 2)",
        "QUOTA NIL (storage 1 2)",
        "QUOTA \"User \\\"x\\\" (quota)\" (STORAGE 1 2)",
        "QUOTA User quota (STORAGE 1 2)",
        "QUOTA {6}\r\nU(x)Ü (STORAGE \"1\" 2)",
        "QUOTA u (MESSAGE 5 STORAGE 1 2",
        "QUOTA u ((X 1) STORAGE 1 2)",
    ] {
        assert_eq!(told(&[good]), Some((1024, 2048)), "{good}");
    }
    for none in [
        "QUOTA u ()",
        "QUOTA u (STORAGE 5)",
        "QUOTA u (STORAGE 5 0)",
        "QUOTA u (STORAGE 5 -1)",
        "QUOTA u (STORAGE x y MESSAGE 1 2)",
        "QUOTA u (MESSAGE 1 2)",
        "QUOTA u",
        "QUOTA",
        "QUOTA )",
        "QUOTAROOT",
    ] {
        assert_eq!(told(&[none]), None, "{none}");
    }
    let huge = "QUOTA u (STORAGE 18446744073709551615 99999999999999999999999999)";
    assert_eq!(told(&[huge]), Some((LARGEST, LARGEST)));
}

proptest! {
    #[test]
    fn no_answer_is_too_odd(text in "[ ()\"\\\\{}0-9A-Za-z\r\n-]{0,60}") {
        told(&[&format!("QUOTA {text}"), &format!("QUOTA u (STORAGE {text})")]);
    }
}

async fn asked(capabilities: &str, steps: &'static [Step]) -> Option<Quota> {
    let (mut conn, server) = signed_in(capabilities, steps).await;
    let quota = quota(&mut conn).await.unwrap();
    server.await.unwrap();
    quota
}

#[tokio::test]
async fn it_is_asked_where_the_server_knows_quotas() {
    const STEPS: &[Step] = &[(
        "GETQUOTAROOT INBOX",
        "* QUOTAROOT INBOX \"User quota\"\r\n* QUOTA \"User quota\" (STORAGE 3 4)\r\nTAG OK\r\n",
    )];
    const REFUSED: &[Step] = &[("GETQUOTAROOT INBOX", "TAG NO no such root\r\n")];
    const UNKNOWN: &[Step] = &[("GETQUOTAROOT INBOX", "TAG BAD what?\r\n")];
    let with = format!("{USUAL} QUOTA=RES-STORAGE");
    let quota = asked(&with, STEPS).await.unwrap();
    assert_eq!((quota.used, quota.limit), (3072, 4096));
    let with = format!("{USUAL} QUOTA");
    assert_eq!(asked(&with, REFUSED).await, None);
    assert_eq!(asked(&with, UNKNOWN).await, None);
    assert_eq!(asked(USUAL, &[]).await, None);
}
