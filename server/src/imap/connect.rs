//! From nothing to a signed-in connection: TCP, TLS, greeting, STARTTLS, sign-in, ID. Every step has
//! a deadline; a password never leaves on a line the configuration wants protected and is not.

use std::{io, sync::atomic::Ordering, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

use super::{
    Error, Result,
    capabilities::Capabilities,
    connection::Connection,
    introduction::Introduction,
    sasl::{Exchange, Mechanism},
    wire::{
        command::Command,
        framer::Frame,
        response::{self, Condition, Response, Word},
        socket::Socket,
        tap::{Line, Tap},
    },
};
use crate::{
    account::Login,
    account::Secret,
    config::{MailServer, Security},
    tls::TlsClient,
};

mod refusal;

use refusal::{refusal, unavailable};

/// Each of TCP, TLS, greeting and the questions before sign-in.
const STEP: Duration = Duration::from_secs(10);
/// Sign-in: servers delay the answer to a wrong password on purpose.
const SIGN_IN: Duration = Duration::from_secs(25);

/// How Whimbrel names itself.
const ID: &str = concat!(
    "ID (\"name\" \"Whimbrel\" \"version\" \"",
    env!("CARGO_PKG_VERSION"),
    "\")"
);

type Client = async_imap::Client<Tap>;

/// A server that has been met and not signed in to.
pub(super) struct Met {
    client: Client,
    capabilities: Capabilities,
    /// What it greeted with, if it did.
    greeting: Option<Condition>,
}

/// Connects and signs in.
///
/// # Errors
/// [`Error::Unreachable`], [`Error::Untrusted`], [`Error::NotImap`] before the password is sent;
/// [`Error::WrongPassword`], [`Error::AccountUnavailable`], [`Error::TooManyConnections`] after.
pub async fn connect(server: &MailServer, tls: &TlsClient, login: &Login) -> Result<Connection> {
    let met = reach(server, tls).await?;
    sign_in(met, &server.disabled, login).await
}

/// Connects, asks what the server can do, and leaves without signing in.
///
/// # Errors
/// As [`connect`] before the password.
pub async fn probe(server: &MailServer, tls: &TlsClient) -> Result<Capabilities> {
    Ok(reach(server, tls).await?.capabilities)
}

async fn reach(server: &MailServer, tls: &TlsClient) -> Result<Met> {
    let address = (server.host.as_str(), server.port);
    let tcp = timeout(STEP, TcpStream::connect(address)).await;
    let tcp = tcp
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        .map_err(Error::Unreachable)?;
    let tcp = Socket::new(tcp).map_err(Error::Unreachable)?;
    let line: Box<dyn Line> = match server.security {
        Security::Tls => protect(Box::new(tcp), server, tls).await?,
        Security::StartTls => start_tls(Box::new(tcp), server, tls).await?,
        Security::Plain => Box::new(tcp),
    };
    let greeted = server.security != Security::StartTls;
    meet(line, greeted).await
}

/// Hears the greeting, if one is to come, and asks what the server can do.
pub(super) async fn meet(line: Box<dyn Line>, is_greeted: bool) -> Result<Met> {
    let mut client = Client::new(Tap::new(line));
    let greeting = match is_greeted {
        true => Some(greeting(&mut client).await?),
        false => None,
    };
    let capabilities = match greeting.as_ref().and_then(capabilities_in) {
        Some(words) => words,
        None => ask_capabilities(&mut client).await?,
    };
    let capabilities = Capabilities::read(&capabilities);
    if !capabilities.imap4 {
        return Err(Error::NotImap("it does not offer IMAP4".to_owned()));
    }
    Ok(Met {
        client,
        capabilities,
        greeting,
    })
}

/// Hears the greeting.
async fn greeting(client: &mut Client) -> Result<Condition> {
    let frame = match timeout(STEP, client.get_mut().next_frame()).await {
        Ok(Ok(Some(Frame::Untagged(frame)))) => frame,
        Ok(Ok(Some(_))) => return Err(Error::NotImap("it does not greet like IMAP".to_owned())),
        Ok(Ok(None)) => return Err(Error::Unreachable(io::ErrorKind::UnexpectedEof.into())),
        Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(Error::NotImap(error.to_string()));
        }
        Ok(Err(error)) => return Err(Error::Unreachable(error)),
        Err(_) => return Err(Error::NotImap("it says nothing".to_owned())),
    };
    match response::read(&frame) {
        Ok(Response::Condition(condition)) => match condition.word {
            Word::Ok => Ok(condition),
            Word::Bye | Word::No => Err(unavailable(&condition)),
            _ => Err(Error::NotImap("it greets as signed in already".to_owned())),
        },
        _ => Err(Error::NotImap("it does not greet like IMAP".to_owned())),
    }
}

