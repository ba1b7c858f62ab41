//! Settings: what is read, what is refused, and in which words.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::{settings::SETTINGS, *};
use crate::store::temporary::TemporaryFolder;

const MAIL: &str =
    "imap_url = \"imaps://imap.example.org\"\nsmtp_url = \"smtp+starttls://smtp.example.org\"\n";

fn parse_in(folder: &TemporaryFolder, text: &str) -> Result<Config, ConfigError> {
    Config::parse(&format!(
        "{text}\ndata_dir = \"{}\"",
        folder.path().display()
    ))
}

#[track_caller]
fn refused(text: &str) -> String {
    let folder = TemporaryFolder::new();
    match parse_in(&folder, text) {
        Ok(_) => panic!("accepted: {text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn two_settings_are_enough_to_try_it() {
    let folder = TemporaryFolder::new();
    let config = parse_in(&folder, MAIL).unwrap();
    assert_eq!(config.public_url, "http://127.0.0.1:8080");
    assert_eq!(
        (config.imap.port, config.imap.security),
        (993, Security::Tls)
    );
    assert_eq!(
        (config.smtp.port, config.smtp.security),
        (587, Security::StartTls)
    );
    assert_eq!(config.limits.attachments, 25 * 1024 * 1024);
    let secret = fs::metadata(folder.path().join("secret")).unwrap();
    assert_eq!(
        (secret.len(), secret.permissions().mode() & 0o777),
        (32, 0o600)
    );
}

#[test]
fn the_environment_wins() {
    let folder = TemporaryFolder::new();
    let path = folder.path().display().to_string();
    let environment = Box::new(move |name: &str| match name {
        "WHIMBREL_LISTEN" => Some("[::1]:9000".to_owned()),
        "WHIMBREL_DATA_DIR" => Some(path.clone()),
        "WHIMBREL_NAME" => Some(" ".to_owned()),
        _ => None,
    });
    let text = format!("{MAIL}listen = \"127.0.0.1:1\"\nname = \"Post\"");
    let sources = Sources::parse(&text, "test", environment).unwrap();
    let config = Config::from_sources(&sources).unwrap();
    assert_eq!(config.public_url, "http://[::1]:9000");
    assert_eq!(config.name, "Post");
}

#[test]
fn plain_text_goes_to_this_machine_only() {
    let folder = TemporaryFolder::new();
    let here = "imap_url = \"imap://[::1]:1143\"\nsmtp_url = \"smtp://127.0.0.1\"\n";
    let config = parse_in(&folder, here).unwrap();
    assert_eq!((config.imap.host.as_str(), config.imap.port), ("::1", 1143));

    let there = "imap_url = \"imap://imap.example.org\"\nsmtp_url = \"smtps://smtp.example.org\"\n";
    let message = refused(there);
    assert!(
        message.starts_with("imap_url in the configuration: “imap://imap.example.org”"),
        "{message}"
    );
    assert!(message.contains("imap+starttls://") && message.contains("WHIMBREL_INSECURE=true"));
    assert!(parse_in(&folder, &format!("{there}insecure = true")).is_ok());
}

#[test]
fn each_mistake_names_the_setting_and_the_mend() {
    for (text, parts) in [
        ("", ["WHIMBREL_IMAP_URL", "imaps://mail.example.org:993"]),
        (
            "imap_url = \"http://x\"",
            ["imap_url", "imap+starttls://host:143"],
        ),
        (
            "imap_url = \"imaps://me:secret@x\"",
            ["imap_url", "no name or password"],
        ),
        (
            "imap_url = \"imaps://x/y\"",
            ["imap_url", "nothing after the port"],
        ),
        ("imap_uri = \"imaps://x\"", ["imap_uri", "imap_url"]),
        ("imap_url = ", ["the configuration", "one setting a line"]),
        ("insecure = \"perhaps\"", ["insecure", "true or false"]),
    ] {
        let message = refused(text);
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
    for (text, part) in [
        ("listen = \"8080\"", "127.0.0.1:8080"),
        ("listen = \"0.0.0.0:80\"", "WHIMBREL_PUBLIC_URL"),
        ("public_url = \"http://mail.example.org\"", "https"),
        ("public_url = \"https://mail.example.org/mail\"", "no path"),
        ("imap_connections = 0", "from 1 to 10"),
        ("imap_disable = \"MOVE, TELEPORT\"", "“TELEPORT”"),
        ("attachment_limit_mib = \"much\"", "from 1 to 1024"),
        ("ca_file = \"/nowhere.pem\"", "PEM"),
        ("mail_domain = \"a b\"", "example.org"),
        ("trusted_proxies = [\"10.0.0.0/8\", \"x\"]", "“x”"),
        ("secret_file = \"/dev/null\"", "head -c 32 /dev/urandom"),
        (
            "secret_file = \"Cargo.toml\"\nold_secret_files = \"/nowhere\"",
            "out of the list",
        ),
    ] {
        let message = refused(&format!("{MAIL}{text}"));
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn the_documentation_tells_every_setting() {
    let page = include_str!("../../../docs/CONFIGURATION.md");
    for setting in SETTINGS {
        assert!(
            page.contains(&format!("`{}`", setting.key)),
            "{}",
            setting.key
        );
    }
}
