//! The pane of the open message: nothing open, on its way, gone, failed, or there.

use std::rc::Rc;

use leptos::prelude::*;
use whimbrel_shared::{ApiError, ErrorCode, MailboxId, Message, MessageKey, Role};

use crate::{
    components::{
        attachments::Attachments,
        message_frame::MessageFrame,
        message_head::{self, MessageHead},
        message_notes::MessageNotes,
        message_toolbar::{AnswerTools, MessageToolbar, Open},
    },
    state::App,
    ui::{
        button::{Button, ButtonKind, WordShows},
        empty_state::EmptyState,
        icon::IconName,
        skeleton::SkeletonMessage,
        toolbar::Toolbar,
    },
};

/// The region "Message".
#[component]
pub fn MessagePane() -> impl IntoView {
    let app = App::current();
    view! {
        <section class="reader" aria-label="Message">
            {move || match app.navigation.message.get() {
                Some((mailbox, key)) => {
                    view! { <OpenMessage open=Open { mailbox, key } /> }.into_any()
                }
                None => view! { <NothingOpen /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn NothingOpen() -> impl IntoView {
    view! {
        <div class="pane-bar"></div>
        <EmptyState title="No message open" text="Choose one from the list to read it here." />
    }
}

/// A message that the address names, however far it is.
#[component]
fn OpenMessage(open: Open) -> impl IntoView {
    let app = App::current();
    let (mailbox, key) = (open.mailbox.clone(), open.key);
    let is_here = {
        let mailbox = mailbox.clone();
        Memo::new(move |_| app.mail.message(&mailbox, key).is_some())
    };
    let failure = {
        let mailbox = mailbox.clone();
        Memo::new(move |_| app.reading.failure(&mailbox, key))
    };
    let there = open.clone();
    let body = move || {
        if is_here.get() {
            return match there.message(app) {
                Some(message) => view! { <ShownMessage message=message /> }.into_any(),
                None => ().into_any(),
            };
        }
        match failure.get() {
            Some(error) => {
                view! { <Failed error=error mailbox=there.mailbox.clone() key=key /> }.into_any()
            }
            None => view! { <SkeletonMessage /> }.into_any(),
        }
    };
    view! {
        <MessageToolbar open=open.clone() />
        <div class="scroller">{body}</div>
        <Toolbar label="Answer" class="phone-actions only-phone">
            <AnswerTools open=open shows=WordShows::Never />
        </Toolbar>
    }
}

#[component]
fn Failed(error: ApiError, mailbox: MailboxId, key: MessageKey) -> impl IntoView {
    let app = App::current();
    let (title, icon) = match error.code {
        ErrorCode::MessageGone | ErrorCode::MailboxGone | ErrorCode::NotFound => {
            ("This message is gone", IconName::Info)
        }
        ErrorCode::Offline => ("This message is not here yet", IconName::CloudOff),
        _ => ("This message did not open", IconName::Warning),
    };
    let mailbox = StoredValue::new(mailbox);
    let again = move || app.fetch_message(mailbox.get_value(), key);
    let actions = ViewFn::from(move || {
        view! {
            <Button kind=ButtonKind::Primary on_click=again>
                "Try again"
            </Button>
            <Button on_click=move || app.navigation.close_message()>"Back to the list"</Button>
        }
    });
    view! { <EmptyState icon=icon title=title text=error.to_string() alert=true actions=actions /> }
}

/// A message that is here.
#[component]
fn ShownMessage(message: Rc<Message>) -> impl IntoView {
    let app = App::current();
    let subject = match message.subject.trim() {
        "" => "(no subject)".to_owned(),
        subject => subject.to_owned(),
    };
    let who = message
        .from
        .first()
        .map_or("an unknown sender", |from| from.label())
        .to_owned();
    let label = format!(
        "Message from {who}, {}",
        message_head::when(message_head::written_at(&message))
    );
    let (mailbox, key) = (message.mailbox_id.clone(), message.key);
    let is_draft =
        untrack(|| app.mail.mailbox(&mailbox)).is_some_and(|of| of.role == Some(Role::Drafts));
    let draft = (mailbox.clone(), key);
    let go_on = move || {
        let (mailbox, key) = draft.clone();
        app.composers.edit_draft(mailbox, key);
    };
    view! {
        <article class="message-page" aria-labelledby="subject">
            <header class="message-title">
                <h1 id="subject" dir="auto">{subject}</h1>
                {is_draft.then(|| view! { <Button icon=IconName::Compose on_click=go_on>"Go on writing"</Button> })}
            </header>
            <section class="message" aria-label=label>
                <MessageHead message=Rc::clone(&message) />
                <Attachments mailbox=mailbox.clone() key=key parts=message.attachments.clone() />
                <MessageNotes message=Rc::clone(&message) />
                <MessageFrame mailbox=mailbox key=key />
            </section>
        </article>
    }
}
