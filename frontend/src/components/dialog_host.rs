//! Draws the dialog that the state says is open.

use leptos::prelude::*;

use crate::{
    browser::timers,
    components::{
        appearance::AppearanceDialog, confirm_dialog::ConfirmDialog, move_menu::MoveMenu,
        name_dialog::NameDialog, not_done_dialog::NotDoneDialog, shortcuts_help::ShortcutsHelp,
        storage_dialog::StorageDialog,
    },
    state::{
        App,
        dialogs::{Dialog, NameRequest, Question},
    },
};

/// The open dialog, if any.
#[component]
pub fn DialogHost() -> impl IntoView {
    let app = App::current();
    move || match app.dialogs.current() {
        None => ().into_any(),
        Some(Dialog::Shortcuts) => {
            view! { <ShortcutsHelp on_close=move || app.dialogs.close() /> }.into_any()
        }
        Some(Dialog::NotDone) => view! { <NotDoneDialog /> }.into_any(),
        Some(Dialog::Storage) => view! { <StorageDialog /> }.into_any(),
        Some(Dialog::Question(question)) => ask(app, question).into_any(),
        Some(Dialog::Name(request)) => ask_name(app, request).into_any(),
        Some(Dialog::Move(targets)) => view! { <MoveMenu targets=targets /> }.into_any(),
        Some(Dialog::Appearance) => view! { <AppearanceDialog /> }.into_any(),
    }
}

fn ask(app: App, question: Question) -> impl IntoView {
    let on_accept = question.on_accept;
    view! {
        <ConfirmDialog
            title=question.title
            text=question.text
            confirm=question.accept
            destructive=question.is_destructive
            on_confirm=move |()| {
                app.dialogs.close();
                on_accept();
            }
            on_close=move |()| app.dialogs.close()
        />
    }
}

fn ask_name(app: App, request: NameRequest) -> impl IntoView {
    let error = RwSignal::new(String::new());
    let on_accept = request.on_accept;
    let on_name = move |name: String| {
        let answer = on_accept(name);
        timers::spawn(async move {
            let answer = answer.await;
            let was_left = error.is_disposed();
            match answer {
                Ok(()) if was_left => {}
                Ok(()) => app.dialogs.close(),
                Err(failed) if was_left => {
                    app.toasts.say_not_done(&failed.what, &failed.error);
                }
                Err(failed) => error.set(failed.error.to_string()),
            }
        });
    };
    view! {
        <NameDialog
            title=request.title
            initial=request.initial
            confirm=request.accept
            error=error
            on_name=on_name
            on_close=move |()| app.dialogs.close()
        />
    }
}
