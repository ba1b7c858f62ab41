//! One folder of the tree: opens, opens its branch, takes what is dropped on it.

use leptos::{attr::custom::custom_attribute, ev, html, prelude::*};
use whimbrel_shared::{Mailbox, MailboxId, Role};

use crate::{
    browser::{drag, focus, history, intl},
    components::folder_tree::OpenMenu,
    logic::{tree::Branch, words},
    state::{App, actions, folders},
    ui::{
        effects::on_change_from,
        icon::{Icon, IconName},
        when::When,
    },
};

/// What the parts of a folder know.
#[derive(Clone, Copy)]
struct Item {
    app: App,
    id: StoredValue<MailboxId>,
    line: Memo<Option<Branch>>,
    open_menu: OpenMenu,
    element: NodeRef<html::Div>,
}

/// One folder.
#[component]
pub fn FolderItem(
    /// Which.
    id: MailboxId,
    /// The menu that a right click opens.
    open_menu: OpenMenu,
) -> impl IntoView {
    let app = App::current();
    let id = StoredValue::new(id);
    let item = Item {
        app,
        id,
        line: Memo::new(move |_| app.tree.lines.read().line(&id.read_value()).cloned()),
        open_menu,
        element: NodeRef::new(),
    };
    let is_current = move || app.navigation.mailbox.read().as_ref() == Some(&*id.read_value());
    let is_tab_stop = move || app.tree.tab_stop.read().as_ref() == Some(&*id.read_value());
    let is_over = RwSignal::new(false);
    let drop = Memo::new(move |_| item.may_drop());
    item.take_focus_when_wanted();
    // Leptos has no `aria-level` of its own.
    let level = custom_attribute("aria-level", move || {
        item.line.read().as_ref().map(|line| line.level.to_string())
    });
    view! {
        <div
            class="folder"
            role="treeitem"
            {..level}
            aria-expanded=move || item.is_expanded().map(|open| open.to_string())
            aria-current=move || is_current().then_some("page")
            data-unread=move || item.count().is_some_and(|count| count.is_unread).then_some("")
            data-drop=move || (is_over.get() && drop.get() == Some(true)).then_some("")
            data-drop-refused=move || (drop.get() == Some(false)).then_some("")
            tabindex=move || if is_tab_stop() { "0" } else { "-1" }
            node_ref=item.element
            on:click=move |_| item.open()
            on:auxclick=move |event| item.open_in_tab(&event)
            on:contextmenu=move |event| item.open_menu(&event)
            on:focus=move |_| app.tree.focused(&id.read_value())
            on:keydown=move |event| item.key(&event)
            on:dragover=move |event| {
                if drag::is_ours(&event) && drop.get_untracked() == Some(true) {
                    drag::accept(&event);
                    if !is_over.get_untracked() {
                        is_over.set(true);
                    }
                }
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                is_over.set(false);
                item.dropped();
            }
        >
            <Inside item=item />
        </div>
    }
}

/// Icon, name, count, and the sign of a branch.
#[component]
fn Inside(item: Item) -> impl IntoView {
    let mailbox = move |of: fn(&Mailbox) -> String| {
        move || item.line.read().as_ref().map(|line| of(&line.mailbox))
    };
    let icon = Signal::derive(move || {
        icon_of(item.line.read().as_ref().and_then(|line| line.mailbox.role))
    });
    let toggle = move |event: ev::MouseEvent| {
        event.stop_propagation();
        item.app.tree.toggle(&item.id.read_value());
    };
    let count = Memo::new(move |_| item.count());
    view! {
        <Icon name=icon />
        <span class="name" dir="auto" title=mailbox(|mailbox| words::mailbox_name(mailbox).to_owned())>
            {mailbox(|mailbox| words::mailbox_name(mailbox).to_owned())}
        </span>
        {move || count.get().map(|count| view! {
            <span class="count">
                {intl::number(count.number)}
                <span class="visually-hidden">{match (count.is_unread, count.number) { (true, _) => " unread", (_, 1) => " message", _ => " messages" }}</span>
            </span>
        })}
        <When test=move || item.is_expanded().is_some()>
            <span class="twist" on:click=toggle>
                <Icon name=IconName::ChevronRight small=true />
            </span>
        </When>
    }
}

/// The number behind a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    number: usize,
    /// Unread messages; else all of them.
    is_unread: bool,
}

impl Item {
    /// Unread messages; in Drafts and Junk all of them, for there it is them that matter.
    fn count(self) -> Option<Count> {
        let line = self.line.read();
        let mailbox = &line.as_ref()?.mailbox;
        let (number, is_unread) = match mailbox.role {
            Some(Role::Drafts | Role::Junk) => (mailbox.total_emails, false),
            Some(Role::Trash) => return None,
            _ => (mailbox.unread_emails, true),
        };
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        (number > 0).then_some(Count { number, is_unread })
    }

