-- What ids of accounts are made of, in one row. `record` is sealed.
CREATE TABLE account_ids (
    row INTEGER PRIMARY KEY NOT NULL CHECK (row = 1),
    record TEXT NOT NULL
);
