//! One row of the list: who, when, what about, and its marks.

use leptos::{ev, html, prelude::*};
use whimbrel_replica::list::ListKey;
use whimbrel_shared::MessageKey;

use crate::{
    browser::{dom, drag, focus, history, intl, panes, timers},
    components::row_actions::RowActions,
    logic::{
        row::{DateStyle, Face},
        window::Sight,
    },
    state::{App, actions},
    ui::{
        effects::on_change,
        icon::{Icon, IconName},
        tick::Tick,
        when::When,
    },
};

/// What the parts of a row know.
#[derive(Clone, Copy)]
struct Row {
    app: App,
    key: MessageKey,
    /// `None` until it was fetched.
    face: Memo<Option<Face>>,
    is_ticked: Memo<bool>,
}

/// One row.
#[component]
pub fn MessageRow(
    /// The list it is in.
    list: StoredValue<ListKey>,
    /// The message.
    key: MessageKey,
    /// What is seen of the list.
    sight: RwSignal<Sight>,
    /// The one row that Tab stops at.
    tab_stop: Memo<Option<MessageKey>>,
) -> impl IntoView {
    let app = App::current();
    let row = Row {
        app,
        key,
        face: Memo::new(move |_| face(app, &list.read_value(), key)),
        is_ticked: Memo::new(move |_| app.selection.contains(key)),
    };
    let index = Memo::new(move |_| app.mail.index_of(&list.read_value(), key).unwrap_or(0));
    let is_unread = move || row.face.read().as_ref().is_some_and(|face| face.is_unread);
    let is_open = Memo::new(move |_| {
        app.navigation
            .message
            .read()
            .as_ref()
            .is_some_and(|open| open.1 == key)
    });
    let is_hovered = RwSignal::new(false);
    let is_dragged = move || {
        app.dragging
            .targets()
            .is_some_and(|targets| targets.uids.contains(key.uid))
    };
    let element = NodeRef::<html::Div>::new();
    place(app, key, element, index, sight);
    view! {
        <div
            class="row"
            class:skeleton-row=move || row.face.read().is_none()
            role="row"
            aria-rowindex=move || index.get() + 1
            aria-selected=move || row.is_ticked.get().to_string()
            aria-current=move || is_open.get().then_some("true")
            data-unread=move || is_unread().then_some("")
            data-dragged=move || is_dragged().then_some("")
            tabindex=move || if tab_stop.get() == Some(key) { "0" } else { "-1" }
            draggable="true"
            node_ref=element
            on:click=move |event| click(row, &event)
            on:auxclick=move |event| open_in_tab(row, &event)
            on:focusin=move |_| app.cursor.put(key)
            on:pointerenter=move |event| is_hovered.set(event.pointer_type() == "mouse")
            on:pointerleave=move |_| is_hovered.set(false)
            on:dragstart=move |event| drag_start(row, &event)
            on:dragend=move |_| { app.dragging.end(); }
        >
            <Mark row=row />
            <Lines row=row />
            <When test=move || is_hovered.get()>
                <RowActions key=key face=row.face />
            </When>
        </div>
    }
}

/// Puts the row where its index says, and gives it the focus when the cursor is to have it.
fn place(
    app: App,
    key: MessageKey,
    element: NodeRef<html::Div>,
    index: Memo<usize>,
    sight: RwSignal<Sight>,
) {
    let height = Memo::new(move |_| sight.read().row);
    on_change(move || {
        if let Some(element) = element.get() {
            dom::move_down(&element, Sight::top_of_row(height.get(), index.get()));
        }
    });
    on_change(move || {
        let wanted = app.cursor.wanted.get();
        if wanted.focus
            && app.cursor.key.get_untracked() == Some(key)
            && let Some(element) = element.get()
            && app.cursor.answer(wanted)
        {
            if panes::is_modal_open() {
                // A dialog that was just answered is still on its way out.
                focus::give_back_later((*element).clone());
            } else {
                focus::give_back(&element);
            }
        }
    });
}

fn face(app: App, list: &ListKey, key: MessageKey) -> Option<Face> {
    let role = app
        .mail
        .mailbox(&list.mailbox)
        .and_then(|mailbox| mailbox.role);
    let envelope = app.mail.envelope(&list.mailbox, key)?;
    Some(Face::new(&envelope, role))
}

