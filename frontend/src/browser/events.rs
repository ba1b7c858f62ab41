//! The server's event stream. Opening it again after a break is up to the caller, who knows how
//! long to wait and whether the session still lives.

use std::rc::Rc;

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};
use whimbrel_shared::Event;

use super::json;

/// An open stream; dropping it closes it.
pub struct EventStream {
    source: EventSource,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn()>,
}

impl EventStream {
    /// Opens the stream at `url`. `on_event` gets each event that can be read (a newer server may
    /// send others), as it is and as text; `on_break` is called once, when the stream ends or never began. `None` where
    /// the browser refuses to make one.
    pub fn open(
        url: &str,
        on_event: impl Fn(Event, &str) + 'static,
        on_break: impl Fn() + 'static,
    ) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let text = message.data().as_string().unwrap_or_default();
            if let Ok(event) = json::read(&text) {
                on_event(event, &text);
            }
        });
        let on_break = Rc::new(on_break);
        let on_error = {
            let source = source.clone();
            Closure::<dyn Fn()>::new(move || {
                source.set_onerror(None);
                source.close();
                on_break();
            })
        };
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self {
            source,
            _on_message: on_message,
            _on_error: on_error,
        })
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
