//! A toast: one sentence about what was just done, and perhaps a way back.

use leptos::prelude::*;

use crate::ui::{
    button::{Button, IconButton},
    icon::IconName,
};

/// One toast. Whoever shows it says how long.
#[component]
pub fn Toast(
    /// Its sentence.
    #[prop(into)]
    text: Signal<String>,
    /// Something failed: an `alert` instead of a `status`.
    #[prop(optional)]
    alert: bool,
    /// The word of its button and what that does.
    #[prop(optional)]
    action: Option<(String, UnsyncCallback<()>)>,
    /// It was dismissed.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
) -> impl IntoView {
    view! {
        <div class="toast" role=if alert { "alert" } else { "status" }>
            <span dir="auto">{text}</span>
            {action.map(|(word, run)| view! { <Button on_click=run>{word}</Button> })}
            <IconButton
                icon=IconName::Close
                label="Dismiss"
                small=true
                on_click=move |_: leptos::ev::MouseEvent| on_close.run(())
            />
        </div>
    }
}
