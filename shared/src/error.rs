//! The one shape of every JSON error.

use serde::{Deserialize, Serialize};

/// What went wrong, for code to branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The request itself is malformed.
    BadRequest,
    /// No live session: ask for the password.
    SignedOut,
    /// The mail server refused address or password.
    WrongPassword,
    /// Too many attempts; wait.
    TooManyAttempts,
    /// The request came from another site or lacks the custom header.
    ForeignRequest,
    /// The mail server does not permit this.
    NotPermitted,
    /// The folder is gone.
    MailboxGone,
    /// The message is gone, or its folder was renumbered.
    MessageGone,
    /// A name is taken.
    AlreadyExists,
    /// A name or value cannot be used.
    Invalid,
    /// Larger than the limit.
    TooLarge,
    /// The mailbox is full.
    OverQuota,
    /// The mail server cannot be reached.
    MailServerDown,
    /// The sending server cannot be reached; nothing was sent.
    SendingServerDown,
    /// What answers is not the expected mail server, or its certificate is not trusted.
    MailServerWrong,
    /// The mail server refused; `message` has its words.
    MailServerRefused,
    /// One or more recipients were refused.
    RecipientsRefused,
    /// The message may have been sent; nothing is sent again by itself.
    MaybeSent,
    /// No such thing at this URL.
    NotFound,
    /// A defect of Whimbrel's.
    Internal,
    /// The browser has no line to Whimbrel's server. Made by the browser only.
    Offline,
    /// A code of a newer server.
    #[serde(other)]
    Unknown,
}

/// The body of every JSON answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    /// For code.
    pub code: ErrorCode,
    /// One plain sentence for people: what happened.
    pub message: String,
    /// One plain sentence for people: the way forward.
    pub remedy: String,
}

impl ApiError {
    /// An error of `code` with its two sentences.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            remedy: remedy.into(),
        }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.message, self.remedy)
    }
}

impl std::error::Error for ApiError {}
