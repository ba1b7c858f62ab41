//! What people are told when a mail server refuses, fails or is not there.
//! A server's own words are passed on as text, shortened and without control characters.

use whimbrel_shared::{ApiError, ErrorCode};

use crate::{imap, smtp};

/// Longer words of a server are cut. Characters.
const LONGEST: usize = 300;

/// See [`crate::error::api_error`].
pub(super) fn imap_error(error: &imap::Error) -> ApiError {
    use imap::Error as E;
    match error {
        E::Unreachable(_) => down("The mail server cannot be reached."),
        E::Lost(_) => down("The connection to the mail server was lost."),
        E::TooManyConnections(_) => ApiError::new(
            ErrorCode::MailServerDown,
            "The mail server allows no more connections for this account.",
            "Close other mail programs, or try again in a minute.",
        ),
        E::TooSlow => ApiError::new(
            ErrorCode::MailServerRefused,
            "The mail server takes too long to search this folder.",
            "Search in a smaller folder, or ask the people who run your mail for an index.",
        ),
        E::Untrusted(_) => wrong("The mail server's certificate is not trusted."),
        E::NotImap(_) => {
            wrong("What answers in the mail server's place is not the expected server.")
        }
        E::WrongPassword(_) => super::AppError::wrong_password().body,
        // It passes, so that changes wait for it instead of being thrown away.
        E::AccountUnavailable(text) => ApiError::new(
            ErrorCode::MailServerDown,
            quoting(
                "The mail server does not let this account sign in now",
                text,
            ),
            "Wait a while; if it stays so, ask the people who run your mail.",
        ),
        E::No { code, text } => refused(code.as_deref(), text),
        E::Bad(text) => ApiError::new(
            ErrorCode::MailServerRefused,
            quoting("The mail server did not understand", text),
            "Try again; if it happens again, tell the people who run this service.",
        ),
        E::MailboxGone => mailbox_gone(),
        E::UidValidityChanged => ApiError::new(
            ErrorCode::MessageGone,
            "The folder was renumbered by the mail server.",
            "Open the folder again.",
        ),
        E::MessageGone => ApiError::new(
            ErrorCode::MessageGone,
            "This message is not there any more.",
            "It may have been moved or deleted in another program.",
        ),
        E::InvalidName(why) => ApiError::new(
            ErrorCode::Invalid,
            quoting("This name cannot be used for a folder", why),
            "Choose another name.",
        ),
        E::Unsupported(what) => ApiError::new(
            ErrorCode::MailServerRefused,
            quoting("The mail server has no safe way to do this", what),
            "Nothing was changed.",
        ),
    }
}

/// See [`crate::error::sending_error`].
pub(super) fn smtp_error(error: &smtp::Error) -> ApiError {
    use smtp::Error as E;
    let unsent = "Nothing was sent; your letter is kept.";
    match error {
        E::Unreachable(_) => ApiError::new(
            ErrorCode::SendingServerDown,
            "The server that sends mail cannot be reached.",
            format!("{unsent} Try again in a while."),
        ),
        E::Untrusted(_) => ApiError::new(
            ErrorCode::MailServerWrong,
            "The certificate of the server that sends mail is not trusted.",
            format!("{unsent} Tell the people who run this service."),
        ),
        E::WrongPassword(text) => ApiError::new(
            ErrorCode::MailServerRefused,
            quoting("The server that sends mail refused your password", text),
            format!("{unsent} Sign out and in again, or ask the people who run your mail."),
        ),
        E::RecipientsRefused(refused) => ApiError::new(
            ErrorCode::RecipientsRefused,
            match refused.as_slice() {
                [one] => quoting(&format!("{} was refused", words(&one.email)), &one.reason),
                _ => "All recipients were refused.".to_owned(),
            },
            format!("{unsent} Correct the addresses and send it again."),
        ),
        E::Refused(text) => ApiError::new(
            ErrorCode::MailServerRefused,
            quoting("The server refused the letter", text),
            unsent,
        ),
        E::TooLarge => ApiError::new(
            ErrorCode::TooLarge,
            "The letter is larger than the server takes.",
            format!("{unsent} Attach less, or send it in several letters."),
        ),
        E::MaybeSent => ApiError::new(
            ErrorCode::MaybeSent,
            "The line broke while the letter was sent: it may have gone out.",
            "Look into Sent, or ask a recipient, before you send it again.",
        ),
    }
}

/// Tagged NO, by its response code (RFC 5530, RFC 9051 §7.1).
fn refused(code: Option<&str>, text: &str) -> ApiError {
    match code {
        Some("OVERQUOTA") => full(),
        None | Some("ALERT" | "LIMIT" | "TOOBIG") if says_full(text) => full(),
        Some("NOPERM") => ApiError::new(
            ErrorCode::NotPermitted,
            quoting("The mail server does not permit this", text),
            "Ask whoever owns the folder.",
        ),
        Some("ALREADYEXISTS") => ApiError::new(
            ErrorCode::AlreadyExists,
            "There is a folder of this name already.",
            "Choose another name.",
        ),
        Some("NONEXISTENT" | "TRYCREATE") => mailbox_gone(),
        Some("EXPUNGEISSUED") => ApiError::new(
            ErrorCode::MessageGone,
            "Some of these messages are not there any more.",
            "They may have been moved or deleted in another program; try again with what is left.",
        ),
        Some("TOOBIG" | "LIMIT") => ApiError::new(
            ErrorCode::TooLarge,
            quoting("This is more than the mail server takes", text),
            "Do it in smaller steps.",
        ),
        Some("CANNOT") => ApiError::new(
            ErrorCode::Invalid,
            quoting("The mail server can never do this", text),
            "Choose another name or folder.",
        ),
        Some("SERVERBUG") => ApiError::new(
            ErrorCode::Internal,
            quoting("The mail server has a fault of its own", text),
            "Tell the people who run your mail.",
        ),
        Some("UNAVAILABLE" | "INUSE") => ApiError::new(
            ErrorCode::MailServerDown,
            quoting("The mail server cannot do this now", text),
            "Try again in a while.",
        ),
        _ => ApiError::new(
            ErrorCode::MailServerRefused,
            quoting("The mail server refused", text),
            "Nothing was changed.",
        ),
    }
}

fn full() -> ApiError {
    ApiError::new(
        ErrorCode::OverQuota,
        "The mailbox is full.",
        "Delete large messages and empty the trash, then try again.",
    )
}

/// The words of servers that know no `OVERQUOTA`.
fn says_full(text: &str) -> bool {
    const WORDS: [&str; 5] = [
        "quota",
        "mailbox is full",
        "mailbox full",
        "storage limit",
        "not enough space",
    ];
    let text = text.to_lowercase();
    WORDS.iter().any(|words| text.contains(words))
}

fn down(message: &str) -> ApiError {
    ApiError::new(
        ErrorCode::MailServerDown,
        message,
        "Try again in a while; no mail is lost.",
    )
}

fn wrong(message: &str) -> ApiError {
    ApiError::new(
        ErrorCode::MailServerWrong,
        message,
        "Your password was not sent. Tell the people who run this service.",
    )
}

fn mailbox_gone() -> ApiError {
    ApiError::new(
        ErrorCode::MailboxGone,
        "This folder is not there any more.",
        "It may have been renamed or deleted in another program.",
    )
}

fn quoting(sentence: &str, text: &str) -> String {
    match words(text) {
        text if text.is_empty() => format!("{sentence}."),
        text => format!("{sentence}: “{text}”"),
    }
}

/// Text of a stranger, fit to stand in a sentence.
fn words(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    text.trim().to_owned()
}
