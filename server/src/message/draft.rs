//! Stub.
use super::header::Header;
use whimbrel_shared::{Draft, Message};
/// x
pub fn from_message(_: &Message, _: &Header) -> Draft {
    Draft::default()
}
