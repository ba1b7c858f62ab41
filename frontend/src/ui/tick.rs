//! A tick: a checkbox that can also be half set.

use leptos::{ev, html, prelude::*};

/// The position of a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TickState {
    /// Not set.
    #[default]
    Off,
    /// Set.
    On,
    /// Set for some.
    Mixed,
}

impl From<bool> for TickState {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// A checkbox with a name and no words.
#[component]
pub fn Tick(
    /// What it is called.
    #[prop(into)]
    label: Signal<String>,
    /// Its position.
    #[prop(into)]
    state: Signal<TickState>,
    /// It was clicked; Shift and Ctrl are in the event.
    #[prop(into)]
    on_click: UnsyncCallback<ev::MouseEvent>,
    /// `-1` where something else is the tab stop.
    #[prop(optional, into)]
    tabindex: Option<&'static str>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    view! {
        <input
            class="tick"
            type="checkbox"
            aria-label=label
            tabindex=tabindex
            node_ref=input
            prop:checked=move || state.get() == TickState::On
            prop:indeterminate=move || state.get() == TickState::Mixed
            on:click=move |event| {
                on_click.run(event);
                if let Some(input) = input.get_untracked() {
                    input.set_checked(state.get_untracked() == TickState::On);
                    input.set_indeterminate(state.get_untracked() == TickState::Mixed);
                }
            }
        />
    }
}
