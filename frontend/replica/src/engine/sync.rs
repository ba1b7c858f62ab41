//! What changed in a mailbox: putting a list on screen, and learning the server's answers. One question
//! a mailbox is on its way at a time, so answers come in the order of the questions.

use whimbrel_shared::{ApiError, Changes, ErrorCode, MailboxId, MailboxSnapshot};

use super::Engine;
use crate::{
    folder::{Folder, Mirror, Told, Wish},
    list::ListKey,
    notice::Notice,
    question::{Failure, Moment, Timer},
    search::REMEMBERED,
    store::{SavedMailbox, Write},
};

/// Rows kept of a mailbox that is not on screen.
const KEPT_ASIDE: usize = 2000;

impl Engine {
    /// A list is on screen from now on.
    pub(crate) fn want_list(&mut self, list: &ListKey) {
        if self.shown.as_ref() != Some(list) {
            if let Some(old) = self.shown.replace(list.clone())
                && let Some(folder) = self.folders.get_mut(&old.mailbox)
            {
                folder.evict(KEPT_ASIDE);
                folder.rows.want_nothing();
            }
            let folder = self
                .folders
                .get_or_insert_with(list.mailbox.clone(), Default::default);
            folder.was_away = folder.mirror.is_some();
            let early = self.early.take().filter(|(early, _)| early == list);
            let rows = early.map_or(0..0, |(_, rows)| rows);
            folder.rows.want(list.search.clone(), rows);
        }
        let folder = self
            .folders
            .get_or_insert_with(list.mailbox.clone(), Default::default);
        folder.wish(Wish::Unknown);
        folder.sync.pace.reset();
        folder.rows.try_again();
        let was_failed = folder.error.take().is_some();
        if let Some(text) = &list.search {
            if folder.searches.len() >= REMEMBERED && !folder.searches.contains_key(text) {
                folder.searches.retain(|_, search| search.asked.is_some());
            }
            let search = folder
                .searches
                .get_or_insert_with(text.clone(), Default::default);
            search.wish = true;
            search.error = None;
            search.pace.reset();
        }
        if was_failed {
            self.tell_lists(&list.mailbox);
        }
    }

    /// The store had kept the mailbox.
    pub(super) fn saved_came(&mut self, asked: Moment, mailbox: &MailboxId, saved: SavedMailbox) {
        let Some(folder) = self.landing(mailbox, asked) else {
            return;
        };
        folder.mirror = Some(Mirror::of_saved(saved));
        folder.error = None;
        folder.wish(Wish::Unknown);
        self.refresh_rows(mailbox);
        self.tell_lists(mailbox);
        self.tell_rows(mailbox);
    }

    /// The server answered with the whole mailbox, or could not.
    pub(super) fn snapshot_came(
        &mut self,
        asked: Moment,
        mailbox: &MailboxId,
        answer: Result<MailboxSnapshot, ApiError>,
    ) {
        let Some(folder) = self.landing(mailbox, asked) else {
            return;
        };
        let snapshot = match answer {
            Ok(snapshot) => snapshot,
            Err(error) => return self.sync_failed(asked, mailbox, error),
        };
        let (uidvalidity, uids) = (snapshot.uidvalidity, snapshot.uids.clone());
        let kept = snapshot.envelopes.iter().cloned().map(std::rc::Rc::new);
        let kept = kept.collect();
        let mirror = Mirror::of_snapshot(snapshot);
        let state = mirror.state.clone();
        let saved = mirror.to_saved();
        folder.mirror = Some(mirror);
        folder.error = None;
        folder.sync.pace.reset();
        folder.rows.cancel();
        folder.learnt.clear();
        folder.has_become(&state);
        for search in folder.searches.values_mut() {
            search.shrink(uidvalidity, &uids, asked);
        }
        self.out.writes.extend([
            Write::Mailbox(mailbox.clone(), saved),
            Write::Envelopes(mailbox.clone(), uidvalidity, kept),
        ]);
        self.overlay.confirm(mailbox, asked);
        self.gone_indeed(mailbox, Moment::MAX);
        self.follow_renumbering(mailbox, uidvalidity);
        self.refresh_rows(mailbox);
        self.tell_lists(mailbox);
        // A search may have been answered before: its rows stand there already, and now say something.
        self.tell_rows(mailbox);
    }

