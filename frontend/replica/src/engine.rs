//! The sync engine as a state machine without I/O: wishes, operations and answers go in; questions,
//! notices and writes come out. Whoever drives it takes [`Engine::out`] after each call.

use std::{ops::Range, rc::Rc};

use whimbrel_shared::{
    Envelope, Keywords, MailboxId, Message, MessageKey, OperationId, OutcomeKind, Uid, UidValidity,
};

use crate::{
    folder::Folder,
    list::{ListKey, ListView, Phase, Row},
    messages::Messages,
    notice::Notice,
    order::Order,
    overlay::Overlay,
    question::{Moment, Question},
    queue::Queue,
    refusals::{Refusal, Refusals},
    search::Search,
    sorted_map::SortedMap,
    store::Write,
    tree::Tree,
    words,
};

mod answers;
mod ask;
pub(crate) mod audit;
mod counts;
mod line;
mod mailboxes;
mod messages;
mod outcomes;
mod perform;
pub(crate) mod renumbered;
mod rows;
mod sync;

/// Everything the replica knows.
#[derive(Debug, Default)]
pub(crate) struct Engine {
    now: Moment,
    spread: u64,
    /// The store was read.
    is_loaded: bool,
    tree: Tree,
    folders: SortedMap<MailboxId, Folder>,
    overlay: Overlay,
    messages: Messages,
    queue: Queue,
    /// The list on screen.
    shown: Option<ListKey>,
    /// Rows that were wanted of a list before it was on screen.
    early: Option<(ListKey, Range<usize>)>,
    line: line::Line,
    rounds: audit::Rounds,
    refusals: Refusals,
    /// What was about messages that were gone, if it is not known yet whether the mailbox was renumbered.
    gone: Vec<outcomes::Gone>,
    /// What was about messages of mailboxes that are renumbered and not known anew yet.
    lost: Vec<renumbered::Lost>,
    /// What came out and was not taken yet.
    pub(crate) out: Out,
}

/// What comes out of the engine.
#[derive(Debug, Default)]
pub(crate) struct Out {
    /// To be asked.
    pub(crate) questions: Vec<Question>,
    /// To be told, once each.
    pub(crate) notices: Vec<Notice>,
    /// To be written.
    pub(crate) writes: Vec<Write>,
    /// What became of operations, for those who wait for them.
    pub(crate) outcomes: Vec<(OperationId, OutcomeKind)>,
}

impl Out {
    /// Tells something, once.
    pub(crate) fn tell(&mut self, notice: Notice) {
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }
}

impl Engine {
    /// An engine that knows nothing. `spread` differs between browsers.
    pub(crate) fn new(spread: u64) -> Self {
        Self {
            spread,
            ..Self::default()
        }
    }

    /// The folders as shown.
    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// How many operations wait.
    pub(crate) fn queue_len(&self) -> usize {
        self.queue.len()
    }

    /// Operations that were not done and that the person has not dismissed.
    pub(crate) fn could_not_apply(&self) -> Vec<Refusal> {
        self.refusals.all()
    }

    /// The person has seen that this one was not done.
    pub(crate) fn dismiss(&mut self, id: &OperationId) {
        self.refusals.dismiss(id);
    }

    /// The id a mailbox has now.
    pub(crate) fn current_id(&self, mailbox: &MailboxId) -> MailboxId {
        self.tree.current_id(mailbox)
    }

    /// The list with the id its mailbox has now.
    pub(crate) fn current_list(&self, list: &ListKey) -> ListKey {
        ListKey {
            mailbox: self.current_id(&list.mailbox),
            search: list.search.clone(),
        }
    }

    /// What is known of a list.
    pub(crate) fn list(&self, list: &ListKey) -> ListView {
        let folder = self.folders.get(&list.mailbox);
        let mut view = ListView {
            phase: Phase::Loading,
            uidvalidity: None,
            total: 0,
        };
        if self.tree.is_makeshift(&list.mailbox) {
            view.phase = Phase::Ready;
            return view;
        }
        let Some(folder) = folder else {
            return view;
        };
        let (uidvalidity, error) = match list.search.as_deref() {
            None => (folder.mirror.as_ref().map(|m| m.uidvalidity), &folder.error),
            Some(text) => {
                let Some(search) = folder.searches.get(text) else {
                    return view;
                };
                let found = search.found.as_ref();
                (found.map(|found| found.uidvalidity), &search.error)
            }
        };
        view.uidvalidity = uidvalidity;
        view.total = self.order(list).map_or(0, Order::len);
        view.phase = match (uidvalidity, error) {
            (Some(_), _) => Phase::Ready,
            (None, Some(error)) => Phase::Failed(error.clone()),
            (None, None) => Phase::Loading,
        };
        view
    }

    /// Whether nothing is wished for or on its way that could alter the list.
    pub(crate) fn is_fresh(&self, list: &ListKey) -> bool {
        if self.tree.is_makeshift(&list.mailbox) {
            return true;
        }
        let Some(folder) = self.folders.get(&list.mailbox) else {
            return false;
        };
        folder.is_fresh()
            && list.search.as_ref().is_none_or(|text| {
                let search = folder.searches.get(text);
                search.is_some_and(Search::is_fresh)
            })
    }

    /// The rows of a list as shown.
    pub(crate) fn order(&self, list: &ListKey) -> Option<&Order> {
        let folder = self.folders.get(&list.mailbox)?;
        match list.search.as_deref() {
            None => Some(&folder.order),
            Some(text) => Some(&folder.searches.get(text)?.order),
        }
    }

    /// The message of a row.
    pub(crate) fn key_at(&self, list: &ListKey, index: usize) -> Option<MessageKey> {
        let uid = self.order(list)?.uid_at(index)?;
        let uidvalidity = self.list(list).uidvalidity?;
        Some(MessageKey { uidvalidity, uid })
    }

