//! Why a conversation with the IMAP server did not do what was asked.

/// What IMAP functions return.
pub type Result<T> = std::result::Result<T, Error>;

/// A failed conversation.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No TCP connection within the time allowed.
    #[error("the mail server cannot be reached: {0}")]
    Unreachable(std::io::Error),
    /// TLS failed: certificate not trusted, wrong name, or no TLS there.
    #[error("the mail server's certificate is not trusted: {0}")]
    Untrusted(String),
    /// What answers does not speak IMAP, or does not offer what must be there (STARTTLS).
    #[error("this is not the expected IMAP server: {0}")]
    NotImap(String),
    /// Address or password refused (`AUTHENTICATIONFAILED`). Never tried again by itself.
    #[error("sign-in refused: {0}")]
    WrongPassword(String),
    /// The account cannot be used now (`UNAVAILABLE`, `CONTACTADMIN`, `EXPIRED`, `PRIVACYREQUIRED`, locked).
    #[error("the account cannot be used: {0}")]
    AccountUnavailable(String),
    /// The server wants fewer connections of this account.
    #[error("too many connections: {0}")]
    TooManyConnections(String),
    /// The connection ended, timed out or is poisoned.
    #[error("the connection was lost: {0}")]
    Lost(String),
    /// The server did not end a search within the time that a request may take. It would not the next time.
    #[error("the search takes too long")]
    TooSlow,
    /// Tagged NO. `code` is the response code, upper-case, without its arguments.
    #[error("the server refused: {text}")]
    No {
        /// Such as `OVERQUOTA`, `NOPERM`, `TRYCREATE`, `NONEXISTENT`, `ALREADYEXISTS`.
        code: Option<String>,
        /// The server's words.
        text: String,
    },
    /// Tagged BAD: the server did not understand us.
    #[error("the server did not understand: {0}")]
    Bad(String),
    /// The mailbox does not exist (any more).
    #[error("the mailbox is gone")]
    MailboxGone,
    /// The mailbox was renumbered; keys made under another UIDVALIDITY mean nothing.
    #[error("the mailbox was renumbered")]
    UidValidityChanged,
    /// The message does not exist (any more).
    #[error("the message is gone")]
    MessageGone,
    /// The name cannot be a mailbox on this server.
    #[error("not a usable mailbox name: {0}")]
    InvalidName(String),
    /// The server has no way to do this safely (for example no UIDPLUS and others' deletions pending).
    #[error("not possible on this server: {0}")]
    Unsupported(String),
}

impl Error {
    /// Whether a fresh connection may do better at once.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_))
    }
}
