//! Which mailbox is open on a connection, and what it looks like. SELECT opens with CONDSTORE
//! where offered; a mailbox that is open already costs no round trip.

use bytes::Bytes;
use whimbrel_shared::{State, Uid, UidValidity};

use super::{
    Error, Result,
    connection::{Connection, flight::Reply},
    name::MailboxName,
    wire::{
        command::{Command, Kind},
        fetch::{self, Row},
        lexer::Lexer,
        response::Response,
    },
};

/// An open mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// Its name.
    pub name: MailboxName,
    /// Its UIDVALIDITY.
    pub uidvalidity: UidValidity,
    /// The next UID, as SELECT said; 0 if it did not.
    pub uidnext: u32,
    /// How many messages it has now.
    pub exists: u32,
    /// HIGHESTMODSEQ, as SELECT said; `None` where flag changes are not numbered.
    pub highest_modseq: Option<u64>,
    /// Pieces of news since SELECT: messages come or gone, marks changed.
    pub news: u32,
    /// Messages that came and are not reflected in `uidnext` and `highest_modseq` yet.
    pub arrived: u32,
    /// Other news that the numbers above do not reflect.
    pub changes: u32,
    /// The numbers were brought up to date by news; SELECT has not confirmed them.
    pub(super) is_derived: bool,
    /// New keywords can be made (`\*` in PERMANENTFLAGS).
    pub can_store_keywords: bool,
    /// Flags that last, as written; empty if the server did not say.
    pub permanent_flags: Vec<String>,
    /// Nothing can be changed in it.
    pub read_only: bool,
}

impl Selected {
    /// What it looks like, comparable with the state that STATUS gives.
    #[must_use]
    pub fn state(&self) -> State {
        let numbers = Numbers {
            uidvalidity: self.uidvalidity,
            uidnext: self.uidnext,
            exists: self.exists,
            highest_modseq: self.highest_modseq,
        };
        numbers.state(self.changes.saturating_add(self.arrived))
    }

    /// Whether [`Self::state`] is what STATUS would say.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.changes == 0 && self.arrived == 0
    }

    /// Reads the answer to SELECT; `None` if it failed or has no UIDVALIDITY. Some servers number
    /// changes unasked; without `condstore` STATUS could not tell the same.
    pub(super) fn read(name: &Bytes, reply: &Reply, condstore: bool) -> Option<Self> {
        if !reply.is_ok() {
            return None;
        }
        let number = |code: &str| parse(reply.code(code)?);
        let exists = reply.data.iter().rev().find_map(|response| match response {
            Response::Exists(exists) => Some(*exists),
            _ => None,
        });
        let permanent_flags = reply.code("PERMANENTFLAGS").map(|arguments| {
            let frame = Bytes::copy_from_slice(arguments);
            fetch::flags(&mut Lexer::new(&frame)).unwrap_or_default()
        });
        Some(Self {
            name: MailboxName::from_wire(name),
            uidvalidity: parse(reply.code("UIDVALIDITY")?)?,
            uidnext: number("UIDNEXT").unwrap_or(0),
            exists: exists.unwrap_or(0),
            highest_modseq: reply
                .code("HIGHESTMODSEQ")
                .and_then(parse)
                .filter(|&modseq: &u64| modseq > 0 && condstore),
            news: 0,
            arrived: 0,
            changes: 0,
            is_derived: false,
            can_store_keywords: permanent_flags
                .as_ref()
                .is_none_or(|flags| flags.iter().any(|flag| flag == "\\*")),
            permanent_flags: permanent_flags.unwrap_or_default(),
            read_only: reply.code("READ-ONLY").is_some(),
        })
    }

    /// Takes in what the server says by the way. `is_answer`: rows with a UID were asked for.
    pub(super) fn observe(&mut self, response: &Response, is_answer: bool) {
        match response {
            Response::Exists(exists) => {
                match exists.checked_sub(self.exists) {
                    Some(0) => {}
                    Some(more) => {
                        self.news = self.news.saturating_add(1);
                        self.arrived = self.arrived.saturating_add(more);
                    }
                    None => self.note_change(),
                }
                self.exists = *exists;
            }
            Response::Expunge(_) => {
                self.exists = self.exists.saturating_sub(1);
                self.note_change();
            }
            Response::Vanished(uids) => {
                let gone = u32::try_from(uids.len()).unwrap_or(u32::MAX);
                self.exists = self.exists.saturating_sub(gone);
                self.note_change();
            }
            Response::Fetch(row) => self.observe_row(row, is_answer),
            _ => {}
        }
    }

    /// The MODSEQ of a changed mark is the mailbox's highest one; only a change without it makes
    /// the numbers stale.
    fn observe_row(&mut self, row: &Row, is_answer: bool) {
        let raised = self.highest_modseq.is_some() && row.modseq > self.highest_modseq;
        if raised {
            self.highest_modseq = row.modseq;
            self.is_derived = true;
            self.news = self.news.saturating_add(1);
        }
        let is_answer = is_answer && row.uid.is_some();
        // Without a UID (no QRESYNC) nobody learns which message it was: SELECT has to tell afresh.
        let has_name = row.uid.is_some();
        let reflected = has_name && self.highest_modseq.is_some() && row.modseq.is_some();
        if row.flags.is_some() && !is_answer && !reflected {
            self.note_change();
        }
    }

    /// Something changed that the numbers do not reflect.
    pub(super) fn note_change(&mut self) {
        self.news = self.news.saturating_add(1);
        self.changes = self.changes.saturating_add(1);
    }
}

