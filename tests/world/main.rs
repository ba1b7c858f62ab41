//! The mail world itself: letters arrive, both ways of looking agree, nothing leaves the machine.

mod mail_flow;
mod scripted_peer;
