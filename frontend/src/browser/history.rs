//! The address bar and its history.

use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::HtmlAnchorElement;

use super::dom;

/// The path, and the query string without its `?`.
#[must_use]
pub fn address() -> (String, String) {
    let Some(location) = dom::window().map(|window| window.location()) else {
        return (String::new(), String::new());
    };
    let query = location.search().unwrap_or_default();
    let query = query.strip_prefix('?').unwrap_or(&query).to_owned();
    (location.pathname().unwrap_or_default(), query)
}

/// Goes to an address of the app, without loading a page.
pub fn push(url: &str) {
    if let Some(history) = history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(url));
    }
}

/// Puts an address in place of the present one.
pub fn replace(url: &str) {
    if let Some(history) = history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(url));
    }
}

/// Calls `then` whenever the person goes back or forward. For the life of the page.
pub fn on_back(then: impl Fn() + 'static) {
    let callback = Closure::<dyn Fn()>::new(then).into_js_value();
    if let Some(window) = dom::window() {
        let _ = window.add_event_listener_with_callback("popstate", callback.unchecked_ref());
    }
}

/// Leaves the app for another page of the server.
pub fn leave_for(url: &str) {
    if let Some(window) = dom::window() {
        let _ = window.location().assign(url);
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = dom::window() {
        let _ = window.location().reload();
    }
}

/// Opens a page of the server in a new tab, and asks for the printer when it is there.
pub fn print(url: &str) {
    let opened =
        dom::window().and_then(|window| window.open_with_url_and_target(url, "_blank").ok());
    if let Some(tab) = opened.flatten() {
        let page = tab.clone();
        let loaded = Closure::once_into_js(move || drop(page.print()));
        let _ = tab.add_event_listener_with_callback("load", loaded.unchecked_ref());
    }
}

/// Saves what is at an address as a file, under the name that the server gives it.
pub fn save(url: &str) {
    let link = dom::document().and_then(|document| document.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(url);
        link.set_download("");
        link.click();
    }
}

/// Opens an address of the app in a new tab.
pub fn open_tab(url: &str) {
    if let Some(window) = dom::window() {
        let _ = window.open_with_url_and_target_and_features(url, "_blank", "noopener");
    }
}

fn history() -> Option<web_sys::History> {
    dom::window()?.history().ok()
}
