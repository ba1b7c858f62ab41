//! The configuration, read once at start from a TOML file and the environment. Nothing else reads either.
//! Every value is checked here; a mistake is answered with the setting's name and what to write instead.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
};

pub mod mail_url;
pub mod network;
pub mod proxy;
pub mod public_url;
pub mod secret;
pub mod settings;
#[cfg(test)]
mod tests;

use network::Network;
use proxy::Proxies;
use secret::Secrets;
use settings::{Sources, Value};

/// Everything an operator decides.
pub struct Config {
    /// Where to listen for HTTP.
    pub listen: SocketAddr,
    /// The origin people see in the address bar, without a path, such as `https://mail.example.org`.
    pub public_url: String,
    /// What the sign-in page calls this service.
    pub name: String,
    /// Where the database and uploads lie.
    pub data_dir: PathBuf,
    /// The mail server that is read from.
    pub imap: MailServer,
    /// The mail server that sends.
    pub smtp: MailServer,
    /// Mixed into the key of everything that is sealed.
    pub secrets: Secrets,
    /// A PEM file of further certificate authorities to trust for IMAP and SMTP.
    pub ca_file: Option<PathBuf>,
    /// Appended to a sign-in name without `@` to make the address mail is sent from.
    pub mail_domain: Option<String>,
    /// Whose word is taken for where a request came from.
    pub proxies: Proxies,
    /// Networks that are not the public one, from which pictures in messages may be loaded all the same.
    pub picture_networks: Vec<Network>,
    /// Whom to tell of a weakness: a `mailto:`, `https:` or `tel:` address.
    pub security_contact: Option<String>,
    /// Whose findings about senders are believed, by `authserv-id` in lower case; empty: that is learnt.
    pub authserv_ids: BTreeSet<String>,
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
    /// Extensions that are not to be used although it offers them: some of [`EXTENSIONS`]
    /// and [`MECHANISMS`].
    pub disabled: Vec<&'static str>,
}

/// The ways of signing in that can be switched off.
pub const MECHANISMS: [&str; 5] = [
    "AUTH=LOGIN",
    "AUTH=OAUTHBEARER",
    "AUTH=PLAIN",
    "AUTH=SCRAM-SHA-256",
    "AUTH=XOAUTH2",
];

/// The IMAP extensions that can be switched off.
pub const EXTENSIONS: [&str; 17] = [
    "CONDSTORE",
    "ESEARCH",
    "ID",
    "IDLE",
    "LIST-EXTENDED",
    "LIST-STATUS",
    "LITERAL+",
    "MOVE",
    "NAMESPACE",
    "NOTIFY",
    "PREVIEW",
    "QRESYNC",
    "QUOTA",
    "SORT",
    "SPECIAL-USE",
    "THREAD",
    "UIDPLUS",
];

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

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{setting}: {problem} {mend}")]
pub struct ConfigError {
    /// Which setting, and where it was written.
    pub setting: String,
    /// What is wrong with it: one sentence.
    pub problem: String,
    /// What to write instead: one sentence.
    pub mend: String,
}

impl Config {
    /// Reads `file`, if given, and the environment, which wins.
    /// Makes the data directory and the secret file where they are missing.
    ///
    /// # Errors
    /// Names the first setting that cannot be used, and the mend.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let sources = Sources::read(file, Box::new(|name| std::env::var(name).ok()))?;
        Self::from_sources(&sources)
    }

    /// Reads TOML text alone, without the environment.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Self::from_sources(&Sources::parse(
            text,
            "the configuration",
            Box::new(|_| None),
        )?)
    }

    fn from_sources(sources: &Sources) -> Result<Self, ConfigError> {
        let insecure = sources.flag("insecure")?;
        let listen = listen(sources)?;
        let public_url = public_url::read(sources, listen)?;
        let mut imap = mail_url::read(sources, "imap_url", &mail_url::IMAP, insecure)?;
        imap.disabled = disabled(sources)?;
        let smtp = mail_url::read(sources, "smtp_url", &mail_url::SMTP, insecure)?;
        let proxies = Proxies::read(sources)?;
        let picture_networks = match sources.get("picture_networks") {
            Some(networks) => Network::list(&networks)?,
            None => Vec::new(),
        };
        let ca_file = sources.get("ca_file").map(existing_file).transpose()?;
        let mail_domain = sources.get("mail_domain").map(domain).transpose()?;
        let security_contact = sources.get("security_contact").map(contact).transpose()?;
        let limits = Limits {
            attachments: sources.number("attachment_limit_mib", 1..=1024)? * 1024 * 1024,
            connections: usize::try_from(sources.number("imap_connections", 1..=10)?).unwrap_or(1),
        };
        let data_dir = PathBuf::from(sources.text("data_dir"));
        let secrets = secret::read(sources, &data_dir)?;
        Ok(Self {
            listen,
            public_url,
            name: sources.text("name"),
            data_dir,
            imap,
            smtp,
            secrets,
            ca_file,
            mail_domain,
            proxies,
            picture_networks,
            security_contact,
            authserv_ids: authserv_ids(sources),
            limits,
        })
    }
}

fn listen(sources: &Sources) -> Result<SocketAddr, ConfigError> {
    let value = sources.value("listen");
    value.text.parse().map_err(|_| {
        value.error(
            "is not an address with a port.",
            "Write for example 127.0.0.1:8080, or [::]:8080 for every address of this machine.",
        )
    })
}

fn disabled(sources: &Sources) -> Result<Vec<&'static str>, ConfigError> {
    let value = sources.value("imap_disable");
    let names = value.text.split([',', ' ']).filter(|name| !name.is_empty());
    let known = names.map(|name| {
        let mut all = EXTENSIONS.into_iter().chain(MECHANISMS);
        all.find(|known| known.eq_ignore_ascii_case(name))
            .ok_or(name)
    });
    known.collect::<Result<_, _>>().map_err(|name| {
        value.error(
            &format!("does not know the extension “{name}”."),
            &format!(
                "Write some of {}, {}.",
                EXTENSIONS.join(", "),
                MECHANISMS.join(", ")
            ),
        )
    })
}

fn authserv_ids(sources: &Sources) -> BTreeSet<String> {
    let text = sources.text("authserv_ids").to_lowercase();
    let ids = text.split([',', ' ']).filter(|id| !id.is_empty());
    ids.map(str::to_owned).collect()
}

fn existing_file(value: Value) -> Result<PathBuf, ConfigError> {
    let path = PathBuf::from(&value.text);
    if path.is_file() {
        Ok(path)
    } else {
        Err(value.error(
            "is not a file that can be read.",
            "Write the path of a PEM file with one or more certificates.",
        ))
    }
}

fn contact(value: Value) -> Result<String, ConfigError> {
    let text = value.text.trim();
    let is_address = ["mailto:", "https://", "tel:"]
        .iter()
        .any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
    if is_address && text.chars().all(|c| c.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err(value.error(
            "is not an address to report to.",
            "Write for example mailto:security@example.org, or the https address of a form.",
        ))
    }
}

fn domain(value: Value) -> Result<String, ConfigError> {
    let text = value.text.trim().trim_start_matches('@').to_lowercase();
    let usable = !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    if usable {
        Ok(text)
    } else {
        Err(value.error(
            "is not a mail domain.",
            "Write what stands after the @ of the mail addresses, such as example.org.",
        ))
    }
}
