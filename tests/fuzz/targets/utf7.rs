//! Fuzzes [`whimbrel_fuzz::utf7`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| whimbrel_fuzz::utf7(data));
