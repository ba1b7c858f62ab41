//! Messages as values: parsing, decoding, sanitizing, building. Pure: no I/O, and parsing never fails;
//! what cannot be understood becomes a listed defect of a message that can still be shown.

pub mod body;
pub mod header;
pub mod part_tree;

pub use part_tree::PartNode;
