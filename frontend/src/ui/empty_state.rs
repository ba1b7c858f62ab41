//! The two faces of a pane with nothing in it: nothing there, or it failed.

use leptos::prelude::*;

use crate::ui::icon::{Icon, IconName};

/// A title and a sentence in the middle of a pane.
#[component]
pub fn EmptyState(
    /// Above the title; the standing bird if none.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// In two or three words.
    #[prop(into)]
    title: Signal<String>,
    /// What happened or what goes here, and the way forward.
    #[prop(optional, into)]
    text: Signal<String>,
    /// It failed: an `alert`.
    #[prop(optional)]
    alert: bool,
    /// Buttons.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
) -> impl IntoView {
    let picture = match icon {
        Some(name) => view! { <Icon name=name /> }.into_any(),
        None => view! {
            <svg class="scene" viewBox="0 0 120 92" aria-hidden="true">
                <use href="#i-scene"></use>
            </svg>
        }
        .into_any(),
    };
    view! {
        <div class="empty" role=alert.then_some("alert")>
            {picture}
            <h2 dir="auto">{title}</h2>
            <p dir="auto">{text}</p>
            {actions.map(|actions| view! { <div class="actions">{actions.run()}</div> })}
        </div>
    }
}
