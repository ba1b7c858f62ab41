//! What the server says about who sent a message: the verdict, and what else to know.

use std::sync::Arc;

use leptos::prelude::*;
use whimbrel_shared::{MailboxId, MessageKey, ReportKind, ReportLine, path};

use crate::{
    components::message_notes::{Remedy, note},
    state::App,
    ui::{banner::Tone, button::Tool, icon::IconName},
};

/// Says how the verdict came about, and blocks the sender if the reader wants that.
pub fn ask_to_block(app: App, mailbox: &MailboxId, key: MessageKey) {
    let mut notes = untrack(|| app.reading.notes(mailbox, key)).into_iter();
    if let Some(mut verdict) = notes.next() {
        verdict.target = path::block(mailbox, key);
        app.ask_to_act(verdict, "Block sender", "Sender blocked");
    }
}

/// The verdict, in a word; how it came about in a dialog.
pub fn verdict(app: App, mailbox: MailboxId, key: MessageKey) -> AnyView {
    let shown = move || {
        // The verdict comes first.
        let Some(line) = app.reading.notes(&mailbox, key).into_iter().next() else {
            return ().into_any();
        };
        let (class, icon) = match line.kind {
            ReportKind::Good => ("verdict", IconName::Check),
            ReportKind::Off => ("verdict failed", IconName::Warning),
            _ => ("verdict unknown", IconName::Info),
        };
        let word = line.title.split(':').next().unwrap_or_default().to_owned();
        let (word, label) = (
            Signal::stored(word),
            Signal::stored(format!("{}. Show details", line.title)),
        );
        let mailbox = mailbox.clone();
        let show = move || ask_to_block(app, &mailbox, key);
        view! { <Tool class=class icon=icon label=label word=word on_click=show /> }.into_any()
    };
    shown.into_any()
}

/// The other notes, and a verdict that must not be overlooked.
pub fn others(app: App, mailbox: MailboxId, key: MessageKey) -> AnyView {
    let shown = move || {
        let mut notes = app.reading.notes(&mailbox, key);
        if notes
            .first()
            .is_some_and(|verdict| verdict.kind != ReportKind::Off)
        {
            notes.remove(0);
        }
        notes
            .into_iter()
            .map(|line| strip(app, line))
            .collect_view()
            .into_any()
    };
    shown.into_any()
}

fn strip(app: App, line: ReportLine) -> AnyView {
    let (tone, icon) = match line.kind {
        ReportKind::Off => (Tone::Danger, IconName::Warning),
        ReportKind::Less => (Tone::Warn, IconName::Warning),
        _ => (Tone::Quiet, IconName::Info),
    };
    let (words, more) = (line.title.clone(), vec![line.text.clone()]);
    let leave = (!line.target.is_empty()).then(|| {
        let leave = move || app.ask_to_act(line.clone(), "Unsubscribe", "Unsubscribed");
        let leave: Remedy = ("Unsubscribe", Arc::new(leave));
        leave
    });
    note(tone, icon, words, more, leave.into_iter().collect())
}
