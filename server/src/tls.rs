//! The one TLS client configuration: ring, the platform's roots, and the operator's own authorities.

use std::sync::Arc;

/// Shared by all connections to mail servers.
#[derive(Clone)]
pub struct TlsClient(pub Arc<rustls::ClientConfig>);
