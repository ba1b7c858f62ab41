//! What fills the account: the largest folders, in a dialog.

use leptos::prelude::*;
use whimbrel_shared::FolderSize;

use crate::{
    browser::intl,
    components::folder_item::icon_of,
    logic::{quota, sizes, tree, words},
    state::App,
    ui::{button::Button, dialog::Dialog, icon::Icon},
};

/// The dialog.
#[component]
pub fn StorageDialog() -> impl IntoView {
    let app = App::current();
    let room = app.room;
    let used = move || {
        let advice = quota::advice(room.percent.get());
        format!("{} used. {advice}", room.words.read())
    };
    let folders = move || {
        let folders = room.take_folders().into_iter();
        folders
            .map(|folder| view! { <Folder folder=folder /> })
            .collect_view()
    };
    let close = move |()| app.dialogs.close();
    view! {
        <Dialog title="Storage" on_close=close class="storage">
            <p>{used}</p>
            <p role="status">{move || room.note.get()}</p>
            <ul>{folders}</ul>
            <div class="buttons">
                <Button on_click=close autofocus=true>
                    "Close"
                </Button>
            </div>
        </Dialog>
    }
}

/// One of them, which can be opened; nothing if it is gone by now.
#[component]
fn Folder(folder: FolderSize) -> impl IntoView {
    let app = App::current();
    let list = app.mail.replica().mailboxes();
    let known = list.mailboxes.iter().find(|m| m.id == folder.mailbox_id)?;
    let count = usize::try_from(folder.messages).unwrap_or(usize::MAX);
    let open = move |_| {
        app.dialogs.close();
        app.navigation.open_mailbox(folder.mailbox_id.clone());
    };
    Some(view! {
        <li>
            <button type="button" on:click=open>
                <Icon name=icon_of(known.role) small=true />
                <span class="name" dir="auto">
                    {tree::path_name(&list, known)}
                </span>
                <span class="amount">{folder.size.map(sizes::words).unwrap_or_default()}</span>
                <span class="count">{words::messages(count, &intl::number(count))}</span>
            </button>
        </li>
    })
}
