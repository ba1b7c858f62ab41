//! Senders whose mail an account does not want, and how far its inbox was looked through for them. Sealed as a
//! whole, so that the database tells no address.

use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;
use whimbrel_shared::MessageKey;

use crate::store::{Error, Result, Store, seal::Keys};

/// What is kept of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Blocked {
    /// Addresses in lower case, in the order of the alphabet.
    pub addresses: Vec<String>,
    /// The newest message of the inbox that was looked at. None is looked at twice.
    pub seen: Option<MessageKey>,
}

/// What is kept of an account.
///
/// # Errors
/// If the database fails, or the record was written under another secret.
pub async fn find(store: &Store, account_id: &str) -> Result<Blocked> {
    let found: Option<(String,)> =
        sqlx::query_as("SELECT record FROM blocked WHERE account_id = $1")
            .bind(account_id)
            .fetch_optional(&store.pool)
            .await?;
    let Some((sealed,)) = found else {
        return Ok(Blocked::default());
    };
    let context = context(account_id);
    let Some(plain) = store.keys.open(&context, &sealed) else {
        tracing::warn!("blocked senders were kept under a secret that is gone; nobody is blocked");
        return Ok(Blocked::default());
    };
    serde_json::from_slice(&plain).map_err(|_| Error::Unreadable)
}

/// Keeps this of an account, in place of what was kept before. Where nobody is blocked, nothing is kept.
///
/// # Errors
/// If the database fails.
pub async fn put(store: &Store, account_id: &str, blocked: &Blocked) -> Result<()> {
    if blocked.addresses.is_empty() {
        sqlx::query("DELETE FROM blocked WHERE account_id = $1")
            .bind(account_id)
            .execute(&store.pool)
            .await?;
        return Ok(());
    }
    let plain = serde_json::to_vec(blocked).map_err(|_| Error::Unreadable)?;
    sqlx::query(
        "INSERT INTO blocked (account_id, record) VALUES ($1, $2) \
         ON CONFLICT (account_id) DO UPDATE SET record = $2",
    )
    .bind(account_id)
    .bind(store.keys.seal(&context(account_id), &plain))
    .execute(&store.pool)
    .await?;
    Ok(())
}

/// Seals what an older secret sealed with the newest, so that the older is soon needed no more.
///
/// # Errors
/// If the database fails.
pub(super) async fn seal_anew(pool: &SqlitePool, keys: &Keys) -> Result<()> {
    let all: Vec<(String, String)> = sqlx::query_as("SELECT account_id, record FROM blocked")
        .fetch_all(pool)
        .await?;
    for (account_id, sealed) in all.iter().filter(|(_, sealed)| !keys.is_newest(sealed)) {
        let context = context(account_id);
        if let Some(plain) = keys.open(&context, sealed) {
            sqlx::query("UPDATE blocked SET record = $2 WHERE account_id = $1")
                .bind(account_id)
                .bind(keys.seal(&context, &plain))
                .execute(pool)
                .await?;
        }
    }
    Ok(())
}

fn context(account_id: &str) -> Vec<u8> {
    format!("blocked/{account_id}").into_bytes()
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::{config::secret::Secrets, store::temporary::TemporaryFolder};

    #[tokio::test]
    async fn a_list_outlives_the_secret_that_sealed_it_once_the_next_was_there() {
        let folder = TemporaryFolder::new();
        let blocked = Blocked {
            addresses: vec!["pest@evil.example".to_owned()],
            seen: None,
        };
        let old = Secrets::new(vec![1; 32], Vec::new());
        let store = Store::open(folder.path(), &old).await.unwrap();
        put(&store, "anna", &blocked).await.unwrap();
        let ids = *store.account_ids.as_bytes();
        store.close().await;
        for old in [vec![vec![1; 32]], Vec::new()] {
            let secrets = Secrets::new(vec![2; 32], old);
            let store = Store::open(folder.path(), &secrets).await.unwrap();
            assert_eq!(find(&store, "anna").await.unwrap(), blocked);
            assert_eq!(*store.account_ids.as_bytes(), ids);
            store.close().await;
        }
    }

    #[tokio::test]
    async fn a_list_is_kept_for_its_account_and_the_file_tells_nobody() {
        let folder = TemporaryFolder::new();
        let secret = Secrets::new(vec![1; 32], Vec::new());
        let store = Store::open(folder.path(), &secret).await.unwrap();
        assert_eq!(find(&store, "anna").await.unwrap(), Blocked::default());
        let blocked = Blocked {
            addresses: vec!["pest@evil.example".to_owned()],
            seen: "3.14".parse().ok(),
        };
        put(&store, "anna", &Blocked::default()).await.unwrap();
        put(&store, "anna", &blocked).await.unwrap();
        assert_eq!(find(&store, "anna").await.unwrap(), blocked);
        assert_eq!(find(&store, "berta").await.unwrap(), Blocked::default());
        // A record of another account's opens for nobody else.
        let moved = "UPDATE blocked SET account_id = 'berta'";
        sqlx::query(moved).execute(&store.pool).await.unwrap();
        assert_eq!(find(&store, "berta").await.unwrap(), Blocked::default());
        store.close().await;
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert_eq!(memchr::memmem::find(&bytes, b"evil.example"), None);
        }
    }
}
