//! Short news at the bottom of the window: what was done, with Undo, and what failed.

use std::{rc::Rc, time::Duration};

use leptos::prelude::*;
use whimbrel_shared::{ApiError, ErrorCode};

use crate::browser::timers;

/// How long a toast stays: the mock-up's ten seconds.
const STAYS: Duration = Duration::from_secs(10);
/// More would hide the list on a phone; failures may.
const AT_MOST: usize = 3;

/// How a toast is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    /// News: `status`.
    News,
    /// A failure: `alert`; stays until it is closed.
    Failure,
}

/// What a toast's button does.
pub type ToastAction = Rc<dyn Fn()>;

/// One toast.
#[derive(Clone)]
pub struct Toast {
    /// Its own number.
    pub id: u32,
    /// How it is announced.
    pub kind: ToastKind,
    /// What it says.
    pub text: String,
    /// The word of its button and what that does, such as Undo.
    pub action: Option<(&'static str, ToastAction)>,
}

/// The toasts on screen.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>, LocalStorage>,
    next_id: StoredValue<u32>,
    held: StoredValue<bool>,
}

impl Toasts {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self {
            shown: RwSignal::new_local(Vec::new()),
            next_id: StoredValue::new(0),
            held: StoredValue::new(false),
        }
    }

    /// The numbers of the toasts on screen, oldest first.
    #[must_use]
    pub fn shown(&self) -> Vec<u32> {
        self.shown.read().iter().map(|toast| toast.id).collect()
    }

    /// One of them. Does not track: a toast never changes.
    #[must_use]
    pub fn toast(&self, id: u32) -> Option<Toast> {
        let shown = self.shown.read_untracked();
        shown.iter().find(|toast| toast.id == id).cloned()
    }

    /// Says what was done.
    pub fn say(&self, text: impl Into<String>) -> u32 {
        self.add(ToastKind::News, text.into(), None)
    }

    /// Says what was done, and offers to undo it.
    pub fn say_with_undo(&self, text: impl Into<String>, undo: impl Fn() + 'static) -> u32 {
        let action: ToastAction = Rc::new(undo);
        self.add(ToastKind::News, text.into(), Some(("Undo", action)))
    }

    /// Says what failed.
    pub fn fail(&self, text: impl Into<String>) -> u32 {
        self.add(ToastKind::Failure, text.into(), None)
    }

    /// Says what failed, and offers to do something about it.
    pub fn fail_with(
        &self,
        text: impl Into<String>,
        word: &'static str,
        act: impl Fn() + 'static,
    ) -> u32 {
        let action: ToastAction = Rc::new(act);
        self.add(ToastKind::Failure, text.into(), Some((word, action)))
    }

    /// Says what was not done, and why. That one is signed out is asked about elsewhere.
    pub fn say_not_done(&self, what: &str, error: &ApiError) {
        if error.code != ErrorCode::SignedOut {
            self.fail(format!("{what} {error}"));
        }
    }

    /// Takes a toast away.
    pub fn close(&self, id: u32) {
        self.held.set_value(false);
        self.shown
            .update(|shown| shown.retain(|toast| toast.id != id));
    }

    /// Takes the toast of a failure away that was seen to elsewhere.
    pub fn close_failure(&self, text: &str) {
        self.shown.update(|shown| {
            shown.retain(|toast| toast.kind != ToastKind::Failure || toast.text != text)
        });
    }

    /// Toasts wait while the pointer or the focus is on them.
    pub fn hold(&self, held: bool) {
        self.held.set_value(held);
    }

    fn add(
        &self,
        kind: ToastKind,
        text: String,
        action: Option<(&'static str, ToastAction)>,
    ) -> u32 {
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.shown.update(|shown| {
            // The same failure twice says nothing new.
            let says_more = kind == ToastKind::News && action.is_some();
            shown.retain(|toast| toast.kind != kind || toast.text != text || says_more);
            shown.push(Toast {
                id,
                kind,
                text,
                action,
            });
            make_room(shown);
        });
        if kind == ToastKind::News {
            let toasts = *self;
            timers::spawn(async move {
                timers::sleep(STAYS).await;
                while toasts.held.get_value() {
                    timers::sleep(Duration::from_secs(1)).await;
                }
                toasts.close(id);
            });
        }
        id
    }
}

/// Takes the oldest news away while there is too much. Failures stay, and so does the newest.
fn make_room(shown: &mut Vec<Toast>) {
    while shown.len() > AT_MOST
        && let Some((_, older)) = shown.split_last()
        && let Some(oldest) = older.iter().position(|toast| toast.kind == ToastKind::News)
    {
        shown.remove(oldest);
    }
}

impl Default for Toasts {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::{Toast, ToastKind, make_room};

    /// What is left of toasts that come one by one: F is a failure, anything else news.
    fn left_of(come: &str) -> String {
        let mut shown = Vec::new();
        for (id, letter) in (0..).zip(come.chars()) {
            shown.push(Toast {
                id,
                kind: if letter == 'F' {
                    ToastKind::Failure
                } else {
                    ToastKind::News
                },
                text: letter.to_string(),
                action: None,
            });
            make_room(&mut shown);
        }
        shown.into_iter().map(|toast| toast.text).collect()
    }

    #[test]
    fn news_make_room_for_newer_ones() {
        assert_eq!(left_of("abc"), "abc");
        assert_eq!(left_of("abcde"), "cde");
    }

    #[test]
    fn failures_stay_until_they_are_closed() {
        assert_eq!(left_of("Fabcd"), "Fcd");
        assert_eq!(left_of("FaFbFcd"), "FFFd");
        assert_eq!(left_of("abFFFF"), "FFFF");
    }
}
