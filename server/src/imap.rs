//! Everything IMAP. The only code that names `async_imap`; hands out plain and shared values.
//! Never decides what a person may see, never talks HTTP.

pub mod error;

pub use error::{Error, Result};
