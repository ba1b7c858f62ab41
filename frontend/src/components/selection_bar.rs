//! What can be done with the ticked messages.

use leptos::{ev, prelude::*};

use crate::{
    browser::intl,
    state::{App, actions, targets::Targets},
    ui::{button::IconButton, icon::IconName, toolbar::Toolbar},
};

/// How many are ticked, and a toolbar for them.
#[component]
pub fn SelectionBar() -> impl IntoView {
    let app = App::current();
    let in_junk = move || {
        app.navigation
            .mailbox
            .get()
            .is_some_and(|id| actions::is_junk(app, &id))
    };
    let junk_label = Signal::derive(move || if in_junk() { "Not junk" } else { "Junk" }.to_owned());
    let any_unread = Memo::new(move |_| {
        let _ = app.selection.uids();
        untrack(|| app.targets()).is_some_and(|targets| actions::is_any_unread(app, &targets))
    });
    let read_label = Signal::derive(move || {
        if any_unread.get() {
            "Mark as read"
        } else {
            "Mark as unread"
        }
        .to_owned()
    });
    let read_icon = Signal::derive(move || {
        if any_unread.get() {
            IconName::Read
        } else {
            IconName::Unread
        }
    });
    view! {
        <p class="summary" role="status">
            {move || format!("{} selected", intl::number(app.selection.len()))}
        </p>
        <Toolbar label="Selected messages">
            <IconButton icon=IconName::Archive label="Archive" on_click=on(app, actions::archive) />
            <IconButton icon=IconName::Junk label=junk_label on_click=on(app, actions::junk) />
            <IconButton icon=IconName::Trash label="Delete" on_click=on(app, actions::delete) />
            <IconButton icon=read_icon label=read_label on_click=on(app, actions::toggle_read) />
            <IconButton icon=IconName::Flag label="Flag" on_click=on(app, actions::toggle_flag) />
            <IconButton
                icon=IconName::Move
                label="Move"
                on_click=on(app, |app, targets| actions::ask_where_to_move(app, targets.clone()))
            />
            <IconButton
                icon=IconName::Close
                label="Leave selection"
                on_click=move |_: ev::MouseEvent| app.selection.clear()
            />
        </Toolbar>
    }
}

fn on(app: App, act: impl Fn(App, &Targets) + 'static) -> impl Fn(ev::MouseEvent) + 'static {
    move |_| {
        if let Some(targets) = app.targets() {
            act(app, &targets);
        }
    }
}
