//! The pane of the list: search box, head, rows.

use leptos::prelude::*;

use crate::{
    components::{list_head::ListHead, message_list::MessageList, search_box::SearchBox},
    logic::words,
    state::App,
    ui::{
        button::IconButton,
        icon::{Icon, IconName},
    },
};

/// The pane of the list.
#[component]
pub fn ListPane() -> impl IntoView {
    let app = App::current();
    let name = move || {
        let mailbox = app.mail.mailbox(&app.navigation.mailbox.get()?)?;
        Some(words::mailbox_name(&mailbox).to_owned())
    };
    view! {
        <section
            class="list-pane"
            aria-label=move || name().unwrap_or_else(|| "Messages".to_owned())
            data-selecting=move || (!app.selection.is_empty()).then_some("")
        >
            <div class="pane-bar">
                <span class="only-narrow">
                    <IconButton
                        icon=IconName::Menu
                        label="Show folders"
                        on_click=move |_| app.open_drawer()
                    />
                </span>
                <SearchBox />
            </div>
            <ListHead />
            <MessageList />
            <button
                class="icon-button compose-float only-phone"
                type="button"
                aria-label="Compose"
                on:click=move |_| app.composers.new_letter()
            >
                <Icon name=IconName::Compose />
            </button>
        </section>
    }
}
