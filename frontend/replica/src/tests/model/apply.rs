//! Applying operations.

use std::collections::BTreeSet;

use whimbrel_shared::{
    Action, ErrorCode, Keyword, MailboxId, MessageKey, MovedKey, OutcomeKind, Uid,
};

use super::{Mail, World, applied, id, refused, seen};

impl World {
    pub(super) fn apply(&mut self, action: &Action) -> OutcomeKind {
        match action {
            Action::CreateMailbox {
                parent_id, name, ..
            } => self.create(parent_id.as_ref(), name),
            Action::RenameMailbox {
                mailbox_id,
                parent_id,
                name,
            } => self.rename_to(&mailbox_id.0, parent_id.as_ref(), name),
            Action::DeleteMailbox { mailbox_id } => self.delete(&mailbox_id.0),
            Action::SaveDraft { draft, replaces } => self.save(&draft.subject, *replaces),
            Action::Send { replaces, .. } => {
                if let Some(key) = replaces {
                    self.folder("Drafts").take(key.uid);
                }
                self.deliver("Sent", 1);
                applied(Vec::new(), None)
            }
            Action::SubscribeMailbox { .. } => applied(Vec::new(), None),
            _ => self.apply_to_rows(action),
        }
    }

    fn apply_to_rows(&mut self, action: &Action) -> OutcomeKind {
        let Some((mailbox, uidvalidity, uids)) = action.rows() else {
            return refused(ErrorCode::Invalid);
        };
        let Some(folder) = self.boxes.get_mut(&mailbox.0) else {
            return OutcomeKind::Gone;
        };
        let there: BTreeSet<Uid> = uids.intersection(&folder.uids()).iter().collect();
        if folder.uidvalidity != uidvalidity {
            return refused(ErrorCode::MessageGone);
        }
        if there.is_empty() {
            return OutcomeKind::Gone;
        }
        let lacking = uids.difference(&folder.uids());
        let moved = match action {
            Action::SetKeywords { add, remove, .. } => {
                there.iter().for_each(|&uid| folder.mark(uid, add, remove));
                Vec::new()
            }
            Action::Destroy { .. } => {
                there.iter().for_each(|&uid| drop(folder.take(uid)));
                Vec::new()
            }
            Action::Move {
                to, add, remove, ..
            } => {
                there.iter().for_each(|&uid| folder.mark(uid, add, remove));
                let mails = there
                    .iter()
                    .filter_map(|&uid| Some((uid, folder.take(uid)?)));
                let mails = mails.collect();
                self.arrive(&to.0, mails)
            }
            Action::Copy { to, .. } => {
                let mails = there.iter().map(|uid| (*uid, folder.mails[uid].clone()));
                let mails = mails.collect();
                self.arrive(&to.0, mails)
            }
            _ => Vec::new(),
        };
        let mut outcome = applied(moved, None);
        if let OutcomeKind::Applied { gone, .. } = &mut outcome {
            *gone = lacking;
        }
        outcome
    }

    fn arrive(&mut self, to: &str, mails: Vec<(Uid, Mail)>) -> Vec<MovedKey> {
        // A target that is gone is made again, with all above it.
        let ends = to.match_indices('/').map(|(end, _)| end);
        for end in ends.chain([to.len()]) {
            if !self.boxes.contains_key(to.split_at(end).0) {
                self.make(to.split_at(end).0, None);
            }
        }
        let says_where = self.says_where;
        let folder = self.folder(to);
        let mut moved = Vec::new();
        for (from, mail) in mails {
            let uid = folder.put(mail.letter, mail.keywords);
            let uidvalidity = folder.uidvalidity;
            moved.push(MovedKey {
                from,
                mailbox_id: id(to),
                key: MessageKey { uidvalidity, uid },
            });
        }
        moved.retain(|_| says_where);
        moved
    }

    fn save(&mut self, subject: &str, replaces: Option<MessageKey>) -> OutcomeKind {
        let drafts = self.folder("Drafts");
        if let Some(key) = replaces.filter(|key| key.uidvalidity == drafts.uidvalidity) {
            drafts.take(key.uid);
        }
        let letter = subject.parse().unwrap_or(0);
        let keywords = [seen(), Keyword::new(Keyword::DRAFT)].into_iter().collect();
        let uid = drafts.put(letter, keywords);
        let uidvalidity = drafts.uidvalidity;
        let saved = MovedKey {
            from: 0,
            mailbox_id: id("Drafts"),
            key: MessageKey { uidvalidity, uid },
        };
        applied(vec![saved], None)
    }

    fn create(&mut self, parent: Option<&MailboxId>, name: &str) -> OutcomeKind {
        let path = match parent {
            Some(parent) if !self.boxes.contains_key(&parent.0) => {
                return refused(ErrorCode::MailboxGone);
            }
            Some(parent) => format!("{parent}/{name}"),
            None => name.to_owned(),
        };
        if self.boxes.contains_key(&path) {
            return refused(ErrorCode::AlreadyExists);
        }
        self.make(&path, None);
        applied(Vec::new(), Some(id(&path)))
    }

    fn rename_to(&mut self, from: &str, parent: Option<&MailboxId>, name: &str) -> OutcomeKind {
        let to = parent.map_or_else(|| name.to_owned(), |parent| format!("{parent}/{name}"));
        let Some(folder) = self.boxes.get(from) else {
            return OutcomeKind::Gone;
        };
        if folder.role.is_some() || to == from || to.starts_with(&format!("{from}/")) {
            return refused(ErrorCode::NotPermitted);
        }
        if self.boxes.contains_key(&to) {
            return refused(ErrorCode::AlreadyExists);
        }
        let start = format!("{from}/");
        let rests = self
            .boxes
            .keys()
            .filter_map(|path| path.strip_prefix(&start));
        let renamed =
            rests.map(|rest| (id(&format!("{from}/{rest}")), id(&format!("{to}/{rest}"))));
        let renamed: Vec<_> = renamed.collect();
        self.rename(from, &to);
        let mut outcome = applied(Vec::new(), Some(id(&to)));
        if let OutcomeKind::Applied { below, .. } = &mut outcome {
            *below = renamed;
        }
        outcome
    }

    fn delete(&mut self, path: &str) -> OutcomeKind {
        let Some(folder) = self.boxes.get(path) else {
            return OutcomeKind::Gone;
        };
        let below = format!("{path}/");
        if folder.role.is_some() || self.boxes.keys().any(|path| path.starts_with(&below)) {
            return refused(ErrorCode::NotPermitted);
        }
        self.boxes.remove(path);
        applied(Vec::new(), None)
    }
}
