//! A command whose last argument comes piece by piece and is never whole in memory.

use std::fmt::Write as _;

use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;

use super::{
    Connection,
    flight::{Flight, Reply, in_time},
};
use crate::{
    imap::{Error, Result, wire::command::Command},
    message::outgoing::Outgoing,
};

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
        let unasked = self.capabilities.takes_literal_unasked(size);
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
}
