//! Measuring and moving the scrolling list.

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{HtmlElement, ResizeObserver};

use super::dom;
use crate::logic::window::Sight;

/// What is seen of a scrolling list, with rows as high as its `--row` says.
#[must_use]
pub fn sight(list: &HtmlElement) -> Sight {
    Sight {
        top: f64::from(list.scroll_top()),
        height: f64::from(list.client_height()),
        row: row_height(list),
    }
}

/// Scrolls a list.
pub fn scroll_to(list: &HtmlElement, top: f64) {
    // Scroll positions are whole pixels within the height of the page.
    list.set_scroll_top(top as i32);
}

/// Calls `then` whenever the element gets another size, until the watch is dropped.
pub fn watch_size(element: &HtmlElement, then: impl Fn() + 'static) -> Option<SizeWatch> {
    let callback = Closure::<dyn Fn()>::new(then);
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
    observer.observe(element);
    Some(SizeWatch {
        observer,
        _callback: callback,
    })
}

/// Watches the size of an element until it is dropped.
pub struct SizeWatch {
    observer: ResizeObserver,
    _callback: Closure<dyn Fn()>,
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The height of a row in pixels: `--row` is in rem, which a person can make larger.
fn row_height(list: &HtmlElement) -> f64 {
    const COMFORTABLE: f64 = 72.0;
    let Some(window) = dom::window() else {
        return COMFORTABLE;
    };
    let property = |element: &HtmlElement, name: &str| -> Option<String> {
        let style = window.get_computed_style(element).ok()??;
        style.get_property_value(name).ok()
    };
    let root: Option<HtmlElement> = dom::document()
        .and_then(|document| document.document_element())
        .and_then(|root| root.dyn_into().ok());
    // The browser's own reading of numbers: Rust's comes with large tables.
    let number = |text: String| Some(js_sys::parse_float(&text)).filter(|number| !number.is_nan());
    let rem = root
        .and_then(|root| number(property(&root, "font-size")?))
        .unwrap_or(16.0);
    property(list, "--row")
        .and_then(number)
        .map_or(COMFORTABLE, |rows| (rows * rem).round())
        .max(1.0)
}