async fn ask_capabilities(client: &mut Client) -> Result<Vec<String>> {
    let asking = client.run_command_and_check_ok("CAPABILITY", None);
    let answer = timeout(STEP, asking).await;
    let (mut words, mut bye) = (None, None);
    while let Some(frame) = client.get_mut().take_frame() {
        let Frame::Untagged(frame) = frame else {
            continue;
        };
        match response::read(&frame) {
            Ok(Response::Capability(list)) => words = Some(list),
            Ok(Response::Condition(condition)) if condition.word == Word::Bye => {
                bye = Some(condition);
            }
            _ => {}
        }
    }
    match (words, bye, answer) {
        (_, Some(condition), _) => Err(unavailable(&condition)),
        (Some(words), None, Ok(Ok(()))) => Ok(words),
        (_, _, Err(_)) => Err(Error::Unreachable(io::ErrorKind::TimedOut.into())),
        _ => Err(Error::NotImap("it does not say what it can do".to_owned())),
    }
}

/// Puts TLS on a line that has not been greeted yet.
async fn start_tls(
    line: Box<dyn Line>,
    server: &MailServer,
    tls: &TlsClient,
) -> Result<Box<dyn Line>> {
    // What is said here is believed no further, its words for people included.
    let mut met = meet(line, true).await?;
    if !met.capabilities.starttls {
        return Err(Error::NotImap("it does not offer STARTTLS".to_owned()));
    }
    let asking = met.client.run_command_and_check_ok("STARTTLS", None);
    match timeout(STEP, asking).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(Error::NotImap(format!("STARTTLS failed: {error}"))),
        Err(_) => return Err(Error::Unreachable(io::ErrorKind::TimedOut.into())),
    }
    let mut tap = met.client.into_inner();
    let answered = matches!(tap.take_frame(), Some(Frame::Tagged(_)));
    let line = tap.into_line().filter(|_| answered).ok_or_else(|| {
        // Whatever stands between the answer and TLS was put there by somebody on the way.
        Error::NotImap("words came before the protection began".to_owned())
    })?;
    protect(line, server, tls).await
}

async fn protect(
    line: Box<dyn Line>,
    server: &MailServer,
    tls: &TlsClient,
) -> Result<Box<dyn Line>> {
    let name = ServerName::try_from(server.host.clone())
        .map_err(|_| Error::Untrusted(format!("{} is no name for a certificate", server.host)))?;
    let connecting = TlsConnector::from(tls.0.clone()).connect(name, line);
    match timeout(STEP, connecting).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) if error.get_ref().is_some_and(|e| e.is::<rustls::Error>()) => {
            Err(Error::Untrusted(error.to_string()))
        }
        Ok(Err(error)) => Err(Error::Unreachable(error)),
        Err(_) => Err(Error::Unreachable(io::ErrorKind::TimedOut.into())),
    }
}

