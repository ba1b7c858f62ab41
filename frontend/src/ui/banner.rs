//! A strip that says what is the matter and offers the one thing to do.

use leptos::prelude::*;

use crate::ui::icon::{Icon, IconName};

/// How much a strip matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// News.
    #[default]
    Quiet,
    /// Better look.
    Warn,
    /// Something failed.
    Danger,
}

/// A strip over a pane, or a boxed one within a message.
#[component]
pub fn Banner(
    /// How much it matters; `Danger` is an `alert`, the others are a `status`.
    #[prop(optional)]
    tone: Tone,
    /// Before the words.
    #[prop(into)]
    icon: Signal<IconName>,
    /// It stands within a message.
    #[prop(optional)]
    boxed: bool,
    /// Buttons.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    let boxed = if boxed { " boxed" } else { "" };
    let (tone, role) = match tone {
        Tone::Quiet => ("", "status"),
        Tone::Warn => (" warn", "status"),
        Tone::Danger => (" danger", "alert"),
    };
    view! {
        <div class=format!("banner{tone}{boxed}") role=role>
            <Icon name=icon />
            <div class="text">{children()}</div>
            {actions.map(|actions| view! { <div class="actions">{actions.run()}</div> })}
        </div>
    }
}
