//! What goes wrong between Whimbrel, its mail server and its visitors, one test or more for each kind of fault:
//! whoever it strikes gets a clear answer in time and goes on afterwards, and nobody else notices.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: what is not as expected ends the test"
)]

mod capabilities;
mod clock;
mod connections;
mod folders;
#[path = "../api/kit.rs"]
#[expect(dead_code, reason = "the API suite uses more of it")]
mod kit;
mod large;
mod liars;
mod names;
mod outages;
mod passwords;
mod repeats;
mod searches;
mod slow_loris;
mod street;
mod structure;
mod together;
