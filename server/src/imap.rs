//! Everything IMAP. The only code that names `async_imap`; hands out plain and shared values.
//! Never decides what a person may see, never talks HTTP.
//!
//! A command's life: a noun's module builds it with `wire::command`, [`connection`] sends it and
//! gathers what the server says until the tagged answer, `wire::response` has read that leniently.

pub mod alerts;
pub mod append;
pub mod arrivals;
pub mod capabilities;
pub mod changes;
pub mod conditional;
pub mod connect;
pub mod connection;
pub mod envelopes;
pub mod error;
pub mod idle;
pub mod introduction;
pub mod keywords;
pub mod mailbox_ids;
pub mod mailboxes;
pub mod name;
pub mod notify;
pub mod order;
pub mod parts;
pub mod quota;
pub mod recent;
pub mod sasl;
pub mod search;
pub mod select;
mod settle;
pub mod threads;
pub mod transfer;
mod uids;
mod wire;

pub use error::{Error, Result};

#[cfg(test)]
mod scripted;
