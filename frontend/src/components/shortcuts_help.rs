//! All keys, by what they are for. The table in `logic/shortcuts` decides what they do.

use leptos::prelude::*;

use crate::ui::{button::Button, dialog::Dialog};

/// Group, and its keys with what they do.
const KEYS: &[(&str, &[(&str, &str)])] = &[
    (
        "Going about",
        &[
            ("j  k", "Older or newer message"),
            ("Enter  o", "Open the message"),
            ("Escape", "Back to the list"),
            ("g then i", "Inbox"),
            ("g then s", "Settings"),
            ("/", "Search"),
            ("F6", "Next pane"),
            ("?", "This help"),
        ],
    ),
    (
        "With messages",
        &[
            ("e", "Archive"),
            ("#", "Delete"),
            ("!", "Junk, or not junk"),
            ("v", "Move"),
            ("u", "Unread, or read"),
            ("s", "Flag"),
            ("x", "Tick"),
            ("Ctrl+A", "Tick all"),
            ("z", "Undo"),
        ],
    ),
    (
        "Writing",
        &[
            ("c", "Compose"),
            ("r", "Reply"),
            ("a", "Reply all"),
            ("f", "Forward"),
            ("Ctrl+Enter", "Send"),
            ("Escape", "Close, keep the draft"),
        ],
    ),
];

/// The dialog with all keys. Show it with `<When>`; `on_close` must unmount it.
#[component]
pub fn ShortcutsHelp(
    /// It was closed.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
) -> impl IntoView {
    let groups = KEYS
        .iter()
        .map(|(title, keys)| view! { <Group title=title keys=keys /> })
        .collect_view();
    view! {
        <Dialog title="Keyboard shortcuts" class="shortcuts" on_close=on_close>
            <div class="groups">{groups}</div>
            <div class="buttons">
                <Button on_click=on_close autofocus=true>
                    "Close"
                </Button>
            </div>
        </Dialog>
    }
}

#[component]
fn Group(title: &'static str, keys: &'static [(&'static str, &'static str)]) -> impl IntoView {
    let rows = keys
        .iter()
        .map(|(keys, words)| {
            let keys = keys
                .split_whitespace()
                .map(|key| {
                    if key == "then" {
                        view! { <span>" then "</span> }.into_any()
                    } else {
                        view! { <kbd>{key}</kbd> }.into_any()
                    }
                })
                .collect_view();
            view! {
                <dt>{keys}</dt>
                <dd>{*words}</dd>
            }
        })
        .collect_view();
    view! {
        <section>
            <h3>{title}</h3>
            <dl>{rows}</dl>
        </section>
    }
}
