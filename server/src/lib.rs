//! Whimbrel's server: signed-in accounts over IMAP and SMTP, answered as JSON, HTML and events.
//!
//! A request's life: [`router`] → [`security`] → [`auth`] (who is it) → `routes/` (one file a noun)
//! → [`account`] (one actor per signed-in account) → [`imap`] / [`smtp`]; what comes back goes
//! through [`message`] (pure) into `whimbrel_shared` values. Failures become HTTP in [`error`] alone.
//! Nothing here keeps mail.

pub mod account;
pub mod assets;
pub mod auth;
pub mod check_config;
pub mod config;
pub mod error;
pub mod imap;
pub mod logging;
pub mod message;
pub mod plain;
pub mod remote;
pub mod router;
pub mod routes;
pub mod security;
pub mod serve;
pub mod smtp;
pub mod state;
pub mod store;
pub mod tls;

/// A list of messages is made of hundreds of small pieces: jemalloc hands them out in half the time that glibc's
/// own allocator takes. How soon it gives memory back is said in `.cargo/config.toml`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
