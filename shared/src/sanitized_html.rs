//! HTML of a hostile sender after the sanitizer, as a type: whoever holds one need not ask.

use serde::{Deserialize, Serialize};

/// A fragment of HTML that is safe to put into the message frame or a quote.
/// Made only by the server's `message/sanitize` (a tidy test holds that).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SanitizedHtml(String);

impl SanitizedHtml {
    /// Vouches that `html` came out of the sanitizer. For `message/sanitize` alone.
    #[must_use]
    pub fn vouched(html: String) -> Self {
        Self(html)
    }

    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
