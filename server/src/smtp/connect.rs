//! From a server's name to a greeted connection: TCP, TLS or STARTTLS by our own TLS client, EHLO. Every
//! step has a deadline. Signing in is the caller's.

use std::{future::Future, io, time::Duration};

use lettre::transport::smtp::{client::AsyncSmtpConnection, extension::ClientId};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

use super::{
    Error,
    wire::{Line, Notes, Wire},
};
use crate::{
    config::{MailServer, Security},
    tls::TlsClient,
};

/// For TCP to one address of the server.
const DIAL: Duration = Duration::from_secs(10);
/// For TLS, a greeting, or the answer to any command but the letter itself.
pub(super) const REPLY: Duration = Duration::from_secs(60);

/// A greeted connection and what the server offers.
pub(super) struct Connected {
    pub(super) smtp: AsyncSmtpConnection,
    pub(super) notes: Notes,
    pub(super) offers: Offers,
}

/// What the server said to EHLO.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Offers {
    /// Every line but the first, as it was.
    pub(super) lines: Vec<String>,
    /// Mechanisms of AUTH, upper-case; `None` if there is no AUTH.
    pub(super) auth: Option<Vec<String>>,
    /// The largest letter in bytes; `Some(0)` if it does not say; `None` if SIZE is not offered.
    pub(super) size: Option<u64>,
    /// 8BITMIME.
    pub(super) eight_bit: bool,
    /// SMTPUTF8.
    pub(super) utf8: bool,
    /// STARTTLS.
    pub(super) starttls: bool,
}

impl Offers {
    /// Reads the texts of the reply to EHLO; the first is the server's name.
    pub(super) fn read(reply: &[String]) -> Self {
        let mut offers = Self::default();
        for line in reply.iter().skip(1) {
            let upper = line.to_ascii_uppercase();
            let mut words = upper.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                // Said twice by servers that also serve very old programs (`AUTH=LOGIN`).
                Some("AUTH") => {
                    let known = offers.auth.get_or_insert_default();
                    known.extend(words.map(str::to_owned));
                }
                Some("SIZE") => {
                    offers.size = Some(words.next().and_then(|n| n.parse().ok()).unwrap_or(0));
                }
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("STARTTLS") => offers.starttls = true,
                _ => {}
            }
            offers.lines.push(line.clone());
        }
        offers
    }
}

/// Connects, protects the line as configured, and says EHLO.
pub(super) async fn connect(server: &MailServer, tls: &TlsClient) -> Result<Connected, Error> {
    let mut tcp = dial(server).await?;
    let lost = |error: io::Error| Error::Unreachable(error.to_string());
    let peer = tcp.peer_addr().map_err(lost)?;
    // The address is a name the server cannot find fault with, and tells it nothing new.
    let hello = match tcp.local_addr().map_err(lost)?.ip() {
        std::net::IpAddr::V4(ip) => ClientId::Ipv4(ip),
        std::net::IpAddr::V6(ip) => ClientId::Ipv6(ip),
    };
    let (line, greeting) = match server.security {
        Security::Plain => (Line::Plain(tcp), ""),
        Security::Tls => (handshake(tcp, server, tls).await?, ""),
        Security::StartTls => {
            within(REPLY, start_tls(&mut tcp, &hello)).await?;
            (handshake(tcp, server, tls).await?, "220 after STARTTLS\r\n")
        }
    };
    let (wire, notes) = Wire::new(line, peer, greeting);
    let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &hello);
    let smtp = within(REPLY, async {
        greeted
            .await
            .map_err(|error| Error::Unreachable(words(&error)))
    })
    .await?;
    let offers = Offers::read(&notes.reply());
    Ok(Connected {
        smtp,
        notes,
        offers,
    })
}

/// The server's words in a failure, or lettre's.
pub(super) fn words(error: &lettre::transport::smtp::Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string);
    let text = match (error.status(), source) {
        (Some(code), Some(text)) => format!("{code} {text}"),
        (None, Some(text)) => text,
        _ => error.to_string(),
    };
    text.chars().take(300).collect()
}

