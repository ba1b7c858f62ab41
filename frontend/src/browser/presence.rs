//! Whether somebody is there: keys, presses and scrolling of a person, never of the page itself.

use std::{cell::RefCell, time::Duration};

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Event, EventTarget};

use super::{dom, timers};

/// What only a person does. Not `scroll`, which the page does by itself when mail arrives.
const SIGNS: [&str; 4] = ["keydown", "pointerdown", "wheel", "touchmove"];
/// However busy the person is, it is told at most this often.
const AT_MOST_EVERY: Duration = Duration::from_mins(1);

thread_local! {
    static LISTENER: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
}

/// Calls `then` when a person does something, at most once a minute. For the life of the page.
pub fn on_person(then: impl Fn() + 'static) {
    let told_at = RefCell::new(None);
    let callback = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let now = timers::now();
        let is_due = told_at
            .borrow()
            .is_none_or(|at| now - at >= AT_MOST_EVERY.as_secs().cast_signed() || now < at);
        if event.is_trusted() && is_due {
            told_at.replace(Some(now));
            then();
        }
    });
    LISTENER.set(Some(callback.into_js_value().unchecked_into()));
    if let Some(window) = dom::window() {
        watch(&window);
    }
}

/// Whether nobody can see the page: it is behind another tab, or the screen is off.
#[must_use]
pub fn is_out_of_sight() -> bool {
    dom::document().is_some_and(|document| document.hidden())
}

/// Looks for signs of a person in another document too, such as the frame of a message.
pub(super) fn watch(target: &EventTarget) {
    LISTENER.with_borrow(|listener| {
        if let Some(listener) = listener {
            for sign in SIGNS {
                let _ = target.add_event_listener_with_callback_and_bool(sign, listener, true);
            }
        }
    });
}
