//! Letters that begin with something in them.

use axum::{Json, extract::Query};
use serde::Deserialize;
use whimbrel_shared::Draft;

use crate::{
    auth::signed_in::SignedIn,
    error::{AppError, AppResult},
    message::mailto,
};

/// Which letter.
#[derive(Deserialize)]
pub struct Which {
    link: String,
}

/// The letter that a `mailto:` link asks for, to be looked at and sent. Nothing is asked or kept for it.
///
/// # Errors
/// Not found, if it is no such link.
pub async fn of_link(_: SignedIn, Query(which): Query<Which>) -> AppResult<Json<Draft>> {
    let letter = mailto::read(&which.link);
    letter.map(Json).ok_or_else(AppError::not_found)
}
