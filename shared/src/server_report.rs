//! What the mail server can do, in words for people. The server finds the words; the app only shows them,
//! so that they cost nothing before somebody asks.

use serde::{Deserialize, Serialize};

/// What the mail server can do, and what that means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerReport {
    /// The whole in a sentence.
    pub summary: String,
    /// What there is to say, most important first; none of them is empty.
    pub sections: Vec<ReportSection>,
}

/// Things of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportSection {
    /// What they have in common.
    pub title: String,
    /// How good they are.
    pub tone: ReportTone,
    /// The things.
    pub items: Vec<ReportItem>,
}

/// How good something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReportTone {
    /// It is there.
    Good,
    /// It is missing, or slower than it could be.
    Less,
    /// It is switched off.
    Off,
    /// Neither: it is a fact.
    #[serde(other)]
    Fact,
}

/// One thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportItem {
    /// What it is.
    pub title: String,
    /// What that means, and why.
    pub text: String,
}
