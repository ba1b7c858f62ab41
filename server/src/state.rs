//! What every handler can reach: ready-made parts, built once in [`crate::router`]'s caller.

use std::sync::Arc;

use crate::{account::Accounts, config::Config, store::Store, tls::TlsClient};

/// The parts of a running server.
pub struct App {
    /// What the operator decided.
    pub config: Config,
    /// TLS towards mail servers.
    pub tls: TlsClient,
    /// The small database.
    pub store: Store,
    /// The signed-in accounts.
    pub accounts: Accounts,
}

/// Shared by all handlers.
pub type AppState = Arc<App>;
