//! The page of everything: folders, list, message, and what floats over them.

use leptos::prelude::*;

use crate::{
    components::{
        composer_stack::ComposerStack, dialog_host::DialogHost, list_pane::ListPane,
        message_pane::MessagePane, offline_banner::OfflineBanner, sidebar::Sidebar,
        sign_in_again::SignInAgain, toast_region::ToastRegion,
    },
    state::App,
};

/// Folders, list and message.
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
                <Sidebar />
                <div class="drawer-scrim" on:click=move |_| app.close_drawer()></div>
                <main class="panes">
                    <ListPane />
                    <MessagePane />
                </main>
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
