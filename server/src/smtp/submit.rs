//! Handing over one letter: sign-in, sender, each recipient on its own, the letter. Nothing is retried here.

use std::{collections::BTreeSet, iter, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use lettre::{
    Address,
    transport::smtp::{
        Error as SmtpError,
        commands::{Data, Mail, Rcpt},
        extension::{MailBodyParameter, MailParameter},
        response::Response,
    },
};
use secrecy::ExposeSecret;
use whimbrel_shared::RefusedRecipient;
use zeroize::Zeroizing;

use super::{
    Error,
    connect::{Connected, REPLY, connect, within, words},
};
use crate::{
    account::Login,
    config::MailServer,
    message::{self, outgoing::Outgoing},
    tls::TlsClient,
};

/// For the answer to the letter, beside the time its bytes take. RFC 5321 §4.5.3.2.6 says ten minutes;
/// a person is waiting, and later than this the answer is "perhaps".
const ANSWER: Duration = Duration::from_secs(180);
/// Bytes a second below which a line counts as dead.
const SLOWEST: u64 = 2 * 1024;

/// Hands over `message`, which goes to those recipients that the server takes; the others are
/// returned. All refused, or anything else in the way, is an error and nothing was sent, but for
/// [`Error::MaybeSent`].
pub async fn submit(
    server: &MailServer,
    tls: &TlsClient,
    login: &Login,
    from: &str,
    recipients: &[String],
    message: Outgoing,
) -> Result<Vec<RefusedRecipient>, Error> {
    let sender = address(from)
        .ok_or_else(|| Error::Refused(format!("{} is not a mail address", shortened(from))))?;
    let (wanted, mut refused) = sort_out(recipients);
    if wanted.is_empty() {
        return Err(Error::RecipientsRefused(refused));
    }
    let mut connected = connect(server, tls).await?;
    let sent = async {
        sign_in(&mut connected, login).await?;
        let parameters = parameters(&connected, &sender, &wanted, &message)?;
        within(REPLY, async {
            let mail = Mail::new(Some(sender), parameters);
            connected
                .smtp
                .command(mail)
                .await
                .map_err(|error| refusal(&error))
        })
        .await?;
        let accepted = offer_recipients(&mut connected, wanted, &mut refused).await?;
        if accepted == 0 {
            return Err(Error::RecipientsRefused(std::mem::take(&mut refused)));
        }
        hand_over(&mut connected, message).await
    }
    .await;
    // The answer is known; a server that does not say goodbye changes nothing.
    if !matches!(sent, Err(Error::Unreachable(_) | Error::MaybeSent)) {
        let _ = within(Duration::from_secs(2), async {
            connected.smtp.quit().await.map_err(|error| refusal(&error))
        })
        .await;
    }
    sent.map(|()| refused)
}

/// What the server offers (the lines of its EHLO reply, after TLS), without signing in.
pub async fn probe(server: &MailServer, tls: &TlsClient) -> Result<Vec<String>, Error> {
    let mut connected = connect(server, tls).await?;
    let quit = async { connected.smtp.quit().await.map_err(|error| refusal(&error)) };
    let _ = within(Duration::from_secs(2), quit).await;
    Ok(connected.offers.lines)
}

/// An address for lettre, checked and in its wire form.
fn address(email: &str) -> Option<Address> {
    let wire = message::address::to_wire(email)?;
    let (local, domain) = wire.rsplit_once('@')?;
    // Checked more strictly than lettre does, which also refuses some that exist.
    Some(Address::new_dangerous(local, domain))
}

/// The recipients that are addresses, each once, and refusals for the others.
fn sort_out(recipients: &[String]) -> (Vec<(String, Address)>, Vec<RefusedRecipient>) {
    let (mut wanted, mut refused) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for email in recipients {
        match address(email) {
            Some(address) if seen.insert(address.to_string()) => {
                wanted.push((email.clone(), address));
            }
            Some(_) => {}
            None => refused.push(RefusedRecipient {
                email: shortened(email),
                reason: "This is not a mail address.".to_owned(),
            }),
        }
    }
    (wanted, refused)
}

fn shortened(text: &str) -> String {
    message::encoded_word::tidy(text)
        .chars()
        .take(200)
        .collect()
}

async fn sign_in(connected: &mut Connected, login: &Login) -> Result<(), Error> {
    let Some(offered) = connected.offers.auth.clone() else {
        // A relay that trusts this machine; if it does not, it refuses the recipients.
        return Ok(());
    };
    let offers = |mechanism: &str| offered.iter().any(|known| known == mechanism);
    let password = login.password.expose_secret();
    if login.user.contains('\0') || password.contains('\0') {
        return Err(Error::WrongPassword(
            "a name or password cannot hold NUL".to_owned(),
        ));
    }
    let encode = |text: &str| Zeroizing::new(format!("{}\r\n", BASE64_STANDARD.encode(text)));
    let (first, answers) = if offers("PLAIN") {
        let secret = Zeroizing::new(format!("\0{}\0{password}", login.user));
        let secret = encode(&secret);
        // Some want it again although it came with the command.
        (
            Zeroizing::new(format!("AUTH PLAIN {}", secret.as_str())),
            vec![secret],
        )
    } else if offers("LOGIN") {
        let command = Zeroizing::new("AUTH LOGIN\r\n".to_owned());
        (command, vec![encode(&login.user), encode(password)])
    } else {
        let text = "it offers no way of signing in that Whimbrel knows (PLAIN, LOGIN)";
        return Err(Error::Refused(text.to_owned()));
    };
    let mut reply = say(connected, &first).await?;
    for answer in answers {
        if reply.has_code(334) {
            reply = say(connected, &answer).await?;
        }
    }
    if reply.has_code(235) {
        return Ok(());
    }
    Err(Error::WrongPassword(
        "the server did not finish the sign-in".to_owned(),
    ))
}

/// One step of signing in.
async fn say(connected: &mut Connected, line: &str) -> Result<Response, Error> {
    within(REPLY, async {
        connected.smtp.command(line).await.map_err(|error| {
            if error.is_permanent() {
                Error::WrongPassword(words(&error))
            } else {
                Error::Unreachable(words(&error))
            }
        })
    })
    .await
}

/// What is said of the letter beforehand; an error if the server could never take it.
fn parameters(
    connected: &Connected,
    sender: &Address,
    wanted: &[(String, Address)],
    message: &Outgoing,
) -> Result<Vec<MailParameter>, Error> {
    let offers = &connected.offers;
    let mut parameters = Vec::new();
    if let Some(limit) = offers.size {
        if limit > 0 && message.size > limit {
            return Err(Error::TooLarge);
        }
        let size = usize::try_from(message.size).unwrap_or(usize::MAX);
        parameters.push(MailParameter::Size(size));
    }
    // Without 8BITMIME it goes out all the same: servers that cut the eighth bit are gone.
    if offers.eight_bit && !message.is_ascii {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let is_foreign = |address: &Address| !address.user().is_ascii();
    if offers.utf8 && (is_foreign(sender) || wanted.iter().any(|(_, address)| is_foreign(address)))
    {
        parameters.push(MailParameter::SmtpUtfEight);
    } else if is_foreign(sender) {
        let text = "the server takes no address with letters beyond ASCII (SMTPUTF8)";
        return Err(Error::Refused(text.to_owned()));
    }
    Ok(parameters)
}

/// Offers each recipient; returns how many were taken.
async fn offer_recipients(
    connected: &mut Connected,
    wanted: Vec<(String, Address)>,
    refused: &mut Vec<RefusedRecipient>,
) -> Result<usize, Error> {
    let mut accepted = 0;
    for (email, address) in wanted {
        if !address.user().is_ascii() && !connected.offers.utf8 {
            let reason = "The server takes no address with letters beyond ASCII.".to_owned();
            refused.push(RefusedRecipient { email, reason });
            continue;
        }
        let reply = within(REPLY, async {
            Ok(connected.smtp.command(Rcpt::new(address, Vec::new())).await)
        });
        match reply.await? {
            Ok(_) => accepted += 1,
            Err(error) if is_answer(&error) => {
                refused.push(RefusedRecipient {
                    email,
                    reason: words(&error),
                });
            }
            Err(error) => return Err(Error::Unreachable(words(&error))),
        }
    }
    Ok(accepted)
}

async fn hand_over(connected: &mut Connected, message: Outgoing) -> Result<(), Error> {
    within(REPLY, async {
        connected
            .smtp
            .command(Data)
            .await
            .map_err(|error| refusal(&error))
    })
    .await?;
    let deadline = ANSWER + Duration::from_secs(message.size / SLOWEST);
    connected.notes.begin_letter(message.pieces);
    // The wire writes the letter before the end that lettre writes.
    let answer = connected.smtp.message_iter(iter::empty::<&[u8]>());
    let failure = match tokio::time::timeout(deadline, answer).await {
        Ok(Ok(_)) => return Ok(()),
        // Here even 421 is an answer: the letter was not taken.
        Ok(Err(error)) if error.status().is_some() => return Err(refusal(&error)),
        Ok(Err(error)) => words(&error),
        Err(_) => "it did not answer in time".to_owned(),
    };
    Err(if connected.notes.letter_ended() {
        Error::MaybeSent
    } else {
        Error::Unreachable(failure)
    })
}

/// Whether the server said no, as opposed to the line breaking; 421 is the line breaking politely.
fn is_answer(error: &SmtpError) -> bool {
    error.status().is_some_and(|code| u16::from(code) != 421)
}

/// A no to the sender or the letter.
fn refusal(error: &SmtpError) -> Error {
    let Some(code) = error.status().map(u16::from) else {
        return Error::Unreachable(words(error));
    };
    let text = words(error);
    match code {
        421 => Error::Unreachable(text),
        552 | 523 => Error::TooLarge,
        _ if text.contains("5.3.4") => Error::TooLarge,
        _ => Error::Refused(text),
    }
}
