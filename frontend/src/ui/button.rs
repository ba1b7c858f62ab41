//! Buttons with a word, buttons with only an icon, and the tools of a toolbar, whose word shows
//! when their pane is wide. None of them knows what it does.

use leptos::{ev, prelude::*};

use crate::ui::icon::{Icon, IconName};

/// How much a button asks to be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// One of several.
    #[default]
    Plain,
    /// The one filled button of a view.
    Primary,
    /// It loses something.
    Destructive,
    /// No border.
    Quiet,
    /// Looks like a link.
    Link,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "button",
            Self::Primary => "button primary",
            Self::Destructive => "button destructive",
            Self::Quiet => "button quiet",
            Self::Link => "button link",
        }
    }
}

/// A button with words.
#[component]
pub fn Button(
    /// What happens.
    #[prop(into)]
    on_click: UnsyncCallback<()>,
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// Before the words.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Keys, as `aria-keyshortcuts` wants them.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
    /// The dialog's first place for the keyboard.
    #[prop(optional)]
    autofocus: bool,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class=format!("{} {class}", kind.class()).trim_end().to_owned()
            type="button"
            disabled=disabled
            autofocus=autofocus
            aria-keyshortcuts=shortcut
            on:click=move |_| on_click.run(())
        >
            {icon.map(|name| view! { <Icon name=name /> })}
            {children()}
        </button>
    }
}

/// The button that sends a form.
#[component]
pub fn SubmitButton(
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <button class=kind.class() type="submit" disabled=disabled>
            {children()}
        </button>
    }
}

/// A button that is only an icon; its label is also its tooltip.
#[component]
pub fn IconButton(
    /// What it shows.
    #[prop(into)]
    icon: Signal<IconName>,
    /// What it is called.
    #[prop(into)]
    label: Signal<String>,
    /// What happens; the event is handed over so that a row can keep it to itself.
    #[prop(into)]
    on_click: UnsyncCallback<ev::MouseEvent>,
    /// It is a switch, and this is its position.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// Keys, as `aria-keyshortcuts` wants them.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
    /// 28 px instead of 32.
    #[prop(optional)]
    small: bool,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// `-1` where something else is the tab stop.
    #[prop(optional, into)]
    tabindex: Option<&'static str>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let small = if small { " small" } else { "" };
    view! {
        <button
            class=format!("icon-button{small} {class}").trim_end().to_owned()
            type="button"
            aria-label=label
            title=label
            aria-keyshortcuts=shortcut
            aria-pressed=pressed.map(|pressed| move || pressed.get().to_string())
            disabled=disabled
            tabindex=tabindex
            on:click=move |event| on_click.run(event)
        >
            <Icon name=icon />
        </button>
    }
}

/// When the word of a tool shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WordShows {
    /// From 656 px on.
    First,
    /// From 992 px on.
    #[default]
    Second,
    /// Never, except at the bottom of a phone.
    Never,
}

impl WordShows {
    /// The classes of a tool of this kind.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::First => "tool first",
            Self::Second => "tool second",
            Self::Never => "tool",
        }
    }
}

/// A button of a toolbar.
#[component]
pub fn Tool(
    /// What it shows.
    #[prop(into)]
    icon: Signal<IconName>,
    /// What it is called.
    #[prop(into)]
    label: Signal<String>,
    /// Its word, where it differs from the label.
    #[prop(optional, into)]
    word: Option<Signal<String>>,
    /// When the word shows.
    #[prop(optional)]
    shows: WordShows,
    /// What happens.
    #[prop(into)]
    on_click: UnsyncCallback<()>,
    /// It is a switch, and this is its position.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// Keys, as `aria-keyshortcuts` wants them.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let word = word.unwrap_or(label);
    view! {
        <button
            class=format!("{} {class}", shows.class()).trim_end().to_owned()
            type="button"
            aria-label=label
            title=label
            aria-keyshortcuts=shortcut
            aria-pressed=pressed.map(|pressed| move || pressed.get().to_string())
            disabled=disabled
            on:click=move |_| on_click.run(())
        >
            <Icon name=icon />
            <span class="word">{word}</span>
        </button>
    }
}
