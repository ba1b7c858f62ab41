//! The strip over all panes that counts the last minutes of a session on a shared computer.

use leptos::prelude::*;

use crate::{
    state::App,
    ui::{
        banner::{Banner, Tone},
        button::Button,
        icon::IconName,
        when::When,
    },
};

/// The strip, if it is needed.
#[component]
pub fn SessionCountdown() -> impl IntoView {
    let app = App::current();
    view! {
        <When test=move || { app.session.seconds_left() > 0 }>
            <Strip />
        </When>
    }
}

#[component]
fn Strip() -> impl IntoView {
    let app = App::current();
    // Read aloud when it changes, and so twice only; the seconds are for the eye.
    let words = move || match app.session.seconds_left() {
        0..=60 => "Signing out in a minute.",
        _ => "Signing out in 2 minutes.",
    };
    let seconds = move || match app.session.seconds_left() {
        left @ 0..=60 => format!("{left} s"),
        _ => String::new(),
    };
    let actions = ViewFn::from(move || {
        view! { <Button on_click=move |()| app.person_is_here()>"Stay signed in"</Button> }
    });
    view! {
        <Banner tone=Tone::Warn icon=IconName::Computer actions=actions>
            <strong>{words}</strong>
            " "
            <span aria-hidden="true">{seconds}</span>
        </Banner>
    }
}
