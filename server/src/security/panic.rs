//! A panic ends one request, not the connection and never the server.

use std::panic::AssertUnwindSafe;

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;

use crate::error::AppError;

/// Answers 500 where a handler panicked. Where it did, the hook of [`log_places`] has logged.
pub async fn catch(request: Request, next: Next) -> Response {
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => AppError::internal("a panic").into_response(),
    }
}

/// Logs where panics happen, and at debug level what they say: their words may quote mail.
pub fn log_places() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(?place, "a panic");
        tracing::debug!(words = ?panic.payload_as_str(), "what the panic says");
    }));
}
