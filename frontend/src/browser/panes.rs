//! The panes of the page and the focus: F6 goes round them.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

use super::dom;

/// A place where F6 stops.
struct Pane {
    /// The pane.
    root: &'static str,
    /// What takes the focus in it: the first of these that is there and visible.
    stops: &'static [&'static str],
}

/// The folders, the list, the message or the settings, and open composers.
const PANES: [Pane; 5] = [
    Pane {
        root: ".sidebar",
        stops: &[".sidebar [role=treeitem][tabindex='0']", ".sidebar button"],
    },
    Pane {
        root: ".list-pane",
        stops: &[
            ".list-pane [role=row][tabindex='0']",
            ".list-pane [role=grid]",
            ".list-pane button",
        ],
    },
    Pane {
        root: ".reader",
        stops: &[
            ".reader [role=toolbar] [tabindex='0']",
            ".reader button",
            ".reader a[href]",
        ],
    },
    Pane {
        root: ".page",
        stops: &[".page"],
    },
    Pane {
        root: "[role=dialog]",
        stops: &[
            "[role=dialog] input, [role=dialog] textarea",
            "[role=dialog] button",
        ],
    },
];

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
            .position(|pane| active.closest(pane.root).ok().flatten().is_some())
    });
    let count = PANES.len();
    let step = if way == Way::Forward { 1 } else { count - 1 };
    let mut at = here.unwrap_or(count - step % count);
    for _ in 0..count {
        at = (at + step) % count;
        let stops = PANES.get(at).map_or(&[][..], |pane| pane.stops);
        if stops.iter().any(|stop| focus_first(stop)) {
            return;
        }
    }
}

/// Gives the focus to the first visible element that `selector` finds. False if there is none.
pub fn focus_first(selector: &str) -> bool {
    first_visible(selector).is_some_and(|element| element.focus().is_ok())
}

/// The same, without scrolling there.
pub fn focus_first_in_place(selector: &str) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Some(element) = first_visible(selector) {
        let _ = element.focus_with_options(&options);
    }
}

/// Whether the focus is inside something that `selector` matches.
#[must_use]
pub fn has_focus(selector: &str) -> bool {
    active().is_some_and(|active| active.closest(selector).ok().flatten().is_some())
}

/// Whether nothing in the page has the focus.
#[must_use]
pub fn is_focus_nowhere() -> bool {
    active().is_none_or(|active| active.tag_name() == "BODY")
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

fn first_visible(selector: &str) -> Option<HtmlElement> {
    let found = dom::document()?.query_selector_all(selector).ok()?;
    (0..found.length())
        .filter_map(|index| found.item(index)?.dyn_into::<HtmlElement>().ok())
        .find(|element| element.offset_width() > 0 || element.offset_height() > 0)
}

fn active() -> Option<Element> {
    dom::document()?.active_element()
}
