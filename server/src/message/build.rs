//! Stub.
use whimbrel_shared::{Address, Draft};
/// x
#[derive(Clone)]
pub struct File {
    /// x
    pub name: String,
    /// x
    pub media_type: String,
    /// x
    pub bytes: Vec<u8>,
}
/// x
pub enum Bcc {
    /// x
    Keep,
    /// x
    Omit,
}
/// x
pub fn build(_: &Draft, _: &Address, _: i64, _: &str, _: Vec<File>, _: Bcc) -> Vec<u8> {
    Vec::new()
}
/// x
pub fn new_message_id(_: &str) -> String {
    String::new()
}
