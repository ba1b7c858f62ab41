-- Senders whose mail an account does not want in its inbox, all in one record. `record` is sealed.
CREATE TABLE blocked (
    account_id TEXT PRIMARY KEY NOT NULL,
    record TEXT NOT NULL
);
