//! The server's JSON interface against a real mail server and Postfix, looked at from a second mail program.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: what is not as expected ends the test"
)]

mod bad_input;
mod blocking;
mod drafts;
mod events;
mod exchange;
mod faults;
mod gmail;
mod junk;
mod kit;
mod mail_server;
mod mailboxes;
mod messages;
mod odd_requests;
mod operations;
mod orders;
mod picture_senders;
mod places;
mod previews;
mod quota;
mod remote_pictures;
mod secrets;
mod security;
mod sender;
mod sending;
mod session;
mod sources;
mod structures;
mod thumbnails;
mod unsubscribing;
