//! The small database: sessions, results of recent operations. Never mail, never a password in clear.

/// The database.
#[derive(Clone)]
pub struct Store {
    /// Connections to SQLite.
    pub pool: sqlx::SqlitePool,
}
