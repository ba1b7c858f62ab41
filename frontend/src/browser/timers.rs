//! Waiting, and doing something later.

use std::time::Duration;

use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::JsFuture;

use super::dom;

/// Waits. Browsers slow timers of hidden tabs down, so this may take longer.
pub async fn sleep(duration: Duration) {
    let milliseconds = i32::try_from(duration.as_millis()).unwrap_or(i32::MAX);
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = dom::window() {
            let _ = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Does something after a while, without blocking anything.
pub fn after(duration: Duration, then: impl FnOnce() + 'static) {
    spawn(async move {
        sleep(duration).await;
        then();
    });
}

/// Does something before the next paint, when what was changed is in the page.
pub fn next_frame(then: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(then);
    if let Some(window) = dom::window() {
        let _ = window.request_animation_frame(callback.unchecked_ref());
    }
}

/// Runs a future to its end on the browser's own loop.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}

/// Seconds since the Unix epoch, by the computer's clock.
#[must_use]
pub fn now() -> i64 {
    // A date in seconds is far within what an f64 holds exactly.
    (js_sys::Date::now() / 1000.0) as i64
}

/// A random number from 0 to 1, for jitter only.
#[must_use]
pub fn chance() -> f64 {
    js_sys::Math::random()
}