/// The numbers a [`State`] is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) uidvalidity: u32,
    pub(crate) uidnext: u32,
    pub(crate) exists: u32,
    pub(crate) highest_modseq: Option<u64>,
}

impl Numbers {
    /// `uidvalidity.uidnext.exists.modseq` (0: not numbered), then `~n` after n pieces of news
    /// that the numbers do not reflect yet.
    pub(crate) fn state(&self, changes: u32) -> State {
        let Self {
            uidvalidity,
            uidnext,
            exists,
            ..
        } = self;
        let modseq = self.highest_modseq.unwrap_or(0);
        let news = if changes > 0 {
            format!("~{changes}")
        } else {
            String::new()
        };
        State(format!("{uidvalidity}.{uidnext}.{exists}.{modseq}{news}"))
    }

    /// The numbers of a state; `None` if nobody here made it.
    pub(crate) fn of(state: &State) -> Option<Self> {
        let exact = state.0.split('~').next()?;
        let mut numbers = exact.split('.');
        let modseq: u64 = numbers.clone().nth(3)?.parse().ok()?;
        let mut next = || numbers.next()?.parse().ok();
        Some(Self {
            uidvalidity: next()?,
            uidnext: next()?,
            exists: next()?,
            highest_modseq: Some(modseq).filter(|&modseq| modseq > 0),
        })
    }
}

/// Opens a mailbox. No round trip if it is open already.
///
/// # Errors
/// [`Error::MailboxGone`] if there is none of this name.
pub async fn select(conn: &mut Connection, name: &MailboxName) -> Result<Selected> {
    match conn.selected() {
        Some(selected) if selected.name == *name => Ok(selected.clone()),
        _ => reselect(conn, name).await,
    }
}

/// Opens a mailbox whose keys were made under `uidvalidity`.
///
/// # Errors
/// [`Error::UidValidityChanged`] if those keys mean nothing any more.
pub async fn select_as(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
) -> Result<Selected> {
    let selected = select(conn, name).await?;
    if selected.uidvalidity != uidvalidity {
        return Err(Error::UidValidityChanged);
    }
    Ok(selected)
}

