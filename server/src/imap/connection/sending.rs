//! Writing commands: those that are short, and those whose last argument is a letter, which comes piece by
//! piece and is never whole in memory.

use std::fmt::Write as _;

use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;

use super::{
    Connection,
    flight::{Flight, Reply, in_time},
};
use crate::{
    imap::{
        Error, Result,
        wire::command::{Command, Kind},
    },
    message::outgoing::Outgoing,
};

/// Bytes of a literal written between two looks at the clock.
const PIECE: usize = 64 * 1024;

impl Connection {
    /// Sends a command that ends in `letter` as a literal; `Err` unless its answer is OK. A letter that breaks
    /// off, or is not as long as it said, costs the connection, for the server still waits for its end.
    pub(in crate::imap) async fn run_with(
        &mut self,
        command: Command,
        letter: Outgoing,
    ) -> Result<Reply> {
        self.begin()?;
        let result = self.converse_with(command, letter).await;
        self.end(result)?.ok()
    }

    async fn converse_with(&mut self, mut command: Command, letter: Outgoing) -> Result<Reply> {
        let patience = command.patience;
        let mut flight = Flight::new(patience);
        let size = usize::try_from(letter.size).unwrap_or(usize::MAX);
        let unasked = self.capabilities().takes_literal_unasked(size);
        let plus = if unasked { "+" } else { "" };
        let _ = write!(command.text, " {{{}{plus}}}", letter.size);
        self.session.get_mut().set_corked(true);
        self.launch(&mut flight, command).await?;
        let is_wanted = match flight.last_has_landed() {
            true => false, // refused before its last line
            false => unasked || self.await_permission(&mut flight).await?,
        };
        if is_wanted {
            self.write_letter(&mut flight, letter).await?;
            self.say(&flight, "").await?;
            self.flush(&flight).await?;
        }
        flight.extend(patience);
        while !flight.has_landed() {
            self.step(&mut flight).await?;
        }
        let reply = flight.into_replies().pop();
        reply.ok_or_else(|| Error::Lost("no answer".to_owned()))
    }

    async fn write_letter(&mut self, flight: &mut Flight, mut letter: Outgoing) -> Result<()> {
        let mut left = letter.size;
        while let Some(piece) = letter.pieces.next().await {
            let piece = piece.map_err(|error| Error::Lost(error.to_string()))?;
            left = left
                .checked_sub(piece.len() as u64)
                .ok_or_else(|| Error::Lost("the letter is longer than it said".to_owned()))?;
            let writing = self.session.get_mut().write_all(&piece);
            in_time(flight.deadline(), writing).await?;
            flight.extend(super::PATIENCE);
        }
        if left > 0 {
            return Err(Error::Lost("the letter is shorter than it said".to_owned()));
        }
        Ok(())
    }

    /// Writes one command. Waits for permission before a literal where the server wants that.
    pub(in crate::imap) async fn launch(
        &mut self,
        flight: &mut Flight,
        command: Command,
    ) -> Result<()> {
        let mut line = String::new();
        let mut tag = None;
        for (before, literal) in command.literals {
            let unasked = self.capabilities().takes_literal_unasked(literal.len());
            line.push_str(&before);
            let plus = if unasked { "+" } else { "" };
            line.push_str(&format!("{{{}{plus}}}", literal.len()));
            let known = self.write_line(flight, &mut tag, &line, &command.kind);
            known.await?;
            line.clear();
            if !unasked && !self.await_permission(flight).await? {
                return Ok(()); // refused: the rest must not be sent
            }
            for piece in literal.chunks(PIECE) {
                let writing = self.session.get_mut().write_all(piece);
                in_time(flight.deadline(), writing).await?;
                flight.extend(command.patience);
            }
        }
        line.push_str(&command.text);
        self.write_line(flight, &mut tag, &line, &command.kind)
            .await
    }

    /// Writes a line; the first of a command gets the tag.
    async fn write_line(
        &mut self,
        flight: &mut Flight,
        tag: &mut Option<()>,
        line: &str,
        kind: &Kind,
    ) -> Result<()> {
        let deadline = flight.deadline();
        if tag.replace(()).is_none() {
            let id = in_time(deadline, self.session.run_command(line)).await?;
            flight.add(id.0, kind.clone());
        } else {
            self.say(flight, line).await?;
        }
        Ok(())
    }

    pub(in crate::imap) async fn flush(&mut self, flight: &Flight) -> Result<()> {
        self.session.get_mut().set_corked(false);
        in_time(flight.deadline(), self.session.get_mut().flush()).await
    }

    /// Writes a line that belongs to a command under way.
    pub(in crate::imap) async fn say(&mut self, flight: &Flight, line: &str) -> Result<()> {
        in_time(flight.deadline(), self.session.run_command_untagged(line)).await
    }

    /// Waits until the server wants the literal; false if it refused the command instead.
    async fn await_permission(&mut self, flight: &mut Flight) -> Result<bool> {
        self.flush(flight).await?;
        loop {
            if flight.take_permission() {
                self.session.get_mut().set_corked(true);
                return Ok(true);
            }
            if flight.last_has_landed() {
                self.session.get_mut().set_corked(true);
                return Ok(false);
            }
            self.step(flight).await?;
        }
    }
}
