//! Menus: a popover in the top layer with roving focus (WAI-ARIA APG, "Menu Button").
//! Arrows, Home, End and letters move; Escape, Tab and a click elsewhere close.

use leptos::{ev, html, prelude::*};

use crate::{
    browser::{
        focus::{self, Step},
        popover::{self, Place},
    },
    ui::effects::on_change,
    ui::{
        icon::{Icon, IconName},
        when::When,
    },
};

/// What can be focused in a menu.
const ITEMS: &str = "[role^=menuitem]";

/// Whether a menu is open, and where. Made by whoever wants to open it from elsewhere.
#[derive(Clone, Copy)]
pub struct MenuState {
    place: RwSignal<Option<Place>, LocalStorage>,
    button: NodeRef<html::Button>,
    popup: NodeRef<html::Div>,
}

impl Default for MenuState {
    fn default() -> Self {
        Self {
            place: RwSignal::new_local(None),
            button: NodeRef::new(),
            popup: NodeRef::new(),
        }
    }
}

impl MenuState {
    /// Whether it is open.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.place.with(Option::is_some)
    }

    /// Opens it beside its button, if that is in the page.
    pub fn open(self) {
        if let Some(button) = self.button.get_untracked() {
            self.place.set(Some(Place::Beside(button.into())));
        }
    }

    /// Opens it where the pointer is, in place of the browser's own menu.
    pub fn open_for(self, event: &ev::MouseEvent) {
        event.prevent_default();
        let (x, y) = (event.client_x().into(), event.client_y().into());
        popover::when_released(event, move || self.place.set(Some(Place::At { x, y })));
    }

    /// Closes it and gives the focus back.
    pub fn close(self) {
        if let Some(popup) = self.popup.get_untracked() {
            popover::hide(&popup);
        }
        self.place.set(None);
    }
}

/// A button with a menu.
#[component]
pub fn MenuButton(
    /// The name of the button and of the menu.
    #[prop(into)]
    label: Signal<String>,
    /// What the button shows, unless `face` says otherwise.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// What the button shows instead of an icon alone; its words are the name of the button then.
    #[prop(optional, into)]
    face: Option<ViewFn>,
    /// The classes of the button; an icon button if empty.
    #[prop(optional)]
    class: &'static str,
    /// Keys, as `aria-keyshortcuts` wants them.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
    /// Given where something else opens the menu, too.
    #[prop(optional)]
    state: Option<MenuState>,
    /// Its items.
    children: ChildrenFn,
) -> impl IntoView {
    let state = state.unwrap_or_default();
    // A click outside closes the menu before the click of the button arrives.
    let was_open = StoredValue::new(false);
    let toggle = move |_| {
        if was_open.get_value() {
            state.close();
        } else {
            state.open();
        }
        was_open.set_value(false);
    };
    let said = face.is_none().then_some(label);
    view! {
        <button
            class=if class.is_empty() { "icon-button" } else { class }
            type="button"
            aria-label=said
            title=label
            aria-haspopup="menu"
            aria-expanded=move || state.is_open().to_string()
            aria-keyshortcuts=shortcut
            node_ref=state.button
            on:pointerdown=move |_| was_open.set_value(state.is_open())
            on:click=toggle
        >
            {icon.map(|name| view! { <Icon name=name /> })}
            {face.map(|face| face.run())}
        </button>
        <MenuPopup label=label state=state children=children />
    }
}

/// A menu without a button: whoever holds its state opens it, such as by a right click.
#[component]
pub fn MenuPopup(
    /// What it is called.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is open.
    state: MenuState,
    /// Its items.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <When test=move || state.is_open()>
            // Here and not above: a component has no context of its own, and the menus of a page would all
            // be the last one's.
            {provide_context(state)}
            <div
                class="menu"
                popover="auto"
                role="menu"
                aria-label=label
                tabindex="-1"
                node_ref=state.popup
                on:toggle=move |_| {
                    if state.popup.get_untracked().is_some_and(|popup| !popover::is_shown(&popup)) {
                        state.place.set(None);
                    }
                }
                on:keydown=move |event| keys(state, &event)
                on:click=|event| event.stop_propagation()
            >
                <Shown state=state />
                {children.read_value()()}
            </div>
        </When>
    }
}

/// Shows the popover once it is in the page, and focuses its first item.
#[component]
fn Shown(state: MenuState) -> impl IntoView {
    on_change(move || {
        if let (Some(popup), Some(place)) = (state.popup.get(), state.place.get_untracked()) {
            popover::show(&popup, &place);
            focus::give_to(&popup, ITEMS);
        }
    });
}

fn keys(state: MenuState, event: &ev::KeyboardEvent) {
    let Some(popup) = state.popup.get_untracked() else {
        return;
    };
    event.stop_propagation();
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let key = event.key();
    match key.as_str() {
        "ArrowDown" => focus::step(&popup, ITEMS, Step::Next),
        "ArrowUp" => focus::step(&popup, ITEMS, Step::Previous),
        "Home" => focus::step(&popup, ITEMS, Step::First),
        "End" => focus::step(&popup, ITEMS, Step::Last),
        "Escape" | "Tab" => state.close(),
        "Enter" | " " => return,
        letter if letter.chars().count() == 1 => focus::step_to_letter(&popup, ITEMS, letter),
        _ => return,
    }
    event.prevent_default();
}

/// One item.
#[component]
pub fn MenuItem(
    /// What it is called.
    #[prop(into)]
    label: Signal<String>,
    /// What happens; the menu is closed first.
    #[prop(into)]
    on_click: UnsyncCallback<()>,
    /// Before the words.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// It is one of several choices, and this says whether it holds.
    #[prop(optional, into)]
    checked: Option<Signal<bool>>,
    /// Keys, shown at the end.
    #[prop(optional, into)]
    keys: Option<&'static str>,
    /// It loses something.
    #[prop(optional)]
    destructive: bool,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Levels below the top, for names in a tree.
    #[prop(optional)]
    depth: u32,
) -> impl IntoView {
    let state = expect_context::<MenuState>();
    let chosen = move || checked.is_some_and(|checked| checked.get());
    view! {
        <button
            class:destructive=destructive
            type="button"
            role=if checked.is_some() { "menuitemradio" } else { "menuitem" }
            aria-checked=checked.map(|checked| move || checked.get().to_string())
            aria-disabled=move || disabled.get().then_some("true")
            data-depth=(depth > 0).then(|| depth.min(6).to_string())
            tabindex="-1"
            on:click=move |_| {
                if !disabled.get_untracked() {
                    state.close();
                    on_click.run(());
                }
            }
        >
            {icon.map(|name| view! { <Icon name=name small=true /> })}
            <span class="grow" dir="auto">{label}</span>
            {keys.map(|keys| view! { <kbd aria-hidden="true">{keys}</kbd> })}
            <When test=chosen>
                <Icon name=IconName::Check small=true />
            </When>
        </button>
    }
}

/// A line between groups of items.
#[component]
pub fn MenuSeparator() -> impl IntoView {
    view! { <div role="separator"></div> }
}

/// The title of a group of items.
#[component]
pub fn MenuTitle(
    /// Its words.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! { <div class="group" role="presentation" dir="auto">{text}</div> }
}
