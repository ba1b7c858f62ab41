-- Lists that an account keeps, such as that of blocked senders: one record of a kind. `record` is sealed.
CREATE TABLE records (
    kind TEXT NOT NULL,
    account_id TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, account_id)
);

INSERT INTO records (kind, account_id, record) SELECT 'blocked', account_id, record FROM blocked;

DROP TABLE blocked;
