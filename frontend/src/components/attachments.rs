//! The files of the open message, under its head so that nobody has to scroll to see them.

use leptos::{ev, prelude::*};
use whimbrel_shared::{MailboxId, MessageKey, Part, path};

use crate::{
    browser::{account, focus},
    components::attachment_badge::{AttachmentBadge, FileName},
    logic::{file_kind, sizes},
    ui::icon::{Icon, IconName},
};

/// Of larger files, in bytes, the server makes no small picture.
const LARGEST: u64 = 16 << 20;

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
    let all = (parts.len() > 1).then(|| {
        let url = account::on(path::attachments(&mailbox, key));
        download_link(url, format!("Download all {} attachments", parts.len()))
    });
    let items = parts
        .into_iter()
        .map(|part| {
            let (mailbox, id) = (mailbox.clone(), part.id.clone());
            let is_picture = part.media_type.starts_with("image/") && part.size <= LARGEST;
            let urls = Urls {
                thumbnail: is_picture.then(|| account::on(path::thumbnail(&mailbox, key, &id))),
                kept: account::on(path::part(&mailbox, key, &id)),
                shown: file_kind::opens(&part.name, &part.media_type)
                    .then(|| account::on(path::preview(&mailbox, key, &id))),
            };
            view! { <Attachment part=part urls=urls /> }
        })
        .collect_view();
    view! {
        <div class="attachments attachment-strip">
            <ul aria-label=label>{items}</ul>
            {all}
        </div>
    }
    .into_any()
}

/// Where a file is.
struct Urls {
    /// Of a picture.
    thumbnail: Option<String>,
    /// To be kept.
    kept: String,
    /// To be looked at; `None` where a browser can only keep it.
    shown: Option<String>,
}

fn download_link(url: String, label: String) -> AnyView {
    view! {
        <a class="icon-button small" href=url download aria-label=label.clone() title=label>
            <Icon name=IconName::Download />
        </a>
    }
    .into_any()
}

#[component]
fn Attachment(part: Part, urls: Urls) -> impl IntoView {
    let size = sizes::words(part.size);
    let name = part.name;
    let label = format!("Open {name}, {size}");
    let thumbnail = RwSignal::new(urls.thumbnail);
    let (called, media_type) = (name.clone(), part.media_type);
    let face = move || match thumbnail.get() {
        Some(url) => {
            let fail = move |_| thumbnail.set(None);
            view! { <img class="kind" loading="lazy" src=url alt="" on:error=fail /> }.into_any()
        }
        None => {
            let (name, media_type) = (called.clone(), media_type.clone());
            view! { <AttachmentBadge name=name media_type=media_type /> }.into_any()
        }
    };
    let keep = urls
        .shown
        .is_some()
        .then(|| download_link(urls.kept.clone(), format!("Download {name}")));
    let (target, download) = match &urls.shown {
        Some(_) => (Some("_blank"), None),
        None => (None, Some(name.clone())),
    };
    // A link, so that it can be saved under another name; a button by role, as it opens no page.
    let press = |event: ev::KeyboardEvent| {
        if event.key() == " " {
            event.prevent_default();
            focus::press(&event);
        }
    };
    view! {
        <li class="attachment">
            {face}
            <a
                class="name"
                dir="auto"
                role="button"
                href=urls.shown.unwrap_or(urls.kept)
                target=target
                rel="noopener"
                download=download
                aria-label=label
                title=name.clone()
                on:keydown=press
            >
                <FileName name=name.clone() />
            </a>
            <span class="size amount">{size}</span>
            {keep}
        </li>
    }
}