/// The tick, the unread dot, and the marks in words.
#[component]
fn Mark(row: Row) -> impl IntoView {
    let Row { app, key, face, .. } = row;
    let is = move |has: fn(&Face) -> bool| face.read().as_ref().is_some_and(has);
    let marks = move || face.read().as_ref().map(Face::marks);
    view! {
        <div
            class="mark"
            role="gridcell"
            on:click=move |event| {
                // A finger needs more than the tick itself.
                event.stop_propagation();
                tick(row, &event);
            }
        >
            <span class="visually-hidden">{marks}</span>
            <When test=move || is(|face| face.is_unread)>
                <span class="dot"></span>
            </When>
            <When test=move || is(|face| face.is_answered || face.is_forwarded)>
                <Icon
                    name=if is(|face| face.is_answered) { IconName::Reply } else { IconName::Forward }
                    small=true
                    class="did"
                />
            </When>
            <Tick
                label="Select message"
                state=Signal::derive(move || app.selection.contains(key).into())
                tabindex="-1"
                on_click=move |event: ev::MouseEvent| {
                    event.stop_propagation();
                    tick(row, &event);
                }
            />
        </div>
    }
}

/// Who, when, what about, and the beginning of the text.
#[component]
fn Lines(row: Row) -> impl IntoView {
    let face = row.face;
    let text =
        move |of: fn(&Face) -> &str| move || face.read().as_ref().map(|face| of(face).to_owned());
    let is = move |has: fn(&Face) -> bool| move || face.read().as_ref().is_some_and(has);
    view! {
        <div class="line" role="none">
            <div class="from" role="gridcell">
                <When test=is(|face| face.is_draft)>
                    <span class="draft-word">"Draft"</span>
                </When>
                <span dir="auto">{text(|face| &face.who)}</span>
            </div>
            <div class="meta" role="gridcell">
                <When test=is(|face| face.has_attachment)>
                    <Icon name=IconName::Attach small=true />
                    <span class="visually-hidden">"Has attachments"</span>
                </When>
                <Time face=face />
            </div>
        </div>
        <div class="line" role="none">
            <div class="subject" role="gridcell" dir="auto">
                {text(|face| &face.subject)}
            </div>
            <div class="side" role="gridcell">
                <When test=is(|face| face.is_flagged)>
                    <Icon name=IconName::FlagFilled small=true class="flagged" />
                </When>
            </div>
        </div>
        <div class="line" role="none">
            <div class="preview" role="gridcell" dir="auto">
                {text(|face| &face.preview)}
            </div>
        </div>
    }
}

#[component]
fn Time(face: Memo<Option<Face>>) -> impl IntoView {
    let at = Memo::new(move |_| face.read().as_ref().map(|face| face.at));
    let shown = move || at.get().filter(|at| *at != 0);
    view! {
        <time
            datetime=move || shown().map(intl::machine_date)
            title=move || shown().map(intl::full_date)
        >
            {move || shown().map(|at| {
                let style = DateStyle::new(intl::local_day(timers::now()), intl::local_day(at));
                intl::row_date(at, style)
            })}
        </time>
    }
}

fn click(row: Row, event: &ev::MouseEvent) {
    if event.shift_key() || event.ctrl_key() || event.meta_key() {
        event.prevent_default();
        tick(row, event);
    } else {
        actions::open(row.app, row.key);
    }
}

fn tick(row: Row, event: &ev::MouseEvent) {
    if event.shift_key() {
        let from = row.app.cursor.key.get_untracked().map(|key| key.uid);
        row.app.selection.extend(from, row.key);
    } else {
        row.app.selection.toggle(row.key);
    }
    row.app.cursor.put(row.key);
}

fn open_in_tab(row: Row, event: &ev::MouseEvent) {
    const MIDDLE: i16 = 1;
    if event.button() == MIDDLE {
        event.prevent_default();
        history::open_tab(&row.app.navigation.url_of(row.key));
    }
}

fn drag_start(row: Row, event: &ev::DragEvent) {
    if let Some(targets) = row.app.targets_of_row(row.key) {
        let subject = row.face.get_untracked().map(|face| face.subject);
        drag::begin(event, &subject.unwrap_or_default());
        row.app.dragging.begin(targets);
    }
}
