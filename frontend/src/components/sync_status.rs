//! How the line is, in a few words, always in the same place.

use leptos::prelude::*;

use crate::{
    browser::intl,
    state::{App, dialogs::Dialog, mail::Line},
    ui::{
        icon::{Icon, IconName},
        when::When,
    },
};

/// The line under the folders.
#[component]
pub fn SyncStatus() -> impl IntoView {
    let app = App::current();
    let waiting = Memo::new(move |_| app.mail.queue_len());
    let icon = Signal::derive(move || match (app.mail.line.get(), waiting.get()) {
        (Line::Offline | Line::MailServerLost, _) => IconName::CloudOff,
        (Line::Connecting, _) => IconName::Cloud,
        (Line::Online, 0) => IconName::CloudCheck,
        (Line::Online, _) => IconName::CloudUp,
    });
    let text = move || {
        let line = app.mail.line.get();
        let word = match (line, waiting.get()) {
            (Line::Connecting, _) => "Connecting…",
            (Line::Offline, _) => "Offline",
            (Line::MailServerLost, _) => "Mail server away",
            (Line::Online, 0) => "Up to date",
            (Line::Online, _) => "Saving changes…",
        };
        match (line, waiting.get()) {
            (Line::Offline | Line::MailServerLost, 1) => format!("{word} · 1 change waiting"),
            (Line::Offline | Line::MailServerLost, count) if count > 1 => {
                format!("{word} · {} changes waiting", intl::number(count))
            }
            _ => word.to_owned(),
        }
    };
    let failures = Memo::new(move |_| app.mail.could_not_apply().len());
    let not_done = move || match failures.get() {
        1 => "1 change could not be made".to_owned(),
        count => format!("{} changes could not be made", intl::number(count)),
    };
    let is_cut = move || matches!(app.mail.line.get(), Line::Offline | Line::MailServerLost);
    view! {
        <p class="sync" class:offline=is_cut role="status">
            <Icon name=icon small=true />
            <span class="text">{text}</span>
        </p>
        <When test=move || failures.get() != 0>
            <button class="sync" type="button" on:click=move |_| app.dialogs.open(Dialog::NotDone)>
                <Icon name=IconName::Warning small=true />
                <span class="text">{not_done}</span>
            </button>
        </When>
    }
}
