//! What a person changes.

use axum::{Json, extract::State};
use whimbrel_shared::{Action, Address, Operation, Outcome};

use crate::{
    account::operations,
    auth::{pace::Deed, signed_in::SignedIn},
    error::{AppError, AppResult},
    state::AppState,
};

/// More at once than any browser sends.
const MOST_OPERATIONS: usize = 500;
/// More messages than any folder holds: few bytes can name four thousand million.
const MOST_MESSAGES: usize = 2_000_000;

/// Applies a batch in order; one answer each.
pub async fn apply(
    signed_in: SignedIn,
    State(app): State<AppState>,
    Json(batch): Json<Vec<Operation>>,
) -> AppResult<Json<Vec<Outcome>>> {
    let is_usable = |operation: &Operation| {
        let rows = operation.action.rows();
        operation.id.is_valid() && rows.is_none_or(|(.., uids)| uids.len() <= MOST_MESSAGES)
    };
    if batch.len() > MOST_OPERATIONS || !batch.iter().all(is_usable) {
        return Err(AppError::bad_request(
            "These changes have no usable ids, or are too many.",
        ));
    }
    let sends = |operation: &&Operation| matches!(operation.action, Action::Send { .. });
    let letters = batch.iter().filter(sends).count();
    signed_in.take_turns(&app, Deed::Send, letters)?;
    let from = Address {
        name: String::new(),
        email: signed_in.info.address.clone(),
    };
    Ok(Json(
        operations::apply(&app, &signed_in.account, &from, batch).await,
    ))
}
