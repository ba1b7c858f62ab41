//! A field of a form: label, input, hint and what is wrong, tied together for screen readers.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;

use crate::ui::icon::{Icon, IconName};

/// An id for an element that occurs in this page once: `stem` and a number.
#[must_use]
pub fn unique_id(stem: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{stem}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// One line of text with a label.
#[component]
pub fn Field(
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What is typed.
    value: RwSignal<String>,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// The input's autocomplete.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What is wrong with it; empty if nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// The dialog's first place for the keyboard.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let id = unique_id("field");
    let error_id = format!("{id}-error");
    let wrong = move || !error.read().is_empty();
    let described = {
        let error_id = error_id.clone();
        move || wrong().then(|| error_id.clone())
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="input"
                id=id
                type=kind
                autocomplete=autocomplete
                autofocus=autofocus
                dir="auto"
                aria-invalid=move || wrong().then_some("true")
                aria-describedby=described
                bind:value=value
            />
            <p class="error" id=error_id role="alert" hidden=move || !wrong()>
                <Icon name=IconName::Warning small=true />
                <span>{error}</span>
            </p>
        </div>
    }
}
