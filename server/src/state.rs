//! What every handler can reach: ready-made parts, built once at start by [`start`].

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::{
    account::Accounts, auth::Auth, config::Config, remote::Pictures, store::Store, tls::TlsClient,
};

/// The parts of a running server.
pub struct App {
    /// What the operator decided.
    pub config: Config,
    /// TLS towards mail servers.
    pub tls: TlsClient,
    /// The small database.
    pub store: Store,
    /// Sessions, throttle and form tokens.
    pub auth: Auth,
    /// The signed-in accounts.
    pub accounts: Accounts,
    /// Pictures from elsewhere.
    pub pictures: Pictures,
    /// Cancelled when the server is to stop: what would go on for ever, such as an event stream, ends then.
    pub stopping: CancellationToken,
}

/// Shared by all handlers.
pub type AppState = Arc<App>;

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No TLS towards the mail servers.
    #[error(transparent)]
    Tls(#[from] crate::tls::Error),
    /// No database.
    #[error("{0}. Check that the data folder can be written and has space.")]
    Store(#[from] crate::store::Error),
}

/// Makes the parts.
///
/// # Errors
/// If TLS cannot be set up or the database cannot be opened.
pub async fn start(config: Config) -> Result<AppState, StartError> {
    let tls = TlsClient::new(config.ca_file.as_deref())?;
    let store = Store::open(&config.data_dir, &config.secrets).await?;
    let auth = Auth::new(&config, &store);
    Ok(Arc::new(App {
        accounts: Accounts::new(&config, tls.clone(), store.account_ids.clone()),
        pictures: Pictures::new(tls.clone(), config.picture_networks.clone()),
        tls,
        auth,
        store,
        stopping: CancellationToken::new(),
        config,
    }))
}
