//! The text of a message: a document of its own, without scripts, as high as its text.

use leptos::{html, prelude::*};
use whimbrel_shared::{MailboxId, MessageKey, path};

use crate::{
    browser::{
        account,
        frame::{self, FrameWatch},
    },
    state::{App, appearance::Theme, mail::Line},
    ui::{
        banner::{Banner, Tone},
        button::Button,
        effects::{on_change, on_change_from},
        icon::IconName,
        when::When,
    },
};

/// What the frame may do: be fitted by the page, and open links in new tabs. Never run scripts.
const SANDBOX: &str = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// How far the frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Loading,
    Shown,
    Failed,
}

/// The frame, or why there is none.
#[component]
pub fn MessageFrame(
    /// Where the message is.
    mailbox: MailboxId,
    /// Its key there.
    key: MessageKey,
) -> impl IntoView {
    let app = App::current();
    let frame = NodeRef::<html::Iframe>::new();
    let phase = RwSignal::new(Phase::Loading);
    let tries = RwSignal::new(0_u32);
    let watch: StoredValue<Option<FrameWatch>, LocalStorage> = StoredValue::new_local(None);
    let address = move || address(app, &mailbox, key, tries.get());
    let first = untrack(&address);
    on_change_from(move |before: Option<String>| {
        let url = address();
        if before.is_some_and(|before| before != url)
            && let Some(frame) = frame.get_untracked()
        {
            frame::show(&frame, &url);
        }
        url
    });
    let loaded = move |_| {
        let Some(frame) = frame.get_untracked() else {
            return;
        };
        let watched = FrameWatch::new(&frame, move |link| app.write_to(&link));
        phase.set(if watched.is_ok() {
            Phase::Shown
        } else {
            Phase::Failed
        });
        watch.set_value(watched.ok());
    };
    keep_size(app, frame, phase);
    let again = move || {
        phase.set(Phase::Loading);
        tries.update(|tries| *tries += 1);
    };
    try_when_it_may_work(app, phase, again);
    view! {
        <When test=move || phase.get() == Phase::Failed>
            <Banner
                tone=Tone::Danger
                icon=IconName::Warning
                boxed=true
                actions=ViewFn::from(move || view! { <Button on_click=again>"Try again"</Button> })
            >
                <strong>"The text did not arrive. "</strong>
                <span class="more">"The rest of the message is here."</span>
            </Banner>
        </When>
        <iframe
            class="body-frame"
            title="Message text"
            sandbox=SANDBOX
            src=first
            node_ref=frame
            hidden=move || phase.get() == Phase::Failed
            on:load=loaded
        ></iframe>
    }
}

/// Where the document is, as the reader wants to see it. Tracks that.
fn address(app: App, mailbox: &MailboxId, key: MessageKey, tries: u32) -> String {
    let view = app.view(mailbox, key);
    let url = account::on(path::body_as(mailbox, key, view));
    let theme = match app.appearance.theme() {
        Theme::System => "",
        chosen => chosen.name(),
    };
    let paper = if app.reading.is_on_paper(mailbox, key) {
        "&paper"
    } else {
        ""
    };
    match tries {
        0 => format!("{url}&theme={theme}{paper}"),
        tries => format!("{url}&theme={theme}{paper}&try={tries}"),
    }
}

/// Every text that comes is as large as the last one was made.
fn keep_size(app: App, frame: NodeRef<html::Iframe>, phase: RwSignal<Phase>) {
    on_change(move || {
        phase.track();
        let percent = app.reading.zoom.get();
        if let Some(frame) = frame.get() {
            frame::zoom(&frame, percent);
        }
    });
}

/// Asks again by itself when the line is back, or somebody signed in again.
fn try_when_it_may_work(app: App, phase: RwSignal<Phase>, again: impl Fn() + 'static) {
    Effect::new(move |before: Option<bool>| {
        let may_work = app.mail.line.get() == Line::Online && !app.session.has_ended();
        if may_work && before == Some(false) && phase.get_untracked() == Phase::Failed {
            again();
        }
        may_work
    });
}
