//! The `whimbrel` program: reads its arguments and configuration, then serves.

fn main() {}
