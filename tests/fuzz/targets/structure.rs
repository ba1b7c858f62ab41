//! Fuzzes [`whimbrel_fuzz::structure`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| whimbrel_fuzz::structure(data));
