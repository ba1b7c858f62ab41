//! Keys within the grid (WAI-ARIA APG, "Grid"): arrows, pages and ends move, Space ticks, Shift
//! draws the ticks along.

use leptos::{ev, prelude::*};
use whimbrel_shared::MessageKey;

use super::ShownList;

/// Does what a key means within the grid.
pub(super) fn press(shown: ShownList, event: &ev::KeyboardEvent) {
    if event.alt_key() || event.meta_key() {
        return;
    }
    let cursor = shown.app.cursor;
    let page = shown
        .sight
        .get_untracked()
        .rows(usize::MAX)
        .len()
        .saturating_sub(2);
    let page = isize::try_from(page.max(1)).unwrap_or(1);
    let there = match event.key().as_str() {
        "ArrowDown" => cursor.away(1),
        "ArrowUp" => cursor.away(-1),
        "PageDown" => cursor.away(page),
        "PageUp" => cursor.away(-page),
        "Home" => cursor.away(isize::MIN),
        "End" => cursor.away(isize::MAX),
        " " => {
            event.prevent_default();
            if let Some(key) = cursor.key.get_untracked() {
                shown.app.selection.toggle(key);
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(key) = there {
        go(shown, key, event.shift_key());
    }
}

fn go(shown: ShownList, key: MessageKey, ticking: bool) {
    let from = shown.app.cursor.key.get_untracked();
    shown.app.cursor.focus(key);
    if ticking {
        shown.app.selection.extend(from.map(|from| from.uid), key);
    }
}
