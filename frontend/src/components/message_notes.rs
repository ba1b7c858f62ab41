//! What is to be said about a message besides what it says itself.

use std::{rc::Rc, sync::Arc};

use leptos::prelude::*;
use whimbrel_shared::{BodyView, Message};

use crate::{
    components::sender_notes,
    state::{App, actions},
    ui::{
        banner::{Banner, Tone},
        button::{Button, ButtonKind},
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
    let is_blocked = move || wants_remote && app.view(&place, key) == BodyView::AsSent;
    let held = message.held_because.clone();
    let remote = move || {
        let (here, there) = (mailbox.clone(), mailbox.clone());
        let show = move || app.reading.show_as(here.clone(), key, BodyView::Pictures);
        let always = move || app.always_load_pictures(there.clone(), key);
        let mut remedies: Vec<Remedy> = Vec::new();
        if has_pictures {
            remedies.push(("Load", Arc::new(show)));
            if held.is_empty() && !untrack(|| actions::is_junk(app, &mailbox)) {
                remedies.push(("Always from this sender", Arc::new(always)));
            }
        }
        let words = match held.as_str() {
            "" => {
                "Pictures and styles from elsewhere are not loaded: loading tells the sender that you read this."
            }
            held => held,
        };
        note(
            Tone::Quiet,
            IconName::Image,
            words.to_owned(),
            hosts.clone(),
            remedies,
        )
    };
    let told = |words: &str, more: Vec<String>| {
        note(
            Tone::Quiet,
            IconName::Info,
            words.to_owned(),
            more,
            Vec::new(),
        )
    };
    let tracked = (!wants_remote && !message.trackers.is_empty()).then(|| {
        let words = "Links in this message tell its sender who follows them.";
        told(words, message.trackers.clone())
    });
    let damaged = (!message.defects.is_empty()).then(|| {
        let words = "This message is damaged; it is shown as far as it can be read.";
        told(words, message.defects.clone())
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

/// A strip with more behind its words, and what can be done, the usual thing first.
pub fn note(
    tone: Tone,
    icon: IconName,
    words: String,
    more: Vec<String>,
    remedies: Vec<Remedy>,
) -> AnyView {
    let list = more
        .into_iter()
        .map(|line| view! { <li dir="auto">{line}</li> })
        .collect_view();
    let actions = ViewFn::from(move || {
        let mut kind = ButtonKind::Plain;
        let button = |(word, act): Remedy| {
            let kind = std::mem::replace(&mut kind, ButtonKind::Quiet);
            view! { <Button kind=kind on_click=move || act()>{word}</Button> }
        };
        remedies.iter().cloned().map(button).collect_view()
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
