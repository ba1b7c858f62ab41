//! A letter being written: a dialog beside the page, not over it.

pub mod bar;
pub mod fields;
pub mod files;
pub mod foot;

use leptos::{ev, html, prelude::*};

use self::{bar::ComposerBar, fields::ComposerFields, files::ComposerFiles, foot::ComposerFoot};
use crate::{
    browser::{files as local, focus},
    logic::composing,
    state::{
        App,
        compose::Begin,
        letter::{Letter, Phase, Shown, sending},
    },
    ui::{
        banner::{Banner, Tone},
        button::Button,
        effects::on_change_from,
        empty_state::EmptyState,
        icon::{Icon, IconName},
        skeleton::SkeletonMessage,
        when::When,
    },
};

/// One composer, named by its subject.
#[component]
pub fn Composer(
    /// What is being written.
    letter: Letter,
) -> impl IntoView {
    let app = App::current();
    let section = NodeRef::<html::Section>::new();
    let before = StoredValue::new_local(focus::current());
    let title = Memo::new(move |_| composing::title(&letter.subject.read()));
    let is_dragged = RwSignal::new(false);
    let begin = app.composers.begin_of(letter);
    let writes_at_once = begin.as_ref().is_some_and(Begin::has_recipients);
    if let Some(begin) = begin {
        app.begin_letter(letter, begin);
    }
    focus_when_filled(letter, section, writes_at_once);
    on_cleanup(move || {
        if let Some(Some(before)) = before.try_get_value() {
            focus::give_back_later(before);
        }
    });
    view! {
        <section
            class="composer"
            role="dialog"
            aria-label=title
            data-shown=move || shown_name(letter)
            hidden=move || letter.shown.get() == Shown::Hidden
            node_ref=section
            on:keydown=move |event| keys(app, letter, &event)
            on:paste=move |event| take_files(app, letter, &event, local::pasted(&event))
            on:dragover=move |event| {
                if local::are_dragged(&event) {
                    event.prevent_default();
                    is_dragged.set(true);
                }
            }
            on:dragleave=move |_| is_dragged.set(false)
            on:drop=move |event| {
                is_dragged.set(false);
                take_files(app, letter, &event, local::dropped(&event));
            }
        >
            <ComposerBar letter=letter />
            <div class="composer-page" hidden=move || letter.shown.get() == Shown::Minimised>
                <ComposerPage letter=letter is_dragged=is_dragged />
            </div>
        </section>
    }
}

/// What stands below the bar.
#[component]
fn ComposerPage(letter: Letter, is_dragged: RwSignal<bool>) -> impl IntoView {
    let app = App::current();
    let is_filled =
        Memo::new(move |_| !matches!(letter.phase.get(), Phase::Loading | Phase::Failed(_)));
    let unfilled = move || match letter.phase.get() {
        Phase::Failed(error) => view! {
            <EmptyState
                icon=IconName::Warning
                title="The draft did not open"
                text=error.to_string()
                alert=true
                actions=ViewFn::from(move || view! { <RetryDraft letter=letter /> })
            />
        }
        .into_any(),
        _ => view! { <SkeletonMessage /> }.into_any(),
    };
    view! {
        <When test=move || is_filled.get() fallback=unfilled>
            <ComposerAlert letter=letter />
            <ComposerFields letter=letter />
            <textarea
                class="body"
                aria-label="Message"
                dir="auto"
                spellcheck="true"
                readonly=move || letter.phase.get() == Phase::Sending
                prop:value=move || letter.text.get()
                on:input:target=move |event| {
                    letter.text.set(event.target().value());
                    letter.touch();
                }
            ></textarea>
            <ComposerFiles letter=letter />
            <ComposerFoot letter=letter />
            <When test=move || is_dragged.get()>
                <div class="drop-zone" role="status">
                    <Icon name=IconName::Attach />
                    <strong>"Drop to attach"</strong>
                    <span>{limit_words(app)}</span>
                </div>
            </When>
        </When>
    }
}

#[component]
fn RetryDraft(letter: Letter) -> impl IntoView {
    let app = App::current();
    let again = move || {
        if let Some(begin) = app.composers.begin_of(letter) {
            app.begin_letter(letter, begin);
        }
    };
    view! { <Button on_click=again>"Try again"</Button> }
}

/// Why it was not sent, or not kept.
#[component]
fn ComposerAlert(letter: Letter) -> impl IntoView {
    let lines = move || {
        letter.alert.get().map(|alert| {
            let refused = alert
                .refused
                .iter()
                .map(|one| view! { <li dir="auto">{sending::refusal(one)}</li> })
                .collect_view();
            view! {
                <Banner tone=Tone::Danger icon=IconName::Warning>
                    <span dir="auto">{alert.text}</span>
                    <ul>{refused}</ul>
                </Banner>
            }
        })
    };
    view! { {lines} }
}

fn shown_name(letter: Letter) -> &'static str {
    match letter.shown.get() {
        Shown::Open | Shown::Hidden => "open",
        Shown::Filled => "filled",
        Shown::Minimised => "minimised",
    }
}

fn limit_words(app: App) -> String {
    let info = untrack(|| app.session.info());
    info.map_or_else(String::new, |info| {
        format!(
            "up to {} together",
            crate::logic::sizes::words(info.limits.attachments)
        )
    })
}

fn take_files(
    app: App,
    letter: Letter,
    event: &ev::Event,
    files: Vec<crate::browser::upload::LocalFile>,
) {
    if !files.is_empty() {
        event.prevent_default();
        app.attach(letter, files);
    }
}

fn keys(app: App, letter: Letter, event: &ev::KeyboardEvent) {
    let with_ctrl = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        "Enter" if with_ctrl => app.send_letter(letter),
        "Escape" if !event.is_composing() => app.put_letter_away(letter),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// Where one begins to type: with the recipients, or with the text if they are known.
fn focus_when_filled(letter: Letter, section: NodeRef<html::Section>, writes_at_once: bool) {
    on_change_from(move |done: Option<bool>| {
        let filled = letter.phase.get() == Phase::Writing;
        let (Some(section), true, None | Some(false)) = (section.get(), filled, done) else {
            return done.unwrap_or(false);
        };
        crate::browser::timers::next_frame(move || {
            if writes_at_once {
                focus::give_to_beginning_of_text(&section);
            } else {
                focus::give_to(&section, "[role=combobox]");
            }
        });
        true
    });
}
