//! The bar of a composer: what it is, whether it is kept, how it stands on screen.

use leptos::prelude::*;

use crate::{
    browser::{intl, timers},
    logic::{composing::LetterFile, row::DateStyle},
    state::{
        App,
        compose::Begin,
        letter::{Letter, Phase, SaveState, Shown},
        mail::Line,
    },
    ui::{
        button::{Button, ButtonKind, IconButton},
        icon::{Icon, IconName},
        when::When,
    },
};

/// The bar.
#[component]
pub fn ComposerBar(
    /// The letter.
    letter: Letter,
) -> impl IntoView {
    let app = App::current();
    let words = app
        .composers
        .begin_of(letter)
        .as_ref()
        .map_or("", Begin::words);
    let is_minimised = Memo::new(move |_| letter.shown.get() == Shown::Minimised);
    let title = move || {
        let subject = letter.subject.get();
        if is_minimised.get() && !subject.trim().is_empty() {
            subject
        } else {
            words.to_owned()
        }
    };
    view! {
        <div class="composer-bar">
            <h2 dir="auto">{title}</h2>
            <SaveWords letter=letter />
            <SizeButtons letter=letter />
            <IconButton
                small=true
                icon=IconName::Close
                label="Close, keep the draft"
                shortcut="Escape"
                on_click=move |_| app.put_letter_away(letter)
            />
            <When test=move || letter.phase.get() == Phase::Writing && !is_minimised.get()>
                <Button
                    class="only-phone"
                    kind=ButtonKind::Primary
                    on_click=move || app.send_letter(letter)
                >
                    "Send"
                </Button>
            </When>
        </div>
    }
}

/// A bar only, or the whole window, and back.
#[component]
fn SizeButtons(letter: Letter) -> impl IntoView {
    let app = App::current();
    let label = move |which: Shown, first: &'static str, second: &'static str| {
        Signal::derive(move || {
            let is_so = letter.shown.get() == which;
            (if is_so { second } else { first }).to_owned()
        })
    };
    let toggle = move |which: Shown| {
        move |_| {
            let is_so = letter.shown.get_untracked() == which;
            app.composers
                .show(letter, if is_so { Shown::Open } else { which });
        }
    };
    view! {
        <IconButton
            small=true
            icon=IconName::Minimise
            label=label(Shown::Minimised, "Minimise", "Open again")
            on_click=toggle(Shown::Minimised)
        />
        <IconButton
            class="not-phone"
            small=true
            icon=IconName::Expand
            label=label(Shown::Filled, "Fill the window", "Leave room for the rest")
            on_click=toggle(Shown::Filled)
        />
    }
}

/// Whether the newest version is safe, and where.
#[component]
fn SaveWords(letter: Letter) -> impl IntoView {
    let app = App::current();
    let words = Memo::new(move |_| {
        let online = app.mail.line.get() == Line::Online;
        let state = letter.save.get();
        if letter.phase.get() == Phase::Sending {
            return (
                false,
                if !online {
                    "Waits for the connection to be sent"
                } else if letter.files.read().iter().any(LetterFile::is_on_its_way) {
                    "Waits for the files to be sent"
                } else {
                    "Sending"
                }
                .to_owned(),
            );
        }
        match state {
            SaveState::Untouched => (false, String::new()),
            SaveState::Unsaved | SaveState::Saving if !online => {
                (false, "Not saved: waits for the connection".to_owned())
            }
            SaveState::Unsaved => (false, "Not saved yet".to_owned()),
            SaveState::Saving => (false, "Saving".to_owned()),
            SaveState::Saved(at) => (true, format!("Saved in Drafts {}", clock(at))),
            SaveState::Failed(words) => (false, format!("Not saved. {words}")),
        }
    });
    let icon = Signal::derive(move || {
        if words.read().0 {
            IconName::Check
        } else {
            IconName::CloudUp
        }
    });
    view! {
        <p class="save-state" class:waiting=move || !words.read().0 role="status">
            <When test=move || !words.read().1.is_empty()>
                <Icon name=icon small=true />
            </When>
            <span>{move || words.get().1}</span>
        </p>
    }
}

fn clock(at: i64) -> String {
    let style = DateStyle::new(intl::local_day(timers::now()), intl::local_day(at));
    match style {
        DateStyle::Time => intl::row_date(at, DateStyle::Time),
        _ => intl::row_date(at, style),
    }
}
