//! Where the keyboard is: moving it within toolbars and menus, and giving it back.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::intl;

/// What can hold the focus within a toolbar.
const TOOLS: &str = "button, input, a[href]";

/// A step within a row or column of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the one after, and from the last to the first.
    Next,
    /// To the one before, and from the first to the last.
    Previous,
    /// To the first.
    First,
    /// To the last.
    Last,
}

/// The element that has the focus, if it is more than the page itself.
#[must_use]
pub fn current() -> Option<HtmlElement> {
    let element = leptos::prelude::document().active_element()?;
    element
        .dyn_into::<HtmlElement>()
        .ok()
        .filter(|element| element.tag_name() != "BODY")
}

/// Gives the focus to `element`, if it is still in the page.
pub fn give_back(element: &HtmlElement) {
    if element.is_connected() {
        let _ = element.focus();
    }
}

/// The same once the present piece of work is done, for an element that cannot take it yet.
pub fn give_back_later(element: HtmlElement) {
    leptos::prelude::request_animation_frame(move || {
        // Another dialog or menu may have taken it meanwhile.
        if current().is_none() {
            give_back(&element);
        }
    });
}

/// Clicks what a key was pressed on.
pub fn press(event: &KeyboardEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok());
    if let Some(target) = target {
        target.click();
    }
}

/// Whether the focus is on something in `container` that `selector` matches.
#[must_use]
pub fn is_on(container: &Element, selector: &str) -> bool {
    current().is_some_and(|here| {
        container.contains(Some(&here)) && here.matches(selector).unwrap_or(false)
    })
}

/// Gives the focus to the first text in `container`, before its first letter.
pub fn give_to_beginning_of_text(container: &Element) {
    let text = container
        .query_selector("textarea")
        .ok()
        .flatten()
        .and_then(|text| text.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
    if let Some(text) = text {
        let _ = text.focus();
        let _ = text.set_selection_range(0, 0);
        text.set_scroll_top(0);
    }
}

/// Gives the focus to the first thing in `container` that `selector` finds.
pub fn give_to(container: &Element, selector: &str) {
    if let Some(element) = found(container, selector).into_iter().next() {
        let _ = element.focus();
    }
}

/// Everything in `container` that `selector` finds and that can be used now.
fn found(container: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = container.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|i| list.item(i)?.dyn_into::<HtmlElement>().ok())
        .filter(|element| {
            !element.has_attribute("disabled")
                && element.get_attribute("aria-disabled").as_deref() != Some("true")
                && (element.offset_width() > 0 || element.offset_height() > 0)
        })
        .collect()
}

/// Moves the focus among the things that `selector` finds.
pub fn step(container: &Element, selector: &str, step: Step) {
    let things = found(container, selector);
    let here = current().and_then(|here| things.iter().position(|thing| *thing == here));
    let last = things.len().saturating_sub(1);
    let there = match (step, here) {
        (Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Previous, None | Some(0)) => last,
        (Step::Next, Some(here)) if here == last => 0,
        (Step::Next, Some(here)) => here + 1,
        (Step::Previous, Some(here)) => here - 1,
    };
    if let Some(thing) = things.get(there) {
        let _ = thing.focus();
    }
}

/// Moves the focus to the next thing whose words begin with `letter`.
pub fn step_to_letter(container: &Element, selector: &str, letter: &str) {
    let things = found(container, selector);
    let here = current().and_then(|here| things.iter().position(|thing| *thing == here));
    let start = here.map_or(0, |here| here + 1);
    let letter = intl::lower_case(letter);
    let thing = things
        .iter()
        .cycle()
        .skip(start)
        .take(things.len())
        .find(|thing| {
            thing
                .text_content()
                .is_some_and(|text| intl::lower_case(text.trim()).starts_with(&letter))
        });
    if let Some(thing) = thing {
        let _ = thing.focus();
    }
}

/// Leaves one tab stop in a toolbar: its first button.
pub fn settle_tab_stop(toolbar: &Element) {
    for (i, tool) in found(toolbar, TOOLS).iter().enumerate() {
        tool.set_tab_index(if i == 0 { 0 } else { -1 });
    }
}

/// Makes the button that was just focused the one tab stop of its toolbar.
pub fn take_tab_stop(toolbar: &Element, event: &Event) {
    let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    let tools = found(toolbar, TOOLS);
    if tools.contains(&target) {
        for tool in tools {
            tool.set_tab_index(if tool == target { 0 } else { -1 });
        }
    }
}

/// Moves within a toolbar by arrows, Home and End; arrows follow the direction of the text.
pub fn move_in_toolbar(toolbar: &Element, event: &KeyboardEvent) {
    let in_text = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| {
            target
                .matches("input:not([type=checkbox]), [popover] *")
                .unwrap_or(false)
        });
    if in_text || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let leftwards = toolbar.matches(":dir(rtl)").unwrap_or(false);
    let wanted = match event.key().as_str() {
        "ArrowRight" if leftwards => Step::Previous,
        "ArrowLeft" if leftwards => Step::Next,
        "ArrowRight" => Step::Next,
        "ArrowLeft" => Step::Previous,
        "Home" => Step::First,
        "End" => Step::Last,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    step(toolbar, TOOLS, wanted);
}
