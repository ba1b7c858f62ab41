//! The changes that could not be made: what, why, and what can be done about it.

use leptos::prelude::*;

use crate::{
    state::{App, not_done::NotDone},
    ui::{
        button::{Button, ButtonKind},
        dialog::Dialog,
    },
};

/// The dialog.
#[component]
pub fn NotDoneDialog() -> impl IntoView {
    let app = App::current();
    let items = move || app.not_done.all().into_iter().map(item).collect_view();
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

fn item(item: NotDone) -> impl IntoView {
    let app = App::current();
    let NotDone { id, what, why, .. } = item.clone();
    let again = item.again.is_some().then(|| {
        view! { <Button on_click=move |()| app.try_again(&item)>"Try again"</Button> }
    });
    view! {
        <li>
            <strong dir="auto">{what}</strong>
            <p dir="auto">{why}</p>
            <div class="actions">
                {again} <Button kind=ButtonKind::Quiet on_click=move |()| app.let_go(id)>
                    "Dismiss"
                </Button>
            </div>
        </li>
    }
}
