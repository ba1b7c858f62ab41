//! Asks what is wished for and may be asked now. Called after everything that may have raised a wish or
//! made room for a question.

use whimbrel_shared::{MailboxId, UidSet};

use super::Engine;
use crate::{
    folder::{Telling, Wish},
    question::{Ask, Moment, Question, RowsAsked},
    rows::Place,
    search::Search,
};

/// UIDs on screen whose keywords are asked; a URL has to hold them.
const SHOWN: usize = 200;
/// Rows that are taken to be on screen until it is known which are.
const FIRST: usize = 50;
/// Messages fetched ahead at a time.
const AHEAD: usize = 1;

impl Engine {
    /// Asks.
    pub(crate) fn ask_what_is_wished(&mut self) {
        if !self.line.may_ask() || !self.is_loaded {
            return;
        }
        self.keep_rounds();
        if self.tree.wish && self.tree.asked.is_none() && self.tree.pace.is_free() {
            self.tree.wish = false;
            self.tree.is_overtaken = false;
            self.tree.asked = Some(self.ask(Ask::Mailboxes));
        }
        // The list on screen first.
        let shown = self.shown.as_ref().map(|list| list.mailbox.clone());
        let others = self.folders.keys().filter(|id| Some(*id) != shown.as_ref());
        let others: Vec<MailboxId> = others.cloned().collect();
        for mailbox in shown.iter().chain(&others) {
            if !self.tree.is_makeshift(mailbox) {
                self.ask_changes(mailbox);
                self.ask_rows(mailbox);
            }
        }
        self.ask_search();
        let now = self.now + 1;
        if let Some(operations) = self.queue.next(now) {
            self.ask(Ask::Operations(operations));
        }
        self.ask_ahead();
    }

    /// Asks one question; returns its number, which is the next moment.
    pub(super) fn ask(&mut self, ask: Ask) -> Moment {
        let asked = self.tick();
        self.out.questions.push(Question { asked, ask });
        asked
    }

    fn ask_changes(&mut self, mailbox: &MailboxId) {
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return;
        };
        let may = folder.sync.asked.is_none() && folder.sync.pace.is_free();
        let Some(wish) = folder.sync.wish.clone().filter(|_| may) else {
            return;
        };
        folder.sync.wish = None;
        let ask = match &folder.mirror {
            None if folder.sync.skip_store => Ask::Snapshot(mailbox.clone()),
            None => {
                folder.sync.skip_store = true;
                Ask::Open(mailbox.clone())
            }
            Some(mirror) if wish == Wish::Becomes(mirror.state.clone()) => return,
            Some(mirror) => {
                let rows = folder.rows.range().filter(|rows| !rows.is_empty());
                let rows = rows.unwrap_or(0..FIRST);
                let rows = rows.start..rows.end.min(rows.start.saturating_add(SHOWN));
                let order = match folder.rows.search() {
                    None => Some(&folder.order),
                    Some(text) => folder.searches.get(text).map(|search| &search.order),
                };
                let shown = order.map_or_else(UidSet::new, |order| order.uids_in(rows));
                let shown = match self.messages.latest(mailbox, mirror.uidvalidity) {
                    Some(open) => shown.union(&UidSet::one(open)),
                    None => shown,
                };
                let (uids, state) = (mirror.uids.clone(), mirror.state.clone());
                let shown = shown.union(&folder.slice()).intersection(&uids);
                folder.sync.shown = shown.clone();
                Ask::Changes(mailbox.clone(), state, shown)
            }
        };
        let asked = self.ask(ask);
        if let Some(folder) = self.folders.get_mut(mailbox) {
            folder.sync.asked = Some(asked);
        }
    }

    fn ask_rows(&mut self, mailbox: &MailboxId) {
        loop {
            let now = self.now + 1;
            let Some(folder) = self.folders.get_mut(mailbox) else {
                return;
            };
            let Some(mirror) = &folder.mirror else {
                return;
            };
            let order = match folder.rows.search() {
                None => &folder.order,
                Some(text) => match folder.searches.get(text) {
                    Some(search) => &search.order,
                    None => return,
                },
            };
            // Rows that the mailbox does not have (yet) cannot be learnt: its changes bring them.
            let is_known = |uid, place| match mirror.known.get(&uid) {
                Some(known) => place == Place::Near || !known.is_doubtful,
                None => !mirror.uids.contains(uid),
            };
            let uidvalidity = mirror.uidvalidity;
            let Some(uids) = folder.rows.next(order, is_known, now) else {
                return;
            };
            let is_doubtful =
                |uid: &u32| folder.telling == Telling::OnScreen || mirror.known.contains_key(uid);
            let doubtful = uids.iter().filter(is_doubtful).collect();
            self.ask(Ask::Rows(RowsAsked {
                mailbox: mailbox.clone(),
                uidvalidity,
                uids,
                doubtful,
            }));
        }
    }

    /// Asks the search on screen; one that was left is asked when it is looked at again.
    fn ask_search(&mut self) {
        let Some(list) = self.shown.clone() else {
            return;
        };
        let is_made = !self.tree.is_makeshift(&list.mailbox);
        let may =
            |search: &mut Search| search.wish && search.asked.is_none() && search.pace.is_free();
        if is_made && self.search_mut(&list).is_some_and(may) {
            let asked = self.ask(Ask::Search(list.clone()));
            if let Some(search) = self.search_mut(&list) {
                search.wish = false;
                search.asked = Some(asked);
            }
        }
    }

    /// Fetches what is likely to be opened next, when nothing else is on its way.
    fn ask_ahead(&mut self) {
        let is_busy = self.queue.is_busy()
            || self.tree.asked.is_some()
            || self.messages.asked.len() >= AHEAD
            || self
                .folders
                .values()
                .any(|folder| folder.sync.asked.is_some() || folder.rows.is_busy());
        if is_busy {
            return;
        }
        while let Some(name) = self.messages.ahead.pop() {
            if !self.messages.has(&name) {
                self.ask_message(name);
                return;
            }
        }
    }
}
