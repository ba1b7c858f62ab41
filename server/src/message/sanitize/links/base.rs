//! What the relative addresses of a letter are relative to. It is never written itself, only what it makes of others.

use url::{ParseError, Url};

use super::{
    super::attributes::{MAX_URL, squeeze},
    scheme_lacking,
};

/// Bytes of a base; it is repeated in every relative link.
const MAX_BASE: usize = 300;

/// Where the `href` of a `base` element leads, if that is on the web.
pub(in crate::message::sanitize) fn read(value: &str) -> Option<Url> {
    let url = Url::parse(&squeeze(value)).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    (is_web && url.as_str().len() <= MAX_BASE).then_some(url)
}

/// A relative address as an absolute one. `None` if it is not relative, or is one to a place within the letter.
pub(in crate::message::sanitize) fn join(base: &Url, value: &str) -> Option<String> {
    let value = squeeze(value);
    if value.is_empty() || value.len() > MAX_URL || value.starts_with('#') {
        return None;
    }
    let is_relative = Url::parse(&value) == Err(ParseError::RelativeUrlWithoutBase);
    if !is_relative || scheme_lacking(&value).is_some() {
        return None;
    }
    base.join(&value).ok().map(String::from)
}
