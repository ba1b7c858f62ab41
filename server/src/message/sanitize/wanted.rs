//! The pictures that one element or sheet wants, while it is read. Decides nothing: what is shown is the matter of
//! [`Pictures`], which is asked for the same ones in the same order whatever it answers.

use std::borrow::Cow;

use url::Url;

use super::{
    Pictures,
    attributes::{self, Source},
    links::base,
};

/// Asks for pictures, and keeps in mind which.
pub(super) struct Wanted<'p> {
    pictures: &'p mut dyn Pictures,
    /// What addresses are relative to, if the letter says it.
    base: Option<&'p mut base::Base>,
    /// One is from elsewhere.
    pub(super) is_remote: bool,
    /// Those of them that somebody would look for.
    pub(super) remote: Vec<Url>,
}

impl<'p> Wanted<'p> {
    pub(super) fn new(pictures: &'p mut dyn Pictures, base: Option<&'p mut base::Base>) -> Self {
        Self {
            pictures,
            base,
            is_remote: false,
            remote: Vec::new(),
        }
    }

    /// An address as an absolute one, if that can be.
    pub(super) fn absolute<'v>(&mut self, value: &'v str) -> Cow<'v, str> {
        let joined = self
            .base
            .as_deref_mut()
            .and_then(|base| base::join(base, value));
        joined.map_or(Cow::Borrowed(value), Cow::Owned)
    }

    /// Where the browser finds the picture that the sender calls `value`.
    pub(super) fn address(&mut self, value: &str) -> Option<String> {
        match attributes::source(&self.absolute(value)) {
            Source::Cid(cid) => self.pictures.within(&cid),
            Source::Data(data) => Some(data),
            Source::Remote(url) => {
                self.is_remote = true;
                let url = url?;
                let address = self.pictures.elsewhere(&url);
                self.remote.push(url);
                address
            }
            Source::None => None,
        }
    }
}
