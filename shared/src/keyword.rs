//! Keywords: what a message is marked with, by JMAP's lower-case names (RFC 8621 §4.1.1).

use std::fmt;

use serde::{Deserialize, Serialize};

/// One keyword, lower-case. System flags are `$seen`, `$answered`, `$flagged`, `$draft`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Keyword(String);

/// The keywords of a message, each once and in the order of the alphabet. They are few: a list is smaller
/// and quicker than a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Keywords(#[serde(deserialize_with = "in_order")] Vec<Keyword>);

impl Keyword {
    /// It was read (IMAP `\Seen`).
    pub const SEEN: &'static str = "$seen";
    /// It was answered (IMAP `\Answered`).
    pub const ANSWERED: &'static str = "$answered";
    /// It was passed on (`$Forwarded`).
    pub const FORWARDED: &'static str = "$forwarded";
    /// It stands out (IMAP `\Flagged`).
    pub const FLAGGED: &'static str = "$flagged";
    /// It is being written (IMAP `\Draft`).
    pub const DRAFT: &'static str = "$draft";
    /// It is unwanted (`$Junk`).
    pub const JUNK: &'static str = "$junk";
    /// It is not unwanted (`$NotJunk`).
    pub const NOT_JUNK: &'static str = "$notjunk";

    /// A keyword of this name, in lower case; mail servers take ASCII letters only (RFC 9051, `atom`).
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.to_ascii_lowercase())
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Keywords {
    /// No keywords.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the keyword of this name is among them.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|keyword| keyword.as_str() == name)
    }

    /// In the order of the alphabet.
    pub fn iter(&self) -> impl Iterator<Item = &Keyword> {
        self.0.iter()
    }

    /// Takes these away, then adds those.
    pub fn change(&mut self, remove: &[Keyword], add: &[Keyword]) {
        self.0.retain(|keyword| !remove.contains(keyword));
        self.extend(add.iter().cloned());
    }
}

impl Extend<Keyword> for Keywords {
    fn extend<T: IntoIterator<Item = Keyword>>(&mut self, more: T) {
        for keyword in more {
            if let Err(place) = self.0.binary_search(&keyword) {
                self.0.insert(place, keyword);
            }
        }
    }
}

impl FromIterator<Keyword> for Keywords {
    fn from_iter<T: IntoIterator<Item = Keyword>>(all: T) -> Self {
        let mut keywords = Self::new();
        keywords.extend(all);
        keywords
    }
}

/// Whoever sent them need not have sorted them.
fn in_order<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Keyword>, D::Error> {
    let all: Vec<Keyword> = Vec::deserialize(from)?;
    Ok(Keywords::from_iter(all).0)
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Keyword, Keywords};

    #[test]
    fn keywords_are_there_once_and_in_order_however_they_came() {
        let mut keywords: Keywords = serde_json::from_str(r#"["b","a","b"]"#).unwrap();
        keywords.change(
            &[Keyword::new("a")],
            &[Keyword::new("c"), Keyword::new("A")],
        );
        assert_eq!(
            serde_json::to_string(&keywords).unwrap(),
            r#"["a","b","c"]"#
        );
        assert!(keywords.contains("c") && !keywords.contains("d"));
    }
}
