//! The panes of the page and the focus: F6 goes round them.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::dom;

/// Where F6 stops: the tab stop of the folders, of the list, of the message, and open composers.
const STOPS: [&str; 4] = [
    ".sidebar [role=tree] [tabindex='0']",
    ".list-pane [role=grid] [role=row][tabindex='0'], .list-pane [role=grid], .list-pane button",
    ".reader [role=toolbar] [tabindex='0'], .reader [role=toolbar] button",
    "[role=dialog] input, [role=dialog] textarea, [role=dialog] button",
];
const PANES: [&str; 4] = [".sidebar", ".list-pane", ".reader", "[role=dialog]"];

/// Which way F6 goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// F6.
    Forward,
    /// Shift+F6.
    Back,
}

/// Moves the focus to the next pane that has something to focus.
pub fn go_round(way: Way) {
    let here = active().and_then(|active| {
        PANES
            .iter()
            .position(|pane| active.closest(pane).ok().flatten().is_some())
    });
    let count = PANES.len();
    let step = if way == Way::Forward { 1 } else { count - 1 };
    let mut at = here.unwrap_or(count - step % count);
    for _ in 0..count {
        at = (at + step) % count;
        let Some(stop) = STOPS.get(at) else { return };
        if focus_first(stop) {
            return;
        }
    }
}

/// Gives the focus to the first visible element that `selector` finds. False if there is none.
pub fn focus_first(selector: &str) -> bool {
    let Some(found) = dom::document().and_then(|page| page.query_selector_all(selector).ok())
    else {
        return false;
    };
    let visible = (0..found.length())
        .filter_map(|index| found.item(index)?.dyn_into::<HtmlElement>().ok())
        .find(|element| element.offset_width() > 0 || element.offset_height() > 0);
    match visible {
        Some(element) => element.focus().is_ok(),
        None => false,
    }
}

/// Whether the focus is inside something that `selector` matches.
#[must_use]
pub fn has_focus(selector: &str) -> bool {
    active().is_some_and(|active| active.closest(selector).ok().flatten().is_some())
}

/// Whether a modal dialog, or an open menu, has the keyboard.
#[must_use]
pub fn is_modal_open() -> bool {
    dom::document().is_some_and(|page| {
        page.query_selector("dialog:modal, [role=menu]:popover-open")
            .ok()
            .flatten()
            .is_some()
    })
}

fn active() -> Option<Element> {
    dom::document()?.active_element()
}
