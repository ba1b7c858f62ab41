//! Errors of one shape: JSON for the API, a plain page for people, whoever made them.
//! Also numbers requests, so that lines of the log can be put together.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, header};
use tracing::Instrument as _;
use whimbrel_shared::{ApiError, ErrorCode, path};

use crate::{error::AppError, plain::notice};

/// Gives every failure under `/api/` its JSON body, and every other one a page.
pub async fn give_errors_one_shape(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with(path::API);
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let told = response.extensions().get::<ApiError>().cloned();
    match (is_api, told) {
        (true, Some(_)) => response,
        (true, None) if is(&response, "application/json") => response,
        (false, None) if is(&response, "text/html") => response,
        (true, None) => keep(response, AppError::from(usual(status)).into_response()),
        (false, told) => {
            let page = notice::error_page(status, &told.unwrap_or_else(|| usual(status)));
            keep(response, page)
        }
    }
}

/// Gives each request a number, which the log's lines about it carry.
pub async fn number_requests(request: Request, next: Next) -> Response {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let span = tracing::info_span!("request", number, method = %request.method());
    next.run(request).instrument(span).await
}

/// The new answer with the old one's status, and those of its headers that mean something without its body.
fn keep(old: Response, mut new: Response) -> Response {
    *new.status_mut() = old.status();
    let kept: HeaderMap = old
        .headers()
        .iter()
        .filter(|(name, _)| [header::RETRY_AFTER, header::ALLOW, header::SET_COOKIE].contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    new.headers_mut().extend(kept);
    new
}

fn is(response: &Response, media_type: &str) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with(media_type))
}

/// What is said about a failure that nobody said anything about.
fn usual(status: StatusCode) -> ApiError {
    let error = match status {
        StatusCode::NOT_FOUND => AppError::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => {
            AppError::too_large("This is more than the server takes at once.")
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            AppError::bad_request("This cannot be done at this address.")
        }
        status if status.is_client_error() => {
            AppError::bad_request("The server did not understand the request.")
        }
        _ => AppError::new(
            ErrorCode::Internal,
            "Something went wrong in Whimbrel.",
            "Try again; if it happens again, tell the people who run this service.",
        ),
    };
    error.body().clone()
}
