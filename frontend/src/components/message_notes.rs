//! What is to be said about a message besides what it says itself.

use std::{rc::Rc, sync::Arc};

use leptos::prelude::*;
use whimbrel_shared::{BodyView, Message};

use crate::{
    components::sender_notes,
    state::App,
    ui::{
        banner::{Banner, Tone},
        button::Button,
        icon::IconName,
        when::When,
    },
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
        .chain(message.trackers.iter().cloned())
        .collect();
    let place = mailbox.clone();
    let is_blocked = move || wants_remote && app.reading.view(&place, key) == BodyView::AsSent;
    let remote = move || {
        let mailbox = mailbox.clone();
        let show = move || {
            app.reading
                .show_as(mailbox.clone(), key, BodyView::Pictures)
        };
        let load: Remedy = ("Load", Arc::new(show));
        note(
            Tone::Quiet,
            IconName::Image,
            "Pictures and styles from elsewhere are not loaded: loading tells the sender that you read this.".to_owned(),
            hosts.clone(),
            has_pictures.then_some(load),
        )
    };
    let tracked = (!wants_remote && !message.trackers.is_empty()).then(|| {
        note(
            Tone::Quiet,
            IconName::Info,
            "Links in this message tell its sender who follows them.".to_owned(),
            message.trackers.clone(),
            None,
        )
    });
    let damaged = (!message.defects.is_empty()).then(|| {
        note(
            Tone::Quiet,
            IconName::Info,
            "This message is damaged; it is shown as far as it can be read.".to_owned(),
            message.defects.clone(),
            None,
        )
    });
    view! {
        {sender_notes::others(app, message.mailbox_id.clone(), key)}
        <When test=is_blocked>{remote()}</When>
        {tracked}
        {damaged}
    }
}

/// The word of a button, and what it does.
pub type Remedy = (&'static str, Arc<dyn Fn() + Send + Sync>);

/// A strip with more behind its words, and what can be done.
pub fn note(
    tone: Tone,
    icon: IconName,
    words: String,
    more: Vec<String>,
    remedy: Option<Remedy>,
) -> AnyView {
    let list = more
        .into_iter()
        .map(|line| view! { <li dir="auto">{line}</li> })
        .collect_view();
    let actions = ViewFn::from(move || {
        let (word, act) = remedy.clone()?;
        Some(view! { <Button on_click=move || act()>{word}</Button> })
    });
    view! {
        <Banner tone=tone icon=icon boxed=true actions=actions>
            <details>
                <summary dir="auto">{words}</summary>
                <ul>{list}</ul>
            </details>
        </Banner>
    }
    .into_any()
}
