//! The files of the open message, under its head so that nobody has to scroll to see them.

use leptos::{ev, prelude::*};
use whimbrel_shared::{MailboxId, MessageKey, Part, path};

use crate::{
    browser::{account, focus},
    components::attachment_badge::{AttachmentBadge, FileName},
    logic::sizes,
};

/// The list of files; nothing if there are none.
#[component]
pub fn Attachments(
    /// Where the message is.
    mailbox: MailboxId,
    /// Its key there.
    key: MessageKey,
    /// Its files.
    parts: Vec<Part>,
) -> impl IntoView {
    if parts.is_empty() {
        return ().into_any();
    }
    let total: u64 = parts.iter().map(|part| part.size).sum();
    let label = match parts.len() {
        1 => format!("1 attachment, {}", sizes::words(total)),
        count => format!("{count} attachments, {}", sizes::words(total)),
    };
    let items = parts
        .into_iter()
        .map(|part| {
            let url = account::on(path::part(&mailbox, key, &part.id));
            view! { <Attachment part=part url=url /> }
        })
        .collect_view();
    view! {
        <div class="attachments attachment-strip">
            <ul aria-label=label>{items}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn Attachment(part: Part, url: String) -> impl IntoView {
    let size = sizes::words(part.size);
    let name = part.name;
    let label = format!("Open {name}, {size}");
    // A link, so that it can be saved under another name; a button by role, as it opens no page.
    let press = |event: ev::KeyboardEvent| {
        if event.key() == " " {
            event.prevent_default();
            focus::press(&event);
        }
    };
    view! {
        <li class="attachment">
            <AttachmentBadge name=name.clone() media_type=part.media_type />
            <a
                class="name"
                dir="auto"
                role="button"
                href=url
                download=name.clone()
                aria-label=label
                title=name.clone()
                on:keydown=press
            >
                <FileName name=name.clone() />
            </a>
            <span class="size amount">{size}</span>
        </li>
    }
}
