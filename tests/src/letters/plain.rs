//! A letter of one line, for tests that need any letter.

use std::sync::atomic::{AtomicUsize, Ordering};

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A letter in UTF-8 with a `Message-ID` of its own.
#[must_use]
pub fn letter(subject: &str, text: &str) -> Vec<u8> {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!(
        "From: Cleo <cleo@elsewhere.example>\r\nTo: you@whimbrel.example\r\nSubject: {subject}\r\n\
         Date: Mon, 02 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{number}@elsewhere.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
    )
    .into_bytes()
}
