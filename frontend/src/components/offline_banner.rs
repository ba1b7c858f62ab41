//! The strip over all panes while the line is cut. Being cut off is a place to work, no failure.

use leptos::prelude::*;

use crate::{
    browser::intl,
    state::{App, mail::Line},
    ui::when::When,
    ui::{banner::Banner, button::Button, icon::IconName},
};

/// The strip, if it is needed.
#[component]
pub fn OfflineBanner() -> impl IntoView {
    let app = App::current();
    let is_cut = Memo::new(move |_| app.mail.line.get().is_cut());
    view! {
        <When test=move || is_cut.get()>
            <Strip />
        </When>
    }
}

#[component]
fn Strip() -> impl IntoView {
    let app = App::current();
    let title = move || match app.mail.line.get() {
        Line::MailServerLost => "The mail server does not answer.",
        _ => "You are offline.",
    };
    let more = move || match app.mail.queue_len() {
        0 => "Mail comes again by itself when the connection is back.".to_owned(),
        1 => "1 change is kept in this window and will be sent when the connection is back."
            .to_owned(),
        count => format!(
            "{} changes are kept in this window and will be sent when the connection is back.",
            intl::number(count)
        ),
    };
    let actions = ViewFn::from(move || {
        view! { <Button on_click=move |()| app.try_now()>"Try now"</Button> }
    });
    view! {
        <Banner icon=IconName::CloudOff actions=actions>
            <strong>{title}</strong>
            " "
            <span class="more">{more}</span>
        </Banner>
    }
}
