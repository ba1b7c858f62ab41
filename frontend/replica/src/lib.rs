//! The browser's copy of the mail, its queue of operations and its sync engine.
//! What the screen shows is the last known server state with the queue applied on top.
//! No Leptos and no web-sys here: a [`transport::Transport`] and a [`store::Store`] are given to it.
//!
//! Start reading at [`replica`], which is all the user interface sees; [`list`] and [`notice`] hold the
//! values it gets back. Behind it, the engine is a state machine without I/O: wishes and answers go in,
//! questions and notices come out, and the driver carries them.

pub mod conformance;
pub mod list;
pub mod memory_store;
pub mod notice;
pub mod refusals;
pub mod replica;
pub mod sorted_map;
pub mod store;
pub mod transport;

mod driver;
mod engine;
mod folder;
mod messages;
mod order;
mod overlay;
mod question;
mod queue;
mod rewrite;
mod rows;
mod search;
mod tree;
mod wait;
mod words;

#[cfg(test)]
mod tests;
