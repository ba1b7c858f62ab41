//! Popovers in the browser's top layer, placed through CSSOM beside what they belong to.

use wasm_bindgen::{JsCast as _, prelude::Closure};
use web_sys::{AddEventListenerOptions, Element, HtmlElement, MouseEvent};

use super::{dom, timers};

/// Where a popover goes.
#[derive(Debug, Clone)]
pub enum Place {
    /// Below this element, aligned with its nearer edge; above it where there is no room.
    Beside(Element),
    /// At a point of the window, in CSS pixels.
    At {
        /// From the left.
        x: f64,
        /// From the top.
        y: f64,
    },
}

/// Pixels kept free between a popover and the edges of the window.
const MARGIN: f64 = 8.0;
/// Pixels between a popover and what it belongs to.
const GAP: f64 = 4.0;

/// Shows `popover` at `place`.
pub fn show(popover: &HtmlElement, place: &Place) {
    let _ = popover.show_popover();
    let size = popover.get_bounding_client_rect();
    let window = leptos::prelude::window();
    let length = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0)
    };
    let (width, height) = (length(window.inner_width()), length(window.inner_height()));
    let (mut x, mut y) = match place {
        Place::At { x, y } => (*x, *y),
        Place::Beside(anchor) => {
            let anchor = anchor.get_bounding_client_rect();
            let to_the_right = anchor.left() + size.width() <= width - MARGIN;
            let x = if to_the_right {
                anchor.left()
            } else {
                anchor.right() - size.width()
            };
            let below = anchor.bottom() + GAP;
            let fits = below + size.height() <= height - MARGIN;
            let above = anchor.top() - GAP - size.height();
            (x, if fits || above < MARGIN { below } else { above })
        }
    };
    x = x.min(width - MARGIN - size.width()).max(MARGIN);
    y = y.min(height - MARGIN - size.height()).max(MARGIN);
    let style = popover.style();
    let _ = style.set_property("inset", "auto");
    dom::set_length(popover, "left", x);
    dom::set_length(popover, "top", y);
}

/// Runs `then` when no button of the mouse is held any more. A popover that is shown between the press and
/// the release of a button is taken for something one clicked beside, and hidden at the release; where a
/// right click asks for its menu at the press, that would be at once.
pub fn when_released(event: &MouseEvent, then: impl FnOnce() + 'static) {
    let Some(window) = dom::window().filter(|_| event.buttons() != 0) else {
        return then();
    };
    let released = Closure::once_into_js(move || timers::next_frame(then));
    let once = AddEventListenerOptions::new();
    once.set_once(true);
    // Fails for a listener that is none only.
    let _ = window.add_event_listener_with_callback_and_add_event_listener_options(
        "pointerup",
        released.unchecked_ref(),
        &once,
    );
}

/// Hides `popover`; the browser gives the focus back to where it was before.
pub fn hide(popover: &HtmlElement) {
    let _ = popover.hide_popover();
}

/// Whether `popover` is shown.
#[must_use]
pub fn is_shown(popover: &HtmlElement) -> bool {
    popover.matches(":popover-open").unwrap_or(false)
}
