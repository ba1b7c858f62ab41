//! The changes that could not be made: what, why, and what can be done about it.

use leptos::prelude::*;
use whimbrel_replica::refusals::Refusal;

use crate::{
    state::{App, not_done},
    ui::{
        button::{Button, ButtonKind},
        dialog::Dialog,
    },
};

/// The dialog.
#[component]
pub fn NotDoneDialog() -> impl IntoView {
    let app = App::current();
    let items = move || {
        let refusals = app.mail.could_not_apply();
        refusals.into_iter().map(item).collect_view()
    };
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

fn item(refusal: Refusal) -> impl IntoView {
    let app = App::current();
    let text = app.not_done_text(&refusal);
    let again = not_done::is_worth_a_try(&refusal).then(|| {
        let refusal = refusal.clone();
        view! { <Button on_click=move |()| app.try_again(&refusal)>"Try again"</Button> }
    });
    view! {
        <li>
            <p dir="auto">{text}</p>
            <div class="actions">
                {again} <Button kind=ButtonKind::Quiet on_click=move |()| app.let_go(&refusal)>
                    "Dismiss"
                </Button>
            </div>
        </li>
    }
}