    fn is_expanded(self) -> Option<bool> {
        self.line.read().as_ref()?.is_expanded
    }

    fn mailbox(self) -> Option<Mailbox> {
        self.line.get_untracked().map(|line| line.mailbox)
    }

    fn open(self) {
        let Some(mailbox) = self.mailbox() else {
            return;
        };
        if mailbox.my_rights.may_read_items {
            self.app.navigation.open_mailbox(mailbox.id);
        } else {
            self.app.tree.toggle(&mailbox.id);
        }
    }

    fn open_in_tab(self, event: &ev::MouseEvent) {
        const MIDDLE: i16 = 1;
        if event.button() == MIDDLE {
            event.prevent_default();
            history::open_tab(&whimbrel_shared::path::mail(&self.id.read_value()));
        }
    }

    fn open_menu(self, event: &ev::MouseEvent) {
        self.open_menu.mailbox.set(Some(self.id.get_value()));
        self.open_menu.menu.open_for(event);
    }

    /// Whether what is being dragged may be dropped here; `None` while nothing is.
    fn may_drop(self) -> Option<bool> {
        let targets = self.app.dragging.targets()?;
        let line = self.line.read();
        let mailbox = &line.as_ref()?.mailbox;
        Some(mailbox.my_rights.may_add_items && mailbox.id != targets.mailbox_id)
    }

    fn dropped(self) {
        let may = untrack(|| self.may_drop()) == Some(true);
        if let (Some(targets), Some(mailbox), true) = (self.app.dragging.end(), self.mailbox(), may)
        {
            actions::move_to(self.app, &targets, &mailbox);
        }
    }

    fn take_focus_when_wanted(self) {
        on_change_from(move |before: Option<u32>| {
            let wanted = self.app.tree.focus_wanted.get();
            let is_mine =
                self.app.tree.tab_stop.get_untracked().as_ref() == Some(&*self.id.read_value());
            if before.is_some_and(|before| before != wanted)
                && is_mine
                && let Some(element) = self.element.get_untracked()
            {
                focus::give_back(&element);
            }
            wanted
        });
    }

    /// Keys of a tree (WAI-ARIA APG, "Tree View"), F2 to rename, Delete to delete.
    fn key(self, event: &ev::KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let tree = self.app.tree;
        let id = self.id.get_value();
        let expanded = untrack(|| self.is_expanded());
        match event.key().as_str() {
            "ArrowDown" => tree.step(&id, 1),
            "ArrowUp" => tree.step(&id, -1),
            "Home" => tree.step(&id, isize::MIN),
            "End" => tree.step(&id, isize::MAX),
            "ArrowRight" if expanded == Some(false) => tree.toggle(&id),
            "ArrowRight" if expanded == Some(true) => tree.step(&id, 1),
            "ArrowLeft" if expanded == Some(true) => tree.toggle(&id),
            "ArrowLeft" => self.focus_parent(),
            "Enter" | " " => self.open(),
            "F2" => self.with_right(
                |mailbox| mailbox.my_rights.may_rename,
                folders::ask_to_rename,
            ),
            "Delete" => {
                self.with_right(
                    |mailbox| mailbox.my_rights.may_delete,
                    folders::ask_to_delete,
                );
            }
            _ => return,
        }
        event.prevent_default();
    }

    fn focus_parent(self) {
        let parent = self.mailbox().and_then(|mailbox| mailbox.parent_id);
        let tree = self.app.tree;
        if let Some(parent) = parent.filter(|id| tree.lines.read_untracked().line(id).is_some()) {
            tree.focus(parent);
        }
    }

    fn with_right(self, may: fn(&Mailbox) -> bool, act: fn(App, &Mailbox)) {
        if let Some(mailbox) = self
            .mailbox()
            .filter(|mailbox| may(mailbox) && mailbox.role.is_none())
        {
            act(self.app, &mailbox);
        }
    }
}

/// The icon of a folder.
#[must_use]
pub fn icon_of(role: Option<Role>) -> IconName {
    match role {
        Some(Role::Inbox) => IconName::Inbox,
        Some(Role::Drafts) => IconName::Drafts,
        Some(Role::Sent) => IconName::Sent,
        Some(Role::Flagged) => IconName::Flag,
        Some(Role::Archive | Role::All) => IconName::Archive,
        Some(Role::Junk) => IconName::Junk,
        Some(Role::Trash) => IconName::Trash,
        None => IconName::Folder,
    }
}
