//! Recipients of a letter: a chip each, and a place to type the next. What is typed becomes a chip
//! at a comma, a semicolon, Enter, Tab, and when one goes elsewhere; lists can be pasted.

use leptos::{ev, html, prelude::*};

use crate::{
    browser::{
        files,
        focus::{self, Step},
    },
    logic::addresses::{self, Recipient},
    state::letter::{Letter, recipients::Recipients},
    ui::{
        each::each,
        effects::on_mount,
        field::unique_id,
        icon::{Icon, IconName},
    },
};

/// The buttons that take a recipient away.
const REMOVERS: &str = ".recipient button";
/// The same, and where one types.
const STOPS: &str = ".recipient button, input";

/// One row of the composer's head.
#[component]
pub fn RecipientsField(
    /// To, Cc or Bcc.
    label: &'static str,
    /// The letter, which is told of changes.
    letter: Letter,
    /// What stands in the field.
    field: Recipients,
    /// It was just asked for: the keyboard goes there.
    #[prop(optional)]
    asked: bool,
    /// At the end of the row.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let id = unique_id("recipients");
    let problems_id = format!("{id}-problems");
    let row = NodeRef::<html::Div>::new();
    if asked {
        on_mount(row, |row| focus::give_to(&row, "input"));
    }
    let described = problems_id.clone();
    let is_wrong = move || field.list.read().iter().any(|one| one.problem.is_some());
    view! {
        <div class="head-row">
            <label for=id.clone()>{label}</label>
            <div class="recipient-field" node_ref=row on:keydown=move |event| keys(letter, field, row, &event)>
                <Chips label=label letter=letter field=field />
                <input
                    id=id
                    type="text"
                    role="combobox"
                    aria-expanded="false"
                    aria-autocomplete="list"
                    aria-invalid=move || is_wrong().then_some("true")
                    aria-describedby=move || is_wrong().then(|| described.clone())
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    prop:value=move || field.typed.get()
                    on:input:target=move |event| {
                        field.typed.set(event.target().value());
                        letter.touch();
                    }
                    on:blur=move |_| take(letter, field)
                    on:paste=move |event| paste(letter, field, &event)
                />
                <Problems id=problems_id field=field />
            </div>
            <div class="aside">{children.map(|children| children())}</div>
        </div>
    }
}

#[component]
fn Chips(label: &'static str, letter: Letter, field: Recipients) -> impl IntoView {
    let everybody = move || field.list.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <ul class="chips" aria-label=label>
            {each(
                everybody,
                |(index, one)| format!("{index} {}", one.address.email),
                move |(index, one)| {
                    view! {
                        <Chip
                            one=one
                            on_remove=move || {
                                field.remove(index);
                                letter.touch();
                            }
                        />
                    }
                },
            )}
        </ul>
    }
}

#[component]
fn Chip(one: Recipient, #[prop(into)] on_remove: UnsyncCallback<()>) -> impl IntoView {
    let name = one.address.label().to_owned();
    let remove = format!("Remove {name}");
    let full = match one.problem {
        Some(problem) => format!("{}: {problem}", one.address.email),
        None => addresses::words(&one.address),
    };
    view! {
        <li class="recipient" title=full data-invalid=one.problem.map(|_| "")>
            {one.problem.map(|_| view! { <Icon name=IconName::Warning /> })}
            <span class="name" dir="auto">{name}</span>
            <button
                class="icon-button"
                type="button"
                aria-label=remove.clone()
                title=remove
                tabindex="-1"
                on:click=move |_| on_remove.run(())
            >
                <Icon name=IconName::Close />
            </button>
        </li>
    }
}

/// What is wrong with those to whom no mail can go, in words.
#[component]
fn Problems(id: String, field: Recipients) -> impl IntoView {
    let words = move || {
        let list = field.list.read();
        let wrong = list.iter().filter_map(|one| {
            one.problem
                .map(|problem| format!("{}: {problem}", one.address.email))
        });
        wrong.collect::<Vec<_>>().join(" ")
    };
    view! {
        <p class="problems" id=id dir="auto" role="alert" hidden=move || words().is_empty()>
            {words}
        </p>
    }
}

fn take(letter: Letter, field: Recipients) {
    if !field.typed.read_untracked().is_empty() {
        field.take_typed();
        letter.touch();
    }
}

/// Several addresses become several chips; one is typed on at.
fn paste(letter: Letter, field: Recipients, event: &ev::ClipboardEvent) {
    let text = files::pasted_text(event);
    let pasted = addresses::parse(&text);
    let is_whole = pasted.iter().all(|one| one.problem.is_none());
    if pasted.len() > 1
        || (pasted.len() == 1 && is_whole && field.typed.read_untracked().is_empty())
    {
        event.prevent_default();
        field.add(pasted);
        letter.touch();
    }
}

fn keys(letter: Letter, field: Recipients, row: NodeRef<html::Div>, event: &ev::KeyboardEvent) {
    if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some(row) = row.get_untracked() else {
        return;
    };
    let typed = field.typed.get_untracked();
    let on_chip = focus::is_on(&row, REMOVERS);
    match event.key().as_str() {
        key @ ("Enter" | "," | ";") if !on_chip && (key != "," || !is_in_quotes(&typed)) => {
            event.prevent_default();
            take(letter, field);
        }
        // What is typed becomes a chip, and the keyboard goes on as Tab does.
        "Tab" if !on_chip => take(letter, field),
        "Backspace" | "ArrowLeft" if !on_chip && typed.is_empty() => {
            event.prevent_default();
            focus::step(&row, REMOVERS, Step::Last);
        }
        "ArrowLeft" if on_chip => focus::step(&row, STOPS, Step::Previous),
        "ArrowRight" if on_chip => focus::step(&row, STOPS, Step::Next),
        "Backspace" | "Delete" if on_chip => {
            event.prevent_default();
            focus::press(event);
            focus::give_to(&row, "input");
        }
        _ => {}
    }
}

fn is_in_quotes(typed: &str) -> bool {
    typed.matches('"').count() % 2 == 1
}
