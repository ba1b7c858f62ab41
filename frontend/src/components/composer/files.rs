//! The files of a letter, there or on their way.

use leptos::{ev, prelude::*};

use crate::{
    components::attachment_badge::{AttachmentBadge, FileName},
    logic::{
        composing::{FileState, LetterFile, percent},
        sizes,
    },
    state::{App, letter::Letter},
    ui::{
        button::{Button, ButtonKind, IconButton},
        each::each,
        icon::IconName,
        when::When,
    },
};

/// The list of files; nothing if there are none.
#[component]
pub fn ComposerFiles(
    /// The letter.
    letter: Letter,
) -> impl IntoView {
    let ids = move || {
        letter
            .files
            .read()
            .iter()
            .map(|file| file.id)
            .collect::<Vec<_>>()
    };
    view! {
        <When test=move || !letter.files.read().is_empty()>
            <section class="attachments" aria-label="Attachments">
                <ul>
                    {each(ids, u32::to_string, move |id| view! { <File letter=letter id=id /> })}
                </ul>
            </section>
        </When>
    }
}

#[component]
fn File(letter: Letter, id: u32) -> impl IntoView {
    let app = App::current();
    let find = move |files: &Vec<LetterFile>| files.iter().find(|file| file.id == id).cloned();
    let Some(file) = letter.files.with_untracked(find) else {
        return ().into_any();
    };
    let state = Memo::new(move |_| letter.files.with(find).map(|file| file.state));
    let (name, size) = (file.name, file.size);
    let has_failed = move || matches!(state.get(), Some(FileState::Failed(_)));
    let remove = {
        let name = name.clone();
        Signal::derive(move || match state.get() {
            Some(FileState::Uploading(_)) => format!("Cancel the upload of {name}"),
            _ => format!("Remove {name}"),
        })
    };
    view! {
        <li class="attachment" data-failed=move || has_failed().then_some("")>
            <AttachmentBadge name=name.clone() />
            <span>
                <span class="name" dir="auto" title=name.clone()>
                    <FileName name=name.clone() />
                </span>
                <span class="size amount">{move || words(state.get(), size)}</span>
            </span>
            <When test=has_failed>
                <Button kind=ButtonKind::Link on_click=move || app.upload_again(letter, id)>
                    "Try again"
                </Button>
            </When>
            <IconButton
                small=true
                icon=IconName::Close
                label=remove
                on_click=move |_: ev::MouseEvent| app.detach(letter, id)
            />
            {move || match state.get() {
                Some(FileState::Uploading(sent)) => Some(view! { <Progress name=name.clone() sent=sent size=size /> }),
                _ => None,
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Progress(name: String, sent: u64, size: u64) -> impl IntoView {
    view! {
        <progress
            class="bar-amount"
            max="100"
            value=percent(sent, size).to_string()
            aria-label=format!("Uploading {name}")
        ></progress>
    }
}

fn words(state: Option<FileState>, size: u64) -> String {
    match state {
        Some(FileState::Uploading(sent)) => {
            format!("{} of {}", sizes::words(sent), sizes::words(size))
        }
        Some(FileState::Failed(why)) => why,
        Some(FileState::Ready(_)) | None => sizes::words(size),
    }
}
