//! A certificate authority of our own and a certificate for the loopback addresses, made anew for every world.

use std::{fs, path::PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use crate::{child::WorldError, elsewhere};

/// Certificates in PEM.
#[derive(Clone)]
pub struct Certificates {
    /// The authority, to be trusted by clients.
    pub authority: String,
    /// The chain a server sends: its own certificate first.
    pub chain: String,
    /// The server's private key.
    pub key: String,
}

impl Certificates {
    /// An authority and a certificate by it for `localhost`, 127.0.0.1 and where strangers' servers stand.
    pub fn for_loopback() -> Result<Self, WorldError> {
        Self::issued_for(&["localhost", "127.0.0.1", elsewhere::ADDRESS])
    }

    /// An authority and a certificate by it for these names.
    pub fn issued_for(names: &[&str]) -> Result<Self, WorldError> {
        make(names).map_err(|error| WorldError::new(format!("no certificate was made: {error}")))
    }

    /// Writes `name` with `content` into `dir` and gives its path; keys are for the owner only.
    pub(crate) fn write(
        dir: &std::path::Path,
        name: &str,
        content: &str,
    ) -> Result<PathBuf, WorldError> {
        use std::os::unix::fs::PermissionsExt;
        let path = dir.join(name);
        fs::write(&path, content)?;
        let mode = if name.contains("key") { 0o600 } else { 0o644 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        Ok(path)
    }
}

fn make(names: &[&str]) -> Result<Certificates, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
        .distinguished_name
        .push(DnType::CommonName, "Whimbrel test authority");
    let authority_key = KeyPair::generate()?;
    let authority = params.self_signed(&authority_key)?;
    let issuer = Issuer::new(params, authority_key);

    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut leaf = CertificateParams::new(names)?;
    leaf.distinguished_name
        .push(DnType::CommonName, "Whimbrel test server");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = leaf.signed_by(&key, &issuer)?;
    Ok(Certificates {
        authority: authority.pem(),
        chain: certificate.pem() + &authority.pem(),
        key: key.serialize_pem(),
    })
}
