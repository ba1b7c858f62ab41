//! Sessions in the database, as a store for tower-sessions. What the cookie holds is stored as its hash,
//! the record sealed; time-outs are judged here, by the server's clock, on every look-up.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store,
};

use crate::{
    auth::clock::Clock,
    store::{
        Error, Result, Store,
        seal::{Keys, fingerprint},
    },
};

/// The one thing a session's record holds, under [`ENTRY`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Opaque; see [`whimbrel_shared::SessionInfo::account_id`].
    pub account_id: String,
    /// What the mail server knows the person by.
    pub user: String,
    /// The address mail is sent from.
    pub address: String,
    /// "This is a shared computer" was ticked.
    pub is_shared: bool,
    /// Ends after this long without use, seconds.
    pub idle_seconds: i64,
    /// The password, sealed with a key that only the browser holds.
    pub sealed_password: String,
    /// The browser in words.
    #[serde(default)]
    pub browser: String,
    /// When it began, seconds since the Unix epoch.
    #[serde(default)]
    pub began_at: i64,
}

/// Where a record holds its [`Entry`].
pub const ENTRY: &str = "entry";
/// Where a loaded record holds the time of the last use, in seconds since the Unix epoch.
pub const LAST_SEEN_AT: &str = "lastSeenAt";
/// Where a loaded record holds when it ends whatever happens, in seconds since the Unix epoch.
pub const EXPIRES_AT: &str = "expiresAt";

/// A session that ended by itself.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Ended {
    /// See [`id_hash`].
    pub id_hash: String,
    /// Whose it was.
    pub account_id: String,
}

/// A live session of an account.
pub struct Listed {
    /// See [`id_hash`].
    pub id_hash: String,
    /// The last use, seconds since the Unix epoch.
    pub last_seen_at: i64,
    /// What its record holds.
    pub entry: Entry,
}

/// The sessions.
#[derive(Clone)]
pub struct Sessions {
    pool: SqlitePool,
    keys: Keys,
    clock: Clock,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

/// What stands in the database, in logs and in the account's actor for a session id.
#[must_use]
pub fn id_hash(id: &Id) -> String {
    fingerprint(&id.0.to_le_bytes())
}

impl Sessions {
    /// The sessions of `store`, judged by `clock`.
    #[must_use]
    pub fn new(store: &Store, clock: Clock) -> Self {
        Self {
            pool: store.pool.clone(),
            keys: store.keys.clone(),
            clock,
        }
    }

