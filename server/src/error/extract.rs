//! Extractors that refuse with an [`AppError`]: JSON bodies, queries and path parameters.

use axum::extract::{
    FromRequest, FromRequestParts,
    rejection::{JsonRejection, PathRejection, QueryRejection},
};
use http::StatusCode;
use whimbrel_shared::ErrorCode;

use crate::error::AppError;

/// A JSON body.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(AppError))]
pub struct Json<T>(pub T);

/// The query of the URL.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(AppError))]
pub struct Query<T>(pub T);

/// The parameters of the path. What cannot be one of ours is not found.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(AppError))]
pub struct Path<T>(pub T);

impl From<JsonRejection> for AppError {
    fn from(rejection: JsonRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::too_large("This is more than the server takes at once.");
        }
        Self::bad_request("The server did not understand the request.")
            .because(rejection.body_text())
    }
}

impl From<QueryRejection> for AppError {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request("The server did not understand the address of the request.")
            .because(rejection.body_text())
    }
}

impl From<PathRejection> for AppError {
    fn from(rejection: PathRejection) -> Self {
        Self::new(
            ErrorCode::NotFound,
            "There is nothing at this address.",
            "Go back, or start from your inbox.",
        )
        .because(rejection.body_text())
    }
}
