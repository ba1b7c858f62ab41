//! How a password is proved to the mail server (SASL, RFC 4422). PLAIN where it is offered, for every server
//! that offers it takes it; SCRAM-SHA-256 (RFC 7677) and LOGIN where it is not. A token goes by OAUTHBEARER
//! (RFC 7628) or XOAUTH2 and never by what is made for passwords.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::capabilities::Capabilities;
use crate::account::Login;
use crate::account::Secret;

mod scram;

/// A mechanism. Where there is none, the command LOGIN is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// RFC 4616.
    Plain,
    /// RFC 5802, RFC 7677: the password itself does not travel, and the server proves that it knows it.
    ScramSha256,
    /// Never written down as an RFC, and still all that some servers offer.
    Login,
    /// RFC 7628: a token.
    OAuthBearer,
    /// A token, as Google and Microsoft take it.
    XOAuth2,
}

impl Mechanism {
    /// The one to use for such a secret with a server that can do this.
    #[must_use]
    pub fn choose(capabilities: &Capabilities, secret: Secret) -> Option<Self> {
        let known: &[_] = match secret {
            Secret::Password => &[
                (capabilities.auth_plain, Self::Plain),
                (capabilities.auth_scram_sha_256, Self::ScramSha256),
                (capabilities.auth_login, Self::Login),
            ],
            Secret::Token => &[
                (capabilities.auth_oauthbearer, Self::OAuthBearer),
                (capabilities.auth_xoauth2, Self::XOAuth2),
            ],
        };
        let mut known = known.iter().copied();
        known.find_map(|(is_offered, mechanism)| is_offered.then_some(mechanism))
    }

    /// Its name, as AUTHENTICATE wants it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::Login => "LOGIN",
            Self::OAuthBearer => "OAUTHBEARER",
            Self::XOAuth2 => "XOAUTH2",
        }
    }
}

/// Our side of a sign-in.
pub(super) struct Exchange {
    login: Login,
    step: Step,
    /// The server proved that it knows the password, or need not.
    is_proven: Arc<AtomicBool>,
}

enum Step {
    Plain,
    LoginName,
    LoginPassword,
    ScramFirst { nonce: String },
    ScramFinal { nonce: String },
    ScramProof { signature: [u8; 32] },
    OAuthBearer,
    OAuthBearerRefused,
    XOAuth2,
    Done,
}

impl Exchange {
    /// Begins; `nonce` is random, printable and without commas.
    pub(super) fn begin(mechanism: Mechanism, login: &Login, nonce: String) -> Self {
        let step = match mechanism {
            Mechanism::Plain => Step::Plain,
            Mechanism::Login => Step::LoginName,
            Mechanism::ScramSha256 => Step::ScramFirst { nonce },
            Mechanism::OAuthBearer => Step::OAuthBearer,
            Mechanism::XOAuth2 => Step::XOAuth2,
        };
        Self {
            login: login.clone(),
            is_proven: Arc::new(AtomicBool::new(mechanism != Mechanism::ScramSha256)),
            step,
        }
    }

    /// What may travel with the command (SASL-IR, RFC 4959); `None` where the server speaks first.
    pub(super) fn initial(&mut self) -> Option<SecretString> {
        if matches!(self.step, Step::LoginName) {
            return None;
        }
        Some(STANDARD.encode(&*self.answer(b"")).into())
    }

    /// Says in the end whether the server was the right one.
    pub(super) fn proof(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.is_proven)
    }

    fn answer(&mut self, challenge: &[u8]) -> Zeroizing<Vec<u8>> {
        let password = self.login.password.expose_secret();
        let user = &self.login.user;
        let (answer, next) = match std::mem::replace(&mut self.step, Step::Done) {
            Step::Plain => (format!("\0{user}\0{password}"), Step::Plain),
            Step::LoginName => (user.clone(), Step::LoginPassword),
            Step::LoginPassword => (password.to_owned(), Step::Done),
            Step::ScramFirst { nonce } => {
                let first = format!("n,,{}", scram::first(user, &nonce));
                (first, Step::ScramFinal { nonce })
            }
            Step::ScramFinal { nonce } => match scram::finish(user, password, &nonce, challenge) {
                Some((answer, signature)) => (answer, Step::ScramProof { signature }),
                None => ("*".to_owned(), Step::Done), // nonsense: not signed in, and not proven
            },
            Step::ScramProof { signature } => {
                let is_right = scram::is_signed(challenge, &signature);
                self.is_proven.store(is_right, Ordering::Relaxed);
                (String::new(), Step::Done)
            }
            Step::OAuthBearer => {
                let user = user.replace('=', "=3D").replace(',', "=2C");
                let token = format!("n,a={user},\u{1}auth=Bearer {password}\u{1}\u{1}");
                (token, Step::OAuthBearerRefused)
            }
            // Why it was refused came as a challenge, which wants an answer before the NO (RFC 7628 §3.2.3).
            Step::OAuthBearerRefused => ("\u{1}".to_owned(), Step::Done),
            Step::XOAuth2 => {
                let token = format!("user={user}\u{1}auth=Bearer {password}\u{1}\u{1}");
                (token, Step::Done)
            }
            Step::Done => (String::new(), Step::Done),
        };
        self.step = next;
        Zeroizing::new(answer.into_bytes())
    }
}

impl async_imap::Authenticator for Exchange {
    type Response = Zeroizing<Vec<u8>>;

    fn process(&mut self, challenge: &[u8]) -> Self::Response {
        self.answer(challenge)
    }
}

#[cfg(test)]
mod tests;
