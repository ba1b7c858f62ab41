//! The root: starts the state, keeps the browser in step with it, and mounts the page that the
//! address names.

use std::time::Duration;

use leptos::prelude::*;
use whimbrel_shared::ErrorCode;

use crate::{
    browser::{dom, keyboard, presence, timers},
    logic::{place::Place, words},
    pages::{mail::MailPage, not_found::NotFound},
    state::{self, shortcuts},
    ui::{effects::on_change, when::When},
};

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let app = state::App::start();
    dom::remove("boot");
    shortcuts::listen(app);
    keyboard::on_wake(move || app.woke_up(), move || app.went_out_of_sight());
    keyboard::on_network_lost(move || app.lost_network());
    presence::on_person(move || app.person_is_here());
    load(app);
    follow_place(app);
    let is_somewhere = Memo::new(move |_| app.navigation.place() != Place::Nowhere);
    view! {
        <When test=move || is_somewhere.get() fallback=NotFound>
            <MailPage />
        </When>
    }
}

/// Asks for the session and the folders, until they came.
fn load(app: state::App) {
    app.mail.replica().want_mailboxes();
    timers::spawn(async move {
        let mut wait = Duration::from_secs(1);
        while let Err(error) = app.load_session().await {
            if error.code == ErrorCode::SignedOut {
                return;
            }
            timers::sleep(wait).await;
            wait = (wait * 2).min(Duration::from_secs(30));
        }
    });
}

/// What lies outside the reactive world is told where the person is: the replica, the event
/// stream and the title of the tab.
fn follow_place(app: state::App) {
    on_change(move || {
        if let Some(list) = app.navigation.list.get() {
            app.mail.replica().want_list(&list);
        }
    });
    on_change(move || {
        app.navigation.mailbox.track();
        app.connect_soon();
    });
    on_change(move || {
        if let Some((mailbox, key)) = app.navigation.message.get() {
            app.fetch_message(mailbox, key);
        }
    });
    on_change(move || {
        let mailbox = app
            .navigation
            .mailbox
            .get()
            .and_then(|id| app.mail.mailbox(&id));
        let settings = app.navigation.is_in_settings().then_some("Settings");
        let name = settings.or(mailbox.as_ref().map(words::mailbox_name));
        if app.session.leaves_no_trace() {
            dom::set_title(&words::title(None, 0));
            return;
        }
        let unread = mailbox.as_ref().map_or(0, |mailbox| mailbox.unread_emails);
        dom::set_title(&words::title(name, unread));
    });
}
