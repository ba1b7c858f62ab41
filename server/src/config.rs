//! The configuration, read once at start from a TOML file and the environment. Nothing else reads either.

use std::{net::SocketAddr, path::PathBuf};

use secrecy::SecretBox;

/// Everything an operator decides.
pub struct Config {
    /// Where to listen for HTTP.
    pub listen: SocketAddr,
    /// The origin people see in the address bar, without a path, such as `https://mail.example.org`.
    pub public_url: String,
    /// Where the database and uploads lie.
    pub data_dir: PathBuf,
    /// The mail server that is read from.
    pub imap: MailServer,
    /// The mail server that sends.
    pub smtp: MailServer,
    /// Mixed into every session's key; 32 bytes or more.
    pub secret: SecretBox<Vec<u8>>,
    /// A PEM file of further certificate authorities to trust for IMAP and SMTP.
    pub ca_file: Option<PathBuf>,
    /// Appended to a sign-in name without `@` to make the address mail is sent from.
    pub mail_domain: Option<String>,
    /// Sizes in bytes and counts beyond which things are refused.
    pub limits: Limits,
}

/// Sizes and counts beyond which things are refused.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// All attachments of one message together, bytes.
    pub attachments: u64,
    /// IMAP connections of one account: 1 is enough, 3 is quick.
    pub connections: usize,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Host name or address; also the name its certificate must carry.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the line is protected.
    pub security: Security,
}

/// How a line to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS; refused if the server does not offer it.
    StartTls,
    /// None: loopback, or where the operator said `insecure`.
    Plain,
}
