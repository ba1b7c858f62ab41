//! What the mail server can do, and what is to be said about who sent a message, in words for people. The server
//! finds the words; the app only shows them, so that they cost nothing before somebody asks.

use serde::{Deserialize, Serialize};

/// A line of the report, which is a list of them in the order to be shown. Flat, for every further type makes
/// the app larger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportLine {
    /// What kind of line it is.
    pub kind: ReportKind,
    /// What it is about; of a heading, what the lines up to the next one have in common.
    pub title: String,
    /// What that means, and why; empty for a heading.
    pub text: String,
    /// What can be done about it, on a click: a path of ours to `POST` to; one that ends in `/draft`, with a letter
    /// to write; or a page elsewhere. Empty if nothing.
    #[serde(default)]
    pub target: String,
}

/// What kind of line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReportKind {
    /// The whole in a sentence, or the title of the lines that follow.
    Heading,
    /// Something is there; somebody is who they say.
    Good,
    /// It is missing, or slower than it could be; better look twice.
    Less,
    /// It is switched off; somebody is not who they say.
    Off,
    /// Neither: it is a fact, or nothing is proved.
    #[serde(other)]
    Fact,
}
