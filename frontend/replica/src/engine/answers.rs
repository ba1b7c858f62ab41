//! Hands each answer to the part of the engine that asked.

use super::Engine;
use crate::question::{Answer, Moment};

impl Engine {
    /// What came of the question of that moment.
    pub(crate) fn answered(&mut self, asked: Moment, answer: Answer) {
        match answer {
            Answer::Mailboxes(answer) => self.mailboxes_came(asked, answer),
            Answer::Saved(mailbox, saved) => self.saved_came(asked, &mailbox, saved),
            Answer::Snapshot(mailbox, answer) => self.snapshot_came(asked, &mailbox, answer),
            Answer::Changes(mailbox, answer) => self.changes_came(asked, &mailbox, answer),
            Answer::Rows(mailbox, answer) => {
                self.rows_came(asked, &mailbox, answer.map(|rows| rows.envelopes));
            }
            Answer::KeptRows(mailbox, rows) => self.kept_rows_came(asked, &mailbox, rows),
            Answer::Sample(mailbox, answer) => self.sample_came(asked, &mailbox, answer),
            Answer::Search(list, answer) => self.search_came(asked, &list, answer),
            Answer::Message(mailbox, key, answer) => {
                self.message_came(asked, mailbox, key, *answer);
            }
            Answer::Operations(answer) => self.operations_came(asked, answer),
            Answer::Waited(timer) => self.waited(asked, &timer),
        }
    }
}
