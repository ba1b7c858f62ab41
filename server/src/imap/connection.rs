//! One signed-in connection. Every command goes through [`Connection::run`] or
//! [`Connection::pipeline`]; the end of the stream is an error, and a connection whose command was
//! dropped or timed out half-way is never used again. Knows no command's meaning but SELECT's.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::{
    Error, Result,
    alerts::Alerts,
    capabilities::Capabilities,
    introduction::Introduction,
    mailbox_ids::MailboxIds,
    mailboxes::Hierarchy,
    name::MailboxName,
    select::Selected,
    uids::Memory,
    wire::{
        command::{Command, Kind, PATIENCE},
        framer::Frame,
        response::{self, Code, Condition, Response, Word},
        tap::Tap,
    },
};

pub(crate) mod flight;
mod sending;
mod uidnext;

use flight::{Flight, Reply, in_time};

/// Bytes that a flag takes which took two on the wire.
const FLAG_WEIGHT: usize = 64;
/// Mailboxes whose number of messages is kept.
const MAX_EXPECTED: usize = 200;

/// A signed-in connection, and what it has selected.
#[derive(Debug)]
pub struct Connection {
    session: async_imap::Session<Tap>,
    server: Introduction,
    pub(super) selected: Option<Selected>,
    alerts: Alerts,
    mailbox_ids: MailboxIds,
    line: Line,
    /// Since when it is signed in.
    pub opened_at: Instant,
    last_used: Instant,
    farewell: Option<String>,
    /// Responses that were not understood and passed over.
    skipped: u64,
    /// How often something was said of mailboxes by name: with NOTIFY, of those that are not open.
    pub(super) elsewhere: u64,
    memory: Memory,
    /// How many messages mailboxes had when last looked at: a guess that saves a round trip.
    expected: BTreeMap<MailboxName, u32>,
    pub(super) hierarchy: Option<Hierarchy>,
    /// Whether there are too many mailboxes to ask about each; `None` before they were listed.
    pub(super) is_crowded: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// In step.
    Ready,
    /// Within a command. Stays so if the command's future is dropped.
    Busy,
    /// Of no more use.
    Dead,
}

impl Connection {
    pub(super) fn new(session: async_imap::Session<Tap>, server: Introduction) -> Self {
        Self {
            session,
            server,
            selected: None,
            alerts: Alerts::default(),
            mailbox_ids: MailboxIds::default(),
            line: Line::Ready,
            opened_at: Instant::now(),
            last_used: Instant::now(),
            farewell: None,
            skipped: 0,
            elsewhere: 0,
            memory: Memory::default(),
            expected: BTreeMap::new(),
            hierarchy: None,
            is_crowded: None,
        }
    }

