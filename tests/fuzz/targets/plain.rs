//! Fuzzes [`whimbrel_fuzz::mail::plain`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| whimbrel_fuzz::mail::plain(data));
