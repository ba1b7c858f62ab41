//! What is to be said about a message besides what it says itself.

use std::rc::Rc;

use leptos::prelude::*;
use whimbrel_shared::{BodyView, Message};

use crate::{
    state::App,
    ui::{banner::Banner, button::Button, icon::IconName, when::When},
};

/// Strips between the head and the text.
#[component]
pub fn MessageNotes(
    /// The message.
    message: Rc<Message>,
) -> impl IntoView {
    let app = App::current();
    let (mailbox, key) = (message.mailbox_id.clone(), message.key);
    let has_pictures = !message.remote_hosts.is_empty();
    let wants_remote = message.has_remote_content;
    let hosts = message.remote_hosts.iter();
    let hosts: Vec<String> = hosts
        .map(|of| format!("{}: {}", of.host, of.pictures))
        .collect();
    let place = mailbox.clone();
    let is_blocked = move || wants_remote && app.reading.view(&place, key) == BodyView::AsSent;
    let load = move || {
        let mailbox = mailbox.clone();
        let show = move || {
            app.reading
                .show_as(mailbox.clone(), key, BodyView::Pictures)
        };
        has_pictures.then(|| view! { <Button on_click=show>"Load"</Button> })
    };
    let load = ViewFn::from(load);
    let remote = move || {
        note(
            IconName::Image,
            "Pictures and styles from elsewhere are not loaded: loading tells the sender that you read this.",
            hosts.clone(),
            load.clone(),
        )
    };
    let damaged = (!message.defects.is_empty()).then(|| {
        note(
            IconName::Info,
            "This message is damaged; it is shown as far as it can be read.",
            message.defects.clone(),
            ViewFn::default(),
        )
    });
    view! {
        <When test=is_blocked>{remote()}</When>
        {damaged}
    }
}

/// A strip with more behind its words, and what can be done.
fn note(icon: IconName, words: &'static str, more: Vec<String>, actions: ViewFn) -> AnyView {
    let list = more
        .into_iter()
        .map(|line| view! { <li dir="auto">{line}</li> })
        .collect_view();
    view! {
        <Banner icon=icon boxed=true actions=actions>
            <details>
                <summary>{words}</summary>
                <ul>{list}</ul>
            </details>
        </Banner>
    }
    .into_any()
}
