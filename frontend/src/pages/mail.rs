//! The page of everything: folders, list, message or the settings, and what floats over them.

use leptos::prelude::*;

use crate::{
    components::{
        composer_stack::ComposerStack, dialog_host::DialogHost, list_pane::ListPane,
        message_pane::MessagePane, offline_banner::OfflineBanner,
        session_countdown::SessionCountdown, sidebar::Sidebar, sign_in_again::SignInAgain,
        toast_region::ToastRegion,
    },
    pages::settings::Settings,
    state::App,
    ui::when::When,
};

/// Folders, list and message or the settings, and what floats over them.
#[component]
pub fn MailPage() -> impl IntoView {
    let app = App::current();
    view! {
        <Show when=move || !app.session.hides_mail()>
            <div class="shell" data-view=move || app.navigation.view()>
                <a class="skip-link" href="#messages">
                    "Skip to messages"
                </a>
                <OfflineBanner />
                <SessionCountdown />
                <Sidebar />
                <div class="drawer-scrim" on:click=move |_| app.close_drawer()></div>
                <When test=move || app.navigation.is_in_settings() fallback=panes>
                    <Settings />
                </When>
            </div>
        </Show>
        // Not unmounted: what is being written stays.
        <div hidden=move || app.session.hides_mail()>
            <ComposerStack />
            <DialogHost />
            <ToastRegion />
        </div>
        <SignInAgain />
    }
}

fn panes() -> impl IntoView {
    view! {
        <main class="panes">
            <ListPane />
            <MessagePane />
        </main>
    }
}
