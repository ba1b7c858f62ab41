//! Fuzzes [`whimbrel_fuzz::lexer`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| whimbrel_fuzz::lexer(data));
