//! The mail world itself: letters arrive, both ways of looking agree, nothing leaves the machine.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: what is not as expected ends the test"
)]

mod mail_flow;
mod mailboxes;
mod scripted_peer;
