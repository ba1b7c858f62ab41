//! The session ended while something is on screen: asks for the password over the page, and
//! everything goes on where it was.

use leptos::{ev, prelude::*};

use crate::{
    browser::timers,
    state::App,
    ui::{
        button::{ButtonKind, SubmitButton},
        dialog::Dialog,
        field::Field,
        when::When,
    },
};

/// The dialog, while the session is over.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let app = App::current();
    view! {
        <When test=move || app.session.has_ended()>
            <PasswordDialog />
        </When>
    }
}

#[component]
fn PasswordDialog() -> impl IntoView {
    let app = App::current();
    let address = untrack(|| app.session.info())
        .map(|info| info.address)
        .unwrap_or_default();
    let password = RwSignal::new(String::new());
    let error = RwSignal::new(String::new());
    let is_busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        let typed = password.get_untracked();
        if typed.is_empty() {
            error.set("Type your password.".to_owned());
            return;
        }
        is_busy.set(true);
        timers::spawn(async move {
            if let Err(failed) = app.sign_in_again(typed).await {
                error.set(failed.to_string());
            }
            password.set(String::new());
            is_busy.set(false);
        });
    };
    view! {
        <Dialog title="Sign in again">
            <p>"Your session has ended. What you wrote is still here and goes on after signing in."</p>
            <form on:submit=submit on:input=move |_| error.set(String::new())>
                <p class="signing-in" dir="auto">{address}</p>
                <Field
                    label="Password"
                    kind="password"
                    autocomplete="current-password"
                    value=password
                    error=error
                    autofocus=true
                />
                <div class="buttons">
                    <SubmitButton kind=ButtonKind::Primary disabled=is_busy>
                        "Sign in"
                    </SubmitButton>
                </div>
            </form>
        </Dialog>
    }
}