    /// The server said what changed, or could not.
    pub(super) fn changes_came(
        &mut self,
        asked: Moment,
        mailbox: &MailboxId,
        answer: Result<Changes, ApiError>,
    ) {
        if self.landing(mailbox, asked).is_none() {
            return;
        }
        match answer {
            Ok(Changes::Since {
                state,
                uids,
                keywords,
            }) => {
                let told = Told {
                    state,
                    uids,
                    keywords,
                };
                self.take_changes(asked, mailbox, &told);
            }
            Ok(Changes::StartOver) => self.start_over(mailbox),
            Err(error) => self.sync_failed(asked, mailbox, error),
        }
    }

    fn take_changes(&mut self, asked: Moment, mailbox: &MailboxId, told: &Told) {
        if self.audit_fails(mailbox, told) {
            return self.start_over(mailbox);
        }
        let now = self.tick();
        self.gone_indeed(mailbox, asked);
        let confirmed = self.overlay.confirm(mailbox, asked);
        let is_asking = !self.messages.asked.is_empty();
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return;
        };
        let Some((gone, is_news)) = folder.learn(now, told, is_asking) else {
            return;
        };
        let Some(mirror) = &mut folder.mirror else {
            return;
        };
        let looks_different = is_news || confirmed.is_some();
        for (uid, envelope) in confirmed.into_iter().flatten() {
            if !mirror.known.contains_key(&uid) {
                mirror.learn(envelope, true);
            }
        }
        let uidvalidity = mirror.uidvalidity;
        for search in folder.searches.values_mut() {
            search.shrink(uidvalidity, &told.uids, asked);
        }
        if is_news {
            self.out.writes.extend([
                Write::Mailbox(mailbox.clone(), mirror.to_saved()),
                Write::Keywords(mailbox.clone(), uidvalidity, told.keywords.clone()),
            ]);
        }
        self.messages.mark(mailbox, uidvalidity, &told.keywords);
        for (mailbox, key) in self.messages.forget(mailbox, uidvalidity, &gone) {
            self.out.tell(Notice::Message(mailbox, key));
        }
        if looks_different {
            for key in self.messages.of(mailbox) {
                self.out.tell(Notice::Message(mailbox.clone(), key));
            }
            self.refresh_rows(mailbox);
            self.tell_rows(mailbox);
        }
    }

    /// The UIDVALIDITY changed, or the mailbox was found to differ: nothing that is known of it means
    /// anything any more.
    pub(super) fn start_over(&mut self, mailbox: &MailboxId) {
        self.keep_former(mailbox);
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return;
        };
        folder.mirror = None;
        folder.sync.skip_store = true;
        folder.sync.asked = None;
        folder.audit = None;
        folder.rows.cancel();
        folder.wish(Wish::Unknown);
        for search in folder.searches.values_mut() {
            search.found = None;
            search.wish = true;
        }
        self.messages.forget_mailbox(mailbox);
        self.out.writes.push(Write::RemoveMailbox(mailbox.clone()));
        self.refresh_rows(mailbox);
        self.tell_lists(mailbox);
    }

    fn sync_failed(&mut self, asked: Moment, mailbox: &MailboxId, error: ApiError) {
        let timer = Timer::Sync(mailbox.clone());
        let is_passing = self.failed(asked, &error, timer, |engine| {
            let folder = engine.folders.get_mut(mailbox)?;
            Some(&mut folder.sync.pace)
        });
        if error.code == ErrorCode::MailboxGone {
            self.tree.wish = true;
            return self.mailbox_is_gone(mailbox, error);
        }
        let Some(folder) = self.folders.get_mut(mailbox) else {
            return;
        };
        if is_passing {
            folder.wish(Wish::Unknown);
        }
        if Failure::of(&error) != Failure::SignedOut {
            folder.error = Some(error);
            self.tell_lists(mailbox);
        }
    }

    /// The folder whose question of that moment is answered; `None` if the answer is for nobody.
    fn landing(&mut self, mailbox: &MailboxId, asked: Moment) -> Option<&mut Folder> {
        let folder = self.folders.get_mut(mailbox)?;
        if folder.sync.asked != Some(asked) {
            return None;
        }
        folder.sync.asked = None;
        Some(folder)
    }
}
