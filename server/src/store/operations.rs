//! What became of recent operations, so that one that is sent again, because its answer was lost,
//! is answered and not applied again.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use whimbrel_shared::{OperationId, Outcome};

use crate::store::{Error, Result, Store};

/// How long a browser may have been off-line before it repeats an operation: 30 days.
pub const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What is known of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It was begun; how it ended nobody noted.
    Begun,
    /// It ended so.
    Done(Outcome),
}

/// What stands for an operation that was begun.
const BEGUN: &[u8] = b"begun";

/// What is known of an operation of this account; `None` if it was not begun, or too long ago.
///
/// # Errors
/// If the database fails, or the record was written under another secret. Never apply the operation then.
pub async fn find(store: &Store, account_id: &str, id: &OperationId) -> Result<Option<Known>> {
    let found: Option<(String,)> = sqlx::query_as(
        "SELECT outcome FROM operations WHERE account_id = $1 AND operation_id = $2",
    )
    .bind(account_id)
    .bind(&id.0)
    .fetch_optional(&store.pool)
    .await?;
    let Some((sealed,)) = found else {
        return Ok(None);
    };
    let plain = store
        .keys
        .open(&context(account_id, id), &sealed)
        .ok_or(Error::Unreadable)?;
    if plain.as_slice() == BEGUN {
        return Ok(Some(Known::Begun));
    }
    let outcome = serde_json::from_slice(&plain).map_err(|_| Error::Unreadable)?;
    Ok(Some(Known::Done(outcome)))
}

/// Notes that an operation begins, durably: if it is found so later, it may have been done.
///
/// # Errors
/// If the database fails.
pub async fn begin(store: &Store, account_id: &str, id: &OperationId) -> Result<()> {
    put(store, account_id, id, BEGUN).await
}

/// Notes what became of an operation, durably. A later result of the same id takes the place of the earlier.
///
/// # Errors
/// If the database fails.
pub async fn remember(store: &Store, account_id: &str, outcome: &Outcome) -> Result<()> {
    let plain = serde_json::to_vec(outcome).map_err(|_| Error::Unreadable)?;
    put(store, account_id, &outcome.id, &plain).await
}

async fn put(store: &Store, account_id: &str, id: &OperationId, plain: &[u8]) -> Result<()> {
    sqlx::query(
        "INSERT INTO operations (account_id, operation_id, outcome, made_at) \
         VALUES ($1, $2, $3, $4) \
         ON CONFLICT (account_id, operation_id) DO UPDATE SET outcome = $3, made_at = $4",
    )
    .bind(account_id)
    .bind(&id.0)
    .bind(store.keys.seal(&context(account_id, id), plain))
    .bind(now())
    .execute(&store.pool)
    .await?;
    Ok(())
}

/// Forgets what became of an operation, so that it may be tried again.
///
/// # Errors
/// If the database fails.
pub async fn forget(store: &Store, account_id: &str, id: &OperationId) -> Result<()> {
    sqlx::query("DELETE FROM operations WHERE account_id = $1 AND operation_id = $2")
        .bind(account_id)
        .bind(&id.0)
        .execute(&store.pool)
        .await?;
    Ok(())
}

/// Forgets results older than [`KEPT_FOR`].
///
/// # Errors
/// If the database fails.
pub async fn sweep(store: &Store) -> Result<()> {
    let oldest = now().saturating_sub_unsigned(KEPT_FOR.as_secs());
    sqlx::query("DELETE FROM operations WHERE made_at < $1")
        .bind(oldest)
        .execute(&store.pool)
        .await?;
    Ok(())
}

fn context(account_id: &str, id: &OperationId) -> Vec<u8> {
    format!("{account_id}/{}", id.0).into_bytes()
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        })
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::OutcomeKind;

    use super::*;
    use crate::{config::secret::Secrets, store::temporary::TemporaryFolder};

    async fn open(folder: &TemporaryFolder, secret: u8) -> Store {
        let secret = Secrets::new(vec![secret; 32], Vec::new());
        Store::open(folder.path(), &secret).await.unwrap()
    }

    #[tokio::test]
    async fn a_result_is_found_again_by_its_account_only() {
        let folder = TemporaryFolder::new();
        let store = open(&folder, 1).await;
        let id = OperationId("op-1".to_owned());
        let outcome = Outcome {
            id: id.clone(),
            outcome: OutcomeKind::Gone,
        };
        assert_eq!(find(&store, "anna", &id).await.unwrap(), None);
        begin(&store, "anna", &id).await.unwrap();
        let begun = find(&store, "anna", &id).await.unwrap();
        assert_eq!(begun, Some(Known::Begun));
        remember(&store, "anna", &outcome).await.unwrap();
        remember(&store, "anna", &outcome).await.unwrap();
        store.close().await;

        let store = open(&folder, 1).await;
        sweep(&store).await.unwrap();
        let found = find(&store, "anna", &id).await.unwrap();
        assert_eq!(found, Some(Known::Done(outcome)));
        assert_eq!(find(&store, "berta", &id).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_result_is_kept_for_its_time_and_no_longer() {
        let folder = TemporaryFolder::new();
        let store = open(&folder, 1).await;
        let id = OperationId("op-1".to_owned());
        let outcome = Outcome {
            id: id.clone(),
            outcome: OutcomeKind::Gone,
        };
        remember(&store, "anna", &outcome).await.unwrap();
        let kept_for = i64::try_from(KEPT_FOR.as_secs()).unwrap();
        for (seconds, is_kept) in [(kept_for - 60, true), (120, false)] {
            sqlx::query("UPDATE operations SET made_at = made_at - $1")
                .bind(seconds)
                .execute(&store.pool)
                .await
                .unwrap();
            sweep(&store).await.unwrap();
            let found = find(&store, "anna", &id).await.unwrap();
            assert_eq!(found.is_some(), is_kept);
        }
    }

    #[tokio::test]
    async fn under_another_secret_it_is_an_error_and_not_unknown() {
        let folder = TemporaryFolder::new();
        let store = open(&folder, 1).await;
        let id = OperationId("op-1".to_owned());
        let outcome = Outcome {
            id: id.clone(),
            outcome: OutcomeKind::Gone,
        };
        remember(&store, "anna", &outcome).await.unwrap();
        store.close().await;
        let store = open(&folder, 2).await;
        assert!(matches!(
            find(&store, "anna", &id).await,
            Err(Error::Unreadable)
        ));
    }
}
