//! Modal dialogs on the native `<dialog>`: mounted is shown, unmounted is gone, and the focus
//! goes back to where it was.

use leptos::{ev, html, prelude::*};

use crate::{
    browser::{dialog, focus},
    ui::effects::on_mount,
};

/// A dialog over the page. Show it with `<When>`; `on_close`, if given, must unmount it.
#[component]
pub fn Dialog(
    /// Its title and its name.
    #[prop(into)]
    title: Signal<String>,
    /// Escape was pressed, or Back on a phone. Left out: the dialog stays until it is answered.
    #[prop(optional, into)]
    on_close: Option<UnsyncCallback<()>>,
    /// Something is lost if one says yes: an `alertdialog`.
    #[prop(optional)]
    alert: bool,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// Below the title; buttons in a `<div class="buttons">`, the safe answer with `autofocus`.
    children: Children,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    let before = StoredValue::new_local(focus::current());
    on_mount(element, |element| dialog::show(&element));
    on_cleanup(move || {
        if let Some(Some(before)) = before.try_get_value() {
            focus::give_back_later(before);
        }
    });
    let close = move || match on_close {
        Some(on_close) => on_close.run(()),
        // Browsers close any dialog at the second Escape, whatever it says to that.
        None => {
            if let Some(element) = element.get_untracked() {
                dialog::show(&element);
            }
        }
    };
    let cancel = move |event: ev::Event| {
        event.prevent_default();
        close();
    };
    let keydown = move |event: ev::KeyboardEvent| {
        event.stop_propagation();
        if on_close.is_none() && event.key() == "Escape" {
            event.prevent_default();
        }
    };
    view! {
        <dialog
            class=format!("dialog {class}").trim_end().to_owned()
            role=alert.then_some("alertdialog")
            aria-label=title
            node_ref=element
            on:cancel=cancel
            on:close=move |_| close()
            on:keydown=keydown
        >
            <h2 dir="auto">{title}</h2>
            {children()}
        </dialog>
    }
}
