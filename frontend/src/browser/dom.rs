//! The page itself: its root attributes, its title, style set through CSSOM.
//! There are no style attributes anywhere; the page's policy forbids them.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, Window};

/// The window. The app runs in pages only, so there is always one.
#[must_use]
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
#[must_use]
pub fn document() -> Option<Document> {
    window().and_then(|window| window.document())
}

/// Sets an attribute of the root element (`<html>`), or takes it away.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else {
        return;
    };
    // Both fail for a malformed name only; ours are constants.
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Sets an attribute of `<body>`.
pub fn set_body_attribute(name: &str, value: &str) {
    if let Some(body) = document().and_then(|document| document.body()) {
        let _ = body.set_attribute(name, value);
    }
}

/// Sets the title of the tab.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Sets a length of an element's style, in whole pixels, through CSSOM.
pub fn set_length(element: &HtmlElement, property: &str, pixels: f64) {
    set_style(element, property, &format!("{}px", whole(pixels)));
}

/// Moves an element down from where it stands, by whole pixels, without a new layout.
pub fn move_down(element: &HtmlElement, pixels: f64) {
    let value = format!("translateY({}px)", whole(pixels));
    set_style(element, "transform", &value);
}

/// Writing whole numbers costs the app far less code than writing fractions.
fn whole(pixels: f64) -> i64 {
    pixels.round() as i64
}

/// Sets one property of an element's style, through CSSOM.
pub fn set_style(element: &HtmlElement, property: &str, value: &str) {
    // Fails for a read-only declaration only; an element's own is writable.
    let _ = element.style().set_property(property, value);
}

/// A length for a style. The browser writes the number: Rust's way of writing fractions takes 15 kB.
#[must_use]
pub fn pixels(length: f64) -> String {
    let number = js_sys::Number::from(length).to_string_with_radix(10);
    // Fails for a radix that is none only.
    number.map_or_else(|_| String::new(), |number| String::from(number) + "px")
}

/// The number that a text begins with; `None` if it begins with none.
#[must_use]
pub fn number_in(text: &str) -> Option<f64> {
    Some(js_sys::Number::parse_float(text)).filter(|number| !number.is_nan())
}

/// Whether the window is so narrow that only one pane is shown (`layout.css`: below 50rem).
#[must_use]
pub fn is_one_pane() -> bool {
    matches_media("(width < 50rem)")
}

/// Whether a media query matches now.
#[must_use]
pub fn matches_media(query: &str) -> bool {
    window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|list| list.matches())
}

/// The element of this id, if it is in the page.
#[must_use]
pub fn by_id(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Takes the element of this id out of the page.
pub fn remove(id: &str) {
    if let Some(element) = by_id(id) {
        element.remove();
    }
}

/// The target of an event as an element.
#[must_use]
pub fn target_of(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Whether the event came from inside something that `selector` matches.
#[must_use]
pub fn came_from(event: &web_sys::Event, selector: &str) -> bool {
    target_of(event)
        .and_then(|element| element.closest(selector).ok().flatten())
        .is_some()
}
