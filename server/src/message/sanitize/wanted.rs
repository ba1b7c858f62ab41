//! The pictures that one element or sheet wants, while it is read. Decides nothing: what is shown is the matter of
//! [`Pictures`], which is asked for the same ones in the same order whatever it answers.

use url::Url;

use super::{
    Pictures,
    attributes::{self, Source},
};

/// Asks for pictures, and keeps in mind which.
pub(super) struct Wanted<'p> {
    pictures: &'p mut dyn Pictures,
    /// One is from elsewhere.
    pub(super) is_remote: bool,
    /// Those of them that somebody would look for.
    pub(super) remote: Vec<Url>,
}

impl<'p> Wanted<'p> {
    pub(super) fn new(pictures: &'p mut dyn Pictures) -> Self {
        Self {
            pictures,
            is_remote: false,
            remote: Vec::new(),
        }
    }

    /// Where the browser finds the picture that the sender calls `value`.
    pub(super) fn address(&mut self, value: &str) -> Option<String> {
        match attributes::source(value) {
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
