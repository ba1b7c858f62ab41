//! The head of the list: what is in the folder, and what can be done with all of it. While rows
//! are ticked, the selection bar stands in its place.

use leptos::prelude::*;
use whimbrel_shared::Mailbox;

use crate::{
    browser::intl,
    components::{folder_menu::FolderItems, selection_bar::SelectionBar},
    logic::words,
    state::App,
    ui::{
        icon::IconName,
        menu::MenuButton,
        tick::{Tick, TickState},
        when::When,
    },
};

/// The head of the list.
#[component]
pub fn ListHead() -> impl IntoView {
    let app = App::current();
    let is_selecting = Memo::new(move |_| !app.selection.is_empty());
    let tick = Signal::derive(move || match app.selection.len() {
        0 => TickState::Off,
        ticked if ticked == total(app) => TickState::On,
        _ => TickState::Mixed,
    });
    view! {
        <div class="list-head" data-selecting=move || is_selecting.get().then_some("")>
            <Tick
                label="Select all"
                state=tick
                on_click=move |_| {
                    if app.selection.is_empty() {
                        app.selection.toggle_all();
                    } else {
                        app.selection.clear();
                    }
                }
            />
            <When test=move || is_selecting.get() fallback=|| view! { <Summary /> }>
                <SelectionBar />
            </When>
        </div>
    }
}

/// The name of the folder and how much is in it.
#[component]
fn Summary() -> impl IntoView {
    let app = App::current();
    let mailbox = Memo::new(move |_| app.mail.mailbox(&app.navigation.mailbox.get()?));
    let name = move || {
        mailbox
            .read()
            .as_ref()
            .map(|it| words::mailbox_name(it).to_owned())
    };
    let id = Signal::derive(move || mailbox.get().map(|mailbox| mailbox.id));
    view! {
        <h1 dir="auto">{name}</h1>
        <p class="summary">{move || mailbox.read().as_ref().map(|mailbox| summary(app, mailbox))}</p>
        <MenuButton icon=IconName::More label="More about this folder">
            <FolderItems mailbox=id />
        </MenuButton>
    }
}

fn summary(app: App, mailbox: &Mailbox) -> String {
    let number = |count: u32| intl::number(usize::try_from(count).unwrap_or(usize::MAX));
    if app.navigation.search.get().is_some() {
        let found = total(app);
        return format!("{} found", words::messages(found, &intl::number(found)));
    }
    if mailbox.unread_emails > 0 {
        format!(
            "{} unread of {}",
            number(mailbox.unread_emails),
            number(mailbox.total_emails)
        )
    } else {
        let total = usize::try_from(mailbox.total_emails).unwrap_or(usize::MAX);
        words::messages(total, &number(mailbox.total_emails))
    }
}

fn total(app: App) -> usize {
    app.navigation
        .list
        .get()
        .map_or(0, |list| app.mail.list(&list).total)
}
