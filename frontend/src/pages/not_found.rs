//! An address that leads nowhere.

use leptos::prelude::*;
use whimbrel_shared::path;

use crate::ui::{empty_state::EmptyState, icon::IconName};

/// Says so, and leads to the inbox.
#[component]
pub fn NotFound() -> impl IntoView {
    let actions = ViewFn::from(|| {
        view! {
            <a class="button primary" href=path::APP>
                "Go to Inbox"
            </a>
        }
    });
    view! {
        <main class="nowhere">
            <EmptyState
                icon=IconName::Warning
                title="There is no such page"
                text="The address leads nowhere in Whimbrel. It may have been cut short."
                actions=actions
            />
        </main>
    }
}
