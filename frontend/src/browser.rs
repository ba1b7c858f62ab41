//! Everything that names the browser's own interfaces (web-sys).

pub mod dialog;
pub mod focus;
pub mod popover;
