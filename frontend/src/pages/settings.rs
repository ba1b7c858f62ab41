//! Settings, in the place of list and message. So far there is one page of them: what the mail server can do.

use leptos::prelude::*;

use crate::{
    components::server_report::ServerReport,
    state::App,
    ui::{button::IconButton, icon::IconName},
};

/// The page.
#[component]
pub fn Settings() -> impl IntoView {
    let app = App::current();
    view! {
        <main class="page" id="settings" tabindex="-1">
            <header class="pane-bar">
                <IconButton
                    icon=IconName::ChevronLeft
                    label="Back to mail"
                    on_click=move |_| app.close_settings()
                />
                <h1>"What your mail server can do"</h1>
            </header>
            <ServerReport />
            <p class="column">
                <a href="/settings/sessions">"Where you are signed in"</a>
                " · "
                <a href="/settings/blocked">"Blocked senders"</a>
                " · "
                <a href="/settings/pictures">"Senders whose pictures are loaded"</a>
            </p>
        </main>
    }
}
