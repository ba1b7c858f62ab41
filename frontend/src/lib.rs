//! Whimbrel in the browser.

pub mod browser;
pub mod components;
pub mod logic;
pub mod ui;
