//! Pure decisions of the interface: no signals, no browser, tested on the host.

pub mod percent;
pub mod place;
pub mod row;
pub mod selection;
pub mod shortcuts;
pub mod tree;
pub mod window;
pub mod words;
