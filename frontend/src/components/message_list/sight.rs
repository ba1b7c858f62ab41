//! What is in sight of a list: keeps it while mail arrives above, goes to the row of the cursor,
//! and asks the replica for the rows that come into sight.

use leptos::prelude::*;
use whimbrel_replica::list::ListKey;
use whimbrel_shared::MessageKey;

use super::ShownList;
use crate::{
    browser::{panes, scroll, timers},
    logic::window::Sight,
    ui::effects::{on_change, on_change_from, on_mount},
};

/// How many lists one can leave and find again as they were.
const REMEMBERED: usize = 50;

impl ShownList {
    /// The messages whose rows are in the page: those in sight, their neighbours, and the one the
    /// keyboard is on, so that it does not lose the focus.
    pub(super) fn rows(self) -> Memo<Vec<MessageKey>> {
        let kept = Memo::new(move |_| self.sight.read().kept(self.total.get()));
        Memo::new(move |_| {
            let list = self.list.read_value();
            let kept = kept.get();
            let mut keys: Vec<MessageKey> = kept
                .clone()
                .filter_map(|index| self.app.mail.key_at(&list, index))
                .collect();
            if let Some(cursor) = self.app.cursor.key.get()
                && !keys.contains(&cursor)
                && let Some(index) = self.app.mail.index_of(&list, cursor)
            {
                // Screen readers read in the order of the page.
                let at = if index < kept.start { 0 } else { keys.len() };
                keys.insert(at, cursor);
            }
            keys
        })
    }

    /// The rows as they are about to be drawn. Drawing may move the row that has the focus within
    /// the page, and browsers take the focus from what is moved; it gets it back.
    pub(super) fn rows_to_draw(self, rows: Memo<Vec<MessageKey>>) -> Vec<MessageKey> {
        const FOCUSED: &str = ".list-pane [role=row]";
        const TAB_STOP: &str = ".list-pane [role=row][tabindex='0']";
        let keys = rows.get();
        if panes::has_focus(FOCUSED) {
            timers::next_frame(|| {
                if panes::is_focus_nowhere() {
                    panes::focus_first_in_place(TAB_STOP);
                }
            });
        }
        keys
    }

    /// The one row that Tab stops at: that of the cursor, else the first in sight.
    pub(super) fn tab_stop(self) -> Memo<Option<MessageKey>> {
        Memo::new(move |_| {
            let list = self.list.read_value();
            let first = self.sight.read().rows(self.total.get()).start;
            self.app
                .cursor
                .key
                .get()
                .or_else(|| self.app.mail.key_at(&list, first))
        })
    }

    /// Measures, remembers, follows.
    pub(super) fn keep_in_sight(self) {
        self.measure();
        self.ask_for_rows();
        self.hold_still();
        self.follow_cursor();
    }

    /// Measures when the grid is there, gets another size, or its rows another height.
    fn measure(self) {
        let Self {
            list,
            sight,
            grid,
            places,
            ..
        } = self;
        let watch = StoredValue::new_local(None);
        on_mount(grid, move |element| {
            sight.set(scroll::sight(&element));
            let was_hidden = StoredValue::new(false);
            watch.set_value(scroll::watch_size(&element.clone(), move || {
                let now = scroll::sight(&element);
                if now.height == 0.0 {
                    // The message has taken the only pane.
                    was_hidden.set_value(true);
                } else if was_hidden.get_value() {
                    // Browsers forget where a hidden list was scrolled to.
                    was_hidden.set_value(false);
                    scroll::scroll_to(&element, sight.get_untracked().top);
                    sight.set(scroll::sight(&element));
                } else {
                    sight.set(now);
                }
            }));
            let left_at = places.with_value(|places| left_at(places, &list.read_value()));
            if let Some(top) = left_at {
                // Once the spacer has its height.
                timers::next_frame(move || scroll_to(self, top));
            }
        });
        on_change_from(move |before: Option<()>| {
            let _ = self.app.appearance.density();
            if let (Some(()), Some(grid)) = (before, grid.get_untracked()) {
                sight.set(scroll::sight(&grid));
            }
        });
        on_cleanup(move || {
            let top = sight.get_untracked().top;
            let list = list.get_value();
            places.update_value(|places| {
                places.retain(|(other, _)| *other != list);
                places.insert(0, (list, top));
                places.truncate(REMEMBERED);
            });
        });
    }

    fn ask_for_rows(self) {
        let kept = Memo::new(move |_| self.sight.read().kept(self.total.get()));
        on_change(move || {
            let rows = kept.get();
            if !rows.is_empty() {
                self.app
                    .mail
                    .replica()
                    .want_rows(&self.list.read_value(), rows);
            }
        });
    }

    /// Mail that arrives, or leaves, above what is in sight moves the scrollbar, not the rows that
    /// somebody is reading. At the very top new mail is what one wants to see.
    fn hold_still(self) {
        on_change_from(move |anchor: Option<Option<(MessageKey, usize)>>| {
            self.total.track();
            let Sight { top, row, .. } = self.sight.get();
            let list = self.list.read_value();
            if let Some((key, index)) = anchor.flatten()
                && top >= row
                && let Some(now) = self.app.mail.index_of(&list, key)
                && now != index
            {
                #[expect(clippy::cast_precision_loss, reason = "rows are far below 2^53")]
                let moved = (now as f64 - index as f64) * row;
                timers::next_frame(move || scroll_to(self, top + moved));
                return Some((key, now));
            }
            let first = self.sight.read().rows(self.total.get()).start;
            self.app.mail.key_at(&list, first).map(|key| (key, first))
        });
    }

    /// Scrolls to the row of the cursor when that is wanted; the row takes the focus itself.
    fn follow_cursor(self) {
        on_change_from(move |before: Option<u32>| {
            let wanted = self.app.cursor.wanted.get();
            let index = self.app.cursor.index();
            if before.is_some_and(|before| before != wanted.turn)
                && let (Some(index), Some(grid)) = (index, self.grid.get_untracked())
                && let Some(top) = scroll::sight(&grid).reveal(index)
            {
                scroll::scroll_to(&grid, top);
                self.sight.set(scroll::sight(&grid));
            }
            wanted.turn
        });
    }
}

fn left_at(places: &[(ListKey, f64)], list: &ListKey) -> Option<f64> {
    let place = places.iter().find(|(other, _)| other == list);
    place.map(|(_, top)| *top)
}

fn scroll_to(shown: ShownList, top: f64) {
    if let Some(Some(grid)) = shown.grid.try_get_untracked() {
        scroll::scroll_to(&grid, top);
    }
}
