//! Every route, once.

use axum::{
    Router,
    routing::{get, post},
};
use whimbrel_shared::path;

use crate::{
    assets,
    routes::{health, pages, session, sign_in},
    security,
    state::AppState,
};

/// The whole server as one service.
pub fn router(app: AppState) -> Router {
    let config = AppState::clone(&app);
    let routes = Router::new()
        .route(path::HOME, get(pages::app))
        .route(path::APP, get(pages::app))
        .route(path::APP_ANY, get(pages::app))
        .route(path::SIGN_IN, get(sign_in::show).post(sign_in::begin))
        .route(path::SIGN_OUT, post(sign_in::end))
        .route(path::HEALTHZ, get(health::up))
        .route(path::READYZ, get(health::ready))
        .route(
            path::SESSION,
            get(session::show).post(session::begin).delete(session::end),
        )
        .fallback(assets::file)
        .with_state(app);
    security::layer(routes, &config.config)
}
