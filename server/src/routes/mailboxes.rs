//! Folders and their rows.

use axum::{
    Json,
    extract::{self, Path, Query},
    response::{IntoResponse, Response},
};
use http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use whimbrel_shared::{
    Changes, Envelopes, MailboxId, MailboxList, MailboxOrder, MailboxThreads, OrderBy,
    SearchResult, State, UidSet,
};

use crate::{
    account::{connections::Lane, vectors},
    auth::{pace::Deed, signed_in::SignedIn},
    error::{AppError, AppResult},
    imap::{changes, envelopes},
    state::AppState,
};

/// Rows are asked in windows; nobody sees more at a time.
const MOST_ROWS: u32 = 200;
/// Longer than anybody searches for.
const LONGEST_SEARCH: usize = 1000;

/// All mailboxes with roles and counts.
pub async fn list(signed_in: SignedIn) -> AppResult<Json<MailboxList>> {
    let list = signed_in.account.mailboxes().await?;
    Ok(Json(list))
}

/// See [`snapshot`].
#[derive(Deserialize)]
pub struct SnapshotQuery {
    window: Option<u32>,
}

/// A mailbox as a whole, with its newest rows.
pub async fn snapshot(
    signed_in: SignedIn,
    Path(id): Path<MailboxId>,
    Query(query): Query<SnapshotQuery>,
) -> AppResult<Response> {
    let name = signed_in.account.mailbox_name(&id)?;
    let window = query.window.unwrap_or(50).min(MOST_ROWS);
    let snapshot = signed_in
        .account
        .ask(Lane::Interactive, move |connection| {
            let name = name.clone();
            Box::pin(async move { envelopes::snapshot(connection, &name, window, None).await })
        })
        .await?;
    with_rows(&snapshot, snapshot.envelopes.len())
}

/// See [`changes_since`].
#[derive(Deserialize)]
pub struct ChangesQuery {
    since: State,
    #[serde(default)]
    shown: UidSet,
}

/// What changed in a mailbox.
pub async fn changes_since(
    signed_in: SignedIn,
    Path(id): Path<MailboxId>,
    Query(query): Query<ChangesQuery>,
) -> AppResult<Json<Changes>> {
    let name = signed_in.account.mailbox_name(&id)?;
    let changes = signed_in
        .account
        .ask(Lane::Interactive, move |connection| {
            let (name, since, shown) = (name.clone(), query.since.clone(), query.shown.clone());
            Box::pin(async move { changes::since(connection, &name, &since, &shown).await })
        })
        .await?;
    Ok(Json(changes))
}

/// See [`envelopes_of`].
#[derive(Deserialize)]
pub struct EnvelopesQuery {
    uidvalidity: u32,
    uids: UidSet,
}

/// The rows of a list of UIDs.
pub async fn envelopes_of(
    signed_in: SignedIn,
    Path(id): Path<MailboxId>,
    Query(query): Query<EnvelopesQuery>,
) -> AppResult<Response> {
    let name = signed_in.account.mailbox_name(&id)?;
    if query.uids.len() > MOST_ROWS as usize {
        return Err(AppError::bad_request(
            "At most 200 rows can be asked at a time.",
        ));
    }
    let envelopes = signed_in
        .account
        .ask(Lane::Interactive, move |connection| {
            let (name, uids) = (name.clone(), query.uids.clone());
            let uidvalidity = query.uidvalidity;
            Box::pin(async move { envelopes::by_uids(connection, &name, uidvalidity, &uids).await })
        })
        .await?;
    let rows = envelopes.len();
    with_rows(&Envelopes { envelopes }, rows)
}

/// JSON that holds so many rows, written into room that is made at once: growing to it step by step copies all
/// of it twice.
fn with_rows(answer: &impl Serialize, rows: usize) -> AppResult<Response> {
    let mut json = Vec::with_capacity(1024 + rows * 512);
    serde_json::to_writer(&mut json, answer).map_err(AppError::internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], json).into_response())
}

/// See [`search_text`].
#[derive(Deserialize)]
pub struct SearchQuery {
    text: String,
}

/// The messages of a mailbox that hold a text, asked of the mail server.
pub async fn search_text(
    signed_in: SignedIn,
    extract::State(app): extract::State<AppState>,
    Path(id): Path<MailboxId>,
    Query(query): Query<SearchQuery>,
) -> AppResult<Json<SearchResult>> {
    let name = signed_in.account.mailbox_name(&id)?;
    if query.text.len() > LONGEST_SEARCH {
        return Err(AppError::bad_request("This is too long to search for."));
    }
    signed_in.take_turns(&app, Deed::Search, 1)?;
    let found = signed_in.account.search(name, query.text).await?;
    Ok(Json(found))
}

/// See [`in_order`].
#[derive(Deserialize)]
pub struct OrderQuery {
    by: OrderBy,
}

/// Every message of a mailbox in some order.
pub async fn in_order(
    signed_in: SignedIn,
    Path(id): Path<MailboxId>,
    Query(query): Query<OrderQuery>,
) -> AppResult<Json<MailboxOrder>> {
    let name = signed_in.account.mailbox_name(&id)?;
    let order = vectors::order(&signed_in.account, &name, query.by).await?;
    Ok(Json(order))
}

/// The conversations of a mailbox.
pub async fn in_threads(
    signed_in: SignedIn,
    Path(id): Path<MailboxId>,
) -> AppResult<Json<MailboxThreads>> {
    let name = signed_in.account.mailbox_name(&id)?;
    let threads = vectors::threads(&signed_in.account, &name).await?;
    Ok(Json(threads))
}
