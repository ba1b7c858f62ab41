//! Where to move messages: a dialog with a field that narrows a menu of folders.

use leptos::{ev, html, prelude::*};
use whimbrel_shared::Mailbox;

use crate::{
    browser::{
        focus::{self, Step},
        intl,
    },
    components::folder_item::icon_of,
    logic::tree,
    state::{App, actions, targets::Targets},
    ui::{
        button::Button,
        dialog::Dialog,
        each::each,
        icon::{Icon, IconName},
        when::When,
    },
};

const ITEMS: &str = "[role=menuitem]";

/// The folders to choose from.
#[component]
pub fn MoveMenu(
    /// What is to be moved.
    targets: Targets,
) -> impl IntoView {
    let app = App::current();
    let filter = RwSignal::new(String::new());
    let from = targets.mailbox_id.clone();
    let found = Memo::new(move |_| {
        let mut found = tree::move_targets(&app.mail.mailboxes(), &filter.read(), intl::lower_case);
        found.retain(|(mailbox, _)| mailbox.id != from);
        found
    });
    let targets = StoredValue::new(targets);
    let choose = UnsyncCallback::new(move |mailbox: Mailbox| {
        app.dialogs.close();
        actions::move_to(app, &targets.read_value(), &mailbox);
    });
    let first = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // Enter alone chooses nothing: the first folder is nobody's wish.
        if !filter.read_untracked().trim().is_empty()
            && let Some((mailbox, _)) = found.get_untracked().first()
        {
            choose.run(mailbox.clone());
        }
    };
    let menu = NodeRef::<html::Div>::new();
    let down = move |event: ev::KeyboardEvent| {
        if event.key() == "ArrowDown"
            && let Some(menu) = menu.get_untracked()
        {
            event.prevent_default();
            focus::give_to(&menu, ITEMS);
        }
    };
    let close = move |()| app.dialogs.close();
    view! {
        <Dialog title="Move to" on_close=close class="move-menu">
            <form on:submit=first on:keydown=down>
                <Filter filter=filter />
            </form>
            <Folders found=found menu=menu on_choose=choose />
            <When test=move || found.read().is_empty()>
                <p role="status">"No folder has this name."</p>
            </When>
            <div class="buttons">
                <Button on_click=close>"Cancel"</Button>
            </div>
        </Dialog>
    }
}

/// The field that narrows the menu.
#[component]
fn Filter(filter: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="search">
            <Icon name=IconName::Search small=true />
            <input
                type="search"
                aria-label="Find a folder"
                placeholder="Find a folder"
                autocomplete="off"
                autofocus=true
                dir="auto"
                bind:value=filter
            />
        </div>
    }
}

/// The folders that are left.
#[component]
fn Folders(
    found: Memo<Vec<(Mailbox, String)>>,
    menu: NodeRef<html::Div>,
    on_choose: UnsyncCallback<Mailbox>,
) -> impl IntoView {
    view! {
        <div
            class="menu"
            role="menu"
            aria-label="Move to"
            node_ref=menu
            on:keydown=move |event| keys(menu, &event)
        >
            {each(
                move || found.get(),
                |(mailbox, name)| format!("{} {name}", mailbox.id),
                move |(mailbox, name)| view! { <Target mailbox=mailbox name=name on_choose=on_choose /> },
            )}
        </div>
    }
}

#[component]
fn Target(mailbox: Mailbox, name: String, on_choose: UnsyncCallback<Mailbox>) -> impl IntoView {
    let icon = icon_of(mailbox.role);
    view! {
        <button
            type="button"
            role="menuitem"
            tabindex="-1"
            on:click=move |_| on_choose.run(mailbox.clone())
        >
            <Icon name=icon small=true />
            <span class="grow" dir="auto">
                {name}
            </span>
        </button>
    }
}

fn keys(menu: NodeRef<html::Div>, event: &ev::KeyboardEvent) {
    let Some(menu) = menu.get_untracked() else {
        return;
    };
    let step = match event.key().as_str() {
        "ArrowDown" => Step::Next,
        "ArrowUp" => Step::Previous,
        "Home" => Step::First,
        "End" => Step::Last,
        _ => return,
    };
    event.prevent_default();
    focus::step(&menu, ITEMS, step);
}
