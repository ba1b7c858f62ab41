//! Which dialog is open. Dialogs are described here and drawn by components.

use std::{pin::Pin, rc::Rc};

use leptos::prelude::*;
use whimbrel_shared::ApiError;

use super::targets::Targets;

/// What a dialog does when it is answered with yes.
pub type Answer = Rc<dyn Fn()>;
/// What a dialog with a name does; what it answers is shown in the dialog, which stays open.
pub type NameAnswer = Rc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<(), NotDone>>>>>;

/// Why what a dialog asked for was not done.
pub struct NotDone {
    /// A sentence on what that was; the dialog that asked leaves it out.
    pub what: String,
    /// What was in the way.
    pub error: ApiError,
}

/// A question with yes and no.
#[derive(Clone)]
pub struct Question {
    /// The question itself, with the count of what is lost.
    pub title: String,
    /// What follows from yes.
    pub text: String,
    /// The word for yes.
    pub accept: &'static str,
    /// Something is lost for ever: `alertdialog`, and the button warns.
    pub is_destructive: bool,
    /// What yes does.
    pub on_accept: Answer,
}

/// A request for a name.
#[derive(Clone)]
pub struct NameRequest {
    /// The title, such as "New folder".
    pub title: String,
    /// What the field holds at first.
    pub initial: String,
    /// The word of the button.
    pub accept: &'static str,
    /// What the button does.
    pub on_accept: NameAnswer,
}

/// The one dialog that is open.
#[derive(Clone)]
pub enum Dialog {
    /// Yes or no.
    Question(Question),
    /// A name.
    Name(NameRequest),
    /// Where to move these.
    Move(Targets),
    /// Theme and density.
    Appearance,
    /// All keys.
    Shortcuts,
    /// What fills the account.
    Storage,
    /// Changes that could not be made.
    NotDone,
}

/// The open dialog. Asking for the password again is not among them: it lies over all of them
/// while [`super::session::Session::has_ended`].
#[derive(Clone, Copy)]
pub struct Dialogs {
    open: RwSignal<Option<Dialog>, LocalStorage>,
}

impl Dialogs {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self {
            open: RwSignal::new_local(None),
        }
    }

    /// The open dialog.
    #[must_use]
    pub fn current(&self) -> Option<Dialog> {
        self.open.get()
    }

    /// Whether one is open. Does not track.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.read_untracked().is_some()
    }

    /// Opens one in place of any other.
    pub fn open(&self, dialog: Dialog) {
        self.open.set(Some(dialog));
    }

    /// Closes it.
    pub fn close(&self) {
        self.open.set(None);
    }
}

impl Default for Dialogs {
    fn default() -> Self {
        Self::new()
    }
}
