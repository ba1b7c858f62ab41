//! What an account keeps beside its sessions, such as a list of senders: one record of a kind, sealed as a whole, so
//! that the database tells no address. Knows nothing of what is in them.

use serde::{Serialize, de::DeserializeOwned};
use sqlx::SqlitePool;

use crate::store::{Error, Result, Store, seal::Keys};

/// A kind of record.
pub trait Record: Serialize + DeserializeOwned + Default {
    /// Its name in the database, which is part of the seal.
    const KIND: &str;

    /// Nothing needs to be kept.
    fn is_empty(&self) -> bool;
}

/// What is kept of an account; empty if nothing is.
///
/// # Errors
/// If the database fails, or the record is of another shape.
pub async fn find<R: Record>(store: &Store, account_id: &str) -> Result<R> {
    let found: Option<(String,)> =
        sqlx::query_as("SELECT record FROM records WHERE kind = $1 AND account_id = $2")
            .bind(R::KIND)
            .bind(account_id)
            .fetch_optional(&store.pool)
            .await?;
    let Some((sealed,)) = found else {
        return Ok(R::default());
    };
    let context = context(R::KIND, account_id);
    let Some(plain) = store.keys.open(&context, &sealed) else {
        tracing::warn!(
            kind = R::KIND,
            "a list was kept under a secret that is gone; it is empty now"
        );
        return Ok(R::default());
    };
    serde_json::from_slice(&plain).map_err(|_| Error::Unreadable)
}

/// Keeps this of an account, in place of what was kept before.
///
/// # Errors
/// If the database fails.
pub async fn put<R: Record>(store: &Store, account_id: &str, record: &R) -> Result<()> {
    if record.is_empty() {
        sqlx::query("DELETE FROM records WHERE kind = $1 AND account_id = $2")
            .bind(R::KIND)
            .bind(account_id)
            .execute(&store.pool)
            .await?;
        return Ok(());
    }
    let plain = serde_json::to_vec(record).map_err(|_| Error::Unreadable)?;
    sqlx::query(
        "INSERT INTO records (kind, account_id, record) VALUES ($1, $2, $3) \
         ON CONFLICT (kind, account_id) DO UPDATE SET record = $3",
    )
    .bind(R::KIND)
    .bind(account_id)
    .bind(store.keys.seal(&context(R::KIND, account_id), &plain))
    .execute(&store.pool)
    .await?;
    Ok(())
}

/// Seals what an older secret sealed with the newest, so that the older is soon needed no more.
///
/// # Errors
/// If the database fails.
pub(super) async fn seal_anew(pool: &SqlitePool, keys: &Keys) -> Result<()> {
    let all: Vec<(String, String, String)> =
        sqlx::query_as("SELECT kind, account_id, record FROM records")
            .fetch_all(pool)
            .await?;
    for (kind, account_id, sealed) in all.iter().filter(|(.., sealed)| !keys.is_newest(sealed)) {
        let context = context(kind, account_id);
        if let Some(plain) = keys.open(&context, sealed) {
            sqlx::query("UPDATE records SET record = $3 WHERE kind = $1 AND account_id = $2")
                .bind(kind)
                .bind(account_id)
                .bind(keys.seal(&context, &plain))
                .execute(pool)
                .await?;
        }
    }
    Ok(())
}

fn context(kind: &str, account_id: &str) -> Vec<u8> {
    format!("{kind}/{account_id}").into_bytes()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::{config::secret::Secrets, store::temporary::TemporaryFolder};

    #[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    struct Senders(Vec<String>);

    impl Record for Senders {
        const KIND: &str = "senders";

        fn is_empty(&self) -> bool {
            self.0.is_empty()
        }
    }

    #[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    struct Others(Vec<String>);

    impl Record for Others {
        const KIND: &str = "others";

        fn is_empty(&self) -> bool {
            self.0.is_empty()
        }
    }

    fn pest() -> Senders {
        Senders(vec!["pest@evil.example".to_owned()])
    }

    #[tokio::test]
    async fn a_list_outlives_the_secret_that_sealed_it_once_the_next_was_there() {
        let folder = TemporaryFolder::new();
        let old = Secrets::new(vec![1; 32], Vec::new());
        let store = Store::open(folder.path(), &old).await.unwrap();
        put(&store, "anna", &pest()).await.unwrap();
        let ids = *store.account_ids.as_bytes();
        store.close().await;
        for old in [vec![vec![1; 32]], Vec::new()] {
            let secrets = Secrets::new(vec![2; 32], old);
            let store = Store::open(folder.path(), &secrets).await.unwrap();
            assert_eq!(find::<Senders>(&store, "anna").await.unwrap(), pest());
            assert_eq!(*store.account_ids.as_bytes(), ids);
            store.close().await;
        }
    }

    #[tokio::test]
    async fn a_list_is_kept_for_its_account_and_kind_and_the_file_tells_nobody() {
        let folder = TemporaryFolder::new();
        let secret = Secrets::new(vec![1; 32], Vec::new());
        let store = Store::open(folder.path(), &secret).await.unwrap();
        let nothing = Senders::default();
        assert_eq!(find::<Senders>(&store, "anna").await.unwrap(), nothing);
        put(&store, "anna", &nothing).await.unwrap();
        put(&store, "anna", &pest()).await.unwrap();
        assert_eq!(find::<Senders>(&store, "anna").await.unwrap(), pest());
        assert_eq!(find::<Senders>(&store, "berta").await.unwrap(), nothing);
        assert_eq!(
            find::<Others>(&store, "anna").await.unwrap(),
            Others::default()
        );
        // A record of another account's, or of another kind, opens for nobody else.
        for moved in [
            "UPDATE records SET kind = 'others'",
            "UPDATE records SET kind = 'senders', account_id = 'berta'",
        ] {
            sqlx::query(moved).execute(&store.pool).await.unwrap();
            assert_eq!(
                find::<Others>(&store, "anna").await.unwrap(),
                Others::default()
            );
            assert_eq!(find::<Senders>(&store, "berta").await.unwrap(), nothing);
        }
        store.close().await;
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert_eq!(memchr::memmem::find(&bytes, b"evil.example"), None);
        }
    }
}
