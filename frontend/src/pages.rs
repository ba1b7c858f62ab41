//! Pages put components together.

pub mod mail;
pub mod not_found;
pub mod settings;
