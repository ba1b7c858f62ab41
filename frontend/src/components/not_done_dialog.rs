//! The changes that could not be made: what, why, and what can be done about it.

use leptos::prelude::*;

use crate::{
    state::{App, toasts::Toast},
    ui::{
        button::{Button, ButtonKind},
        dialog::Dialog,
    },
};

/// The dialog.
#[component]
pub fn NotDoneDialog() -> impl IntoView {
    let app = App::current();
    let items = move || app.toasts.kept.get().into_iter().map(item).collect_view();
    let close = move |()| app.dialogs.close();
    view! {
        <Dialog title="Changes that could not be made" on_close=close class="not-done">
            <ul>{items}</ul>
            <div class="buttons">
                <Button on_click=close autofocus=true>
                    "Close"
                </Button>
            </div>
        </Dialog>
    }
}

fn item(kept: Toast) -> impl IntoView {
    let app = App::current();
    let id = kept.id;
    let again = kept.action.map(|(word, run)| {
        let again = move |()| {
            app.let_go(id);
            run();
        };
        view! { <Button on_click=again>{word}</Button> }
    });
    view! {
        <li>
            <p dir="auto">{kept.text}</p>
            <div class="actions">
                {again} <Button kind=ButtonKind::Quiet on_click=move |()| app.let_go(id)>
                    "Dismiss"
                </Button>
            </div>
        </li>
    }
}
