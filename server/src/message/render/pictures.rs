//! The pictures that an HTML text wants, found while it is sanitized.

use std::collections::{BTreeSet, HashMap};

use url::Url;
use whimbrel_shared::PartId;

use super::{PictureUrls, Rendered};
use crate::message::{
    body::Plan,
    sanitize::{self, Pictures, Sanitized},
};

/// Pictures from elsewhere that a message may have; honest ones have a hundred.
const MAX_REMOTE: usize = 1_000;

/// An HTML text, made harmless; its pictures and defects are noted.
pub(super) fn sanitized(
    plan: &Plan,
    decoded: &str,
    urls: &PictureUrls<'_>,
    rendered: &mut Rendered,
) -> Sanitized {
    let mut pictures = Found {
        plan,
        urls,
        shown: &mut rendered.shown_pictures,
        places: rendered.remote.iter().cloned().zip(0..).collect(),
        remote: &mut rendered.remote,
    };
    let mut sanitized = sanitize::html(decoded, &mut pictures);
    rendered.trackers.add(&sanitized.trackers);
    rendered.has_remote_content |= sanitized.has_remote_content;
    rendered.defects.append(&mut sanitized.defects);
    sanitized
}

/// The pictures that a text wants, as they are found.
struct Found<'a> {
    plan: &'a Plan,
    urls: &'a PictureUrls<'a>,
    shown: &'a mut BTreeSet<PartId>,
    remote: &'a mut Vec<Url>,
    /// Where each stands in `remote`.
    places: HashMap<Url, usize>,
}

impl Pictures for Found<'_> {
    fn within(&mut self, cid: &str) -> Option<String> {
        let find = |is: &dyn Fn(&str) -> bool| {
            let mut pictures = self.plan.pictures.iter();
            pictures.find(|picture| is(&picture.cid))
        };
        let picture = find(&|known| known == cid);
        let picture = picture.or_else(|| find(&|known| known.eq_ignore_ascii_case(cid)))?;
        self.shown.insert(picture.part.clone());
        Some((self.urls.within)(&picture.part))
    }

    fn elsewhere(&mut self, url: &Url) -> Option<String> {
        let next = self.remote.len();
        let place = match self.places.get(url) {
            Some(&place) => place,
            None if next == MAX_REMOTE => return None,
            None => {
                self.remote.push(url.clone());
                self.places.insert(url.clone(), next);
                next
            }
        };
        self.urls.elsewhere.map(|address| address(place))
    }
}
