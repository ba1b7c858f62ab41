//! Rows and searches: learning what the server answers. An answer never puts back keywords that were
//! learnt after it was asked for.

use std::{ops::Range, rc::Rc};

use whimbrel_shared::{ApiError, Envelope, ErrorCode, MailboxId, SearchResult, UidSet};

use super::Engine;
use crate::{
    folder::{Folder, Wish},
    list::ListKey,
    notice::Notice,
    question::{Moment, Timer},
    search::Search,
    store::Write,
};

/// Rows kept of a mailbox that is on screen.
const KEPT: usize = 20_000;

impl Engine {
    /// These rows are on screen.
    pub(crate) fn want_rows(&mut self, list: &ListKey, rows: Range<usize>) {
        match self.folders.get_mut(&list.mailbox) {
            Some(folder) if self.shown.as_ref() == Some(list) => {
                folder.rows.want(list.search.clone(), rows);
            }
            _ => self.early = Some((list.clone(), rows)),
        }
    }

    /// Rows that the store kept; the answer of the server is still to come.
    pub(super) fn kept_rows_came(
        &mut self,
        asked: Moment,
        mailbox: &MailboxId,
        rows: Vec<Rc<Envelope>>,
    ) {
        if let Some(folder) = self.folders.get_mut(mailbox)
            && folder.rows.awaits(asked)
            && learn_rows(folder, rows, asked)
        {
            self.tell_rows(mailbox);
        }
    }

    /// The server answered with rows, or could not.
    pub(super) fn rows_came(
        &mut self,
        asked: Moment,
        mailbox: &MailboxId,
        answer: Result<Vec<Envelope>, ApiError>,
    ) {
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return;
        };
        let Some(uids) = folder.rows.land(asked) else {
            return;
        };
        let rows: Vec<Rc<Envelope>> = match answer {
            Ok(rows) => rows.into_iter().map(Rc::new).collect(),
            Err(error) => return self.rows_failed(asked, mailbox, &uids, &error),
        };
        folder.rows.pace.reset();
        let came: UidSet = rows.iter().map(|row| row.uid).collect();
        learn_rows(folder, rows, asked);
        if let Some(mirror) = &folder.mirror {
            // As they are known now: the store may have been told of newer keywords already.
            let learnt = came.iter().filter_map(|uid| mirror.known.get(&uid));
            let learnt: Vec<_> = learnt.map(|known| Rc::clone(&known.envelope)).collect();
            if !learnt.is_empty() {
                let write = Write::Envelopes(mailbox.clone(), mirror.uidvalidity, learnt);
                self.out.writes.push(write);
            }
            let there = uids.intersection(&mirror.uids).difference(&came);
            let absent: UidSet = there
                .iter()
                .filter(|uid| mirror.known.get(uid).is_none_or(|known| known.is_doubtful))
                .collect();
            if !absent.is_empty() {
                folder.rows.absent = folder.rows.absent.union(&absent);
                folder.wish(Wish::Unknown);
            }
        }
        folder.evict(KEPT);
        self.tell_rows(mailbox);
    }

    /// The server answered a search, or could not.
    pub(super) fn search_came(
        &mut self,
        asked: Moment,
        list: &ListKey,
        answer: Result<SearchResult, ApiError>,
    ) {
        let now = self.tick();
        let Some(search) = self.search_mut(list).filter(|s| s.asked == Some(asked)) else {
            return;
        };
        search.asked = None;
        match answer {
            Ok(found) => {
                search.pace.reset();
                search.error = None;
                search.answered = now;
                search.found = Some(found);
                self.check_search(list);
            }
            Err(error) => {
                let timer = Timer::Search(list.clone());
                let is_passing = self.failed(asked, &error, timer, |engine| {
                    engine.search_mut(list).map(|search| &mut search.pace)
                });
                if let Some(search) = self.search_mut(list) {
                    search.wish |= is_passing;
                    search.error = (error.code != ErrorCode::SignedOut).then_some(error);
                }
            }
        }
        self.refresh_rows(&list.mailbox);
        self.out.tell(Notice::List(list.clone()));
    }

    /// What was found is compared with what is known to be gone.
    fn check_search(&mut self, list: &ListKey) {
        let Some(folder) = self.folders.get_mut(&list.mailbox) else {
            return;
        };
        let text = list.search.as_deref().unwrap_or_default();
        let (Some(mirror), Some(search)) = (&folder.mirror, folder.searches.get_mut(text)) else {
            return;
        };
        let found = search.found.as_ref();
        if found.is_some_and(|found| found.uidvalidity != mirror.uidvalidity) {
            // The mailbox was renumbered before or after; its changes tell.
            search.found = None;
            search.wish = true;
            folder.wish(Wish::Unknown);
            return;
        }
        search.shrink(mirror.uidvalidity, &mirror.uids, 0);
        let is_news = |found: &SearchResult| found.uids.last() > mirror.uids.last();
        if search.found.as_ref().is_some_and(is_news) {
            folder.wish(Wish::Unknown);
        }
    }

    pub(super) fn search_mut(&mut self, list: &ListKey) -> Option<&mut Search> {
        let folder = self.folders.get_mut(&list.mailbox)?;
        folder.searches.get_mut(list.search.as_ref()?)
    }

    fn rows_failed(&mut self, asked: Moment, mailbox: &MailboxId, uids: &UidSet, error: &ApiError) {
        let timer = Timer::Rows(mailbox.clone());
        let is_passing = self.failed(asked, error, timer, |engine| {
            let folder = engine.folders.get_mut(mailbox)?;
            Some(&mut folder.rows.pace)
        });
        if let Some(folder) = self.folders.get_mut(mailbox)
            && !is_passing
        {
            folder.rows.absent = folder.rows.absent.union(uids);
            folder.wish(Wish::Unknown);
        }
    }
}

/// Learns rows that were asked for at `asked`; whether there were any.
fn learn_rows(folder: &mut Folder, rows: Vec<Rc<Envelope>>, asked: Moment) -> bool {
    let is_any = !rows.is_empty();
    for mut row in rows {
        let newer = folder.learnt_after(row.uid, asked).cloned();
        if let Some(keywords) = newer.as_ref().filter(|&newer| *newer != row.keywords) {
            Rc::make_mut(&mut row).keywords.clone_from(keywords);
        }
        if let Some(mirror) = &mut folder.mirror {
            let is_doubtful = folder.doubted > asked && newer.is_none();
            mirror.learn(row, is_doubtful);
        }
    }
    is_any
}
