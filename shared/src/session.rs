//! Who is signed in, and within which limits.

use serde::{Deserialize, Serialize};

/// What a person types to sign in. Also the JSON body of signing in again in place.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The mail address, or the name the mail server knows the person by.
    pub address: String,
    /// The password of the mail server.
    pub password: String,
    /// "This is a shared computer".
    #[serde(default)]
    pub shared: bool,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("shared", &self.shared)
            .finish_non_exhaustive()
    }
}

/// The signed-in account, as the app needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionInfo {
    /// What one signs in with; not always an address.
    pub user: String,
    /// The address mail is sent from.
    pub address: String,
    /// Opaque and stable for this person at this mail server; names things in browser storage.
    pub account_id: String,
    /// A shared computer: nothing may be stored on it.
    pub shared: bool,
    /// On a shared computer: the session ends in so many seconds, unless somebody uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_in: Option<u32>,
    /// Sizes beyond which the server refuses.
    pub limits: Limits,
}

/// Sizes in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// All attachments of one message together.
    pub attachments: u64,
}

/// One of the sessions of an account, as its person may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionSummary {
    /// The browser and its system, in words: "Firefox on Linux".
    pub browser: String,
    /// When it began, seconds since the Unix epoch.
    pub began_at: i64,
    /// The last use, seconds since the Unix epoch.
    pub last_used_at: i64,
    /// On a shared computer.
    pub shared: bool,
    /// The one that asks.
    pub current: bool,
}
