//! What is rarely done with the open message, and on a phone what found no room.

use leptos::prelude::*;
use whimbrel_shared::{BodyView, MailboxId, MessageKey, path};

use crate::{
    browser::{account, dom, history},
    components::{message_toolbar::Open, sender_notes},
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
    let is_judged = move || {
        let Open { mailbox, key } = open.get_value();
        !app.reading.notes(&mailbox, key).is_empty()
    };
    let block = move || {
        let Open { mailbox, key } = open.get_value();
        sender_notes::ask_to_block(app, &mailbox, key);
    };
    let junk_word = move || {
        let is_junk = actions::is_junk(app, &open.get_value().mailbox);
        (if is_junk { "Not junk" } else { "Junk" }).to_owned()
    };
    view! {
        <MenuButton label="More" icon=IconName::More class="tool">
            <MenuItem label="Forward as attachment" icon=IconName::Attach on_click=forward />
            <When test=dom::is_one_pane>
                <MenuItem label="Move" icon=IconName::Move on_click=move_away />
                <MenuItem label=Signal::derive(junk_word) icon=IconName::Junk on_click=junk />
            </When>
            <When test=is_judged>
                <MenuItem label="Block sender" icon=IconName::Junk on_click=block />
            </When>
            <Views open=open />
            <Copies open=open />
        </MenuButton>
    }
}

/// As what the text is shown.
#[component]
fn Views(open: StoredValue<Open>) -> impl IntoView {
    let app = App::current();
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
    let is_turned = move || has_html() && !is_plain() && app.appearance.is_dark();
    let paper_word = move || {
        let Open { mailbox, key } = open.get_value();
        let word = if app.reading.is_on_paper(&mailbox, key) {
            "Show in dark colours"
        } else {
            "Show in its own colours"
        };
        word.to_owned()
    };
    let turn = move || {
        let Open { mailbox, key } = open.get_value();
        app.reading.turn(mailbox, key);
    };
    view! {
        <When test=has_html>
            <MenuItem label=Signal::derive(view_word) icon=IconName::Read on_click=change_view />
        </When>
        <MenuItem
            label="Larger text"
            icon=IconName::Plus
            on_click=move || app.reading.zoom.update(|zoom| *zoom = (*zoom + 25).min(300))
        />
        <MenuItem
            label="Smaller text"
            icon=IconName::Minimise
            on_click=move || app.reading.zoom.update(|zoom| *zoom = (*zoom - 25).max(50))
        />
        <When test=is_turned>
            <MenuItem label=Signal::derive(paper_word) icon=IconName::Sun on_click=turn />
        </When>
    }
}

/// The message on paper, as a file, and as nobody has made it readable.
#[component]
fn Copies(open: StoredValue<Open>) -> impl IntoView {
    let app = App::current();
    let at = move |url: fn(&MailboxId, MessageKey) -> String, show: fn(&str)| {
        move || {
            let Open { mailbox, key } = open.get_value();
            show(&account::on(url(&mailbox, key)));
        }
    };
    let print = move || {
        let Open { mailbox, key } = open.get_value();
        let view = untrack(|| app.view(&mailbox, key));
        history::print(&account::on(path::printed(&mailbox, key, view)));
    };
    view! {
        <MenuItem label="Print" icon=IconName::Print on_click=print />
        <MenuItem
            label="Save as file"
            icon=IconName::Download
            on_click=at(path::source_file, history::save)
        />
        <MenuItem
            label="Show all headers"
            icon=IconName::Info
            on_click=at(path::header_page, history::open_tab)
        />
        <MenuItem
            label="Show original"
            icon=IconName::Expand
            on_click=at(path::source, history::open_tab)
        />
    }
}
