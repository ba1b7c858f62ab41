//! The search box: Enter searches the open folder on the server, Escape shows all of it again.

use leptos::{ev, html, prelude::*};

use crate::{
    logic::words,
    state::App,
    ui::{
        icon::{Icon, IconName},
        when::When,
    },
};

/// What the parts of the search box know.
#[derive(Clone, Copy)]
struct Search {
    app: App,
    input: NodeRef<html::Input>,
    /// What is being typed.
    typed: RwSignal<String>,
    /// Whether what Enter would do is offered.
    offers: RwSignal<bool>,
}

impl Search {
    fn type_on(self, event: &ev::Event) {
        self.typed.set(event_target_value(event));
        self.offers.set(true);
    }

    fn key(self, event: &ev::KeyboardEvent) {
        match event.key().as_str() {
            "Enter" if !event.is_composing() => self.search(),
            "Escape" => {
                event.prevent_default();
                self.forget();
            }
            _ => {}
        }
    }

    fn search(self) {
        let text = self.input.get_untracked().map(|input| input.value());
        let text = text.unwrap_or_default().trim().to_owned();
        self.offers.set(false);
        self.app
            .navigation
            .search_for((!text.is_empty()).then_some(text));
    }

    fn forget(self) {
        if let Some(input) = self.input.get_untracked() {
            input.set_value("");
        }
        self.typed.set(String::new());
        self.offers.set(false);
        self.app.navigation.search_for(None);
    }
}

/// The search box.
#[component]
pub fn SearchBox() -> impl IntoView {
    let app = App::current();
    let search = Search {
        app,
        input: NodeRef::new(),
        typed: RwSignal::new(String::new()),
        offers: RwSignal::new(false),
    };
    let asked = Memo::new(move |_| app.navigation.search.get().unwrap_or_default());
    let has_offer = Memo::new(move |_| {
        let typed = search.typed.read();
        search.offers.get() && !typed.trim().is_empty() && typed.trim() != *asked.read()
    });
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
                node_ref=search.input
                prop:value=asked
                on:input=move |event| search.type_on(&event)
                on:blur=move |_| search.offers.set(false)
                on:keydown=move |event| search.key(&event)
            />
            <kbd class="not-phone" aria-hidden="true">"/"</kbd>
            <Offers search=search shown=has_offer />
        </div>
    }
}

/// What Enter would do, in words.
#[component]
fn Offers(search: Search, shown: Memo<bool>) -> impl IntoView {
    let app = search.app;
    let folder = move || {
        let mailbox = app.mail.mailbox(&app.navigation.mailbox.get()?)?;
        Some(words::mailbox_name(&mailbox).to_owned())
    };
    view! {
        <div
            class="menu"
            id="search-offers"
            role="listbox"
            aria-label="Suggestions"
            hidden=move || !shown.get()
        >
            <When test=move || shown.get()>
                <div
                    role="option"
                    aria-selected="true"
                    // Before the input loses the focus, and with it the offer.
                    on:pointerdown=move |event| {
                        event.prevent_default();
                        search.search();
                    }
                >
                    <Icon name=IconName::Search />
                    <span class="grow" dir="auto">
                        {move || format!("Search {} for “{}”", folder().unwrap_or_default(), search.typed.read().trim())}
                    </span>
                    <kbd aria-hidden="true">"Enter"</kbd>
                </div>
            </When>
        </div>
    }
}
