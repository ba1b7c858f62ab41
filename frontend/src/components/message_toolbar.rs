//! What can be done with the open message.

use std::rc::Rc;

use leptos::prelude::*;
use whimbrel_shared::{Keyword, MailboxId, Message, MessageKey};

use crate::{
    components::message_more::MessageMore,
    logic::words,
    state::{App, actions, shortcuts, targets::Targets},
    ui::{
        button::{IconButton, Tool, WordShows},
        icon::IconName,
        toolbar::Toolbar,
    },
};

/// One message as the toolbar knows it: where it is, and what came of it so far.
#[derive(Clone)]
pub struct Open {
    /// Where it is.
    pub mailbox: MailboxId,
    /// Its key there.
    pub key: MessageKey,
}

impl Open {
    /// For the actions.
    #[must_use]
    pub fn targets(&self) -> Targets {
        Targets::one(self.mailbox.clone(), self.key)
    }

    /// Whether it is marked with a keyword, as far as is known. Tracks.
    #[must_use]
    pub fn has(&self, app: App, keyword: &str) -> bool {
        match app.mail.message(&self.mailbox, self.key) {
            Some(message) => message.keywords.contains(keyword),
            None => app
                .mail
                .envelope(&self.mailbox, self.key)
                .is_some_and(|envelope| envelope.keywords.contains(keyword)),
        }
    }

    /// The message, if it came. Does not track.
    #[must_use]
    pub fn message(&self, app: App) -> Option<Rc<Message>> {
        app.mail.replica().message(&self.mailbox, self.key)
    }
}

/// The toolbar over the open message.
#[component]
pub fn MessageToolbar(
    /// The message.
    open: Open,
) -> impl IntoView {
    let app = App::current();
    let place = open.mailbox.clone();
    let back = Signal::derive(move || {
        let name = app.mail.mailbox(&place);
        format!(
            "Back to {}",
            name.as_ref().map_or("the list", words::mailbox_name)
        )
    });
    view! {
        <div class="pane-bar">
            <Toolbar label="Message actions">
                <IconButton
                    class="only-phone"
                    icon=IconName::ChevronLeft
                    label=back
                    on_click=move |_| app.navigation.close_message()
                />
                <AnswerTools open=open.clone() class="not-phone" shows=WordShows::First />
                <span class="gap not-phone"></span>
                <span class="push only-phone"></span>
                <PlaceTools open=open.clone() />
                <span class="gap not-phone"></span>
                <MarkTools open=open />
                <span class="push not-phone"></span>
                <IconButton
                    class="not-phone"
                    icon=IconName::ChevronUp
                    label="Newer message"
                    shortcut="k"
                    on_click=move |_| shortcuts::step(app, -1)
                />
                <IconButton
                    class="not-phone"
                    icon=IconName::ChevronDown
                    label="Older message"
                    shortcut="j"
                    on_click=move |_| shortcuts::step(app, 1)
                />
            </Toolbar>
        </div>
    }
}

/// Answering and passing on; they wait until the message is here.
#[component]
pub fn AnswerTools(
    /// The message.
    open: Open,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// When the words show.
    shows: WordShows,
) -> impl IntoView {
    let app = App::current();
    let known = open.clone();
    let waits = Signal::derive(move || app.mail.message(&known.mailbox, known.key).is_none());
    let with = move |act: fn(App, Rc<Message>)| {
        let open = open.clone();
        move || {
            if let Some(message) = open.message(app) {
                act(app, message);
            }
        }
    };
    view! {
        <Tool
            class=class
            shows=shows
            icon=IconName::Reply
            label="Reply"
            shortcut="r"
            disabled=waits
            on_click=with(|app, message| app.composers.reply(message))
        />
        <Tool
            class=class
            shows=shows
            icon=IconName::ReplyAll
            label="Reply all"
            shortcut="a"
            disabled=waits
            on_click=with(|app, message| app.composers.reply_all(message))
        />
        <Tool
            class=class
            shows=shows
            icon=IconName::Forward
            label="Forward"
            shortcut="f"
            disabled=waits
            on_click=with(|app, message| app.composers.forward(message))
        />
    }
}

/// Archive, junk and delete.
#[component]
fn PlaceTools(open: Open) -> impl IntoView {
    let app = App::current();
    let place = open.mailbox.clone();
    let junk = Signal::derive(move || {
        let word = if actions::is_junk(app, &place) {
            "Not junk"
        } else {
            "Junk"
        };
        word.to_owned()
    });
    let targets = open.targets();
    let act = move |act: fn(App, &Targets)| {
        let targets = targets.clone();
        move || act(app, &targets)
    };
    view! {
        <Tool icon=IconName::Archive label="Archive" shortcut="e" on_click=act(actions::archive) />
        <Tool class="not-phone" icon=IconName::Junk label=junk shortcut="!" on_click=act(actions::junk) />
        <Tool icon=IconName::Trash label="Delete" shortcut="#" on_click=act(actions::delete) />
    }
}

/// Move, unread, flag and what is rarer.
#[component]
fn MarkTools(open: Open) -> impl IntoView {
    let app = App::current();
    let (seen, flagged) = (open.clone(), open.clone());
    let is_seen = Memo::new(move |_| seen.has(app, Keyword::SEEN));
    let is_flagged = Memo::new(move |_| flagged.has(app, Keyword::FLAGGED));
    let said = move |of_seen: &'static str, of_unread: &'static str| {
        Signal::derive(move || (if is_seen.get() { of_seen } else { of_unread }).to_owned())
    };
    let seen_icon = Signal::derive(move || {
        if is_seen.get() {
            IconName::Unread
        } else {
            IconName::Read
        }
    });
    let flag_icon = Signal::derive(move || {
        if is_flagged.get() {
            IconName::FlagFilled
        } else {
            IconName::Flag
        }
    });
    let (mark, flag, place) = (open.targets(), open.targets(), open.targets());
    view! {
        <Tool
            class="not-phone"
            icon=IconName::Move
            label="Move"
            shortcut="v"
            on_click=move || actions::ask_where_to_move(app, place.clone())
        />
        <Tool
            icon=seen_icon
            label=said("Mark as unread", "Mark as read")
            word=said("Unread", "Read")
            shortcut="u"
            on_click=move || {
                if is_seen.get_untracked() {
                    actions::mark_unread(app, &mark);
                } else {
                    actions::mark_read(app, &mark);
                }
            }
        />
        <Tool
            class="flag"
            icon=flag_icon
            label="Flag"
            pressed=is_flagged
            shortcut="s"
            on_click=move || {
                if is_flagged.get_untracked() {
                    actions::unflag(app, &flag);
                } else {
                    actions::flag(app, &flag);
                }
            }
        />
        <MessageMore open=open />
    }
}
