//! The list of all settings, and where their values come from: environment before file before default.
//! Says nothing about what a value means.

use std::{ops::RangeInclusive, path::Path};

use crate::config::ConfigError;

/// One setting. In a file it is `key = …`, in the environment `WHIMBREL_KEY`.
pub struct Setting {
    /// Its name in a file: lower-case with underscores.
    pub key: &'static str,
    /// What holds if it is not set; empty if nothing does.
    pub default: &'static str,
    /// What it does, for `--help` and the documentation.
    pub help: &'static str,
}

/// Every setting there is.
pub const SETTINGS: [Setting; 19] = [
    setting(
        "imap_url",
        "",
        "Where mail is read: imaps://host:993, imap+starttls://host:143, imap://localhost:143 (required)",
    ),
    setting(
        "smtp_url",
        "",
        "Where mail is sent: smtps://host:465, smtp+starttls://host:587, smtp://localhost:25 (required)",
    ),
    setting(
        "public_url",
        "",
        "The address people type, such as https://mail.example.org (needed unless `listen` is a loopback address)",
    ),
    setting(
        "listen",
        "127.0.0.1:8080",
        "Address and port to serve HTTP on",
    ),
    setting("data_dir", "/var/lib/whimbrel", "Folder for the database"),
    setting(
        "secret_file",
        "",
        "32 or more random bytes (default: `secret` in the data folder, made at the first start)",
    ),
    setting(
        "old_secret_files",
        "",
        "Earlier secrets, newest first: what was sealed with them opens still (default: none)",
    ),
    setting(
        "ca_file",
        "",
        "PEM file of further certificate authorities to trust for the mail servers",
    ),
    setting(
        "mail_domain",
        "",
        "Completes the mail address of people who sign in with a bare name",
    ),
    setting(
        "name",
        "Whimbrel",
        "What the sign-in page calls this service",
    ),
    setting(
        "insecure",
        "false",
        "true: allow connections without TLS to mail servers on other machines",
    ),
    setting(
        "attachment_limit_mib",
        "25",
        "All attachments of one message together, in MiB",
    ),
    setting(
        "imap_connections",
        "3",
        "IMAP connections of one signed-in account, 1 to 10",
    ),
    setting(
        "imap_disable",
        "",
        "IMAP extensions not to be used although the server offers them, such as MOVE, CONDSTORE",
    ),
    setting(
        "proxy_header",
        "",
        "Header in which a reverse proxy names the visitor's address, such as X-Forwarded-For",
    ),
    setting(
        "trusted_proxies",
        "127.0.0.0/8, ::1",
        "Addresses whose `proxy_header` is believed",
    ),
    setting(
        "picture_networks",
        "",
        "Private networks from which pictures in messages may be loaded, such as 10.1.0.0/16 (default: none)",
    ),
    setting(
        "security_contact",
        "",
        "Whom to tell of a weakness, for security.txt, such as mailto:security@example.org",
    ),
    setting(
        "authserv_ids",
        "",
        "Names under which your mail server writes Authentication-Results, such as mx.example.org (default: learnt)",
    ),
];

const fn setting(key: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { key, default, help }
}

/// Looks a variable of the environment up by its name.
pub type Environment = Box<dyn Fn(&str) -> Option<String>>;

/// A setting's text, and where it was written.
pub struct Value {
    /// The text, never empty.
    pub text: String,
    /// Such as `WHIMBREL_LISTEN` or `listen in /etc/whimbrel.toml`.
    pub origin: String,
}

impl Value {
    /// An error about this setting.
    #[must_use]
    pub fn error(&self, problem: &str, mend: &str) -> ConfigError {
        ConfigError {
            setting: self.origin.clone(),
            problem: format!("“{}” {problem}", self.text),
            mend: mend.to_owned(),
        }
    }
}

/// Where values come from.
pub struct Sources {
    table: toml::Table,
    file_name: String,
    environment: Environment,
}

