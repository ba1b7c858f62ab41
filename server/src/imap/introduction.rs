//! What a mail server says of itself: its name, and what it can do. Must not decide what follows from that.

use super::{capabilities::Capabilities, wire::response::Response};

/// The most characters of a name that are kept.
const MAX_NAME: usize = 80;

/// A mail server as it introduced itself on one connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Introduction {
    /// Name and version, if it told them (`ID`, RFC 2971). Words of others: to be shown as text.
    pub name: Option<String>,
    /// What it offers.
    pub offered: Capabilities,
    /// What of that is used.
    pub used: Capabilities,
    /// What is not, whatever it offers: some of [`crate::config::EXTENSIONS`].
    disabled: Vec<&'static str>,
}

impl Introduction {
    /// A server that offered this, of which `disabled` is not to be used.
    #[must_use]
    pub fn new(offered: Capabilities, disabled: &[&'static str]) -> Self {
        Self {
            name: None,
            offered,
            used: offered.without(disabled),
            disabled: disabled.to_vec(),
        }
    }

    /// Takes in what a response says of it.
    pub(super) fn observe(&mut self, response: &Response) {
        if let Response::Id(fields) = response {
            self.name = name(fields);
        }
    }

    /// Takes in the words of a list of capabilities.
    pub(super) fn learn(&mut self, words: &[String]) {
        self.offered = Capabilities::read(words);
        self.used = self.offered.without(&self.disabled);
    }
}

/// "Dovecot 2.4.1" from the fields of `ID`.
fn name(fields: &[(String, String)]) -> Option<String> {
    let of = |wanted: &str| {
        let field = fields
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(wanted));
        let clean = |c: char| if c.is_control() { ' ' } else { c };
        let value: String = field?.1.chars().take(MAX_NAME).map(clean).collect();
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let name = of("name").or_else(|| of("vendor"))?;
    Some(match of("version") {
        Some(version) => format!("{name} {version}"),
        None => name,
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::Introduction;
    use crate::imap::wire::response;

    fn named(line: &'static str) -> Option<String> {
        let mut introduction = Introduction::default();
        let response = response::read(&Bytes::from_static(line.as_bytes()));
        introduction.observe(&response.expect("a whole response"));
        introduction.name
    }

    #[test]
    fn a_server_is_called_what_it_says() {
        assert_eq!(
            named(r#"* ID ("name" "Dovecot" "version" "2.4.1")"#).as_deref(),
            Some("Dovecot 2.4.1")
        );
        assert_eq!(
            named(r#"* ID ("VENDOR" "Zimbra" "version" NIL)"#).as_deref(),
            Some("Zimbra")
        );
        assert_eq!(named("* ID NIL"), None);
        assert_eq!(named(r#"* ID ("name" "")"#), None);
        assert_eq!(named(r#"* ID ("name")"#), None);
        assert_eq!(
            named("* ID (\"name\" {8}\r\nA\u{1}\u{2}cyrus)").as_deref(),
            Some("A  cyrus")
        );
    }
}
