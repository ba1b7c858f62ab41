//! The errors that the replica itself makes, in plain words.

use whimbrel_shared::{ApiError, ErrorCode, OutcomeKind};

/// The mailbox was renumbered, so nobody can say which messages were meant.
pub(crate) fn renumbered() -> ApiError {
    ApiError::new(
        ErrorCode::MessageGone,
        "The mail server has renumbered this folder, so the messages could not be told apart and nothing was done.",
        "Look at the folder as it is now and do it again.",
    )
}

/// What was to be moved or copied is not there.
pub(crate) fn gone() -> ApiError {
    ApiError::new(
        ErrorCode::MessageGone,
        "They were gone already.",
        "Another mail program moved or deleted them.",
    )
}

/// The mailbox that was to be made is not there.
pub(crate) fn not_made() -> ApiError {
    ApiError::new(
        ErrorCode::MailboxGone,
        "The new folder that this was about could not be made.",
        "Make the folder under another name and do it again.",
    )
}

/// The mailbox is no longer in the list.
pub(crate) fn mailbox_gone() -> ApiError {
    ApiError::new(
        ErrorCode::MailboxGone,
        "This folder is no longer there.",
        "It was renamed or deleted by another program; choose another folder.",
    )
}

/// The session ended.
pub(crate) fn signed_out() -> ApiError {
    ApiError::new(
        ErrorCode::SignedOut,
        "You are signed out.",
        "Sign in again.",
    )
}

/// The person signed out while the operation waited.
pub(crate) fn forgotten() -> OutcomeKind {
    OutcomeKind::Refused {
        error: signed_out(),
        refused_recipients: Vec::new(),
    }
}

/// The person took it back.
pub(crate) fn withdrawn() -> OutcomeKind {
    OutcomeKind::Gone
}
