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
    use crate::{
        account::Secret,
        config::Config,
        imap::{self, capabilities::Capabilities},
        smtp,
        tls::TlsClient,
    };

    pub(super) async fn imap(config: &Config, tls: &TlsClient) -> Result<Vec<String>, String> {
        match imap::connect::probe(&config.imap, tls).await {
            Ok(capabilities) => Ok(abilities(&capabilities)),
            Err(error) => Err(explain(&error)),
        }
    }

    pub(super) async fn smtp(config: &Config, tls: &TlsClient) -> Result<Vec<String>, String> {
        match smtp::submit::probe(&config.smtp, tls).await {
            Ok(words) if words.is_empty() => Ok(Vec::new()),
            Ok(words) => Ok(vec![format!("offers {}", words.join(", "))]),
            Err(error) => Err(explain_sending(&error)),
        }
    }

    /// Many servers tell the rest only to people who have signed in.
    fn abilities(capabilities: &Capabilities) -> Vec<String> {
        let sign_in = match (
            imap::sasl::Mechanism::choose(capabilities, Secret::Password),
            capabilities.login_disabled,
        ) {
            (Some(mechanism), _) => format!("signs people in by AUTHENTICATE {}", mechanism.name()),
            (None, false) => "signs people in by LOGIN".to_owned(),
            (None, true) => "does not let anybody sign in with a password on this line".to_owned(),
        };
        let told = [
            (capabilities.idle, "tells of new mail at once (IDLE)"),
            (capabilities.moves, "moves messages in one step (MOVE)"),
            (
                capabilities.uidplus,
                "deletes just what is meant, and says where moved messages are (UIDPLUS)",
            ),
            (capabilities.condstore, "numbers its changes (CONDSTORE)"),
            (
                capabilities.list_status,
                "counts all folders in one answer (LIST-STATUS)",
            ),
            (
                capabilities.special_use,
                "knows which folder is for what (SPECIAL-USE)",
            ),
            (
                capabilities.preview,
                "gives the first words of messages (PREVIEW)",
            ),
        ];
        let told: Vec<_> = told
            .into_iter()
            .filter_map(|(can, what)| can.then_some(what))
            .collect();
        let rest = if told.is_empty() {
            "tells what else it can do only after sign-in".to_owned()
        } else {
            format!("says before sign-in that it {}", told.join(", "))
        };
        vec![sign_in, rest]
    }

    /// What happened, and what an operator can do about it.
    fn explain(error: &imap::Error) -> String {
        let mend = match error {
            imap::Error::Unreachable(_) | imap::Error::Lost(_) => UNREACHABLE,
            imap::Error::Untrusted(_) => UNTRUSTED,
            _ => {
                "Check that a mail server answers at this host and port, and whether it wants imaps:// or imap+starttls://."
            }
        };
        format!("{error}. {mend}")
    }

    fn explain_sending(error: &smtp::Error) -> String {
        let mend = match error {
            smtp::Error::Unreachable(_) => UNREACHABLE,
            smtp::Error::Untrusted(_) => UNTRUSTED,
            _ => {
                "Check that a server for sending answers at this host and port, and whether it wants smtps:// or smtp+starttls://."
            }
        };
        format!("{error}. {mend}")
    }

    const UNREACHABLE: &str =
        "Check the host and the port, and that this machine may connect to them.";
    const UNTRUSTED: &str = "Check that the server speaks TLS the way the setting says (from the first byte, \
        or by STARTTLS) and that the host is the name in its certificate; if an authority of your own \
        signed it, set WHIMBREL_CA_FILE.";
}