    /// What the server can do, but for what is not to be used.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        &self.server.used
    }

    /// What the server says of itself.
    #[must_use]
    pub fn server(&self) -> &Introduction {
        &self.server
    }

    /// False once a command was dropped or timed out half-way, or the server said BYE or went away.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.line == Line::Ready
    }

    /// Time since the last completed command.
    #[must_use]
    pub fn idle_for(&self) -> Duration {
        self.last_used.elapsed()
    }

    /// The mailbox that is open, kept current by what the server says.
    #[must_use]
    pub fn selected(&self) -> Option<&Selected> {
        self.selected.as_ref()
    }

    /// Takes it into an account: tells `alerts` what the administrator says from now on, and said at sign-in, and
    /// calls mailboxes by these ids.
    pub fn belong_to(&mut self, alerts: Alerts, mailbox_ids: MailboxIds) {
        self.mailbox_ids = mailbox_ids;
        for text in std::mem::replace(&mut self.alerts, alerts).take() {
            self.alerts.hear(&text);
        }
    }

    /// The ids of its account's mailboxes.
    #[must_use]
    pub fn mailbox_ids(&self) -> &MailboxIds {
        &self.mailbox_ids
    }

    /// Asks whether the line lives, and for news of the open mailbox.
    ///
    /// # Errors
    /// When the line is lost.
    pub async fn noop(&mut self) -> Result<()> {
        self.run(Command::new("NOOP")).await.map(drop)
    }

    /// Takes leave, waiting two seconds at most.
    pub async fn logout(mut self) {
        if self.is_usable() {
            let farewell = self.run(Command::new("LOGOUT"));
            let _ = tokio::time::timeout(Duration::from_secs(2), farewell).await;
        }
    }

    /// Takes in the words of a CAPABILITY answer.
    pub(super) fn learn(&mut self, words: &[String]) {
        self.server.learn(words);
    }

    /// The UIDs remembered of mailboxes.
    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The same, to be changed.
    pub(super) fn memory_mut(&mut self) -> &mut Memory {
        &mut self.memory
    }

    /// Keeps how many messages mailboxes have.
    pub(super) fn expect<'a>(&mut self, totals: impl Iterator<Item = (&'a MailboxName, u32)>) {
        let totals = totals.take(MAX_EXPECTED);
        self.expected = totals.map(|(name, total)| (name.clone(), total)).collect();
    }

    /// How many messages `name` probably has.
    pub(super) fn expected(&self, name: &MailboxName) -> Option<u32> {
        match &self.selected {
            Some(open) if open.name == *name => Some(open.exists),
            _ => self.expected.get(name).copied(),
        }
    }

    /// Sends one command; `Err` unless its answer is OK.
    pub(super) async fn run(&mut self, command: Command) -> Result<Reply> {
        let reply = self.pipeline(vec![command]).await?.pop();
        let no_answer = || Error::Lost("no answer".to_owned());
        reply.ok_or_else(no_answer)?.ok()
    }

    /// Sends commands in one go and waits for all answers, given in the order of the commands.
    /// `Err` only if the line is lost; each reply says whether its command succeeded.
    pub(super) async fn pipeline(&mut self, commands: Vec<Command>) -> Result<Vec<Reply>> {
        self.begin()?;
        let result = self.converse_to_the_end(commands).await;
        self.end(result)
    }

    /// Marks the line as within a command. Every `begin` needs its [`Self::end`].
    pub(super) fn begin(&mut self) -> Result<()> {
        match self.line {
            Line::Ready => {
                self.line = Line::Busy;
                Ok(())
            }
            Line::Busy => Err(Error::Lost("an earlier command was cut short".to_owned())),
            Line::Dead => {
                let words = self.farewell.as_deref().unwrap_or("it broke earlier");
                Err(Error::Lost(words.to_owned()))
            }
        }
    }

    /// Marks the line as in step again, or as lost.
    pub(super) fn end<T>(&mut self, result: Result<T>) -> Result<T> {
        self.last_used = Instant::now();
        match (&result, &self.farewell) {
            (Ok(_), None) => self.line = Line::Ready,
            (Ok(_), Some(_)) => self.line = Line::Dead,
            (Err(_), farewell) => {
                self.line = Line::Dead;
                self.selected = None;
                if let Some(words) = farewell {
                    return Err(Error::Lost(words.clone()));
                }
            }
        }
        result
    }

    async fn converse(&mut self, commands: Vec<Command>) -> Result<Vec<Reply>> {
        let patience = commands.iter().map(|command| command.patience).max();
        let patience = patience.unwrap_or(PATIENCE);
        let mut flight = Flight::new(patience);
        self.session.get_mut().set_corked(true);
        for command in commands {
            self.launch(&mut flight, command).await?;
        }
        self.flush(&flight).await?;
        flight.extend(patience);
        while !flight.has_landed() {
            self.step(&mut flight).await?;
        }
        Ok(flight.into_replies())
    }

    /// Takes the next response and gives it to the command it belongs to. May be dropped while
    /// it waits without losing anything.
    pub(super) async fn step(&mut self, flight: &mut Flight) -> Result<()> {
        let tap = self.session.get_mut();
        let frame = match tap.take_frame() {
            Some(frame) => Some(frame), // without a look at the clock
            None => in_time(flight.deadline(), tap.next_frame()).await?,
        };
        let frame = frame.ok_or_else(|| Error::Lost("the mail server closed it".to_owned()))?;
        self.receive(flight, &frame)
    }

    fn receive(&mut self, flight: &mut Flight, frame: &Frame) -> Result<()> {
        match frame {
            Frame::Continue(_) => flight.permit(),
            Frame::Untagged(bytes) => {
                flight.count(bytes.len())?;
                let response = response::read(bytes)
                    .map_err(|_| Error::Lost("a literal had the wrong length".to_owned()))?;
                flight.count(FLAG_WEIGHT * response.flags())?;
                self.observe(&response, flight);
                flight.record(response);
            }
            Frame::Tagged(bytes) => {
                let landed = response::read_tagged(bytes)
                    .and_then(|(tag, condition)| flight.land(&tag, condition));
                let Some((kind, reply)) = landed else {
                    return Err(Error::Lost("an answer to no question".to_owned()));
                };
                self.hear(&reply.condition);
                match kind {
                    Kind::Select(name) => {
                        self.memory.reopened(&MailboxName::from_wire(&name));
                        self.selected = Selected::read(&name, reply, self.capabilities().condstore);
                        if let Some(open) = &self.selected
                            && self.expected.len() < MAX_EXPECTED
                        {
                            self.expected.insert(open.name.clone(), open.exists);
                        }
                    }
                    Kind::Deselect => self.selected = None,
                    Kind::Fetch | Kind::Search | Kind::Other => {}
                }
            }
        }
        Ok(())
    }

    fn observe(&mut self, response: &Response, flight: &Flight) {
        match response {
            Response::Condition(condition) => self.hear(condition),
            Response::Capability(words) => self.learn(words),
            Response::List(_) | Response::Status(_) => {
                self.elsewhere = self.elsewhere.wrapping_add(1);
            }
            Response::Id(_) => self.server.observe(response),
            Response::Other => {
                self.skipped = self.skipped.saturating_add(1);
                tracing::debug!(so_far = self.skipped, "a response was not understood");
            }
            _ => {}
        }
        if matches!(flight.head(), Some(Kind::Select(_))) {
            return; // counted when the mailbox is open
        }
        if let Some(selected) = &mut self.selected {
            self.memory.observe(&selected.name, response);
            selected.observe(response, flight.awaits_rows());
        }
    }

    /// Hears what the words of a condition say about the connection itself.
    pub(super) fn hear(&mut self, condition: &Condition) {
        if condition.word == Word::Bye {
            self.farewell = Some(condition.text.clone());
        }
        match &condition.code {
            Some(Code { name, .. }) if name == "ALERT" => self.alerts.hear(&condition.text),
            Some(Code { name, arguments }) if name == "CAPABILITY" => {
                self.learn(&response::words(arguments));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
