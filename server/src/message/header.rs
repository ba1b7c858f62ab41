//! Stands in for the header parser until it arrives.

use whimbrel_shared::Address;

/// The header fields of a message, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// `From`.
    pub from: Vec<Address>,
    /// `To`.
    pub to: Vec<Address>,
    /// `Subject`.
    pub subject: String,
    /// `Date`, seconds since the Unix epoch, UTC.
    pub sent_at: Option<i64>,
}

/// Reads a header.
#[must_use]
pub fn parse(raw: &[u8]) -> Header {
    let text = String::from_utf8_lossy(raw);
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name))
            .map(|value| value.trim().to_owned())
    };
    Header {
        from: field("From:")
            .map(|email| Address {
                name: String::new(),
                email,
            })
            .into_iter()
            .collect(),
        to: Vec::new(),
        subject: field("Subject:").unwrap_or_default(),
        sent_at: None,
    }
}
