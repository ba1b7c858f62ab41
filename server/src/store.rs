//! The small database: sessions, results of recent operations, lists of senders, what ids of accounts are made of. Never mail, never a password in clear.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt as _, path::Path, time::Duration};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

pub mod account_ids;
pub mod operations;
pub mod records;
pub mod seal;
pub mod sessions;
#[cfg(test)]
pub(crate) mod temporary;

use seal::{Key, Keys};

use crate::config::secret::Secrets;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// Connections to SQLite.
    pub pool: sqlx::SqlitePool,
    /// Seal what is written; made of the server's secrets, so that the file alone tells nothing.
    keys: Keys,
    /// What ids of accounts are made of.
    pub account_ids: Key,
}

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite failed: disk full, file not writable, damaged.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be made or brought up to date.
    #[error("the database cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The file could not be made.
    #[error("the database file cannot be made: {0}")]
    File(#[from] std::io::Error),
    /// What is stored does not open: another secret, or damaged.
    #[error("a stored record cannot be read")]
    Unreadable,
}

/// What the store's functions return.
pub type Result<T> = std::result::Result<T, Error>;

impl Store {
    /// Opens, or makes, `whimbrel.db` in `data_dir`, readable for its owner only.
    ///
    /// # Errors
    /// If the file cannot be made or is no database of ours.
    pub async fn open(data_dir: &Path, secrets: &Secrets) -> Result<Self> {
        let path = data_dir.join("whimbrel.db");
        // SQLite gives its helper files the mode of the main file.
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .journal_mode(SqliteJournalMode::Wal)
            // An operation's result must outlive a power cut: without it a letter might go out twice.
            .synchronous(SqliteSynchronous::Full)
            // A session that ended leaves no sealed password in free pages.
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options)
            .await?;
        sqlx::migrate!("src/store/migrations").run(&pool).await?;
        let keys = Keys::derive(secrets, b"", "whimbrel store v1");
        let account_ids = account_ids::find_or_make(&pool, &keys).await?;
        records::seal_anew(&pool, &keys).await?;
        Ok(Self {
            pool,
            keys,
            account_ids,
        })
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.pool).await.is_ok()
    }

    /// Closes the database in order. Nothing may use it afterwards.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
