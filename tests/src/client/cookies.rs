//! The cookies of one browser at one site. Paths and expiry dates are not looked at: Whimbrel's are for `/`.

use std::collections::BTreeMap;

use http::{HeaderMap, header};

/// Cookies by name, each with the line that set it.
#[derive(Clone, Default)]
pub(crate) struct Cookies(BTreeMap<String, (String, String)>);

impl Cookies {
    /// Takes what an answer sets, and forgets what it takes back.
    pub(crate) fn take(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap_or_default();
            let pair = line.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let low = line.to_lowercase().replace(' ', "");
            let is_taken_back =
                value.is_empty() || low.contains("max-age=0") || low.contains("max-age=-");
            if is_taken_back {
                self.0.remove(name);
            } else {
                self.0
                    .insert(name.to_owned(), (value.to_owned(), line.to_owned()));
            }
        }
    }

    /// The `Cookie` header.
    pub(crate) fn header(&self) -> Option<String> {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, (value, _))| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The lines that set them.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.values().map(|(_, line)| line.clone()).collect()
    }
}
