//! What can be done with a folder as a whole: in the list's head, and by a right click, a long
//! press or the menu key in the tree.

use leptos::prelude::*;
use whimbrel_shared::{Mailbox, MailboxId, Role};

use crate::{
    components::folder_tree::OpenMenu,
    state::{App, actions, folders},
    ui::{
        icon::IconName,
        menu::{MenuItem, MenuPopup, MenuSeparator},
        when::When,
    },
};

/// The menu of a folder of the tree.
#[component]
pub fn FolderContextMenu(
    /// The folder, and the menu.
    open_menu: OpenMenu,
) -> impl IntoView {
    let mailbox = Signal::derive(move || open_menu.mailbox.get());
    view! {
        <MenuPopup label="Folder" state=open_menu.menu>
            <FolderItems mailbox=mailbox />
        </MenuPopup>
    }
}

/// The items of a folder's menu. Folders with a role keep their name and stay.
#[component]
pub fn FolderItems(
    /// Which folder.
    mailbox: Signal<Option<MailboxId>>,
) -> impl IntoView {
    let app = App::current();
    let mailbox = Memo::new(move |_| app.mail.mailbox(&mailbox.get()?));
    let may = move |right: fn(&Mailbox) -> bool| {
        Signal::derive(move || !mailbox.read().as_ref().is_some_and(right))
    };
    let on = move |act: fn(App, &Mailbox)| {
        move |()| {
            if let Some(mailbox) = mailbox.get_untracked() {
                act(app, &mailbox);
            }
        }
    };
    let is_bin = move || {
        let role = mailbox.read().as_ref().and_then(|mailbox| mailbox.role);
        matches!(role, Some(Role::Trash | Role::Junk))
    };
    view! {
        <MenuItem
            icon=IconName::Read
            label="Mark all as read"
            disabled=may(|mailbox| mailbox.unread_emails > 0)
            on_click=on(actions::mark_all_read)
        />
        <MenuItem
            icon=IconName::Plus
            label="New folder inside"
            disabled=may(|mailbox| mailbox.my_rights.may_create_child)
            on_click=on(|app, mailbox| folders::ask_to_create(app, Some(mailbox)))
        />
        <MenuItem
            icon=IconName::Compose
            label="Rename folder"
            keys="F2"
            disabled=may(|mailbox| mailbox.role.is_none() && mailbox.my_rights.may_rename)
            on_click=on(folders::ask_to_rename)
        />
        <MenuSeparator />
        <When test=is_bin>
            <MenuItem
                icon=IconName::Trash
                label="Empty folder"
                destructive=true
                disabled=may(|mailbox| mailbox.total_emails > 0 && mailbox.my_rights.may_remove_items)
                on_click=on(actions::empty_folder)
            />
        </When>
        <MenuItem
            icon=IconName::Trash
            label="Delete folder"
            destructive=true
            disabled=may(|mailbox| mailbox.role.is_none() && mailbox.my_rights.may_delete)
            on_click=on(folders::ask_to_delete)
        />
    }
}