impl Sources {
    /// A file, if given, and the environment.
    ///
    /// # Errors
    /// If the file cannot be read, is no TOML or holds an unknown setting.
    pub fn read(file: Option<&Path>, environment: Environment) -> Result<Self, ConfigError> {
        let Some(path) = file else {
            return Self::parse("", "", environment);
        };
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError {
            setting: path.display().to_string(),
            problem: format!("The configuration file cannot be read ({error})."),
            mend: "Check the path given with --config or WHIMBREL_CONFIG.".to_owned(),
        })?;
        Self::parse(&text, &path.display().to_string(), environment)
    }

    /// TOML text and the environment.
    ///
    /// # Errors
    /// If the text is no TOML or holds an unknown setting.
    pub fn parse(
        text: &str,
        file_name: &str,
        environment: Environment,
    ) -> Result<Self, ConfigError> {
        let table: toml::Table = text.parse().map_err(|error| ConfigError {
            setting: file_name.to_owned(),
            problem: format!("The file is not valid TOML: {error}"),
            mend: "Write one setting a line, such as listen = \"127.0.0.1:8080\".".to_owned(),
        })?;
        if let Some(key) = table.keys().find(|key| !is_known(key)) {
            return Err(ConfigError {
                setting: format!("{key} in {file_name}"),
                problem: "There is no such setting.".to_owned(),
                mend: format!("The settings are: {}.", known_keys()),
            });
        }
        Ok(Self {
            table,
            file_name: file_name.to_owned(),
            environment,
        })
    }

    /// What was set, if anything. An empty text counts as not set.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value> {
        let variable = variable(key);
        let from_environment = (self.environment)(&variable)
            .filter(|text| !text.trim().is_empty())
            .map(|text| Value {
                text: text.trim().to_owned(),
                origin: variable,
            });
        from_environment.or_else(|| {
            let text = plain_text(self.table.get(key)?);
            (!text.is_empty()).then(|| Value {
                text,
                origin: format!("{key} in {}", self.file_name),
            })
        })
    }

    /// What was set, else the default.
    #[must_use]
    pub fn value(&self, key: &str) -> Value {
        self.get(key).unwrap_or_else(|| Value {
            text: SETTINGS
                .iter()
                .find(|setting| setting.key == key)
                .map_or_else(String::new, |setting| setting.default.to_owned()),
            origin: variable(key),
        })
    }

    /// The text of [`Sources::value`].
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.value(key).text
    }

    /// A setting that must be there.
    ///
    /// # Errors
    /// If it is not; `example` says what to write.
    pub fn required(&self, key: &str, example: &str) -> Result<Value, ConfigError> {
        self.get(key).ok_or_else(|| ConfigError {
            setting: variable(key),
            problem: "This setting is missing.".to_owned(),
            mend: format!(
                "Set it, for example to {example}, or write {key} = \"{example}\" in the configuration file."
            ),
        })
    }

    /// A yes or no.
    ///
    /// # Errors
    /// If it is neither.
    pub fn flag(&self, key: &str) -> Result<bool, ConfigError> {
        let value = self.value(key);
        match value.text.to_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(true),
            "false" | "0" | "no" => Ok(false),
            _ => Err(value.error("is neither true nor false.", "Write true or false.")),
        }
    }

    /// A whole number.
    ///
    /// # Errors
    /// If it is none, or out of range.
    pub fn number(&self, key: &str, range: RangeInclusive<u64>) -> Result<u64, ConfigError> {
        let value = self.value(key);
        match value.text.parse() {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => Err(value.error(
                "is not a whole number this setting takes.",
                &format!("Write one from {} to {}.", range.start(), range.end()),
            )),
        }
    }
}

/// The name of a setting in the environment.
#[must_use]
pub fn variable(key: &str) -> String {
    format!("WHIMBREL_{}", key.to_uppercase())
}

fn is_known(key: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.key == key)
}

fn known_keys() -> String {
    let keys: Vec<_> = SETTINGS.iter().map(|setting| setting.key).collect();
    keys.join(", ")
}

/// Numbers and truth values may stand bare in TOML; a list is the same as its items with commas between.
fn plain_text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.trim().to_owned(),
        toml::Value::Array(items) => {
            let items: Vec<_> = items.iter().map(plain_text).collect();
            items.join(", ")
        }
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Boolean(flag) => flag.to_string(),
        // No setting is a date or a table; whoever reads it says so.
        other => format!("{other:?}"),
    }
}
