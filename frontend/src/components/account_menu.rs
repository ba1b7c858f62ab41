//! The account: who is signed in, and signing out.

use leptos::prelude::*;
use whimbrel_shared::path;

use crate::{
    browser::history,
    state::{App, dialogs::Dialog},
    ui::{
        icon::{Icon, IconName, Mark},
        menu::{MenuButton, MenuItem, MenuSeparator, MenuTitle},
    },
};

/// The button with the address, and its menu.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let app = App::current();
    let address = Signal::derive(move || {
        app.session
            .info()
            .map(|info| info.address)
            .unwrap_or_default()
    });
    // The server knows no name of the person; the address begins with the next best thing.
    let name = move || {
        let address = address.read();
        address.split('@').next().unwrap_or_default().to_owned()
    };
    let label = Signal::derive(move || format!("Account: {}, {}", name(), address.read()));
    let face = ViewFn::from(move || {
        view! {
            <Mark />
            <span class="visually-hidden">{label}</span>
            <span class="who" aria-hidden="true">
                <span class="name" dir="auto">{name}</span>
                <span class="address" dir="auto">{address}</span>
            </span>
            <Icon name=IconName::ChevronDown small=true />
        }
    });
    view! {
        <MenuButton
            label=label
            class="account"
            face=face
        >
            <MenuTitle text=address />
            <MenuItem
                icon=IconName::Sun
                label="Appearance"
                on_click=move |()| app.dialogs.open(Dialog::Appearance)
            />
            <MenuItem
                icon=IconName::Settings
                label="Settings"
                keys="g s"
                on_click=move |()| app.open_settings()
            />
            <MenuItem
                icon=IconName::Keyboard
                label="Keyboard shortcuts"
                keys="?"
                on_click=move |()| app.dialogs.open(Dialog::Shortcuts)
            />
            <MenuSeparator />
            <MenuItem
                icon=IconName::Computer
                label="Where you are signed in"
                on_click=move |()| history::leave_for(path::SIGNED_IN_PLACES)
            />
            <MenuItem
                icon=IconName::SignOut
                label="Sign out"
                on_click=move |()| app.sign_out()
            />
        </MenuButton>
    }
}
