//! Whimbrel in the browser: Leptos, client-side rendered.
//!
//! What is on screen comes from the replica (`whimbrel-replica`), and every change goes through
//! its queue. The layers, each knowing only those below it:
//!
//! - [`app`] mounts the page that the address names;
//! - [`pages`] put components together;
//! - [`components`] know mail;
//! - [`ui`] knows no mail: buttons, menus, dialogs;
//! - [`state`] holds what the app knows between two clicks, and does what a person asks for;
//! - [`logic`] is pure and runs on the host too;
//! - [`api`] and [`browser`] are the only doors to the network and to the browser.

pub mod api;
pub mod app;
pub mod browser;
pub mod components;
pub mod logic;
pub mod pages;
pub mod state;
pub mod ui;
