//! Doing something outside of the reactive world when a signal changes. Compiled once, which the
//! first visit notices. Never write a signal here.

use leptos::{html::ElementType, prelude::*, wasm_bindgen::JsCast};

/// Runs `act` once after mounting, and whenever a signal that it read changes.
pub fn on_change(act: impl FnMut() + 'static) {
    run(Box::new(act));
}

/// Runs `act` as [`on_change`] does; it gets what it gave the last time.
pub fn on_change_from<T: 'static>(mut act: impl FnMut(Option<T>) -> T + 'static) {
    let mut before = None;
    on_change(move || before = Some(act(before.take())));
}

/// Runs `act` once the element is in the page.
pub fn on_mount<E>(node: NodeRef<E>, act: impl FnOnce(E::Output) + 'static)
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    let mut act = Some(act);
    on_change(move || {
        if let Some(element) = node.get()
            && let Some(act) = act.take()
        {
            untrack(move || act(element));
        }
    });
}

fn run(act: Box<dyn FnMut()>) {
    Effect::new(act);
}
