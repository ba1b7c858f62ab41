//! What can be done with a letter: send, attach, discard.

use std::rc::Rc;

use leptos::{html, prelude::*};

use crate::{
    browser::files,
    state::{
        App,
        dialogs::{Dialog, Question},
        letter::{Letter, Phase},
    },
    ui::{
        button::{Button, ButtonKind, IconButton},
        icon::IconName,
    },
};

/// The buttons below the text.
#[component]
pub fn ComposerFoot(
    /// The letter.
    letter: Letter,
) -> impl IntoView {
    let app = App::current();
    let input = NodeRef::<html::Input>::new();
    let is_sending = Signal::derive(move || letter.phase.get() == Phase::Sending);
    view! {
        <div class="composer-foot">
            <span hidden=move || letter.phase.get() == Phase::Sent>
                <Button
                    class="not-phone"
                    kind=ButtonKind::Primary
                    icon=IconName::Sent
                    shortcut="Control+Enter"
                    disabled=is_sending
                    on_click=move || app.send_letter(letter)
                >
                    "Send"
                </Button>
            </span>
            <input
                type="file"
                multiple=true
                hidden=true
                node_ref=input
                on:change=move |event| app.attach(letter, files::chosen(&event))
            />
            <IconButton
                icon=IconName::Attach
                label="Attach files"
                disabled=is_sending
                on_click=move |_| {
                    if let Some(input) = input.get_untracked() {
                        input.click();
                    }
                }
            />
            <span class="push"></span>
            <IconButton
                icon=IconName::Trash
                label="Discard draft"
                disabled=is_sending
                on_click=move |_| discard(app, letter)
            />
        </div>
    }
}

/// Asks before anything that was written is lost.
fn discard(app: App, letter: Letter) {
    if !letter.is_worth_a_question() {
        app.discard_letter(letter);
        return;
    }
    app.dialogs.open(Dialog::Question(Question {
        title: "Discard this draft?".to_owned(),
        text: "What you wrote is deleted, here and in Drafts. This cannot be undone.".to_owned(),
        accept: "Discard draft",
        is_destructive: true,
        on_accept: Rc::new(move || app.discard_letter(letter)),
    }));
}
