//! The mail world of Whimbrel's tests, benches and demo: real servers, letters, and clients to look at them with.
//! Tools only; what is tested stands in the suites beside `src/`.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tools of tests: what is not as expected ends the test with a message"
)]

pub mod app;
mod background;
pub mod browser;
pub mod certificate;
pub mod child;
pub mod client;
pub mod courier;
pub mod cyrus;
pub mod dovecot;
pub mod elsewhere;
pub mod http;
pub mod imap_client;
pub mod imap_fork;
pub mod imap_proxy;
pub mod letters;
pub mod lmtp;
pub mod logs;
pub mod own_process;
mod people;
pub mod postfix;
pub mod provider;
pub mod scripted_imap;
mod unpacked;
pub mod world;
