//! What is to be said about who sent a message. The server finds the words; the app only shows them, so that
//! they cost nothing before a message is opened.

use serde::{Deserialize, Serialize};

use crate::Draft;

/// Something to be said about the sender of a message. Flat, for every further type makes the app larger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// How much it matters.
    pub kind: NoteKind,
    /// The whole in a sentence. Of a verdict, what stands before the first colon is its short form.
    pub text: String,
    /// How that was found out, one thing each.
    #[serde(default)]
    pub more: Vec<String>,
    /// What a person can do about it, as the words of a button; empty if nothing.
    #[serde(default)]
    pub action: String,
    /// What the button does: a path of ours to `POST` to after a question, or a page elsewhere to open.
    #[serde(default)]
    pub target: String,
    /// A letter that the button begins instead.
    #[serde(default)]
    pub letter: Option<Draft>,
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NoteKind {
    /// The verdict: it comes from where it says.
    Verified,
    /// The verdict: nothing proves that.
    Unverified,
    /// The verdict: it does not.
    Failed,
    /// Better look twice.
    Warning,
    /// Good to know.
    #[serde(other)]
    Info,
}
