//! A mail server in memory that keeps the sync contract: mailboxes with UIDs, states, changes since a
//! state, and operations with remembered outcomes. What it has is the truth that a replica must reach.

use std::collections::BTreeMap;

use whimbrel_shared::{
    ApiError, Changes, Envelope, Envelopes, ErrorCode, Keyword, KeywordChange, Keywords, Mailbox,
    MailboxId, MailboxList, MailboxSnapshot, Message, MessageKey, MovedKey, Operation, OperationId,
    Outcome, OutcomeKind, Rights, Role, SearchResult, State, Uid, UidSet,
};

mod apply;

/// The server. The id of a mailbox is its path, with `/` between.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) boxes: BTreeMap<String, Folder>,
    /// How often each operation altered something.
    pub(crate) applied: BTreeMap<OperationId, u32>,
    remembered: BTreeMap<OperationId, Outcome>,
    /// It can say which keywords changed (CONDSTORE).
    pub(crate) can_say: bool,
    /// It says where messages went (UIDPLUS).
    pub(crate) says_where: bool,
    last_uidvalidity: u32,
    last_letter: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub(crate) role: Option<Role>,
    pub(crate) uidvalidity: u32,
    pub(crate) uidnext: Uid,
    pub(crate) modseq: u64,
    pub(crate) mails: BTreeMap<Uid, Mail>,
}

#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// The same wherever the letter goes.
    pub(crate) letter: u32,
    pub(crate) keywords: Keywords,
    modseq: u64,
}

impl Folder {
    pub(crate) fn state(&self) -> State {
        let Self {
            uidvalidity,
            uidnext,
            modseq,
            mails,
            ..
        } = self;
        State(format!("{uidvalidity}.{uidnext}.{}.{modseq}", mails.len()))
    }

    pub(crate) fn uids(&self) -> UidSet {
        self.mails.keys().copied().collect()
    }

    pub(crate) fn put(&mut self, letter: u32, keywords: Keywords) -> Uid {
        self.modseq += 1;
        let (uid, modseq) = (self.uidnext, self.modseq);
        self.uidnext += 1;
        let mail = Mail {
            letter,
            keywords,
            modseq,
        };
        self.mails.insert(uid, mail);
        uid
    }

    pub(crate) fn take(&mut self, uid: Uid) -> Option<Mail> {
        self.modseq += u64::from(self.mails.contains_key(&uid));
        self.mails.remove(&uid)
    }

    pub(crate) fn mark(&mut self, uid: Uid, add: &[Keyword], remove: &[Keyword]) {
        if let Some(mail) = self.mails.get_mut(&uid) {
            self.modseq += 1;
            mail.modseq = self.modseq;
            mail.keywords.change(remove, add);
        }
    }

    fn envelope(&self, uid: Uid) -> Option<Envelope> {
        let mail = self.mails.get(&uid)?;
        Some(Envelope {
            uid,
            keywords: mail.keywords.clone(),
            from: Vec::new(),
            to: Vec::new(),
            subject: format!("Letter {}", mail.letter),
            received_at: i64::from(mail.letter),
            sent_at: None,
            size: 1000,
            has_attachment: false,
            preview: None,
        })
    }
}

pub(crate) fn id(path: &str) -> MailboxId {
    MailboxId(path.to_owned())
}

pub(crate) fn error(code: ErrorCode) -> ApiError {
    ApiError::new(code, "It did not work.", "Try again.")
}

fn seen() -> Keyword {
    Keyword::new(Keyword::SEEN)
}

impl World {
    /// Inbox, Drafts, Sent, Trash and Work.
    pub(crate) fn new() -> Self {
        let mut world = Self {
            can_say: true,
            says_where: true,
            ..Self::default()
        };
        for (path, role) in [
            ("INBOX", Some(Role::Inbox)),
            ("Drafts", Some(Role::Drafts)),
            ("Sent", Some(Role::Sent)),
            ("Trash", Some(Role::Trash)),
            ("Work", None),
        ] {
            world.make(path, role);
        }
        world
    }

    pub(crate) fn make(&mut self, path: &str, role: Option<Role>) {
        self.last_uidvalidity += 1;
        let folder = Folder {
            role,
            uidvalidity: self.last_uidvalidity,
            uidnext: 1,
            ..Folder::default()
        };
        self.boxes.insert(path.to_owned(), folder);
    }

