//! The face of a file: a badge with its kind, and its name with the extension in sight.

use leptos::prelude::*;

use crate::{
    logic::file_kind::{self, Badge},
    ui::icon::{Icon, IconName},
};

/// What kind of file it is, for the eye only.
#[component]
pub fn AttachmentBadge(
    /// The file name.
    name: String,
    /// `type/subtype`; empty if unknown.
    #[prop(optional, into)]
    media_type: String,
) -> impl IntoView {
    match file_kind::badge(&name, &media_type) {
        Badge::Picture => view! {
            <span class="kind" aria-hidden="true">
                <Icon name=IconName::Image small=true />
            </span>
        }
        .into_any(),
        Badge::Letters { letters, hue } => view! {
            <span class="kind" data-hue=hue aria-hidden="true">
                {letters}
            </span>
        }
        .into_any(),
    }
}

/// A file name whose stem is cut where there is no room, never its extension.
#[component]
pub fn FileName(
    /// The file name.
    name: String,
) -> impl IntoView {
    let (stem, extension) = file_kind::split(&name);
    let (stem, extension) = (stem.to_owned(), extension.to_owned());
    view! {
        <span class="stem">{stem}</span>
        <span class="ext">{extension}</span>
    }
}
