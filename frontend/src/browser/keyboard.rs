//! Keys pressed anywhere in the page.

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::KeyboardEvent;

use super::{dom, presence};

/// Where a key does something of its own, so that it is no shortcut.
const TYPING: &str = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], \
                      [role=dialog], [role=alertdialog], dialog, [role=menu], [role=listbox]";
/// Where Enter and Space press what has the focus.
const PRESSING: &str = "button, a[href], [role=treeitem], [role=menuitem], input, summary";

/// Whether the key goes to a text field, a dialog or a menu.
#[must_use]
pub fn is_typing(event: &KeyboardEvent) -> bool {
    event.is_composing() || dom::came_from(event, TYPING)
}

/// Whether Enter would press what has the focus.
#[must_use]
pub fn would_press(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && dom::came_from(event, PRESSING)
}

/// Calls `then` with every key that nobody else has used. For the life of the page.
pub fn on_key(then: impl Fn(&KeyboardEvent) + 'static) {
    let callback = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if !event.default_prevented() {
            then(&event);
        }
    });
    listen("keydown", callback.into_js_value().unchecked_ref());
}

/// Calls `then` when the window comes back into sight or the computer finds a network, and `rest` when
/// the window goes out of sight.
pub fn on_wake(then: impl Fn() + 'static, rest: impl Fn() + 'static) {
    let callback = Closure::<dyn Fn()>::new(move || {
        if presence::is_out_of_sight() {
            rest();
        } else {
            then();
        }
    })
    .into_js_value();
    listen("online", callback.unchecked_ref());
    if let Some(document) = dom::document() {
        let _ =
            document.add_event_listener_with_callback("visibilitychange", callback.unchecked_ref());
    }
}

/// Calls `then` when the computer loses its network.
pub fn on_network_lost(then: impl Fn() + 'static) {
    let callback = Closure::<dyn Fn()>::new(then).into_js_value();
    listen("offline", callback.unchecked_ref());
}

fn listen(name: &str, callback: &js_sys::Function) {
    if let Some(window) = dom::window() {
        let _ = window.add_event_listener_with_callback(name, callback);
    }
}
