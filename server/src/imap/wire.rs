//! Bytes to values and values to bytes. Knows the grammar, not the conversation; no input makes it
//! panic, and what it does not understand it skips.

mod arranged;
pub(crate) mod command;
pub(crate) mod date;
pub(crate) mod fetch;
pub(crate) mod found;
pub(crate) mod framer;
pub(crate) mod lexer;
pub(crate) mod response;
pub(crate) mod socket;
pub(crate) mod structure;
pub(crate) mod tap;
#[cfg(test)]
mod tests;
