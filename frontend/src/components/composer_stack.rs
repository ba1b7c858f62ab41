//! All letters being written, at the bottom of the window: one has room, the others are bars.

use leptos::prelude::*;

use crate::{browser::unload, components::composer::Composer, state::App, ui::each::each};

/// The open composers.
#[component]
pub fn ComposerStack() -> impl IntoView {
    let app = App::current();
    let waits = move || app.mail.replica().queue_len() > 0;
    unload::ask_while(move || app.composers.is_anything_unsaved() || waits());
    view! {
        <div class="composers">
            {each(
                move || app.composers.letters(),
                |letter| letter.id.to_string(),
                |letter| view! { <Composer letter=letter /> },
            )}
        </div>
    }
}
