-- Signed-in sessions. `id_hash` is the hash of what the cookie holds; `record` is sealed.
CREATE TABLE sessions (
    id_hash TEXT PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL,
    record TEXT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    idle_seconds BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- What became of recent operations, so that a repeated one is not applied twice. `outcome` is sealed.
CREATE TABLE operations (
    account_id TEXT NOT NULL,
    operation_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, operation_id)
);

CREATE INDEX operations_made_at ON operations (made_at);
