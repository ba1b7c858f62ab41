//! What the app knows between two clicks, and what it does when a person asks for something.
//! Mail itself is in the replica; here are the signals that say when to read it again.
//!
//! [`App`] is one handle to all of it: small, `Copy`, taken from the context once at the top of a
//! component. Signals are written by actions and by news of the replica, never by effects.

pub mod actions;
pub mod appearance;
pub mod compose;
pub mod countdown;
pub mod cursor;
pub mod dialogs;
pub mod dragging;
pub mod folders;
pub mod letter;
pub mod live;
pub mod mail;
pub mod mail_server;
pub mod navigation;
pub mod news;
pub mod not_done;
pub mod quota;
pub mod reading;
pub mod selection;
pub mod session;
pub mod shortcuts;
pub mod signing_out;
pub mod tabs;
pub mod targets;
pub mod toasts;
pub mod tree;
pub mod undo;

use leptos::prelude::{expect_context, provide_context};

/// Everything the app knows.
#[derive(Clone, Copy)]
pub struct App {
    /// Who is signed in, and whether the session lives.
    pub session: session::Session,
    /// Mail: the replica and its signals.
    pub mail: mail::Mail,
    /// The event stream.
    pub live: live::Live,
    /// How full the account is.
    pub room: quota::Room,
    /// What the mail server can do.
    pub mail_server: mail_server::MailServer,
    /// Where in the app the person is.
    pub navigation: navigation::Navigation,
    /// Which rows are ticked.
    pub selection: selection::Selected,
    /// Which row the keyboard is on.
    pub cursor: cursor::Cursor,
    /// The open message.
    pub reading: reading::Reading,
    /// The folders as they are drawn.
    pub tree: tree::FolderTree,
    /// What is being dragged.
    pub dragging: dragging::Dragging,
    /// Theme and density.
    pub appearance: appearance::Appearance,
    /// Short news at the bottom of the window.
    pub toasts: toasts::Toasts,
    /// What can be undone.
    pub undo: undo::Undo,
    /// The open dialog.
    pub dialogs: dialogs::Dialogs,
    /// Letters being written.
    pub composers: compose::Composers,
}

impl App {
    /// Makes the state of a page, starts the replica and gives the handle to all components below.
    #[must_use]
    pub fn start() -> Self {
        let mail = mail::Mail::new();
        let navigation = navigation::Navigation::new(mail);
        let app = Self {
            session: session::Session::new(),
            mail,
            live: live::Live::new(),
            room: quota::Room::new(),
            mail_server: mail_server::MailServer::new(),
            navigation,
            selection: selection::Selected::new(navigation, mail),
            cursor: cursor::Cursor::new(navigation, mail),
            reading: reading::Reading::new(),
            tree: tree::FolderTree::new(navigation, mail),
            dragging: dragging::Dragging::new(),
            appearance: appearance::Appearance::new(),
            toasts: toasts::Toasts::new(),
            undo: undo::Undo::new(),
            dialogs: dialogs::Dialogs::new(),
            composers: compose::Composers::new(),
        };
        mail.listen(move |notice| news::take(app, notice));
        provide_context(app);
        app
    }

    /// The handle; to be taken at the top of a component.
    #[must_use]
    pub fn current() -> Self {
        expect_context()
    }
}