    /// A row.
    pub(crate) fn row(&self, list: &ListKey, index: usize) -> Option<Row> {
        let key = self.key_at(list, index)?;
        let envelope = self.envelope(&list.mailbox, key);
        Some(Row { key, envelope })
    }

    /// What a list shows of a message.
    pub(crate) fn envelope(&self, mailbox: &MailboxId, key: MessageKey) -> Option<Rc<Envelope>> {
        let MessageKey { uidvalidity, uid } = key;
        let envelope = self.server_envelope(mailbox, uidvalidity, uid)?;
        match self
            .overlay
            .keywords(mailbox, uidvalidity, uid, &envelope.keywords)
        {
            None => Some(Rc::clone(envelope)),
            Some(keywords) => Some(Rc::new(Envelope {
                keywords,
                ..Envelope::clone(envelope)
            })),
        }
    }

    /// A message.
    pub(crate) fn message(&mut self, name: &(MailboxId, MessageKey)) -> Option<Rc<Message>> {
        let now = self.now;
        let message = Rc::clone(self.messages.get(name, now)?);
        let keywords = self.keywords_of(&name.0, name.1, &message.keywords);
        match keywords {
            None => Some(message),
            Some(keywords) => Some(Rc::new(Message {
                keywords,
                ..Message::clone(&message)
            })),
        }
    }

    /// The keywords of a message as shown, if they are others than `kept`.
    fn keywords_of(
        &self,
        mailbox: &MailboxId,
        key: MessageKey,
        kept: &Keywords,
    ) -> Option<Keywords> {
        let MessageKey { uidvalidity, uid } = key;
        let row = self.server_envelope(mailbox, uidvalidity, uid);
        let base = row.map_or(kept, |envelope| &envelope.keywords);
        let shown = self.overlay.keywords(mailbox, uidvalidity, uid, base);
        let shown = shown.unwrap_or_else(|| base.clone());
        (shown != *kept).then_some(shown)
    }

    fn server_envelope(
        &self,
        mailbox: &MailboxId,
        uidvalidity: UidValidity,
        uid: Uid,
    ) -> Option<&Rc<Envelope>> {
        let mirror = self.folders.get(mailbox)?.mirror.as_ref()?;
        if mirror.uidvalidity != uidvalidity {
            return None;
        }
        match mirror.known.get(&uid) {
            Some(known) => Some(&known.envelope),
            None => self.overlay.appeared(mailbox, uidvalidity, uid),
        }
    }

    /// The next moment.
    fn tick(&mut self) -> Moment {
        self.now += 1;
        self.now
    }

    /// Computes the shown rows of a mailbox anew and tells which lists changed.
    fn refresh_rows(&mut self, mailbox: &MailboxId) {
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return;
        };
        let mut changed = Vec::new();
        if let Some(mirror) = &folder.mirror {
            let uids = self.overlay.uids(mailbox, mirror.uidvalidity, &mirror.uids);
            if *folder.order.uids() != uids {
                folder.order = Order::new(uids);
                changed.push(None);
            }
        } else if folder.order.len() > 0 {
            folder.order = Order::default();
            changed.push(None);
        }
        for (text, search) in folder.searches.iter_mut() {
            let uids = match &search.found {
                Some(found) => self.overlay.uids(mailbox, found.uidvalidity, &found.uids),
                None => Order::default().uids().clone(),
            };
            let uids = match &search.found {
                // What comes by an operation was not searched.
                Some(found) => uids.intersection(&found.uids),
                None => uids,
            };
            if *search.order.uids() != uids {
                search.order = Order::new(uids);
                changed.push(Some(text.clone()));
            }
        }
        for search in changed {
            self.out.tell(Notice::List(ListKey {
                mailbox: mailbox.clone(),
                search,
            }));
        }
    }

    /// Tells that a mailbox's lists have another phase, whatever their rows.
    fn tell_lists(&mut self, mailbox: &MailboxId) {
        for list in self.lists(mailbox) {
            self.out.tell(Notice::List(list));
        }
    }

    /// Tells that rows of a mailbox's lists show something else.
    fn tell_rows(&mut self, mailbox: &MailboxId) {
        for list in self.lists(mailbox) {
            self.out.tell(Notice::Rows(list));
        }
    }

    fn lists(&self, mailbox: &MailboxId) -> Vec<ListKey> {
        let Some(folder) = self.folders.get(mailbox) else {
            return Vec::new();
        };
        std::iter::once(None)
            .chain(folder.searches.keys().cloned().map(Some))
            .map(|search| ListKey {
                mailbox: mailbox.clone(),
                search,
            })
            .collect()
    }

    /// Forgets all mail and the queue; answers that are on their way are for nobody.
    pub(crate) fn forget_everything(&mut self) {
        let waiting: Vec<OperationId> = self
            .queue
            .entries()
            .map(|entry| entry.operation.id.clone())
            .chain(self.lost_ids())
            .collect();
        let lists: Vec<MailboxId> = self.folders.keys().cloned().collect();
        for mailbox in lists {
            self.tell_lists(&mailbox);
        }
        let out = std::mem::take(&mut self.out);
        *self = Self {
            now: self.now,
            spread: self.spread,
            is_loaded: true,
            line: self.line.signed_out(),
            out,
            ..Self::default()
        };
        self.out.questions.clear();
        self.out.writes.push(Write::Clear);
        self.out.tell(Notice::Mailboxes);
        self.out.tell(Notice::Queue);
        let refused = waiting.into_iter().map(|id| (id, words::forgotten()));
        self.out.outcomes.extend(refused);
    }
}
