//! The mail world itself: letters arrive, both ways of looking agree, nothing leaves the machine.

mod mail_flow;
mod mailboxes;
mod scripted_peer;
