//! Who wrote to whom, and when.

use std::rc::Rc;

use leptos::prelude::*;
use whimbrel_shared::{Address, Message};

use crate::{
    browser::{intl, timers},
    components::sender_notes,
    logic::{addresses, row::DateStyle},
    state::App,
    ui::{
        field::unique_id,
        icon::{Icon, IconName},
    },
};

/// When a message was written: seconds since the Unix epoch; when it arrived, if it does not say.
#[must_use]
pub fn written_at(message: &Message) -> i64 {
    message.sent_at.unwrap_or(message.received_at)
}

/// "Today 12:41", "Mon 12:41", "26 Nov 12:41", "26 Nov 2025, 12:41".
#[must_use]
pub fn when(at: i64) -> String {
    let style = DateStyle::new(intl::local_day(timers::now()), intl::local_day(at));
    let time = intl::row_date(at, DateStyle::Time);
    match style {
        DateStyle::Time => format!("Today {time}"),
        DateStyle::Weekday | DateStyle::Day => format!("{} {time}", intl::row_date(at, style)),
        DateStyle::Date => format!("{}, {time}", intl::row_date(at, style)),
    }
}

/// The head of a message: face, name, address, date, recipients.
#[component]
pub fn MessageHead(
    /// The message.
    message: Rc<Message>,
) -> impl IntoView {
    let app = App::current();
    let own = untrack(|| app.session.info())
        .map(|info| info.address)
        .unwrap_or_default();
    let from = message.from.first().cloned().unwrap_or_default();
    let at = written_at(&message);
    let all_shown = RwSignal::new(false);
    let details = unique_id("recipients");
    let details_id = details.clone();
    let summary = addresses::summary(&message.to, &message.cc, &own);
    let label = format!("{summary}. Show all recipients");
    let has_name = !from.name.is_empty() && from.name != from.email;
    let nobody = from.email.is_empty() && from.name.is_empty();
    let name = if nobody {
        "Unknown sender".to_owned()
    } else {
        from.label().to_owned()
    };
    view! {
        <header class="message-head">
            <span class="avatar" class:own=addresses::same(&from.email, &own) aria-hidden="true">
                {addresses::initials(&from)}
            </span>
            <div class="who">
                <span class="name" dir="auto">{name}</span>
                {has_name.then(|| view! { <span class="address" dir="ltr">{from.email.clone()}</span> })}
                {sender_notes::verdict(app, message.mailbox_id.clone(), message.key)}
            </div>
            <time class="when" datetime=intl::machine_date(at) title=intl::full_date(at)>
                {when(at)}
            </time>
            <div class="to">
                <button
                    type="button"
                    aria-expanded=move || all_shown.get().to_string()
                    aria-controls=details
                    aria-label=label
                    on:click=move |_| all_shown.update(|shown| *shown = !*shown)
                >
                    <span class="names" dir="auto">{summary}</span>
                    <Icon name=IconName::ChevronDown small=true />
                </button>
            </div>
        </header>
        <div id=details_id hidden=move || !all_shown.get()>
            <RecipientDetails message=message />
        </div>
    }
}

/// Everybody by name and address, and the whole date.
#[component]
fn RecipientDetails(message: Rc<Message>) -> impl IntoView {
    let line = |name: &'static str, people: &[Address]| {
        (!people.is_empty()).then(|| {
            let people = people
                .iter()
                .map(|one| view! { <li dir="auto">{addresses::words(one)}</li> })
                .collect_view();
            view! {
                <dt>{name}</dt>
                <dd>
                    <ul>{people}</ul>
                </dd>
            }
        })
    };
    view! {
        <dl class="recipients">
            {line("From", &message.from)}
            {line("Reply to", &message.reply_to)}
            {line("To", &message.to)}
            {line("Cc", &message.cc)}
            {line("Bcc", &message.bcc)}
            <dt>"Date"</dt>
            <dd>{intl::full_date(written_at(&message))}</dd>
        </dl>
    }
}
