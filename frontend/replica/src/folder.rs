//! What is known of one mailbox that was looked at: the last known server state of its rows, and how far
//! asking has come. Only answers of the server alter it; the queue is laid over it elsewhere.

use std::{collections::BTreeMap, rc::Rc};

use whimbrel_shared::{
    ApiError, Envelope, KeywordChange, Keywords, MailboxSnapshot, State, Uid, UidSet, UidValidity,
};

use crate::{
    engine::{
        audit::{Audit, Scan},
        renumbered::Former,
    },
    order::Order,
    question::{Moment, Pace},
    rows::RowsWanted,
    search::Search,
    sorted_map::SortedMap,
    store::SavedMailbox,
};

/// One mailbox.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    /// The last known server state; `None` until the first answer.
    pub(crate) mirror: Option<Mirror>,
    /// Why there is no mirror.
    pub(crate) error: Option<ApiError>,
    /// Asking what changed.
    pub(crate) sync: Sync,
    /// Asking for rows.
    pub(crate) rows: RowsWanted,
    /// Searches in it, by text.
    pub(crate) searches: SortedMap<String, Search>,
    /// The rows as shown, the queue included.
    pub(crate) order: Order,
    /// Keywords learnt since the oldest question on its way, and when: an answer that left earlier must
    /// not put older ones back.
    pub(crate) learnt: BTreeMap<Uid, (Moment, Keywords)>,
    /// How much the server's word on keywords is worth.
    pub(crate) telling: Telling,
    /// When rows that were not on screen were last taken for out of date.
    pub(crate) doubted: Moment,
    /// It was not on screen for a while, and nobody told of changes that the state does not show.
    pub(crate) was_away: bool,
    /// The scan of rows that are not on screen.
    pub(crate) scan: Scan,
    /// What operations may need of it since it was renumbered.
    pub(crate) former: Option<Former>,
    /// A comparison with the server under way.
    pub(crate) audit: Option<Audit>,
}

/// Which keywords the server tells when it is asked what changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Telling {
    /// Nobody knows yet; rows that were not on screen may be out of date.
    #[default]
    Unclear,
    /// Those that changed.
    Changed,
    /// Those on screen, changed or not: other rows may be out of date.
    OnScreen,
}

/// The single flight of `changes` (or of the first snapshot) of a mailbox.
#[derive(Debug, Default)]
pub(crate) struct Sync {
    /// To be asked as soon as nothing is on its way.
    pub(crate) wish: Option<Wish>,
    /// On its way.
    pub(crate) asked: Option<Moment>,
    /// The UIDs it asked the keywords of.
    pub(crate) shown: UidSet,
    /// After failures.
    pub(crate) pace: Pace,
    /// The store was asked already, or what it holds is worthless.
    pub(crate) skip_store: bool,
}

/// Why changes are wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The mailbox is said to look like this now: moot once it does here.
    Becomes(State),
    /// Anything may have changed.
    Unknown,
}

/// The last known server state of a mailbox.
#[derive(Debug)]
pub(crate) struct Mirror {
    /// What it looked like.
    pub(crate) state: State,
    /// Its UIDVALIDITY.
    pub(crate) uidvalidity: UidValidity,
    /// Every UID in it.
    pub(crate) uids: UidSet,
    /// The rows that are known.
    pub(crate) known: BTreeMap<Uid, Known>,
}

/// A row that is known.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// What the server said.
    pub(crate) envelope: Rc<Envelope>,
    /// Its keywords may be out of date: shown, but asked again.
    pub(crate) is_doubtful: bool,
}

/// What the server told of a mailbox since a state.
#[derive(Debug)]
pub(crate) struct Told {
    /// What it looks like now.
    pub(crate) state: State,
    /// Every UID in it.
    pub(crate) uids: UidSet,
    /// Keywords, as they are now.
    pub(crate) keywords: Vec<KeywordChange>,
}

/// What an answer changed.
#[derive(Debug, Default)]
struct Difference {
    /// UIDs that are no longer there.
    gone: UidSet,
    /// UIDs whose keywords are other than they were.
    marked: UidSet,
}

impl Difference {
    fn is_repeated(&self, change: &KeywordChange) -> bool {
        !self.marked.contains(change.uid)
    }
}

impl Folder {
    /// Whether its state is known, or will be.
    pub(crate) fn is_asked(&self) -> bool {
        self.mirror.is_some() || self.sync.asked.is_some() || self.sync.wish.is_some()
    }

    /// Whether it was learnt since anybody last wished to know.
    pub(crate) fn is_fresh(&self) -> bool {
        let is_asking = self.sync.wish.is_some() || self.sync.asked.is_some();
        self.mirror.is_some() && self.error.is_none() && !is_asking
    }

    /// Asks for changes; a wish for no particular state is the stronger one.
    pub(crate) fn wish(&mut self, wish: Wish) {
        if self.sync.wish != Some(Wish::Unknown) {
            self.sync.wish = Some(wish);
        }
    }

    /// Keywords of `uid` that were learnt after `asked`.
    pub(crate) fn learnt_after(&self, uid: Uid, asked: Moment) -> Option<&Keywords> {
        let (at, keywords) = self.learnt.get(&uid)?;
        (*at > asked).then_some(keywords)
    }

