//! The folders' pane: account, Compose, folders, and how the line is.

use leptos::prelude::*;

use crate::{
    components::{
        account_menu::AccountMenu, folder_tree::FolderTree, storage_meter::StorageMeter,
        sync_status::SyncStatus,
    },
    state::{App, appearance::Theme, dialogs::Dialog},
    ui::{
        button::IconButton,
        icon::{Icon, IconName},
        toolbar::Toolbar,
    },
};

/// The folders' pane.
#[component]
pub fn Sidebar() -> impl IntoView {
    let app = App::current();
    view! {
        <header class="sidebar">
            <div class="account-bar">
                <AccountMenu />
            </div>
            <button
                class="button primary compose-button"
                type="button"
                aria-keyshortcuts="c"
                on:click=move |_| {
                    app.navigation.drawer.set(false);
                    app.composers.new_letter();
                }
            >
                <Icon name=IconName::Compose />
                "Compose"
            </button>
            <FolderTree />
            <div class="sidebar-foot">
                <StorageMeter />
                <SyncStatus />
                <Tools />
            </div>
        </header>
    }
}

/// What is about the app as a whole.
#[component]
fn Tools() -> impl IntoView {
    let app = App::current();
    // Asked when needed: the system's theme may change while the app is open.
    let is_dark = move || app.appearance.is_dark();
    let label = Signal::derive(move || {
        if is_dark() {
            "Light theme"
        } else {
            "Dark theme"
        }
        .to_owned()
    });
    let icon = Signal::derive(move || {
        if is_dark() {
            IconName::Sun
        } else {
            IconName::Moon
        }
    });
    view! {
        <Toolbar label="Whimbrel" class="sidebar-tools">
            <IconButton
                icon=IconName::Keyboard
                label="Keyboard shortcuts"
                small=true
                shortcut="?"
                on_click=move |_| app.dialogs.open(Dialog::Shortcuts)
            />
            <IconButton
                icon=icon
                label=label
                small=true
                on_click=move |_| {
                    app.appearance.set_theme(if is_dark() { Theme::Light } else { Theme::Dark });
                }
            />
            <IconButton
                icon=IconName::Settings
                label="Settings"
                small=true
                on_click=move |_| app.open_settings()
            />
        </Toolbar>
    }
}
