//! The folders: one tree, those with a role first, then one's own.

use leptos::prelude::*;
use whimbrel_shared::MailboxId;

use crate::{
    components::{folder_item::FolderItem, folder_menu::FolderContextMenu},
    state::{App, folders, mail::Line},
    ui::{
        button::{Button, IconButton},
        each::each,
        icon::IconName,
        menu::MenuState,
        when::When,
    },
};

/// The folder whose menu is open, and the menu.
#[derive(Clone, Copy)]
pub struct OpenMenu {
    /// The folder.
    pub mailbox: RwSignal<Option<MailboxId>>,
    /// The menu.
    pub menu: MenuState,
}

/// The folders.
#[component]
pub fn FolderTree() -> impl IntoView {
    let app = App::current();
    let open_menu = OpenMenu {
        mailbox: RwSignal::new(None),
        menu: MenuState::default(),
    };
    let roles = Memo::new(move |_| app.tree.lines.read().roles.clone());
    let own = Memo::new(move |_| app.tree.lines.read().own.clone());
    let is_empty = move || roles.read().is_empty() && own.read().is_empty();
    let may_create = Memo::new(move |_| app.mail.mailboxes().may_create_top_level);
    view! {
        <nav class="folders" aria-label="Mailboxes">
            <div class="tree" role="tree" aria-label="Folders">
                <div class="roles" role="group" aria-label="Mail">
                    {each(
                        move || roles.get(),
                        MailboxId::to_string,
                        move |id| view! { <FolderItem id=id open_menu=open_menu /> },
                    )}
                </div>
                <div class="own" role="group" aria-labelledby="own-folders">
                    {each(
                        move || own.get(),
                        MailboxId::to_string,
                        move |id| view! { <FolderItem id=id open_menu=open_menu /> },
                    )}
                </div>
            </div>
            <div class="folders-title">
                <h2 id="own-folders">"Folders"</h2>
                <When test=move || may_create.get()>
                    <IconButton
                        icon=IconName::Plus
                        label="New folder"
                        small=true
                        on_click=move |_| folders::ask_to_create(app, None)
                    />
                </When>
            </div>
            <When test=is_empty>
                <NoFolders />
            </When>
            <FolderContextMenu open_menu=open_menu />
        </nav>
    }
}

/// No folder is known: on their way, or out of reach.
#[component]
fn NoFolders() -> impl IntoView {
    let app = App::current();
    let is_cut = move || matches!(app.mail.line.get(), Line::Offline | Line::MailServerLost);
    view! {
        <div class="no-folders">
            <When
                test=is_cut
                fallback=|| view! { <p role="status">"Loading the folders…"</p> }
            >
                <p role="alert">"The folders could not be loaded."</p>
                <Button on_click=move |()| app.try_now()>"Try again"</Button>
            </When>
        </div>
    }
}
