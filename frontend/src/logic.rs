//! Pure decisions: no browser, no replica, no signals. Tested on the host.

pub mod addresses;
pub mod composing;
pub mod dates;
pub mod quote;
pub mod reply;
pub mod sizes;
pub mod subject;
