//! Letters of any size and depth end soon, take a bounded place, and say what of them was left out.

use std::time::{Duration, Instant};

use super::{Read, read_raw};

/// Without the optimiser, on a busy machine; what is not linear takes minutes.
const SOON: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 1 });
/// Bytes of what is shown and of everything else that is kept of a letter.
const BOUNDED: usize = 24 << 20;

#[track_caller]
fn read_soon(what: &str, raw: Vec<u8>) -> Read {
    let began = Instant::now();
    let read = read_raw(raw);
    assert!(began.elapsed() < SOON, "{what}: {:?}", began.elapsed());
    let rendered = &read.rendered;
    let kept = rendered.html.as_str().len() + rendered.text.len() + rendered.below.len();
    let files = rendered.files.len() + rendered.inner_files.len();
    assert!(
        kept < BOUNDED && files <= 25_000,
        "{what}: {kept} bytes, {files} files"
    );
    read
}

#[track_caller]
fn assert_said(read: &Read, what: &str) {
    let defects = read.header.defects.iter();
    let mut defects = defects
        .chain(&read.plan.defects)
        .chain(&read.rendered.defects);
    assert!(defects.any(|defect| defect.contains(what)), "{what}");
}

fn letter(kind: &str, body: &str) -> Vec<u8> {
    let kind = format!(
        "From: m@attacker.example\nDate: Mon, 16 Nov 2026 11:00:00 +0100\nContent-Type: {kind}\n\n{body}"
    );
    kind.into_bytes()
}

#[test]
fn a_hundred_thousand_files() {
    let file = "--b\nContent-Type: application/pdf; name=a.pdf\n\nx\n".repeat(100_000);
    let read = read_soon("files", letter("multipart/mixed; boundary=b", &file));
    assert_said(&read, "too many parts");
}

#[test]
fn a_million_recipients() {
    let people = "ada@whimbrel.example, ".repeat(1_000_000);
    let raw = format!("From: m@attacker.example\nTo: {people}\n\nHello.\n");
    let read = read_soon("recipients", raw.into_bytes());
    assert!(read.header.to.len() <= 2_000);
    assert_said(&read, "left out");
}

#[test]
fn messages_within_messages_without_end() {
    let inner = "Subject: deeper\nContent-Type: message/rfc822\n\n".repeat(50_000);
    let read = read_soon("messages", inner.into_bytes());
    assert_said(&read, "Not all messages within it");
    let wide = "--d\n\nSubject: x\n\ntext\n".repeat(50_000);
    let read = read_soon("digest", letter("multipart/digest; boundary=d", &wide));
    assert_said(&read, "too many parts");
}

#[test]
fn multiparts_within_multiparts_without_end() {
    let deep: String = (0..20_000)
        .map(|n| {
            format!(
                "--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n",
                n + 1
            )
        })
        .collect();
    drop(read_soon(
        "multiparts",
        letter("multipart/mixed; boundary=b0", &deep),
    ));
}

#[test]
fn a_header_without_end() {
    let raw = "X-Long: word word word\n".repeat(1_000_000);
    let read = read_soon("header", raw.into_bytes());
    assert_said(&read, "header is too long");
    let folded = format!("Subject: x\n{}\n\n", " folded\n".repeat(500_000));
    drop(read_soon("folded", folded.into_bytes()));
}

#[test]
fn data_that_never_end() {
    for (kind, line) in [
        ("text/calendar", "BEGIN:VEVENT\nSUMMARY:x\nATTENDEE:y\n"),
        ("text/calendar", "BEGIN:VTIMEZONE\nBEGIN:STANDARD\nTZID:x\n"),
        ("text/calendar", " folded"),
        ("text/vcard", "BEGIN:VCARD\nTEL:1\n"),
        ("text/vcard", "N;ENCODING=QUOTED-PRINTABLE:=\n="),
        ("message/delivery-status", "Action: failed\n\n"),
        ("text/plain", "begin 644 x\n"),
        ("text/plain", "begin 644 x\n#:&D*\n"),
        ("text/plain; charset=utf-7", "+A"),
        ("text/plain; charset=hz-gb-2312", "~{"),
        ("text/plain; charset=iso-2022-kr", "\u{1b}$)C\u{e}"),
        ("application/ms-tnef", "x"),
    ] {
        let body = line.repeat(2_000_000 / line.len());
        drop(read_soon(&format!("{kind} {line:?}"), letter(kind, &body)));
    }
}
