//! How full the account is, under the folders; nothing where nothing limits it.

use leptos::prelude::*;

use crate::{logic::quota, state::App, ui::when::When};

/// The bar with its words, which opens what fills the account.
#[component]
pub fn StorageMeter() -> impl IntoView {
    let app = App::current();
    let room = app.room;
    view! {
        <When test=move || !room.words.read().is_empty()>
            <div class="quota" data-level=move || quota::level(room.percent.get()).to_string()>
                <button
                    class="amount"
                    type="button"
                    aria-haspopup="dialog"
                    title="What takes the room"
                    on:click=move |_| app.show_storage()
                >
                    {move || room.words.get()}
                </button>
                <progress
                    class="bar-amount"
                    max="100"
                    value=move || room.percent.get().min(100).to_string()
                    aria-label=move || format!("Storage used: {}", room.words.read())
                ></progress>
                <p>{move || quota::advice(room.percent.get())}</p>
            </div>
        </When>
    }
}
