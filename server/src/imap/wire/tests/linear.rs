//! Long answers, honest and hostile, are read in a time that grows with their length and no faster.

use std::time::{Duration, Instant};

use super::*;
use crate::imap::name::MailboxName;

/// Reading eight times as much takes eight times as long, or 64 times where it is not linear. Between
/// lies what a busy machine may add.
#[track_caller]
fn is_linear<T>(make: impl Fn(usize) -> T, read: impl Fn(&T)) {
    let (short, long) = (make(100_000), make(800_000));
    let time = |text: &T| -> Duration {
        let once = |_| {
            let begun = Instant::now();
            read(text);
            begun.elapsed()
        };
        (0..3).map(once).min().unwrap_or_default()
    };
    let ratio = |_| time(&long).as_secs_f64() / time(&short).as_secs_f64().max(1e-5);
    let ratios: Vec<_> = (0..3)
        .map(ratio)
        .take_while(|&ratio| ratio > 24.0)
        .collect();
    assert!(ratios.len() < 3, "times as long: {ratios:?}");
}

fn odd_uids_downwards(count: usize, between: &str) -> String {
    let uids: Vec<_> = (0..count).rev().map(|i| (2 * i + 1).to_string()).collect();
    uids.join(between)
}

fn found(frame: &Bytes) -> usize {
    match response::read(frame) {
        Ok(Response::Search(found)) => found.uids.len(),
        Ok(Response::Vanished(uids)) => uids.len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn searches() {
    let make = |count| {
        let uids = odd_uids_downwards(count, " ");
        Bytes::from(format!("* SEARCH {uids} (MODSEQ 5)"))
    };
    assert_eq!(found(&make(100_000)), 100_000);
    is_linear(make, |frame| _ = found(frame));
}

#[test]
fn sets_of_uids() {
    for before in ["* ESEARCH (TAG \"A\") UID ALL ", "* VANISHED "] {
        let make = |count| Bytes::from(format!("{before}{}", odd_uids_downwards(count, ",")));
        assert_eq!(found(&make(100_000)), 100_000);
        is_linear(make, |frame| _ = found(frame));
    }
}

#[test]
fn sets_of_our_own() {
    let make = |count: u32| (0..count).map(|i| 2 * i + 1).collect::<UidSet>();
    is_linear(
        |count| make(u32::try_from(count).unwrap()),
        |uids| drop(Set::of(uids)),
    );
}

/// A response of many empty literals behind a word without end.
#[test]
fn hostile_literals() {
    let make = |count: usize| {
        let mut stream = format!("* {}", "x".repeat(count));
        stream.push_str(&"{0}\r\n".repeat(count));
        BytesMut::from(&*stream)
    };
    is_linear(make, |stream| {
        let _ = Framer::default().next(&mut stream.clone());
    });
}

#[test]
fn hostile_names() {
    for piece in ["&", "&A", "&-", "&AA-"] {
        for end in ["", "-"] {
            let make = |count| format!("{}{end}", piece.repeat(count));
            is_linear(make, |name| {
                drop(MailboxName::from_wire(name.as_bytes()).decoded());
            });
        }
    }
}

#[test]
fn hostile_rows() {
    for piece in [
        "(",
        "()",
        "FLAGS (",
        "BODY[] {1}\r\n(",
        "\"\\",
        "{0}\r\n",
        "BODYSTRUCTURE (",
    ] {
        let make = |count: usize| Bytes::from(format!("* 1 FETCH ({}", piece.repeat(count / 4)));
        is_linear(make, |frame| {
            let _ = response::read(frame);
        });
    }
}

/// What is kept of a list does not grow without bound.
#[test]
fn lists_have_an_end() {
    let many = "a ".repeat(100_000);
    let flags = row(&format!("(FLAGS ({many}) UID 3)"));
    assert_eq!((flags.flags.unwrap().len(), flags.uid), (2_000, Some(3)));
    let odd = tree(&format!("(\"a\" \"b\" ({many}) NIL NIL \"7bit\" 3)"));
    assert_eq!((odd.parameters.len(), odd.size), (1_000, 3));
    assert_eq!(response::words(many.as_bytes()).len(), 1_000);
}
