//! Fuzzes [`whimbrel_fuzz::mail::disposition`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| whimbrel_fuzz::mail::disposition(data));
