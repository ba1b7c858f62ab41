//! CSS of a hostile sender after the sanitizer, as a type: whoever holds one need not ask.

/// A style sheet that is safe to put into a `<style>` of the message frame, and nowhere else.
/// Made only by the server's `message/sanitize` (a tidy test holds that). It never leaves the server
/// but within that frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SanitizedCss(String);

impl SanitizedCss {
    /// Vouches that `css` came out of the sanitizer. For `message/sanitize` alone.
    #[must_use]
    pub fn vouched(css: String) -> Self {
        Self(css)
    }

    /// The rules.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
