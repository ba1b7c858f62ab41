//! What SELECT leaves out and the rest of the engine counts on. Asks nothing where SELECT says it all.

use super::{Connection, flight::Reply};
use crate::imap::{
    Result,
    select::Selected,
    wire::{
        command::{Command, Kind},
        response::Response,
    },
};

impl Connection {
    /// Runs commands, and asks which UID comes next if SELECT opened a mailbox without saying so: Courier 5
    /// does not. STATUS of the open mailbox tells there what this connection sees of it.
    pub(super) async fn converse_to_the_end(
        &mut self,
        commands: Vec<Command>,
    ) -> Result<Vec<Reply>> {
        let selects = |command: &Command| matches!(command.kind, Kind::Select(_));
        let opens = commands.iter().any(selects);
        let replies = self.converse(commands).await?;
        let is_lacking = |open: &&Selected| opens && open.uidnext == 0;
        let Some(open) = self.selected.as_ref().filter(is_lacking) else {
            return Ok(replies);
        };
        let status = Command::new("STATUS").string(open.name.wire())?;
        let told = self.converse(vec![status.words("(UIDNEXT)")]).await?;
        let uidnext = told.iter().flat_map(|reply| &reply.data).find_map(uidnext);
        if let (Some(open), Some(uidnext)) = (&mut self.selected, uidnext) {
            open.uidnext = uidnext;
        }
        Ok(replies)
    }
}

fn uidnext(response: &Response) -> Option<u32> {
    match response {
        Response::Status(status) => status.uidnext,
        _ => None,
    }
}
