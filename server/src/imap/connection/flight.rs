//! The commands that are under way on a connection, and what has come back for each.

use std::time::Duration;

use tokio::time::Instant;

use crate::imap::{
    Error, Result,
    wire::{
        command::Kind,
        fetch::Row,
        found::Found,
        response::{Condition, Response, Word},
    },
};

/// Bytes of answers to one pipeline that are kept in memory.
const ANSWER_LIMIT: usize = 64 * 1024 * 1024;

/// The answer to one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The tagged status.
    pub(crate) condition: Condition,
    /// What came untagged before it, but for counts and expunges.
    pub(crate) data: Vec<Response>,
}

impl Reply {
    /// Itself if the command succeeded, else why not.
    pub(crate) fn ok(self) -> Result<Self> {
        let text = self.condition.text.clone();
        match self.condition.word {
            Word::Ok => Ok(self),
            // Exchange 2016 and Outlook.com: "User is authenticated but not connected." They lost the mailbox
            // behind this connection, and only a new one gets it back.
            Word::Bad if text.contains("but not connected") => Err(Error::Lost(text)),
            Word::Bad => Err(Error::Bad(text)),
            _ => Err(Error::No {
                code: self.condition.code.map(|code| code.name),
                text,
            }),
        }
    }

    /// Whether the command succeeded.
    pub(crate) fn is_ok(&self) -> bool {
        self.condition.word == Word::Ok
    }

    /// The rows of FETCH.
    pub(crate) fn rows(&mut self) -> impl Iterator<Item = Box<Row>> + '_ {
        self.data.drain(..).filter_map(|response| match response {
            Response::Fetch(row) => Some(row),
            _ => None,
        })
    }

    /// The first search result, if one came at all.
    pub(crate) fn found(&self) -> Option<&Found> {
        self.data.iter().find_map(|response| match response {
            Response::Search(found) => Some(found),
            _ => None,
        })
    }

    /// Whether the server said that it works in this way from now on.
    pub(crate) fn enabled(&self, extension: &str) -> bool {
        self.data.iter().any(|response| match response {
            Response::Enabled(words) => words.iter().any(|word| word == extension),
            _ => false,
        })
    }

    /// Arguments of the response code `name`, in the tagged status or before it.
    pub(crate) fn code(&self, name: &str) -> Option<&[u8]> {
        let untagged = self.data.iter().filter_map(|response| match response {
            Response::Condition(condition) => condition.code.as_ref(),
            _ => None,
        });
        self.condition
            .code
            .iter()
            .chain(untagged)
            .find(|code| code.name == name)
            .map(|code| &*code.arguments)
    }
}

/// Commands under way.
#[derive(Debug)]
pub(crate) struct Flight {
    entries: Vec<Entry>,
    permitted: bool,
    received: usize,
    deadline: Instant,
}

#[derive(Debug)]
struct Entry {
    tag: String,
    kind: Kind,
    data: Vec<Response>,
    reply: Option<Reply>,
}

impl Flight {
    /// Nothing under way yet; `patience` from now on.
    pub(crate) fn new(patience: Duration) -> Self {
        Self {
            entries: Vec::new(),
            permitted: false,
            received: 0,
            deadline: Instant::now() + patience,
        }
    }

    /// When waiting ends.
    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Moves the deadline to `patience` from now.
    pub(crate) fn extend(&mut self, patience: Duration) {
        self.deadline = Instant::now() + patience;
    }

    /// A command was sent.
    pub(crate) fn add(&mut self, tag: String, kind: Kind) {
        self.entries.push(Entry {
            tag,
            kind,
            data: Vec::new(),
            reply: None,
        });
    }

    /// The server said `+`.
    pub(crate) fn permit(&mut self) {
        self.permitted = true;
    }

    /// Whether it said `+` since this was last asked.
    pub(crate) fn take_permission(&mut self) -> bool {
        std::mem::take(&mut self.permitted)
    }

    /// Counts bytes of an answer.
    pub(crate) fn count(&mut self, bytes: usize) -> Result<()> {
        self.received = self.received.saturating_add(bytes);
        if self.received > ANSWER_LIMIT {
            return Err(Error::Lost("the mail server says too much".to_owned()));
        }
        Ok(())
    }

    /// What the command is that the server is answering now.
    pub(crate) fn head(&self) -> Option<&Kind> {
        let head = self.entries.iter().find(|entry| entry.reply.is_none())?;
        Some(&head.kind)
    }

    /// Whether a FETCH waits for its answer.
    pub(crate) fn awaits_rows(&self) -> bool {
        let awaits = |entry: &Entry| entry.reply.is_none() && entry.kind == Kind::Fetch;
        self.entries.iter().any(awaits)
    }

    /// Keeps an untagged response for the command it answers: rows for a FETCH, finds for a
    /// search, the rest for the oldest. Dovecot answers FETCH while an earlier SEARCH still runs.
    pub(crate) fn record(&mut self, response: Response) {
        let claimed_by = match &response {
            Response::Fetch(row) if row.uid.is_some() => Some(Kind::Fetch),
            Response::Search(_) | Response::Sort(_) | Response::Thread(_) => Some(Kind::Search),
            _ => None,
        };
        let waiting = |entry: &Entry| entry.reply.is_none();
        let entries = &self.entries;
        let claimant = entries
            .iter()
            .position(|entry| waiting(entry) && Some(&entry.kind) == claimed_by.as_ref());
        let oldest = || entries.iter().position(waiting);
        let Some(head) = claimant
            .or_else(oldest)
            .and_then(|i| self.entries.get_mut(i))
        else {
            return;
        };
        let selects = matches!(head.kind, Kind::Select(_));
        match &response {
            Response::Condition(condition)
                if selects && condition.code.as_ref().is_some_and(|c| c.name == "CLOSED") =>
            {
                head.data.clear(); // what came before was about the mailbox left behind
            }
            Response::Exists(_) if selects => head.data.push(response),
            Response::Exists(_)
            | Response::Expunge(_)
            | Response::Vanished(_)
            | Response::Other => {}
            _ => head.data.push(response),
        }
    }

    /// A command was answered; `None` if none with this tag waits.
    pub(crate) fn land(&mut self, tag: &str, condition: Condition) -> Option<(Kind, &Reply)> {
        let waits = |entry: &&mut Entry| entry.tag == tag && entry.reply.is_none();
        let entry = self.entries.iter_mut().find(waits)?;
        let reply = Reply {
            condition,
            data: std::mem::take(&mut entry.data),
        };
        Some((entry.kind.clone(), entry.reply.insert(reply)))
    }

    /// Whether every command was answered.
    pub(crate) fn has_landed(&self) -> bool {
        self.entries.iter().all(|entry| entry.reply.is_some())
    }

    /// Whether the command sent last was answered.
    pub(crate) fn last_has_landed(&self) -> bool {
        self.entries
            .last()
            .is_none_or(|entry| entry.reply.is_some())
    }

    /// The answers, in the order of the commands.
    pub(crate) fn into_replies(self) -> Vec<Reply> {
        self.entries
            .into_iter()
            .filter_map(|entry| entry.reply)
            .collect()
    }
}

/// Runs `work` until `deadline`; every failure is a lost line.
pub(super) async fn in_time<T, E: std::fmt::Display>(
    deadline: tokio::time::Instant,
    work: impl Future<Output = std::result::Result<T, E>>,
) -> Result<T> {
    match tokio::time::timeout_at(deadline, work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Error::Lost(error.to_string())),
        Err(_) => Err(Error::Lost("the mail server does not answer".to_owned())),
    }
}
