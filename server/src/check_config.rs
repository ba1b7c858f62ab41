//! `whimbrel check-config`: says in plain words what the settings mean and what the mail servers can do.
//! Signs in nowhere and changes nothing.

use crate::config::{Config, MailServer, Security};

/// What was found.
pub struct Report {
    /// For the terminal, ended by a newline.
    pub text: String,
    /// Whether the server can be started with these settings.
    pub is_good: bool,
}

/// Looks at everything there is to look at, and stops at nothing.
pub async fn report(config: &Config) -> Report {
    let mut text = settings(config);
    let tls = match crate::tls::TlsClient::new(config.ca_file.as_deref()) {
        Ok(tls) => tls,
        Err(error) => {
            text += &format!("✗ {error}\n");
            return Report {
                text,
                is_good: false,
            };
        }
    };
    let reading = probe::imap(config, &tls).await;
    let sending = probe::smtp(config, &tls).await;
    let is_good = reading.is_ok() && sending.is_ok();
    text += &found("Reading", &config.imap, reading);
    text += &found("Sending", &config.smtp, sending);
    text += if is_good {
        "All is well.\n"
    } else {
        "Mend what is marked with ✗, then run this again.\n"
    };
    Report { text, is_good }
}

fn settings(config: &Config) -> String {
    format!(
        "✓ People open {} (this program listens on {})\n✓ Data is kept in {}\n",
        config.public_url,
        config.listen,
        config.data_dir.display()
    )
}

fn found(what: &str, server: &MailServer, result: Result<Vec<String>, String>) -> String {
    let line = match server.security {
        Security::Tls => "over TLS",
        Security::StartTls => "over TLS by STARTTLS",
        Security::Plain => "without TLS",
    };
    let (host, port) = (&server.host, server.port);
    match result {
        Ok(abilities) => {
            let mut text = format!("✓ {what} mail: {host} port {port} answers {line}\n");
            for ability in abilities {
                text += &format!("    {ability}\n");
            }
            text
        }
        Err(problem) => format!("✗ {what} mail: {host} port {port} {line}: {problem}\n"),
    }
}

mod probe {
    use crate::{config::Config, tls::TlsClient};

    #[expect(
        clippy::unused_async,
        reason = "connects, once there is something to connect with"
    )]
    pub(super) async fn imap(_config: &Config, _tls: &TlsClient) -> Result<Vec<String>, String> {
        Err("not built yet".to_owned())
    }

    #[expect(
        clippy::unused_async,
        reason = "connects, once there is something to connect with"
    )]
    pub(super) async fn smtp(_config: &Config, _tls: &TlsClient) -> Result<Vec<String>, String> {
        Err("not built yet".to_owned())
    }
}
