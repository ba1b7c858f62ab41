//! Asking before the tab is closed on something that is not saved.

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::BeforeUnloadEvent;

use super::dom;

/// Asks whenever `is_unsaved` says so. For the life of the page.
pub fn ask_while(is_unsaved: impl Fn() -> bool + 'static) {
    let callback = Closure::<dyn Fn(BeforeUnloadEvent)>::new(move |event: BeforeUnloadEvent| {
        if is_unsaved() {
            event.prevent_default();
            // Older browsers ask only if there is a value.
            event.set_return_value("unsaved");
        }
    })
    .into_js_value();
    if let Some(window) = dom::window() {
        let _ = window.add_event_listener_with_callback("beforeunload", callback.unchecked_ref());
    }
}