/// Runs one step under a deadline.
pub(super) async fn within<T>(
    deadline: Duration,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let late = |_| Error::Unreachable("it did not answer in time".to_owned());
    timeout(deadline, step).await.map_err(late)?
}

/// TCP to the first address that answers.
async fn dial(server: &MailServer) -> Result<TcpStream, Error> {
    let failed = |error: io::Error| Error::Unreachable(error.to_string());
    let name = (server.host.as_str(), server.port);
    let addresses = within(DIAL, async {
        tokio::net::lookup_host(name).await.map_err(failed)
    })
    .await?;
    let mut last = Error::Unreachable("its name has no address".to_owned());
    for address in addresses {
        let attempt = within(DIAL, async {
            TcpStream::connect(address).await.map_err(failed)
        });
        match attempt.await {
            Ok(tcp) => {
                tcp.set_nodelay(true).map_err(failed)?;
                return Ok(tcp);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn handshake(tcp: TcpStream, server: &MailServer, tls: &TlsClient) -> Result<Line, Error> {
    let name = ServerName::try_from(server.host.clone())
        .map_err(|_| Error::Untrusted("its name cannot be in a certificate".to_owned()))?;
    let connector = TlsConnector::from(tls.0.clone());
    within(REPLY, async {
        match connector.connect(name, tcp).await {
            Ok(stream) => Ok(Line::Tls(Box::new(stream))),
            Err(error)
                if error
                    .get_ref()
                    .is_some_and(|inner| inner.is::<rustls::Error>()) =>
            {
                Err(Error::Untrusted(error.to_string()))
            }
            Err(error) => Err(Error::Unreachable(error.to_string())),
        }
    })
    .await
}

/// Greeting, EHLO and STARTTLS in the clear. Nothing said there is believed later (RFC 3207 §4.2), and
/// a server that speaks on after its consent is refused: those words would be somebody else's.
async fn start_tls(tcp: &mut TcpStream, hello: &ClientId) -> Result<(), Error> {
    ask(tcp, "").await?;
    let reply = ask(tcp, &format!("EHLO {hello}\r\n")).await?;
    if !Offers::read(&reply).starttls {
        return Err(Error::Untrusted("it does not offer STARTTLS".to_owned()));
    }
    ask(tcp, "STARTTLS\r\n").await?;
    Ok(())
}

/// Bytes of a reply in the clear beyond this are an attack.
const MAX_REPLY: usize = 64 * 1024;

/// Sends a command and reads its reply, which must be positive and nothing more.
async fn ask(tcp: &mut TcpStream, command: &str) -> Result<Vec<String>, Error> {
    let lost = |error: io::Error| Error::Unreachable(error.to_string());
    tcp.write_all(command.as_bytes()).await.map_err(lost)?;
    let mut raw = Vec::new();
    loop {
        let mut bytes = [0; 2048];
        let count = tcp.read(&mut bytes).await.map_err(lost)?;
        if count == 0 || raw.len() > MAX_REPLY {
            return Err(Error::Unreachable("it closed the connection".to_owned()));
        }
        raw.extend_from_slice(bytes.get(..count).unwrap_or_default());
        let text = String::from_utf8_lossy(&raw);
        let lines: Vec<&str> = text.lines().collect();
        let Some(last) = lines.iter().position(|line| line.get(3..4) != Some("-")) else {
            continue;
        };
        if !text.ends_with('\n') {
            continue;
        }
        if last + 1 != lines.len() {
            return Err(Error::Untrusted(
                "it spoke out of turn before TLS".to_owned(),
            ));
        }
        if !lines.iter().all(|line| line.starts_with('2')) {
            let words = lines.join(" ").chars().take(300).collect();
            return Err(Error::Unreachable(words));
        }
        return Ok(lines
            .iter()
            .map(|line| line.get(4..).unwrap_or_default().to_owned())
            .collect());
    }
}
