//! Theme and density.

use leptos::prelude::*;

use crate::{
    state::{
        App,
        appearance::{Density, Theme},
    },
    ui::{
        button::{Button, ButtonKind},
        dialog::Dialog,
    },
};

/// The dialog with both choices; a choice is shown at once.
#[component]
pub fn AppearanceDialog() -> impl IntoView {
    let app = App::current();
    let looks = app.appearance;
    let close = move |()| app.dialogs.close();
    view! {
        <Dialog title="Appearance" on_close=close class="appearance">
            <fieldset class="choices" role="radiogroup" aria-label="Theme">
                <legend aria-hidden="true">"Theme"</legend>
                {Theme::ALL
                    .map(|theme| {
                        view! {
                            <Choice
                                group="theme"
                                label=theme.label()
                                is_chosen=Signal::derive(move || looks.theme() == theme)
                                on_choose=move || looks.set_theme(theme)
                            />
                        }
                    })
                    .collect_view()}
            </fieldset>
            <fieldset class="choices" role="radiogroup" aria-label="Density">
                <legend aria-hidden="true">"Density"</legend>
                {Density::ALL
                    .map(|density| {
                        view! {
                            <Choice
                                group="density"
                                label=density.label()
                                is_chosen=Signal::derive(move || looks.density() == density)
                                on_choose=move || looks.set_density(density)
                            />
                        }
                    })
                    .collect_view()}
            </fieldset>
            <div class="buttons">
                <Button kind=ButtonKind::Primary on_click=close>
                    "Done"
                </Button>
            </div>
        </Dialog>
    }
}

#[component]
fn Choice(
    group: &'static str,
    label: &'static str,
    is_chosen: Signal<bool>,
    on_choose: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                class="radio"
                type="radio"
                name=group
                prop:checked=is_chosen
                on:change=move |_| on_choose()
            />
            {label}
        </label>
    }
}
