//! All letters being written, at the bottom of the window: one has room, the others are bars.

use leptos::prelude::*;

use crate::{browser::unload, components::composer::Composer, state::App};

/// The open composers.
#[component]
pub fn ComposerStack() -> impl IntoView {
    let app = App::current();
    let waits = move || app.mail.replica().queue_len() > 0;
    unload::ask_while(move || app.composers.is_anything_unsaved() || waits());
    view! {
        <div class="composers">
            <For each=move || app.composers.letters() key=|letter| letter.id let:letter>
                <Composer letter=letter />
            </For>
        </div>
    }
}
