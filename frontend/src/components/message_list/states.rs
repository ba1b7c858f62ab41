//! The faces of a list without rows: on its way, empty, failed, unknown.

use std::time::Duration;

use leptos::prelude::*;
use whimbrel_replica::list::{ListKey, ListView, Phase};
use whimbrel_shared::{ApiError, ErrorCode, Role};

use crate::{
    browser::timers,
    logic::words,
    state::App,
    ui::{
        button::{Button, ButtonKind},
        empty_state::EmptyState,
        icon::IconName,
        skeleton::SkeletonRows,
        when::When,
    },
};

/// Rows that fill most windows.
const SKELETONS: usize = 12;
/// What comes sooner needs no grey shapes before it.
const PATIENCE: Duration = Duration::from_millis(150);

/// What stands in the list in place of rows, if anything.
#[component]
pub fn ListState(
    /// Which list.
    list: StoredValue<ListKey>,
    /// What is known of it.
    view: Memo<ListView>,
) -> impl IntoView {
    let state = Memo::new(move |_| {
        let view = view.read();
        (view.phase.clone(), view.total == 0)
    });
    move || match state.get() {
        (Phase::Loading, true) => view! { <Waiting /> }.into_any(),
        (Phase::Failed(error), true) => view! { <Failed list=list error=error /> }.into_any(),
        (Phase::Ready, true) => view! { <Empty list=list /> }.into_any(),
        (_, false) => ().into_any(),
    }
}

/// Grey rows, after a moment.
#[component]
fn Waiting() -> impl IntoView {
    let waited = RwSignal::new(false);
    timers::after(PATIENCE, move || {
        // The list may have come and gone meanwhile.
        let _ = waited.try_set(true);
    });
    view! {
        <When test=move || waited.get()>
            <div class="rows-waiting">
                <SkeletonRows count=SKELETONS />
            </div>
        </When>
    }
}

#[component]
fn Empty(list: StoredValue<ListKey>) -> impl IntoView {
    let app = App::current();
    let mailbox = Memo::new(move |_| app.mail.mailbox(&list.read_value().mailbox));
    let name = move || {
        let mailbox = mailbox.read();
        mailbox
            .as_ref()
            .map(|mailbox| words::mailbox_name(mailbox).to_owned())
            .unwrap_or_default()
    };
    if let Some(search) = list.get_value().search {
        let text = Signal::derive(move || {
            format!(
                "Searched subject, people and text in {} for “{search}”.",
                name()
            )
        });
        let actions = ViewFn::from(move || {
            view! {
                <Button on_click=move |()| app.navigation.search_for(None)>"Clear search"</Button>
            }
        });
        return view! {
            <EmptyState icon=IconName::Search title="No message matches" text=text actions=actions />
        };
    }
    let title = Signal::derive(move || format!("Nothing in {}", name()));
    let text = Signal::derive(move || {
        empty_text(mailbox.read().as_ref().and_then(|mailbox| mailbox.role)).to_owned()
    });
    view! { <EmptyState title=title text=text /> }
}

fn empty_text(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Inbox) => "New mail appears here by itself.",
        Some(Role::Drafts) => "What you begin to write is kept here.",
        Some(Role::Sent) => "What you send is kept here.",
        Some(Role::Flagged) => "What you flag appears here.",
        Some(Role::Archive) => "What you archive is kept here, out of the way.",
        Some(Role::Junk) => "Unwanted mail lands here.",
        Some(Role::Trash) => "What you delete waits here until you empty this folder.",
        Some(Role::All) | None => "Move messages here to keep them together.",
    }
}

#[component]
fn Failed(list: StoredValue<ListKey>, error: ApiError) -> impl IntoView {
    let app = App::current();
    if error.code == ErrorCode::MailboxGone {
        return view! { <UnknownFolder /> }.into_any();
    }
    let title = if list.read_value().search.is_some() {
        "The search did not work"
    } else {
        "This folder did not open"
    };
    let actions = ViewFn::from(move || {
        let retry = move |()| app.mail.replica().want_list(&list.get_value());
        view! {
            <Button kind=ButtonKind::Primary on_click=retry>
                "Try again"
            </Button>
        }
    });
    view! {
        <EmptyState
            icon=IconName::Warning
            title=title
            text=error.to_string()
            alert=true
            actions=actions
        />
    }
    .into_any()
}

/// The address names a folder that is not there, or none is known yet.
#[component]
pub fn UnknownFolder() -> impl IntoView {
    let app = App::current();
    let known = Memo::new(move |_| !app.mail.mailboxes().mailboxes.is_empty());
    let inbox = move |()| {
        if let Some(inbox) = app.mail.replica().mailbox_of_role(Role::Inbox) {
            app.navigation.open_mailbox(inbox.id);
        }
    };
    let actions = ViewFn::from(move || {
        view! {
            <Button kind=ButtonKind::Primary on_click=inbox>
                "Go to Inbox"
            </Button>
        }
    });
    let actions = StoredValue::new(actions);
    view! {
        <When test=move || known.get() fallback=Waiting>
            <EmptyState
                icon=IconName::Folder
                title="This folder is not there"
                text="It may have been renamed or deleted, here or in another mail program."
                actions=actions.get_value()
            />
        </When>
    }
}