pub(super) async fn sign_in(
    met: Met,
    disabled: &[&'static str],
    login: &Login,
) -> Result<Connection> {
    let known = met.capabilities.without(disabled);
    if Mechanism::choose(&known, login.secret).is_none() {
        let why = match login.secret {
            Secret::Password if known.login_disabled => {
                "it takes no passwords on an unprotected line"
            }
            Secret::Token => "it takes no tokens",
            Secret::Password => "",
        };
        if !why.is_empty() {
            return Err(Error::NotImap(why.to_owned()));
        }
    }
    let password = login.password.expose_secret();
    if [&*login.user, password]
        .iter()
        .any(|text| has_control(text))
    {
        return Err(Error::WrongPassword("it holds a line break".to_owned()));
    }
    let (session, heard) = authenticate(met.client, known, login).await?;
    let mut conn = Connection::new(session, Introduction::new(known, disabled));
    for condition in met.greeting.iter().chain(&heard.alerts).chain(&heard.last) {
        conn.hear(condition);
    }
    match heard.last.as_ref().and_then(capabilities_in) {
        Some(words) => conn.learn(&words),
        None => {
            conn.run(Command::new("CAPABILITY")).await?;
        }
    }
    let mut first = Vec::new();
    if conn.capabilities().id {
        // Some servers (163.com) open no mailbox for a program that has not named itself.
        first.push(Command::new(ID));
    }
    if conn.capabilities().qresync {
        // Never after SELECT (RFC 5161 §3.1). From here on VANISHED comes instead of EXPUNGE.
        first.push(Command::new("ENABLE QRESYNC"));
    }
    if !first.is_empty() {
        let replies = conn.pipeline(first).await?;
        conn.memory_mut().tells_vanished = replies.iter().any(|reply| reply.enabled("QRESYNC"));
    }
    Ok(conn)
}

/// Hands over name and password; gives what the server said to it.
async fn authenticate(
    client: Client,
    known: Capabilities,
    login: &Login,
) -> Result<(async_imap::Session<Tap>, Heard)> {
    let Some(mechanism) = Mechanism::choose(&known, login.secret) else {
        let password = login.password.expose_secret();
        let answer = timeout(SIGN_IN, client.login(&login.user, password)).await;
        return signed_in(answer);
    };
    let mut exchange = Exchange::begin(mechanism, login, nonce()?);
    let is_proven = exchange.proof();
    let initial = if known.sasl_ir {
        exchange.initial()
    } else {
        None
    };
    let command = match initial {
        Some(initial) => format!("{} {}", mechanism.name(), initial.expose_secret()),
        None => mechanism.name().to_owned(),
    };
    let command = SecretString::from(command);
    let answer = timeout(
        SIGN_IN,
        client.authenticate(command.expose_secret(), exchange),
    )
    .await;
    let answer = signed_in(answer)?;
    if !is_proven.load(Ordering::Relaxed) {
        let why = "it could not prove that it knows the password".to_owned();
        return Err(Error::Untrusted(why));
    }
    Ok(answer)
}

fn nonce() -> Result<String> {
    let mut random = [0_u8; 18];
    let made = getrandom::fill(&mut random);
    made.map_err(|error| Error::Lost(format!("no random numbers: {error}")))?;
    Ok(STANDARD.encode(random))
}

type Answer = std::result::Result<
    std::result::Result<async_imap::Session<Tap>, (async_imap::error::Error, Client)>,
    tokio::time::error::Elapsed,
>;

/// What came of signing in.
fn signed_in(answer: Answer) -> Result<(async_imap::Session<Tap>, Heard)> {
    match answer {
        Ok(Ok(mut session)) => {
            let heard = hear(session.get_mut());
            Ok((session, heard))
        }
        Ok(Err((error, mut client))) => Err(match hear(client.get_mut()).last {
            Some(condition) => refusal(&condition),
            None => Error::Lost(error.to_string()),
        }),
        Err(_) => Err(Error::Lost("the mail server does not answer".to_owned())),
    }
}

/// What was said during sign-in.
struct Heard {
    /// The tagged status, or the server's farewell.
    last: Option<Condition>,
    /// The administrator's words before it.
    alerts: Vec<Condition>,
}

fn hear(tap: &mut Tap) -> Heard {
    let (mut told, mut last, mut alerts) = (None, None, Vec::new());
    while let Some(frame) = tap.take_frame() {
        match frame {
            Frame::Tagged(bytes) => last = response::read_tagged(&bytes).map(|(_, c)| c),
            Frame::Untagged(bytes) => match response::read(&bytes) {
                Ok(Response::Condition(condition)) if condition.word == Word::Bye => {
                    last = Some(condition);
                }
                Ok(Response::Condition(condition)) if is_alert(&condition) => {
                    alerts.push(condition);
                }
                Ok(Response::Capability(words)) => told = Some(words),
                _ => {}
            },
            Frame::Continue(_) => {}
        }
    }
    if let (Some(words), Some(condition)) = (told, &mut last)
        && condition.code.is_none()
    {
        condition.code = Some(response::Code {
            name: "CAPABILITY".to_owned(),
            arguments: words.join(" ").into(),
        });
    }
    Heard { last, alerts }
}

fn is_alert(condition: &Condition) -> bool {
    condition
        .code
        .as_ref()
        .is_some_and(|code| code.name == "ALERT")
}

fn capabilities_in(condition: &Condition) -> Option<Vec<String>> {
    let code = condition.code.as_ref()?;
    (code.name == "CAPABILITY").then(|| response::words(&code.arguments))
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, 0 | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests;
