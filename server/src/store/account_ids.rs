//! What ids of accounts are made of: random once, then the same for ever, whatever becomes of the server's secret.
//! Where the secret that sealed it is lost, everything of the accounts is, and their ids are new as well.

use sqlx::SqlitePool;

use crate::store::{
    Result,
    seal::{Key, Keys, random},
};

const CONTEXT: &[u8] = b"account ids";

/// The key; sealed anew if an older secret sealed it.
///
/// # Errors
/// If the database fails.
pub(super) async fn find_or_make(pool: &SqlitePool, keys: &Keys) -> Result<Key> {
    let found: Option<(String,)> = sqlx::query_as("SELECT record FROM account_ids")
        .fetch_optional(pool)
        .await?;
    let opened = found.as_ref().and_then(|(sealed,)| {
        let plain = keys.open(CONTEXT, sealed)?;
        Some(Key::from(*plain.first_chunk()?))
    });
    let is_kept = found.is_some_and(|(sealed,)| keys.is_newest(&sealed));
    let key = match opened {
        Some(key) if is_kept => return Ok(key),
        Some(key) => key,
        None => Key::from(random()),
    };
    sqlx::query(
        "INSERT INTO account_ids (row, record) VALUES (1, $1) \
         ON CONFLICT (row) DO UPDATE SET record = $1",
    )
    .bind(keys.seal(CONTEXT, key.as_bytes()))
    .execute(pool)
    .await?;
    Ok(key)
}
