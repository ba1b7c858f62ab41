//! Messages as values: parsing, decoding, sanitizing, building. Pure: no I/O, and parsing never fails;
//! what cannot be understood becomes a listed defect of a message that can still be shown.
//!
//! Reading: [`header`] (with [`encoded_word`], [`parameter`]) → [`body`] (what to show of the tree;
//! [`mime`] reads the tree itself where the mail server does not tell it)
//! → [`charset`] → [`render`] ([`sanitize`] or [`text`]; [`unpack`] for files within files; `notice` tells
//! what a program wrote) → [`frame`]. Writing: [`build`] →
//! [`outgoing`], [`draft`]. Beside both: [`sender`], what is to be said about who a message is from.

pub mod address;
pub mod base_subject;
pub mod body;
pub mod build;
pub mod charset;
pub mod draft;
pub mod encoded_word;
pub mod fields;
pub mod file_name;
pub mod frame;
pub mod header;
pub mod mailto;
pub mod mime;
mod notice;
pub mod outgoing;
pub mod parameter;
pub mod part_tree;
pub mod picture;
pub mod preview;
pub mod render;
pub mod sanitize;
pub mod sender;
pub mod text;
pub mod thumbnail;
pub mod trackers;
pub mod unpack;

pub use part_tree::PartNode;

#[cfg(test)]
mod tests;
