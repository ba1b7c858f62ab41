//! Turns failures into HTTP, and nothing else does. Handlers return [`AppResult`]; what went wrong further
//! down becomes one sentence about what happened and one about the way forward. Causes go to the log:
//! their kind always, their words, which may hold addresses or folder names, at debug level only.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use whimbrel_shared::{ApiError, ErrorCode};

use crate::{account::uploads, imap, smtp, store};

pub mod extract;
mod mail;
#[cfg(test)]
mod tests;
mod upload;

/// What handlers return.
pub type AppResult<T> = Result<T, AppError>;

/// A failed request.
#[derive(Debug)]
pub struct AppError {
    /// What the browser is told.
    body: ApiError,
    /// What the log is told beside it.
    cause: Option<String>,
    /// Seconds after which another try makes sense.
    retry_after: Option<u64>,
}

impl AppError {
    /// A failure with a code and its two sentences.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        ApiError::new(code, message, remedy).into()
    }

    /// What the browser is told.
    #[must_use]
    pub fn body(&self) -> &ApiError {
        &self.body
    }

    /// The status it is told with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        status(self.body.code)
    }

    /// No live session.
    #[must_use]
    pub fn signed_out() -> Self {
        Self::new(
            ErrorCode::SignedOut,
            "You are not signed in any more.",
            "Sign in again; what you were doing is kept.",
        )
    }

    /// Address or password refused. The same words for an unknown name.
    #[must_use]
    pub fn wrong_password() -> Self {
        Self::new(
            ErrorCode::WrongPassword,
            "The mail address or the password is not right.",
            "Check both, capital letters too, and try again.",
        )
    }

    /// Too many attempts to sign in; another one makes sense after so many seconds.
    #[must_use]
    pub fn too_many_attempts(seconds: u64) -> Self {
        Self::to_wait(seconds, "There were too many attempts to sign in.")
    }

    /// More than a person does in so short a time; another try makes sense after so many seconds.
    #[must_use]
    pub fn too_fast(seconds: u64) -> Self {
        Self::to_wait(seconds, "This was too much in too short a time.")
    }

    fn to_wait(seconds: u64, message: &str) -> Self {
        let wait = match seconds {
            0..=1 => "a second".to_owned(),
            2..=119 => format!("{seconds} seconds"),
            _ => format!("{} minutes", seconds.div_ceil(60)),
        };
        let remedy = format!("Wait {wait}, then try again.");
        Self {
            retry_after: Some(seconds),
            ..Self::new(ErrorCode::TooManyAttempts, message, remedy)
        }
    }

    /// Another account is signed in in this browser.
    #[must_use]
    pub fn another_account() -> Self {
        Self::new(
            ErrorCode::NotPermitted,
            "Another account is signed in in this browser.",
            "Sign out of it in its tab first, then sign in here again.",
        )
    }

    /// The request came from another site, or does not show that it did not.
    #[must_use]
    pub fn foreign_request() -> Self {
        Self::new(
            ErrorCode::ForeignRequest,
            "This request did not come from Whimbrel's own pages.",
            "Open Whimbrel in a new tab and try again there.",
        )
    }

    /// The request is malformed; `what` is one sentence.
    #[must_use]
    pub fn bad_request(what: impl Into<String>) -> Self {
        Self::new(
            ErrorCode::BadRequest,
            what,
            "Reload the page and try again.",
        )
    }

    /// Nothing at this URL.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            ErrorCode::NotFound,
            "There is nothing at this address.",
            "Go back, or start from your inbox.",
        )
    }

    /// Larger than a limit; `what` is one sentence.
    #[must_use]
    pub fn too_large(what: impl Into<String>) -> Self {
        Self::new(ErrorCode::TooLarge, what, "Send less at once.")
    }

    /// A defect of ours, or of the machine.
    #[must_use]
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(
            ErrorCode::Internal,
            "Something went wrong in Whimbrel.",
            "Try again; if it happens again, tell the people who run this service.",
        )
        .because(cause)
    }

    /// The same with another way forward; `remedy` is one sentence.
    #[must_use]
    pub fn remedied(mut self, remedy: &str) -> Self {
        remedy.clone_into(&mut self.body.remedy);
        self
    }

    /// Adds what the log is told.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }
}

/// What the browser is told about a failed conversation with the mail server.
#[must_use]
pub fn api_error(error: &imap::Error) -> ApiError {
    mail::imap_error(error)
}

/// What the browser is told about a letter that was not sent.
#[must_use]
pub fn sending_error(error: &smtp::Error) -> ApiError {
    mail::smtp_error(error)
}

/// What the browser is told about a file that could not be taken or given back.
#[must_use]
pub fn upload_error(error: &uploads::Error) -> ApiError {
    upload::upload_error(error)
}

impl From<ApiError> for AppError {
    fn from(body: ApiError) -> Self {
        Self {
            body,
            cause: None,
            retry_after: None,
        }
    }
}

impl From<imap::Error> for AppError {
    fn from(error: imap::Error) -> Self {
        Self::from(api_error(&error)).because(error)
    }
}

impl From<smtp::Error> for AppError {
    fn from(error: smtp::Error) -> Self {
        Self::from(sending_error(&error)).because(error)
    }
}

impl From<store::Error> for AppError {
    fn from(error: store::Error) -> Self {
        Self::internal(error)
    }
}

impl From<std::io::Error> for AppError {
    fn from(error: std::io::Error) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let status = self.status();
        let code = self.body.code;
        if status.is_server_error() {
            tracing::warn!(?code, "a request failed");
        }
        if let Some(cause) = &self.cause {
            tracing::debug!(?code, ?cause, "why a request failed");
        }
        let mut response = (status, axum::Json(&self.body)).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // Pages made for people are made from this by the security layer.
        response.extensions_mut().insert(self.body);
        response
    }
}

/// The status an error of this code travels with.
#[must_use]
pub fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::SignedOut | ErrorCode::WrongPassword => StatusCode::UNAUTHORIZED,
        ErrorCode::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::ForeignRequest | ErrorCode::NotPermitted => StatusCode::FORBIDDEN,
        ErrorCode::MailboxGone | ErrorCode::MessageGone | ErrorCode::NotFound => {
            StatusCode::NOT_FOUND
        }
        ErrorCode::AlreadyExists => StatusCode::CONFLICT,
        ErrorCode::Invalid | ErrorCode::MailServerRefused | ErrorCode::RecipientsRefused => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::OverQuota => StatusCode::INSUFFICIENT_STORAGE,
        ErrorCode::MailServerDown | ErrorCode::SendingServerDown => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::MailServerWrong | ErrorCode::MaybeSent => StatusCode::BAD_GATEWAY,
        ErrorCode::Internal | ErrorCode::Offline | ErrorCode::Unknown => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}
