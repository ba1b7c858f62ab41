//! Everything SMTP: one letter, submitted once, with an answer for each recipient.
//! lettre speaks the commands; [`wire`] stands between it and the socket, as `imap`'s tap does.

pub mod connect;
mod letter;
pub mod submit;
mod wire;

use whimbrel_shared::RefusedRecipient;

/// Why a letter was not sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection within the time allowed, or it broke before the letter was handed over.
    #[error("the sending server cannot be reached: {0}")]
    Unreachable(String),
    /// TLS failed, or STARTTLS is not offered.
    #[error("the sending server's certificate is not trusted: {0}")]
    Untrusted(String),
    /// Sign-in refused.
    #[error("sign-in refused: {0}")]
    WrongPassword(String),
    /// Every recipient was refused; nothing was sent.
    #[error("all recipients were refused")]
    RecipientsRefused(Vec<RefusedRecipient>),
    /// The sender or the letter itself was refused; nothing was sent.
    #[error("the letter was refused: {0}")]
    Refused(String),
    /// Larger than the server takes.
    #[error("the letter is too large")]
    TooLarge,
    /// The line broke after the letter was handed over and before the answer: it may have been sent.
    #[error("the letter may have been sent")]
    MaybeSent,
}

#[cfg(test)]
mod tests;
