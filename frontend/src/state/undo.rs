//! Undo of moving (archive, delete, junk and move are all moves): while the operation still waits
//! it is taken back, afterwards the messages are moved back to where they were.

use leptos::prelude::*;
use whimbrel_shared::{Action, Keyword, MailboxId, MovedKey, OperationId, UidSet};

use super::App;

/// More than anybody has toasts for.
const AT_MOST: usize = 20;

/// A move that can be taken back.
#[derive(Debug, Clone)]
struct Move {
    id: OperationId,
    from: MailboxId,
    /// Keywords that moving added, and took away.
    add: Vec<Keyword>,
    remove: Vec<Keyword>,
    /// Where the messages are now; `None` until the server answered.
    moved: Option<Vec<MovedKey>>,
    /// Undo was asked for before the server answered.
    wanted: bool,
    /// The toast that offers to undo it.
    toast: Option<u32>,
}

/// What can be undone.
#[derive(Clone, Copy)]
pub struct Undo {
    /// Oldest first.
    moves: StoredValue<Vec<Move>>,
    /// The latest, for the key `z`.
    latest: StoredValue<Option<OperationId>>,
}

impl Undo {
    /// Nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            moves: StoredValue::new(Vec::new()),
            latest: StoredValue::new(None),
        }
    }
}

impl Undo {
    /// Changes what is remembered of a move; `None` if nothing is.
    fn with<R>(&self, id: &OperationId, change: impl FnOnce(&mut Move) -> R) -> Option<R> {
        let changed = self.moves.try_update_value(|moves| {
            let found = moves.iter_mut().find(|undo| undo.id == *id);
            found.map(change)
        });
        changed.flatten()
    }

    /// Forgets a move.
    fn take(&self, id: &OperationId) -> Option<Move> {
        let taken = self.moves.try_update_value(|moves| {
            let at = moves.iter().position(|undo| undo.id == *id)?;
            Some(moves.remove(at))
        });
        taken.flatten()
    }
}

impl Default for Undo {
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// Performs a move and remembers how to take it back.
    pub(super) fn perform_move(self, action: Action) -> OperationId {
        let remembered = match &action {
            Action::Move {
                mailbox_id,
                add,
                remove,
                ..
            } => Some((mailbox_id.clone(), add.clone(), remove.clone())),
            _ => None,
        };
        let id = self.mail.perform(action);
        if let Some((from, add, remove)) = remembered {
            self.undo.moves.update_value(|moves| {
                make_room(moves);
                moves.push(Move {
                    id: id.clone(),
                    from,
                    add,
                    remove,
                    moved: None,
                    wanted: false,
                    toast: None,
                });
            });
            self.undo.latest.set_value(Some(id.clone()));
        }
        id
    }

    /// Says that a move was made, and offers to take it back.
    pub(super) fn offer_undo(self, id: OperationId, text: String) {
        let offered = id.clone();
        let toast = self
            .toasts
            .say_with_undo(text, move || self.undo_move(&offered));
        self.undo.with(&id, |undo| undo.toast = Some(toast));
    }

    /// Takes a move back.
    pub fn undo_move(self, id: &OperationId) {
        if self.mail.replica().withdraw(id) {
            self.undo.take(id);
            self.toasts.say("Undone");
            return;
        }
        let is_ready = self.undo.with(id, |undo| {
            undo.wanted = true;
            undo.moved.is_some()
        });
        if is_ready == Some(true)
            && let Some(undo) = self.undo.take(id)
        {
            self.move_back(&undo);
        }
    }

    /// Takes the latest move back, if there is one.
    pub fn undo_latest(self) {
        if let Some(id) = self.undo.latest.try_update_value(Option::take).flatten() {
            self.undo_move(&id);
        }
    }

    /// The server moved the messages: they can be moved back from now on.
    pub(super) fn move_was_applied(self, id: &OperationId, moved: &[MovedKey]) {
        let is_wanted = self.undo.with(id, |undo| {
            undo.moved = Some(moved.to_vec());
            undo.wanted
        });
        if is_wanted == Some(true)
            && let Some(undo) = self.undo.take(id)
        {
            self.move_back(&undo);
        }
    }

    /// The move did not happen: there is nothing to take back.
    pub(super) fn move_was_refused(self, id: &OperationId) {
        if let Some(toast) = self.undo.take(id).and_then(|undo| undo.toast) {
            self.toasts.close(toast);
        }
    }

    fn move_back(self, undo: &Move) {
        let moved = undo.moved.as_deref().unwrap_or_default();
        let Some(first) = moved.first() else {
            self.toasts.fail(
                "This mail server does not say where it put the messages. \
                 Move them back by hand from the folder they are in now.",
            );
            return;
        };
        // One move goes into one mailbox of one UIDVALIDITY.
        self.mail.perform(Action::Move {
            mailbox_id: first.mailbox_id.clone(),
            uidvalidity: first.key.uidvalidity,
            uids: moved.iter().map(|moved| moved.key.uid).collect::<UidSet>(),
            to: undo.from.clone(),
            add: undo.remove.clone(),
            remove: undo.add.clone(),
        });
        self.toasts.say("Undone");
    }
}

/// Forgets the oldest move if there are too many, but never one whose undo was promised.
fn make_room(moves: &mut Vec<Move>) {
    if moves.len() >= AT_MOST
        && let Some(oldest) = moves.iter().position(|undo| !undo.wanted)
    {
        moves.remove(oldest);
    }
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::{MailboxId, OperationId};

    use super::{AT_MOST, Move, make_room};

    #[test]
    fn an_undo_that_was_asked_for_is_never_forgotten() {
        let mut moves = Vec::new();
        for number in 0..3 * AT_MOST {
            make_room(&mut moves);
            moves.push(Move {
                id: OperationId(number.to_string()),
                from: MailboxId("INBOX".to_owned()),
                add: Vec::new(),
                remove: Vec::new(),
                moved: None,
                wanted: number == 1,
                toast: None,
            });
        }
        assert_eq!(moves.len(), AT_MOST);
        assert!(moves.iter().any(|undo| undo.wanted));
    }
}
