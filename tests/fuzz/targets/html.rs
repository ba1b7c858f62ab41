//! Fuzzes [`whimbrel_fuzz::mail::html`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| whimbrel_fuzz::mail::html(data));
