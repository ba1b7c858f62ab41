//! The tabs of this browser that belong together: a channel on which they hear each other, and a lock that
//! one of them holds. What they say is not this module's business.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{
    JsCast, JsValue,
    prelude::{Closure, wasm_bindgen},
};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

use super::{dom, timers};

#[wasm_bindgen]
extern "C" {
    // web-sys holds it for unstable; browsers have had it since 2022, but on pages without TLS.
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request_lock(name: &str, options: &Object, then: &Function) -> Result<Promise, JsValue>;
}

/// A channel; dropping it closes it.
pub struct Channel {
    channel: BroadcastChannel,
    _heard: Closure<dyn Fn(MessageEvent)>,
}

impl Channel {
    /// Opens it. `heard` gets what other tabs say. `None` where the browser has none.
    pub fn open(name: &str, heard: impl Fn(String) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            heard(message.data().as_string().unwrap_or_default());
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Some(Self {
            channel,
            _heard: heard,
        })
    }

    /// Says something to all other tabs.
    pub fn say(&self, text: &str) {
        let _ = self.channel.post_message(&text.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// Holds the lock of this name as soon as no other tab does or, with `by_force`, takes it from the tab that
/// does, and keeps it for the life of the page: `held` is called then, and `lost` if another tab takes it.
/// False where the browser has no locks.
pub fn hold_lock(
    name: &str,
    by_force: bool,
    held: impl FnOnce() + 'static,
    lost: impl FnOnce() + 'static,
) -> bool {
    let options = Object::new();
    let _ = Reflect::set(&options, &"steal".into(), &by_force.into());
    let then = Closure::once_into_js(move |_lock: JsValue| -> Promise {
        held();
        Promise::new(&mut |_, _| {})
    });
    let Ok(holding) = request_lock(name, &options, then.unchecked_ref()) else {
        return false;
    };
    timers::spawn(async move {
        if JsFuture::from(holding).await.is_err() {
            lost();
        }
    });
    true
}

/// Calls `then` when the page goes.
pub fn on_leave(then: impl Fn() + 'static) {
    let callback = Closure::<dyn Fn()>::new(then).into_js_value();
    if let Some(window) = dom::window() {
        let _ = window.add_event_listener_with_callback("pagehide", callback.unchecked_ref());
    }
}