    /// New letters, unread; returns the UID of the last.
    pub(crate) fn deliver(&mut self, path: &str, count: u32) -> Uid {
        (0..count).fold(0, |_, _| {
            self.last_letter += 1;
            let letter = self.last_letter;
            self.folder(path).put(letter, Keywords::new())
        })
    }

    pub(crate) fn folder(&mut self, path: &str) -> &mut Folder {
        self.boxes.get_mut(path).unwrap()
    }

    /// The mailbox is renumbered.
    pub(crate) fn renumber(&mut self, path: &str) {
        self.last_uidvalidity += 1;
        let uidvalidity = self.last_uidvalidity;
        let folder = self.folder(path);
        folder.uidvalidity = uidvalidity;
        let mails = std::mem::take(&mut folder.mails);
        folder.uidnext = 1;
        for mail in mails.into_values() {
            folder.put(mail.letter, mail.keywords);
        }
    }

    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        let below = format!("{from}/");
        for (path, folder) in std::mem::take(&mut self.boxes) {
            let path = match path.strip_prefix(&below) {
                Some(rest) => format!("{to}/{rest}"),
                None if path == from => to.to_owned(),
                None => path,
            };
            self.boxes.insert(path, folder);
        }
    }

    pub(crate) fn list(&self) -> MailboxList {
        let mut mailboxes = Vec::new();
        self.below("", &mut mailboxes);
        MailboxList {
            mailboxes,
            may_create_top_level: true,
        }
    }

    fn below(&self, prefix: &str, list: &mut Vec<Mailbox>) {
        let here = self.boxes.iter().filter_map(|(path, folder)| {
            let name = path.strip_prefix(prefix)?;
            (!name.contains('/')).then_some((path, name, folder))
        });
        let mut here: Vec<_> = here.collect();
        here.sort_by_key(|(_, name, folder)| {
            (folder.role.is_none(), folder.role, name.to_lowercase())
        });
        for (place, (path, name, folder)) in here.into_iter().enumerate() {
            let unread = folder
                .mails
                .values()
                .filter(|m| !m.keywords.contains(Keyword::SEEN));
            list.push(Mailbox {
                id: id(path),
                parent_id: prefix.strip_suffix('/').map(id),
                name: name.to_owned(),
                role: folder.role,
                sort_order: u32::try_from(place).unwrap(),
                total_emails: u32::try_from(folder.mails.len()).unwrap(),
                unread_emails: u32::try_from(unread.count()).unwrap(),
                is_subscribed: true,
                my_rights: Rights {
                    may_read_items: true,
                    may_add_items: true,
                    may_remove_items: true,
                    may_create_child: true,
                    may_rename: folder.role.is_none(),
                    may_delete: folder.role.is_none(),
                },
                state: Some(folder.state()),
            });
            self.below(&format!("{path}/"), list);
        }
    }

    fn open(&self, mailbox: &MailboxId) -> Result<&Folder, ApiError> {
        self.boxes
            .get(&mailbox.0)
            .ok_or_else(|| error(ErrorCode::MailboxGone))
    }

    pub(crate) fn snapshot(
        &self,
        mailbox: &MailboxId,
        window: u32,
    ) -> Result<MailboxSnapshot, ApiError> {
        let folder = self.open(mailbox)?;
        let newest = folder.mails.keys().rev().take(window as usize);
        Ok(MailboxSnapshot {
            state: folder.state(),
            uidvalidity: folder.uidvalidity,
            uids: folder.uids(),
            envelopes: newest.filter_map(|uid| folder.envelope(*uid)).collect(),
        })
    }

    pub(crate) fn changes(
        &self,
        mailbox: &MailboxId,
        since: &State,
        shown: &UidSet,
    ) -> Result<Changes, ApiError> {
        let folder = self.open(mailbox)?;
        let then: Vec<u64> = since.0.split('.').map(|n| n.parse().unwrap()).collect();
        if then[0] != u64::from(folder.uidvalidity) {
            return Ok(Changes::StartOver);
        }
        let is_told = |uid: Uid, mail: &Mail| match self.can_say {
            true => mail.modseq > then[3],
            false => shown.contains(uid),
        };
        let told = folder
            .mails
            .iter()
            .filter(|(uid, mail)| is_told(**uid, mail));
        Ok(Changes::Since {
            state: folder.state(),
            uids: folder.uids(),
            keywords: told
                .map(|(&uid, mail)| KeywordChange {
                    uid,
                    keywords: mail.keywords.clone(),
                })
                .collect(),
        })
    }

    pub(crate) fn envelopes(
        &self,
        mailbox: &MailboxId,
        uidvalidity: u32,
        uids: &UidSet,
    ) -> Result<Envelopes, ApiError> {
        assert!(uids.len() <= 200, "at most 200 rows");
        let folder = self.open(mailbox)?;
        if folder.uidvalidity != uidvalidity {
            return Err(error(ErrorCode::MessageGone));
        }
        let envelopes = uids.iter().filter_map(|uid| folder.envelope(uid)).collect();
        Ok(Envelopes { envelopes })
    }

    /// Finds the letters whose number ends in `text`.
    pub(crate) fn search(&self, mailbox: &MailboxId, text: &str) -> Result<SearchResult, ApiError> {
        let folder = self.open(mailbox)?;
        let is_found = |mail: &Mail| mail.letter.to_string().ends_with(text);
        let found = folder.mails.iter().filter(|(_, mail)| is_found(mail));
        Ok(SearchResult {
            uidvalidity: folder.uidvalidity,
            uids: found.map(|(uid, _)| *uid).collect(),
        })
    }

    pub(crate) fn message(
        &self,
        mailbox: &MailboxId,
        key: MessageKey,
    ) -> Result<Message, ApiError> {
        let folder = self.open(mailbox)?;
        let envelope = folder
            .envelope(key.uid)
            .filter(|_| folder.uidvalidity == key.uidvalidity)
            .ok_or_else(|| error(ErrorCode::MessageGone))?;
        Ok(Message {
            mailbox_id: mailbox.clone(),
            key,
            keywords: envelope.keywords,
            from: Vec::new(),
            reply_to: Vec::new(),
            to: Vec::new(),
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: envelope.subject,
            received_at: envelope.received_at,
            sent_at: None,
            size: 1000,
            message_id: String::new(),
            references: Vec::new(),
            text: "Hello.".to_owned(),
            is_html: false,
            has_remote_content: false,
            remote_hosts: Vec::new(),
            loads_pictures: false,
            held_because: String::new(),
            trackers: Vec::new(),
            attachments: Vec::new(),
            pictures: Vec::new(),
            defects: Vec::new(),
        })
    }

    /// Applies an operation, unless it was answered before.
    pub(crate) fn operation(&mut self, operation: &Operation) -> Outcome {
        if let Some(outcome) = self.remembered.get(&operation.id) {
            return outcome.clone();
        }
        let outcome = Outcome {
            id: operation.id.clone(),
            outcome: self.apply(&operation.action),
        };
        if matches!(outcome.outcome, OutcomeKind::Applied { .. }) {
            *self.applied.entry(operation.id.clone()).or_default() += 1;
        }
        let is_renumbered = matches!(&outcome.outcome, OutcomeKind::Refused { error, .. }
            if error.code == ErrorCode::MessageGone);
        if !is_renumbered {
            self.remembered
                .insert(operation.id.clone(), outcome.clone());
        }
        outcome
    }

    /// Every letter, by number, with how often it is there.
    pub(crate) fn letters(&self) -> BTreeMap<u32, usize> {
        let mut letters = BTreeMap::new();
        for mail in self.boxes.values().flat_map(|folder| folder.mails.values()) {
            *letters.entry(mail.letter).or_default() += 1;
        }
        letters
    }
}

pub(crate) fn applied(moved: Vec<MovedKey>, mailbox_id: Option<MailboxId>) -> OutcomeKind {
    OutcomeKind::Applied {
        moved,
        gone: UidSet::new(),
        mailbox_id,
        below: Vec::new(),
        refused_recipients: Vec::new(),
        warning: None,
        is_copy_missing: false,
    }
}

fn refused(code: ErrorCode) -> OutcomeKind {
    OutcomeKind::Refused {
        error: error(code),
        refused_recipients: Vec::new(),
    }
}
