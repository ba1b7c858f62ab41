//! What can be done with a row under the pointer. The same is on the keyboard and in the toolbars,
//! so these are no tab stops.

use leptos::{ev, prelude::*};
use whimbrel_shared::MessageKey;

use crate::{
    logic::row::Face,
    state::{App, actions, targets::Targets},
    ui::{button::IconButton, icon::IconName},
};

/// The buttons of one row.
#[component]
pub fn RowActions(
    /// The message.
    key: MessageKey,
    /// What its row shows.
    face: Memo<Option<Face>>,
) -> impl IntoView {
    let app = App::current();
    let is_unread = Signal::derive(move || face.read().as_ref().is_some_and(|face| face.is_unread));
    let is_flagged =
        Signal::derive(move || face.read().as_ref().is_some_and(|face| face.is_flagged));
    let on = move |act: fn(App, &Targets)| {
        move |event: ev::MouseEvent| {
            event.stop_propagation();
            if let Some(mailbox) = app.navigation.mailbox.get_untracked() {
                act(app, &Targets::one(mailbox, key));
            }
        }
    };
    let read_label = Signal::derive(move || {
        if is_unread.get() {
            "Mark as read"
        } else {
            "Mark as unread"
        }
        .to_owned()
    });
    let read_icon = Signal::derive(move || {
        if is_unread.get() {
            IconName::Read
        } else {
            IconName::Unread
        }
    });
    let flag_icon = Signal::derive(move || {
        if is_flagged.get() {
            IconName::FlagFilled
        } else {
            IconName::Flag
        }
    });
    view! {
        <div class="actions" role="gridcell">
            <IconButton icon=IconName::Archive label="Archive" small=true
                tabindex="-1" on_click=on(actions::archive) />
            <IconButton icon=IconName::Trash label="Delete" small=true
                tabindex="-1" on_click=on(actions::delete) />
            <IconButton
                icon=read_icon
                label=read_label
                small=true
                tabindex="-1"
                on_click=on(actions::toggle_read)
            />
            <IconButton
                icon=flag_icon
                label="Flag"
                small=true
                tabindex="-1"
                pressed=is_flagged
                on_click=on(actions::toggle_flag)
            />
        </div>
    }
}