    /// Learns what the server told at `now`; `is_asking` if messages are on their way. Returns what is
    /// gone, and whether anything was news.
    pub(crate) fn learn(
        &mut self,
        now: Moment,
        told: &Told,
        is_asking: bool,
    ) -> Option<(UidSet, bool)> {
        let mirror = self.mirror.as_mut()?;
        self.error = None;
        self.sync.pace.reset();
        let has_moved = mirror.state != told.state;
        let is_news = has_moved || mirror.uids != told.uids || !told.keywords.is_empty();
        let difference = mirror.change(told);
        let telling = mirror.telling(&self.sync.shown, &told.keywords, &difference);
        self.telling = telling.unwrap_or(self.telling);
        if has_moved {
            self.rows.absent = UidSet::new();
        }
        let was_away = std::mem::take(&mut self.was_away);
        if (has_moved || was_away) && self.telling != Telling::Changed {
            mirror.doubt_all_but(&told.keywords.iter().map(|change| change.uid).collect());
            self.doubted = now;
        }
        if self.rows.is_busy() || is_asking {
            let learnt = told.keywords.iter();
            self.learnt
                .extend(learnt.map(|change| (change.uid, (now, change.keywords.clone()))));
        } else {
            self.learnt.clear();
        }
        self.has_become(&told.state);
        Some((difference.gone, is_news))
    }

    /// A wish for the state that is reached is fulfilled.
    pub(crate) fn has_become(&mut self, state: &State) {
        if self.sync.wish.as_ref() == Some(&Wish::Becomes(state.clone())) {
            self.sync.wish = None;
        }
    }

    /// Forgets the rows far from those on screen, down to `cap`.
    pub(crate) fn evict(&mut self, cap: usize) {
        let order = match self.rows.search() {
            Some(text) => self.searches.get(text).map(|search| &search.order),
            None => Some(&self.order),
        };
        let middle = order
            .and_then(|order| order.uid_at(self.rows.middle()))
            .unwrap_or(Uid::MAX);
        let Some(mirror) = &mut self.mirror else {
            return;
        };
        while mirror.known.len() > cap {
            let first = mirror.known.first_key_value().map(|(uid, _)| *uid);
            let last = mirror.known.last_key_value().map(|(uid, _)| *uid);
            let (Some(first), Some(last)) = (first, last) else {
                return;
            };
            if middle.abs_diff(first) > middle.abs_diff(last) {
                mirror.known.pop_first();
            } else {
                mirror.known.pop_last();
            }
        }
    }
}

impl Mirror {
    /// What a snapshot says.
    pub(crate) fn of_snapshot(snapshot: MailboxSnapshot) -> Self {
        let mut mirror = Self {
            state: snapshot.state,
            uidvalidity: snapshot.uidvalidity,
            uids: snapshot.uids,
            known: BTreeMap::new(),
        };
        for envelope in snapshot.envelopes {
            mirror.learn(Rc::new(envelope), false);
        }
        mirror
    }

    /// What the store kept.
    pub(crate) fn of_saved(saved: SavedMailbox) -> Self {
        Self {
            state: saved.state,
            uidvalidity: saved.uidvalidity,
            uids: saved.uids,
            known: BTreeMap::new(),
        }
    }

    /// What is to be kept.
    pub(crate) fn to_saved(&self) -> SavedMailbox {
        SavedMailbox {
            state: self.state.clone(),
            uidvalidity: self.uidvalidity,
            uids: self.uids.clone(),
        }
    }

    /// Learns a row, unless there is no such message.
    pub(crate) fn learn(&mut self, envelope: Rc<Envelope>, is_doubtful: bool) {
        if self.uids.contains(envelope.uid) {
            let known = Known {
                envelope,
                is_doubtful,
            };
            self.known.insert(known.envelope.uid, known);
        }
    }

    fn change(&mut self, told: &Told) -> Difference {
        let gone = self.uids.difference(&told.uids);
        for range in gone.ranges() {
            let dead: Vec<Uid> = self.known.range(range).map(|(uid, _)| *uid).collect();
            for uid in dead {
                self.known.remove(&uid);
            }
        }
        self.state = told.state.clone();
        self.uids = told.uids.clone();
        let mut marked: Vec<Uid> = Vec::new();
        for change in &told.keywords {
            let Some(known) = self.known.get_mut(&change.uid) else {
                continue;
            };
            known.is_doubtful = false;
            if known.envelope.keywords != change.keywords {
                Rc::make_mut(&mut known.envelope)
                    .keywords
                    .clone_from(&change.keywords);
                marked.push(change.uid);
            }
        }
        let marked = marked.into_iter().collect();
        Difference { gone, marked }
    }

    /// What an answer shows about the server, whose keywords were just learnt: a server that leaves out a
    /// row on screen can say what changed; one that repeats what was known cannot.
    fn telling(
        &self,
        shown: &UidSet,
        told: &[KeywordChange],
        difference: &Difference,
    ) -> Option<Telling> {
        let uids: UidSet = told.iter().map(|change| change.uid).collect();
        let untold = shown.intersection(&self.uids).difference(&uids);
        if !untold.is_empty() {
            return Some(Telling::Changed);
        }
        let is_repeated =
            |change: &KeywordChange| shown.contains(change.uid) && difference.is_repeated(change);
        told.iter().any(is_repeated).then_some(Telling::OnScreen)
    }

    /// Takes the keywords of all rows but these for out of date.
    fn doubt_all_but(&mut self, sure: &UidSet) {
        for (uid, known) in &mut self.known {
            known.is_doubtful |= !sure.contains(*uid);
        }
    }
}
