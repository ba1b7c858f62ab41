//! Pure decisions of the interface: no signals, no browser, tested on the host.

pub mod addresses;
pub mod composing;
pub mod file_kind;
pub mod percent;
pub mod place;
pub mod quota;
pub mod quote;
pub mod reply;
pub mod row;
pub mod selection;
pub mod shortcuts;
pub mod sizes;
pub mod subject;
pub mod tree;
pub mod window;
pub mod words;
