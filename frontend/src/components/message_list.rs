//! The rows of a list. Only those in sight are in the page, however long the list is; a spacer
//! gives the scrollbar its true length.

mod keys;
mod sight;
pub mod states;

use leptos::{html, prelude::*};
use whimbrel_replica::list::{ListKey, Phase};
use whimbrel_shared::MessageKey;

use self::states::{ListState, UnknownFolder};
use crate::{
    browser::{dom, scroll},
    components::message_row::MessageRow,
    logic::{window::Sight, words},
    state::App,
    ui::{each::each, effects::on_change},
};

/// The list on screen. Another list begins anew, where it was left.
#[component]
pub fn MessageList() -> impl IntoView {
    let app = App::current();
    let places = StoredValue::new(Vec::new());
    let rows = move || match app.navigation.list.get() {
        Some(list) => view! { <Rows list=list places=places /> }.into_any(),
        None => view! { <UnknownFolder /> }.into_any(),
    };
    view! { <div class="rows-place">{rows}</div> }
}

/// Where each list was scrolled to when it was left.
type Places = StoredValue<Vec<(ListKey, f64)>>;

/// One list on screen.
#[derive(Clone, Copy)]
struct ShownList {
    app: App,
    list: StoredValue<ListKey>,
    total: Memo<usize>,
    sight: RwSignal<Sight>,
    grid: NodeRef<html::Div>,
    places: Places,
}

/// The rows of one list.
#[component]
fn Rows(list: ListKey, places: Places) -> impl IntoView {
    let app = App::current();
    let list = StoredValue::new(list);
    let view = Memo::new(move |_| app.mail.list(&list.get_value()));
    let total = Memo::new(move |_| view.read().total);
    let grid = NodeRef::<html::Div>::new();
    let sight = RwSignal::new(Sight {
        top: 0.0,
        height: 1000.0,
        row: 72.0,
    });
    let name = move || {
        let mailbox = app.mail.mailbox(&list.read_value().mailbox)?;
        Some(format!("Messages in {}", words::mailbox_name(&mailbox)))
    };
    let shown = ShownList {
        app,
        list,
        total,
        sight,
        grid,
        places,
    };
    shown.keep_in_sight();
    let rows = shown.rows();
    let tab_stop = shown.tab_stop();
    let spacer = NodeRef::<html::Div>::new();
    on_change(move || {
        if let Some(spacer) = spacer.get() {
            dom::set_length(&spacer, "height", sight.read().top_of(total.get()));
        }
    });
    view! {
        <div
            class="rows scroller"
            id="messages"
            role="grid"
            aria-label=move || name().unwrap_or_else(|| "Messages".to_owned())
            aria-rowcount=total
            aria-multiselectable="true"
            aria-busy=move || (view.read().phase == Phase::Loading).to_string()
            tabindex=move || (total.get() == 0).then_some("0")
            node_ref=grid
            on:scroll=move |_| {
                if let Some(grid) = grid.get_untracked() {
                    sight.set(scroll::sight(&grid));
                }
            }
            on:keydown=move |event| keys::press(shown, &event)
        >
            <div role="presentation" node_ref=spacer></div>
            {each(
                move || shown.rows_to_draw(rows),
                MessageKey::to_string,
                move |key| view! { <MessageRow list=list key=key sight=sight tab_stop=tab_stop /> },
            )}
        </div>
        // A grid may hold nothing but rows, so what stands in their place lies over it.
        <ListState list=list view=view />
    }
}
