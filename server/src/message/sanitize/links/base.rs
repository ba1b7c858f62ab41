//! What the relative addresses of a letter are relative to. It is never written itself, only what it makes of others.

use url::{ParseError, Url};

use super::{
    super::attributes::{MAX_URL, squeeze},
    scheme_lacking,
};

/// Bytes of a base.
const MAX_BASE: usize = 300;
/// Bytes of absolute addresses that one makes of relative ones; it is repeated in each of them.
const MAX_JOINED: usize = 1024 * 1024;

/// A base that is on the web.
pub(in crate::message::sanitize) struct Base {
    url: Url,
    left: usize,
}

/// What the `href` of a `base` element says.
pub(in crate::message::sanitize) fn read(value: &str) -> Option<Base> {
    let url = Url::parse(&squeeze(value)).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    (is_web && url.as_str().len() <= MAX_BASE).then_some(Base {
        url,
        left: MAX_JOINED,
    })
}

/// A relative address as an absolute one. `None` if it is not relative, is one to a place within the letter, or comes
/// after too many others.
pub(in crate::message::sanitize) fn join(base: &mut Base, value: &str) -> Option<String> {
    let value = squeeze(value);
    if value.is_empty() || value.len() > MAX_URL || value.starts_with('#') {
        return None;
    }
    let is_relative = Url::parse(&value) == Err(ParseError::RelativeUrlWithoutBase);
    if !is_relative || scheme_lacking(&value).is_some() {
        return None;
    }
    let joined = String::from(base.url.join(&value).ok()?);
    base.left = base.left.checked_sub(joined.len())?;
    Some(joined)
}
