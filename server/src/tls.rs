//! The one TLS client configuration: ring, the platform's roots, and the operator's own authorities.

use std::{path::Path, sync::Arc};

use rustls::pki_types::{CertificateDer, pem::PemObject as _};

/// Shared by all connections to mail servers.
#[derive(Clone)]
pub struct TlsClient(pub Arc<rustls::ClientConfig>);

/// Why there can be no TLS.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operator's file of authorities cannot be used.
    #[error(
        "WHIMBREL_CA_FILE: {file} cannot be used ({problem}). Name a PEM file with one or more certificates."
    )]
    CaFile {
        /// Its path.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The machine has no certificate authorities, or rustls refused its own defaults.
    #[error(
        "TLS cannot be set up ({0}). Install the package ca-certificates, or set WHIMBREL_CA_FILE."
    )]
    Unusable(#[from] rustls::Error),
}

impl TlsClient {
    /// TLS 1.2 and 1.3 that trusts what this machine trusts, and the authorities in `ca_file`.
    ///
    /// # Errors
    /// If `ca_file` holds no certificate, or there is no authority at all.
    pub fn new(ca_file: Option<&Path>) -> Result<Self, Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let own = ca_file.map_or_else(|| Ok(Vec::new()), authorities)?;
        let verifier =
            rustls_platform_verifier::Verifier::new_with_extra_roots(own, Arc::clone(&provider))?;
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

fn authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let failed = |problem: String| Error::CaFile {
        file: file.display().to_string(),
        problem,
    };
    let found = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| failed(error.to_string()))?;
    if found.is_empty() {
        return Err(failed("it holds no certificate".to_owned()));
    }
    Ok(found)
}
