//! The frame that shows the text of a message: a document of our own server, without scripts.
//! It is made as high as its text, and keys pressed in it reach the page. Nothing in it is changed but
//! how large it is.

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{
    Document, Element, Event, HtmlElement, HtmlIFrameElement, KeyboardEvent, ResizeObserver,
};

use super::{dom, presence};

/// Higher frames make browsers blank; such a text scrolls within its frame.
const HIGHEST: f64 = 200_000.0;
/// Room for a scrollbar below a text that is wider than the pane.
const SCROLLBAR: f64 = 18.0;

/// Why a frame shows no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoText;

/// Watches over a frame whose document has loaded, until it is dropped.
pub struct FrameWatch {
    document: Document,
    observer: Option<ResizeObserver>,
    on_resize: Closure<dyn Fn()>,
    on_key: Closure<dyn Fn(KeyboardEvent)>,
    on_press: Closure<dyn Fn()>,
    on_click: Closure<dyn Fn(Event)>,
}

impl FrameWatch {
    /// Fits the frame to its document, and goes on fitting it. `on_letter` is told of `mailto:` links that are followed.
    ///
    /// # Errors
    /// The frame holds no HTML document of our server: the line is cut, or the session ended.
    pub fn new(
        frame: &HtmlIFrameElement,
        on_letter: impl Fn(String) + 'static,
    ) -> Result<Self, NoText> {
        let document = frame.content_document().ok_or(NoText)?;
        let root = document.document_element().ok_or(NoText)?;
        if document.content_type() != "text/html" || document.body().is_none() {
            return Err(NoText);
        }
        let fitted = (frame.clone(), root.clone());
        let on_resize = Closure::<dyn Fn()>::new(move || fit(&fitted.0, &fitted.1));
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(&root);
        }
        let outside = frame.clone();
        let on_key = Closure::<dyn Fn(KeyboardEvent)>::new(move |event| pass_on(&outside, &event));
        let on_press = Closure::<dyn Fn()>::new(close_popovers);
        let on_click = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            if let Some(link) = link_at(&event, "a[href^='mailto:']") {
                event.prevent_default();
                on_letter(link.get_attribute("href").unwrap_or_default());
            }
        });
        let watch = Self {
            document,
            observer,
            on_resize,
            on_key,
            on_press,
            on_click,
        };
        watch.listen();
        presence::watch(&watch.document);
        fit(frame, &root);
        Ok(watch)
    }

    fn listen(&self) {
        let _ = self
            .document
            .add_event_listener_with_callback("keydown", self.on_key.as_ref().unchecked_ref());
        let _ = self.document.add_event_listener_with_callback(
            "pointerdown",
            self.on_press.as_ref().unchecked_ref(),
        );
        let _ = self
            .document
            .add_event_listener_with_callback("click", self.on_click.as_ref().unchecked_ref());
    }
}

impl Drop for FrameWatch {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        let _ = self
            .document
            .remove_event_listener_with_callback("keydown", self.on_key.as_ref().unchecked_ref());
        let _ = self.document.remove_event_listener_with_callback(
            "pointerdown",
            self.on_press.as_ref().unchecked_ref(),
        );
        let _ = self
            .document
            .remove_event_listener_with_callback("click", self.on_click.as_ref().unchecked_ref());
        // Kept until now only because the browser calls it.
        let _ = &self.on_resize;
    }
}

/// Makes the frame as high as its document.
fn fit(frame: &HtmlIFrameElement, root: &Element) {
    let wider = root.scroll_width() > root.client_width();
    let height = root.get_bounding_client_rect().height().ceil();
    let height = if wider { height + SCROLLBAR } else { height };
    let height = format!("{}px", height.clamp(1.0, HIGHEST) as i32);
    if frame
        .style()
        .get_property_value("height")
        .unwrap_or_default()
        != height
    {
        dom::set_style(frame, "height", &height);
    }
}

/// Makes everything in a frame so large, in percent. Its root stays as it is, for the frame is as high as that.
pub fn zoom(frame: &HtmlIFrameElement, percent: u32) {
    let body = frame
        .content_document()
        .and_then(|document| document.body());
    if let Some(body) = body {
        dom::set_style(&body, "zoom", &format!("{percent}%"));
    }
}

/// Loads another document into a frame, without a step that Back would undo.
pub fn show(frame: &HtmlIFrameElement, url: &str) {
    if let Some(window) = frame.content_window() {
        let _ = window.location().replace(url);
    }
}

/// Presses the same key on the frame itself, where the page's listeners see it; but for what opens the link or
/// the fold that has the focus.
fn pass_on(frame: &HtmlIFrameElement, event: &KeyboardEvent) {
    let opens = link_at(event, "a[href],summary").is_some();
    if opens && matches!(event.key().as_str(), "Enter" | " ") {
        return;
    }
    let same = web_sys::KeyboardEventInit::new();
    same.set_key(&event.key());
    same.set_code(&event.code());
    same.set_bubbles(true);
    same.set_cancelable(true);
    same.set_ctrl_key(event.ctrl_key());
    same.set_meta_key(event.meta_key());
    same.set_alt_key(event.alt_key());
    same.set_shift_key(event.shift_key());
    let copy = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &same);
    if let Ok(copy) = copy
        && let Ok(false) = frame.dispatch_event(&copy)
    {
        event.prevent_default();
    }
}

/// The element of this kind that an event is about.
fn link_at(event: &Event, kind: &str) -> Option<Element> {
    // Of another window, so that its type cannot be asked for.
    let at = event.target()?.unchecked_into::<Element>();
    at.closest(kind).ok()?
}

/// A press within a frame is a press outside of any menu, which browsers do not notice by themselves.
fn close_popovers() {
    let open = dom::document().and_then(|page| page.query_selector_all(":popover-open").ok());
    let Some(open) = open else { return };
    for i in 0..open.length() {
        if let Some(popover) = open
            .item(i)
            .and_then(|node| node.dyn_into::<HtmlElement>().ok())
        {
            super::popover::hide(&popover);
        }
    }
}
