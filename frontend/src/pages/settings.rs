//! Settings. So far there is one page of them: what the mail server can do.

use leptos::prelude::*;

use crate::{
    components::{
        account_menu::AccountMenu, offline_banner::OfflineBanner, server_report::ServerReportView,
        sidebar::SidebarFoot,
    },
    state::App,
    ui::{
        button::IconButton,
        icon::{Icon, IconName},
    },
};

/// The list of settings, and the one that is open.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let app = App::current();
    view! {
        <div class="shell settings">
            <a class="skip-link" href="#settings">
                "Skip to settings"
            </a>
            <OfflineBanner />
            <header class="sidebar">
                <div class="account-bar">
                    <AccountMenu />
                </div>
                <nav class="folders" aria-label="Settings">
                    <button class="folder" type="button" on:click=move |_| app.close_settings()>
                        <Icon name=IconName::ChevronLeft />
                        <span class="name">"Back to mail"</span>
                    </button>
                    <div class="folders-title">
                        <h2>"Settings"</h2>
                    </div>
                    <a class="folder" href="#settings" aria-current="page">
                        <Icon name=IconName::Info />
                        <span class="name">"Mail server"</span>
                    </a>
                </nav>
                <SidebarFoot />
            </header>
            <main class="page" id="settings" tabindex="-1">
                <header class="pane-bar">
                    <span class="only-narrow">
                        <IconButton
                            icon=IconName::ChevronLeft
                            label="Back to mail"
                            on_click=move |_| app.close_settings()
                        />
                    </span>
                    <h1>"What your mail server can do"</h1>
                </header>
                <ServerReportView />
            </main>
        </div>
    }
}
