//! A mail address with its display name.

use serde::{Deserialize, Serialize};

/// One address (RFC 5322 §3.4), decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The display name, decoded; empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `local@domain`, as written; empty for a group's name.
    pub email: String,
}

impl Address {
    /// What to call this person in a list: the name, else the address.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.name.is_empty() {
            &self.email
        } else {
            &self.name
        }
    }
}
