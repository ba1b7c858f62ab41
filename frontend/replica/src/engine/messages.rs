//! Opening messages: asking for them once, learning the answers.

use std::rc::Rc;

use whimbrel_shared::{ApiError, ErrorCode, MailboxId, Message, MessageKey};

use super::Engine;
use crate::{
    folder::Wish,
    messages::Name,
    notice::Notice,
    question::{Ask, Failure, Moment},
    store::Write,
    words,
};

/// How many wishes for messages that may be opened next are remembered.
const AHEAD: usize = 4;

impl Engine {
    /// Asks for a message, unless it is on its way.
    ///
    /// # Errors
    /// Why asking would be in vain.
    pub(crate) fn open_message(&mut self, name: &Name) -> Result<(), ApiError> {
        if self.is_signed_out() {
            return Err(words::signed_out());
        }
        let mirror = self.folders.get(&name.0).and_then(|f| f.mirror.as_ref());
        if mirror.is_some_and(|mirror| mirror.uidvalidity != name.1.uidvalidity) {
            return Err(words::renumbered());
        }
        if !self.messages.asked.contains_key(name) {
            self.ask_message(name.clone());
        }
        Ok(())
    }

    /// What the server says of messages has changed: each is fetched anew when it is opened.
    pub(crate) fn forget_messages(&mut self) {
        self.messages.forget_all();
        self.out.writes.push(Write::ForgetMessages);
    }

    /// A message may be opened next.
    pub(crate) fn prefetch_message(&mut self, name: Name) {
        if self.messages.has(&name) || self.messages.asked.contains_key(&name) {
            return;
        }
        self.messages.ahead.retain(|one| *one != name);
        if self.messages.ahead.len() >= AHEAD {
            self.messages.ahead.remove(0);
        }
        self.messages.ahead.push(name);
    }

    pub(super) fn ask_message(&mut self, name: Name) {
        let asked = self.ask(Ask::Message(name.0.clone(), name.1));
        self.messages.asked.insert(name, asked);
    }

    /// A message came, or could not.
    pub(super) fn message_came(
        &mut self,
        asked: Moment,
        mailbox: MailboxId,
        key: MessageKey,
        answer: Result<Message, ApiError>,
    ) {
        let name = (mailbox, key);
        if self.messages.asked.get(&name) != Some(&asked) {
            return;
        }
        self.messages.asked.remove(&name);
        let now = self.tick();
        let folder = self.folders.get_mut(&name.0);
        match answer {
            Ok(mut message) => {
                let folder = folder.as_deref();
                let newer = folder.and_then(|folder| folder.learnt_after(key.uid, asked));
                if let Some(keywords) = newer {
                    message.keywords.clone_from(keywords);
                }
                let message = Rc::new(message);
                self.out.writes.push(Write::Message(Rc::clone(&message)));
                self.messages.keep(name.clone(), message, now);
                self.out.tell(Notice::Message(name.0, name.1));
            }
            Err(error) => {
                if error.code == ErrorCode::MessageGone
                    && let Some(folder) = folder
                {
                    folder.wish(Wish::Unknown);
                }
                if Failure::of(&error) == Failure::SignedOut {
                    self.sign_out(asked);
                }
            }
        }
    }
}
