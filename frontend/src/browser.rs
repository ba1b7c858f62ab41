//! Everything that names web-sys. What lies below hands out plain values and plain functions,
//! so that the rest of the app can be read, and mostly tested, without a browser.

pub mod account;
pub mod dialog;
pub mod dom;
pub mod drag;
pub mod events;
pub mod fetch;
pub mod files;
pub mod focus;
pub mod frame;
pub mod history;
pub mod ids;
pub mod intl;
pub mod json;
pub mod keyboard;
pub mod panes;
pub mod popover;
pub mod presence;
pub mod scroll;
pub mod storage;
pub mod tabs;
pub mod tasks;
pub mod timers;
pub mod transport;
pub mod unload;
pub mod upload;
