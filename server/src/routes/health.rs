//! For the operator's probes. Tells nothing but yes or no.

use axum::extract::State;
use http::StatusCode;

use crate::state::AppState;

/// The process is up.
pub async fn up() -> &'static str {
    "up\n"
}

/// The process can serve: its database answers, and it is not about to stop.
pub async fn ready(State(app): State<AppState>) -> (StatusCode, &'static str) {
    if !app.stopping.is_cancelled() && app.store.is_ready().await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}
