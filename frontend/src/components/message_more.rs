//! What is rarely done with the open message, and on a phone what found no room.

use leptos::prelude::*;
use whimbrel_shared::{BodyView, path};

use crate::{
    browser::{account, dom, history},
    components::message_toolbar::Open,
    state::{App, actions},
    ui::{
        icon::IconName,
        menu::{MenuButton, MenuItem},
        when::When,
    },
};

/// The button "More" with its menu.
#[component]
pub fn MessageMore(
    /// The message.
    open: Open,
) -> impl IntoView {
    let app = App::current();
    let open = StoredValue::new(open);
    let forward = move || {
        if let Some(message) = open.get_value().message(app) {
            app.composers.forward_as_attachment(message);
        }
    };
    let move_away = move || actions::ask_where_to_move(app, open.get_value().targets());
    let junk = move || actions::junk(app, &open.get_value().targets());
    let junk_word = move || {
        let is_junk = actions::is_junk(app, &open.get_value().mailbox);
        (if is_junk { "Not junk" } else { "Junk" }).to_owned()
    };
    let has_html = move || {
        let message = open.get_value().message(app);
        message.is_some_and(|message| message.is_html)
    };
    let is_plain = move || {
        let Open { mailbox, key } = open.get_value();
        app.reading.view(&mailbox, key) == BodyView::Text
    };
    let view_word = move || {
        let word = if is_plain() {
            "Show as HTML"
        } else {
            "Show as plain text"
        };
        word.to_owned()
    };
    let change_view = move || {
        let view = if untrack(is_plain) {
            BodyView::AsSent
        } else {
            BodyView::Text
        };
        let Open { mailbox, key } = open.get_value();
        app.reading.show_as(mailbox, key, view);
    };
    let source = move || {
        let Open { mailbox, key } = open.get_value();
        history::open_tab(&account::on(path::source(&mailbox, key)));
    };
    view! {
        <MenuButton label="More" icon=IconName::More class="tool">
            <MenuItem label="Forward as attachment" icon=IconName::Attach on_click=forward />
            <When test=dom::is_one_pane>
                <MenuItem label="Move" icon=IconName::Move on_click=move_away />
                <MenuItem label=Signal::derive(junk_word) icon=IconName::Junk on_click=junk />
            </When>
            <When test=has_html>
                <MenuItem label=Signal::derive(view_word) icon=IconName::Read on_click=change_view />
            </When>
            <MenuItem label="Show original" icon=IconName::Expand on_click=source />
        </MenuButton>
    }
}
