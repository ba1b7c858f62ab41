//! The server's JSON interface against a real Dovecot and Postfix, looked at from a second mail program.

mod bad_input;
mod events;
mod kit;
mod mailboxes;
mod messages;
mod operations;
mod sending;
mod session;
