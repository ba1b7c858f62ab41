//! A toolbar: one tab stop, arrows within (WAI-ARIA APG, "Toolbar").

use leptos::prelude::*;

use crate::ui::effects::on_mount;

use crate::browser::focus;

/// A row of buttons with a name.
#[component]
pub fn Toolbar(
    /// What it is called.
    #[prop(into)]
    label: Signal<String>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// Its buttons; `<span class="gap">` between groups.
    children: Children,
) -> impl IntoView {
    let bar = NodeRef::<leptos::html::Div>::new();
    on_mount(bar, |bar| focus::settle_tab_stop(&bar));
    view! {
        <div
            class=format!("toolbar {class}").trim_end().to_owned()
            role="toolbar"
            aria-label=label
            node_ref=bar
            on:focusin=move |event| {
                if let Some(bar) = bar.get() {
                    focus::take_tab_stop(&bar, &event);
                }
            }
            on:keydown=move |event| {
                if let Some(bar) = bar.get() {
                    focus::move_in_toolbar(&bar, &event);
                }
            }
        >
            {children()}
        </div>
    }
}
