//! What a mailbox looks like, and what changed in it since.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Envelope, Keywords, Uid, UidSet, UidValidity};

/// An opaque token for what a mailbox looked like. Equal tokens: nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct State(pub String);

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A mailbox as a whole, with the newest rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailboxSnapshot {
    /// What it looked like.
    pub state: State,
    /// Its UIDVALIDITY; part of every message key.
    pub uidvalidity: UidValidity,
    /// Every UID in it.
    pub uids: UidSet,
    /// The newest rows, newest first.
    pub envelopes: Vec<Envelope>,
}

/// Rows of a UID list. UIDs that are gone are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelopes {
    /// The rows, in no particular order.
    pub envelopes: Vec<Envelope>,
}

/// The keywords of one message as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeywordChange {
    /// The message.
    pub uid: Uid,
    /// All its keywords.
    pub keywords: Keywords,
}

/// What happened in a mailbox since a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type", try_from = "ChangesFields")]
pub enum Changes {
    /// These.
    Since {
        /// What it looks like now.
        state: State,
        /// Every UID in it now: what is missing is gone, what is more is new.
        uids: UidSet,
        /// Keywords that changed, or that are on screen where the server cannot say what changed.
        keywords: Vec<KeywordChange>,
    },
    /// The UIDVALIDITY changed: forget all of this mailbox and ask for a snapshot.
    StartOver,
}

/// [`Changes`] as fields: read at once, where a tag would be read twice and make the app larger.
#[derive(Deserialize)]
struct ChangesFields {
    r#type: String,
    state: Option<State>,
    uids: Option<UidSet>,
    keywords: Option<Vec<KeywordChange>>,
}

impl TryFrom<ChangesFields> for Changes {
    type Error = &'static str;

    fn try_from(fields: ChangesFields) -> Result<Self, Self::Error> {
        match fields.r#type.as_str() {
            "since" => Ok(Self::Since {
                state: fields.state.ok_or("changes without a state")?,
                uids: fields.uids.ok_or("changes without UIDs")?,
                keywords: fields.keywords.ok_or("changes without keywords")?,
            }),
            "startOver" => Ok(Self::StartOver),
            _ => Err("unknown changes"),
        }
    }
}

/// The answer of a search, newest first by UID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchResult {
    /// The UIDVALIDITY the UIDs belong to.
    pub uidvalidity: UidValidity,
    /// The messages found.
    pub uids: UidSet,
}
