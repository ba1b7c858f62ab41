//! The search box: Enter searches the open folder on the server, Escape shows all of it again.

use leptos::{ev, html, prelude::*};

use crate::{
    logic::words,
    state::App,
    ui::icon::{Icon, IconName},
};

/// The search box.
#[component]
pub fn SearchBox() -> impl IntoView {
    let app = App::current();
    let input = NodeRef::<html::Input>::new();
    // What is typed; follows the address when that changes.
    let typed = RwSignal::new(String::new());
    let offers = RwSignal::new(false);
    let asked = Memo::new(move |_| app.navigation.search.get().unwrap_or_default());
    let has_offer = Memo::new(move |_| {
        offers.get() && !typed.read().trim().is_empty() && typed.read().trim() != *asked.read()
    });
    let search = move || {
        let text = input
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        offers.set(false);
        let text = text.trim().to_owned();
        app.navigation
            .search_for((!text.is_empty()).then_some(text));
    };
    let forget = move || {
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
        typed.set(String::new());
        offers.set(false);
        app.navigation.search_for(None);
    };
    let keys = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.is_composing() => search(),
        "Escape" => {
            event.prevent_default();
            forget();
        }
        _ => {}
    };
    let type_on = move |event: ev::Event| {
        typed.set(event_target_value(&event));
        offers.set(true);
    };
    view! {
        <div class="search" role="search">
            <Icon name=IconName::Search />
            <input
                type="search"
                role="combobox"
                aria-label="Search mail"
                aria-expanded=move || has_offer.get().to_string()
                aria-controls="search-offers"
                aria-autocomplete="list"
                aria-keyshortcuts="/"
                placeholder="Search mail"
                autocomplete="off"
                spellcheck="false"
                enterkeyhint="search"
                dir="auto"
                node_ref=input
                prop:value=asked
                on:input=type_on
                on:blur=move |_| offers.set(false)
                on:keydown=keys
            />
            <kbd class="not-phone" aria-hidden="true">"/"</kbd>
            <Offers typed=typed shown=has_offer on_choose=search />
        </div>
    }
}

/// What Enter would do, in words.
#[component]
fn Offers(
    typed: RwSignal<String>,
    shown: Memo<bool>,
    on_choose: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let app = App::current();
    let folder = move || {
        let mailbox = app.mail.mailbox(&app.navigation.mailbox.get()?)?;
        Some(words::mailbox_name(&mailbox).to_owned())
    };
    view! {
        <div
            class="menu search-menu"
            id="search-offers"
            role="listbox"
            aria-label="Suggestions"
            hidden=move || !shown.get()
        >
            <Show when=move || shown.get()>
                <div
                    role="option"
                    aria-selected="true"
                    // Before the input loses the focus, and with it the offer.
                    on:pointerdown=move |event| {
                        event.prevent_default();
                        on_choose();
                    }
                >
                    <Icon name=IconName::Search />
                    <span class="grow" dir="auto">
                        {move || format!("Search {} for “{}”", folder().unwrap_or_default(), typed.read().trim())}
                    </span>
                    <kbd aria-hidden="true">"Enter"</kbd>
                </div>
            </Show>
        </div>
    }
}
