//! Keys pressed anywhere: finds what they mean and does it.

use std::{rc::Rc, time::Duration};

use leptos::prelude::*;
use whimbrel_shared::{Message, Role};

use super::{App, actions, dialogs::Dialog, targets::Targets};
use crate::{
    browser::{
        keyboard,
        panes::{self, Way},
        timers,
    },
    logic::shortcuts::{Command, Press, command},
};

/// How long `g` waits for the key after it.
const SEQUENCE: Duration = Duration::from_millis(1500);

/// Listens to the keys of the whole page, for its life.
pub fn listen(app: App) {
    let after_g = StoredValue::new(0_u32);
    keyboard::on_key(move |event| {
        let key = event.key();
        let ctrl = event.ctrl_key() || event.meta_key();
        let is_f6 = key == "F6";
        if !is_f6 && (keyboard::is_typing(event) || panes::is_modal_open()) {
            return;
        }
        if app.dialogs.is_open()
            || untrack(|| app.session.has_ended())
            || keyboard::would_press(event)
        {
            return;
        }
        let press = Press {
            key: &key,
            ctrl,
            alt: event.alt_key(),
            shift: event.shift_key(),
            after_g: after_g.get_value() != 0,
        };
        after_g.set_value(0);
        if key == "g" && !ctrl && !press.alt {
            wait_for_second_key(after_g);
            return;
        }
        if let Some(command) = command(press) {
            event.prevent_default();
            run(app, command);
        }
    });
}

fn wait_for_second_key(after_g: StoredValue<u32>) {
    let turn = (timers::chance() * 1e9) as u32 | 1;
    after_g.set_value(turn);
    timers::after(SEQUENCE, move || {
        if after_g.get_value() == turn {
            after_g.set_value(0);
        }
    });
}

/// Does what a key asks for.
pub fn run(app: App, command: Command) {
    match command {
        Command::Next => step(app, 1),
        Command::Previous => step(app, -1),
        Command::Open => {
            if let Some(key) = app.cursor.key.get_untracked() {
                actions::open(app, key);
            }
        }
        Command::Tick => {
            if let Some(key) = app.cursor.key.get_untracked() {
                app.selection.toggle(key);
            }
        }
        Command::TickAll => app.selection.toggle_all(),
        Command::Archive => on_targets(app, actions::archive),
        Command::Delete => on_targets(app, actions::delete),
        Command::Junk => on_targets(app, actions::junk),
        Command::Move => on_targets(app, |app, targets| {
            actions::ask_where_to_move(app, targets.clone());
        }),
        Command::ToggleRead => on_targets(app, actions::toggle_read),
        Command::ToggleFlag => on_targets(app, actions::toggle_flag),
        Command::Reply => on_message(app, |app, message| app.composers.reply(message)),
        Command::ReplyAll => on_message(app, |app, message| app.composers.reply_all(message)),
        Command::Forward => on_message(app, |app, message| app.composers.forward(message)),
        Command::Compose => app.composers.new_letter(),
        Command::Search => {
            panes::focus_first("[role=search] input");
        }
        Command::Undo => app.undo_latest(),
        Command::Help => app.dialogs.open(Dialog::Shortcuts),
        Command::GoInbox => {
            if let Some(inbox) = app.mail.replica().mailbox_of_role(Role::Inbox) {
                app.navigation.open_mailbox(inbox.id);
            }
        }
        Command::GoSettings => app.open_settings(),
        Command::NextPane => panes::go_round(Way::Forward),
        Command::PreviousPane => panes::go_round(Way::Back),
        Command::Leave => leave(app),
    }
}

/// Goes to a message `by` rows away: opens it if one is open, else moves the cursor there.
pub fn step(app: App, by: isize) {
    let Some(key) = app.cursor.away(by) else {
        return;
    };
    if app.navigation.message.get_untracked().is_some() {
        app.cursor.put(key);
        app.cursor.reveal();
        app.navigation.open_message(key);
    } else {
        app.cursor.focus(key);
    }
}

fn on_targets(app: App, act: impl Fn(App, &Targets)) {
    if let Some(targets) = app.targets() {
        act(app, &targets);
    }
}

/// With the open message, else the one under the cursor, once it is here.
fn on_message(app: App, act: impl Fn(App, Rc<Message>) + 'static) {
    let place = app.navigation.message.get_untracked().or_else(|| {
        let mailbox = app.navigation.mailbox.get_untracked()?;
        Some((mailbox, app.cursor.key.get_untracked()?))
    });
    let Some((mailbox, key)) = place else { return };
    timers::spawn(async move {
        match app.mail.replica().open_message(&mailbox, key).await {
            Ok(message) => act(app, message),
            Err(error) => {
                app.toasts.fail(error.to_string());
            }
        }
    });
}

/// Escape leaves one thing at a time.
fn leave(app: App) {
    if untrack(|| app.navigation.is_in_settings()) {
        app.close_settings();
    } else if app.navigation.drawer.get_untracked() {
        app.close_drawer();
    } else if !untrack(|| app.selection.is_empty()) {
        app.selection.clear();
    } else if app.navigation.message.get_untracked().is_some() {
        let open = app.navigation.message.get_untracked();
        app.navigation.close_message();
        if let Some((_, key)) = open {
            app.cursor.focus(key);
        }
    } else if app.navigation.search.get_untracked().is_some() {
        app.navigation.search_for(None);
    }
}
