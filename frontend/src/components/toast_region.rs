//! The toasts at the bottom of the window.

use leptos::prelude::*;

use crate::{
    state::{
        App,
        toasts::{Toast, ToastKind, Toasts},
    },
    ui::{each::each, toast::Toast as ToastView},
};

/// The toasts, oldest on top.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let app = App::current();
    let toasts = app.toasts;
    view! {
        <div
            class="toasts"
            on:pointerenter=move |_| toasts.hold(true)
            on:pointerleave=move |_| toasts.hold(false)
            on:focusin=move |_| toasts.hold(true)
            on:focusout=move |_| toasts.hold(false)
        >
            {each(
                move || toasts.shown(),
                u32::to_string,
                move |id| toasts.toast(id).map(|toast| shown(toasts, toast)),
            )}
        </div>
    }
}

fn shown(toasts: Toasts, toast: Toast) -> impl IntoView {
    let id = toast.id;
    let is_failure = toast.kind == ToastKind::Failure;
    let close = move |()| toasts.close(id);
    match toast.action {
        Some((word, run)) => {
            let run = UnsyncCallback::new(move |()| {
                toasts.close(id);
                run();
            });
            let action = (word.to_owned(), run);
            view! { <ToastView text=toast.text alert=is_failure action=action on_close=close /> }
                .into_any()
        }
        None => view! { <ToastView text=toast.text alert=is_failure on_close=close /> }.into_any(),
    }
}
