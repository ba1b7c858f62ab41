//! What every request passes and every answer carries: Host and same-origin checks, security headers,
//! errors of one shape, panics caught. Knows no sessions and no mail.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
};

use crate::config::Config;

pub mod headers;
pub mod origin;
pub mod panic;
pub mod policy;
pub mod shape;
#[cfg(test)]
mod tests;

/// The largest body a handler takes unless its route says otherwise, bytes: a form, signing in.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Puts the checks around all routes and the fallback of `router`.
pub fn layer(router: Router, config: &Config) -> Router {
    let site = origin::Site::new(&config.public_url);
    // Read from the bottom up: the last layer sees a request first and its answer last.
    router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(panic::catch))
        .layer(from_fn_with_state(site.clone(), origin::check_request))
        .layer(from_fn_with_state(site.clone(), origin::check_host))
        .layer(from_fn(shape::give_errors_one_shape))
        .layer(from_fn_with_state(site, headers::add))
        .layer(from_fn(shape::number_requests))
}
