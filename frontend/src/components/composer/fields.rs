//! From, To, Cc, Bcc and Subject of a letter.

use leptos::prelude::*;

use crate::{
    components::recipients_field::RecipientsField,
    state::{App, letter::Letter},
    ui::{
        button::{Button, ButtonKind},
        field::unique_id,
        when::When,
    },
};

/// The fields over the text.
#[component]
pub fn ComposerFields(
    /// The letter.
    letter: Letter,
) -> impl IntoView {
    let app = App::current();
    let shows = |field: RwSignal<Vec<crate::logic::addresses::Recipient>>| {
        RwSignal::new(!field.read_untracked().is_empty())
    };
    let (cc, bcc) = (shows(letter.cc.list), shows(letter.bcc.list));
    let subject_id = unique_id("subject");
    view! {
        <div class="head-row">
            <span class="label">"From"</span>
            <span class="from" dir="auto">
                {move || app.session.info().map(|info| info.address)}
            </span>
        </div>
        <RecipientsField label="To" letter=letter field=letter.to>
            <MoreRecipients word="Cc" shown=cc />
            <MoreRecipients word="Bcc" shown=bcc />
        </RecipientsField>
        <When test=move || cc.get()>
            <RecipientsField label="Cc" letter=letter field=letter.cc asked=true />
        </When>
        <When test=move || bcc.get()>
            <RecipientsField label="Bcc" letter=letter field=letter.bcc asked=true />
        </When>
        <div class="head-row">
            <label for=subject_id.clone()>"Subject"</label>
            <input
                class="subject"
                id=subject_id
                type="text"
                dir="auto"
                autocomplete="off"
                prop:value=move || letter.subject.get()
                on:input:target=move |event| {
                    letter.subject.set(event.target().value());
                    letter.touch();
                }
            />
        </div>
    }
}

/// The button that shows a field that is rarely used.
#[component]
fn MoreRecipients(word: &'static str, shown: RwSignal<bool>) -> impl IntoView {
    view! {
        <When test=move || !shown.get()>
            <Button kind=ButtonKind::Quiet on_click=move || shown.set(true)>
                {word}
            </Button>
        </When>
    }
}