/// Lets the connection see the message of this UID in the open mailbox before a command names it. A NOOP
/// sent together with that command is not enough: Dovecot runs both on what it saw before.
pub(super) async fn catch_up(
    conn: &mut Connection,
    name: &MailboxName,
    newest: Option<Uid>,
) -> Result<()> {
    let is_news = |selected: &Selected| {
        selected.name == *name && newest.is_some_and(|uid| uid >= selected.uidnext)
    };
    if conn.selected().is_some_and(is_news) {
        for reply in conn.pipeline(vec![Command::new("NOOP")]).await? {
            reply.ok()?;
        }
    }
    Ok(())
}

/// Opens a mailbox afresh, so that its numbers are exact.
pub(super) async fn reselect(conn: &mut Connection, name: &MailboxName) -> Result<Selected> {
    let reply = conn.pipeline(vec![command(conn, name)?]).await?.pop();
    opened(conn, reply)
}

/// The command that makes sure `name` is open and its news is in: NOOP if it is open, else SELECT.
pub(super) fn refresh(conn: &Connection, name: &MailboxName) -> Result<Command> {
    match conn.selected() {
        Some(selected) if selected.name == *name => Ok(Command::new("NOOP")),
        _ => command(conn, name),
    }
}

/// The command that opens `name`.
pub(super) fn command(conn: &Connection, name: &MailboxName) -> Result<Command> {
    let wire = Bytes::copy_from_slice(name.wire());
    let select = Command::new("SELECT")
        .kind(Kind::Select(wire))
        .string(name.wire())?;
    Ok(if conn.capabilities().condstore {
        select.words("(CONDSTORE)")
    } else {
        select
    })
}

/// What is open after the answer to [`command`] or [`refresh`].
pub(super) fn opened(conn: &Connection, reply: Option<Reply>) -> Result<Selected> {
    if let Some(reply) = reply {
        reply.ok().map_err(gone_if_missing)?;
    }
    conn.selected().cloned().ok_or_else(|| {
        Error::Unsupported("the folder's messages have no lasting numbers".to_owned())
    })
}

/// [`opened`], and its keys were made under `uidvalidity`.
pub(super) fn opened_as(
    conn: &Connection,
    reply: Option<Reply>,
    uidvalidity: UidValidity,
) -> Result<Selected> {
    let selected = opened(conn, reply)?;
    if selected.uidvalidity != uidvalidity {
        return Err(Error::UidValidityChanged);
    }
    Ok(selected)
}

/// A refusal that means there is no such mailbox, as [`Error::MailboxGone`].
pub(super) fn gone_if_missing(error: Error) -> Error {
    if says_missing(&error) {
        Error::MailboxGone
    } else {
        error
    }
}

/// Whether a refusal means that there is no such mailbox, by code or by words (Courier and
/// Exchange send no code).
pub(super) fn says_missing(error: &Error) -> bool {
    let Error::No { code, text } = error else {
        return false;
    };
    let text = text.to_lowercase();
    let said = |words: &str| text.contains(words);
    match code.as_deref() {
        Some("NONEXISTENT" | "TRYCREATE") => true,
        Some(_) => false,
        None => {
            said("not exist")
                || said("n't exist")
                || said("nonexistent")
                || said("no such")
                || said("unknown mailbox")
                || said("not found")
                || said("not be found")
        }
    }
}

fn parse<N: std::str::FromStr>(digits: &[u8]) -> Option<N> {
    std::str::from_utf8(digits).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::State;

    use super::Numbers;

    #[test]
    fn a_state_with_news_differs_and_keeps_its_numbers() {
        let numbers = Numbers {
            uidvalidity: 7,
            uidnext: 12,
            exists: 5,
            highest_modseq: Some(99),
        };
        assert_eq!(numbers.state(0), State("7.12.5.99".to_owned()));
        assert_eq!(numbers.state(3), State("7.12.5.99~3".to_owned()));
        assert_eq!(Numbers::of(&numbers.state(3)), Some(numbers));
        assert_eq!(Numbers::of(&State("rubbish".to_owned())), None);
        assert_eq!(Numbers::of(&State("1.2".to_owned())), None);
    }
}