    /// Whether the session lives. Not a use of it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn is_alive(&self, id_hash: &str) -> Result<bool> {
        let found = sqlx::query(
            "SELECT 1 FROM sessions \
             WHERE id_hash = $1 AND expires_at > $2 AND last_seen_at + idle_seconds > $2",
        )
        .bind(id_hash)
        .bind(self.clock.now())
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.is_some())
    }

    /// Whether any session of this account lives.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn any_alive(&self, account_id: &str) -> Result<bool> {
        let found = sqlx::query(
            "SELECT 1 FROM sessions \
             WHERE account_id = $1 AND expires_at > $2 AND last_seen_at + idle_seconds > $2",
        )
        .bind(account_id)
        .bind(self.clock.now())
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.is_some())
    }

    /// The live sessions of an account, the one used last first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn of_account(&self, account_id: &str) -> Result<Vec<Listed>> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT id_hash, record, last_seen_at FROM sessions \
             WHERE account_id = $1 AND expires_at > $2 AND last_seen_at + idle_seconds > $2 \
             ORDER BY last_seen_at DESC, id_hash",
        )
        .bind(account_id)
        .bind(self.clock.now())
        .fetch_all(&self.pool)
        .await?;
        let listed = rows
            .into_iter()
            .filter_map(|(id_hash, sealed, last_seen_at)| {
                let plain = self.keys.open(id_hash.as_bytes(), &sealed)?;
                Some(Listed {
                    entry: serde_json::from_slice(&plain).ok()?,
                    id_hash,
                    last_seen_at,
                })
            });
        Ok(listed.collect())
    }

    /// Removes all sessions of an account but one, and tells which.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn remove_others(&self, account_id: &str, kept: &str) -> Result<Vec<Ended>> {
        let ended = sqlx::query_as(
            "DELETE FROM sessions WHERE account_id = $1 AND id_hash <> $2 \
             RETURNING id_hash, account_id",
        )
        .bind(account_id)
        .bind(kept)
        .fetch_all(&self.pool)
        .await?;
        Ok(ended)
    }

    /// Notes that the session is used now.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn touch(&self, id_hash: &str) -> Result<()> {
        sqlx::query(
            "UPDATE sessions SET last_seen_at = $2 WHERE id_hash = $1 AND last_seen_at < $2",
        )
        .bind(id_hash)
        .bind(self.clock.now())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Puts this record in place of the one of a session that lives. Not a use of it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn seal_anew(&self, id_hash: &str, entry: &Entry) -> Result<()> {
        let plain = serde_json::to_vec(entry).map_err(|_| Error::Unreadable)?;
        sqlx::query("UPDATE sessions SET record = $2 WHERE id_hash = $1")
            .bind(id_hash)
            .bind(self.keys.seal(id_hash.as_bytes(), &plain))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Removes the sessions whose time is over, and tells which.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sweep(&self) -> Result<Vec<Ended>> {
        let ended = sqlx::query_as(
            "DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at + idle_seconds <= $1 \
             RETURNING id_hash, account_id",
        )
        .bind(self.clock.now())
        .fetch_all(&self.pool)
        .await?;
        Ok(ended)
    }

    /// Writes a record; `false` if `is_new` and the id is taken.
    async fn write(&self, record: &Record, is_new: bool) -> session_store::Result<bool> {
        let entry = record.data.get(ENTRY).cloned().unwrap_or_default();
        let entry: Entry = serde_json::from_value(entry).map_err(encode)?;
        let plain = serde_json::to_vec(&entry).map_err(encode)?;
        let id_hash = id_hash(&record.id);
        let sealed = self.keys.seal(id_hash.as_bytes(), &plain);
        let statement = if is_new {
            "INSERT INTO sessions \
             (id_hash, account_id, record, last_seen_at, idle_seconds, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id_hash) DO NOTHING"
        } else {
            "UPDATE sessions SET account_id = $2, record = $3, last_seen_at = $4, \
             idle_seconds = $5, expires_at = $6 WHERE id_hash = $1"
        };
        let done = sqlx::query(statement)
            .bind(id_hash)
            .bind(entry.account_id)
            .bind(sealed)
            .bind(self.clock.now())
            .bind(entry.idle_seconds)
            .bind(record.expiry_date.unix_timestamp())
            .execute(&self.pool)
            .await
            .map_err(backend)?;
        Ok(done.rows_affected() > 0)
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        while !self.write(record, true).await? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        // A session that was ended meanwhile stays ended.
        self.write(record, false).await.map(|_| ())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let id_hash = id_hash(id);
        let found: Option<(String, i64, i64)> = sqlx::query_as(
            "SELECT record, last_seen_at, expires_at FROM sessions \
             WHERE id_hash = $1 AND expires_at > $2 AND last_seen_at + idle_seconds > $2",
        )
        .bind(&id_hash)
        .bind(self.clock.now())
        .fetch_optional(&self.pool)
        .await
        .map_err(backend)?;
        let Some((sealed, last_seen_at, expires_at)) = found else {
            return Ok(None);
        };
        // Sealed under another secret or for another id: no session.
        let Some(plain) = self.keys.open(id_hash.as_bytes(), &sealed) else {
            return Ok(None);
        };
        let entry = serde_json::from_slice(&plain).map_err(decode)?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(expires_at).map_err(decode)?;
        Ok(Some(Record {
            id: *id,
            data: [
                (ENTRY.to_owned(), entry),
                (LAST_SEEN_AT.to_owned(), last_seen_at.into()),
                (EXPIRES_AT.to_owned(), expires_at.into()),
            ]
            .into(),
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        sqlx::query("DELETE FROM sessions WHERE id_hash = $1")
            .bind(id_hash(id))
            .execute(&self.pool)
            .await
            .map_err(backend)?;
        Ok(())
    }
}

fn backend(error: sqlx::Error) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

fn encode(error: serde_json::Error) -> session_store::Error {
    session_store::Error::Encode(error.to_string())
}

fn decode(error: impl fmt::Display) -> session_store::Error {
    session_store::Error::Decode(error.to_string())
}
