//! Links while they are written: what a reader sees of them, and what is said behind them.

use super::{super::links, Attribute, Link, Tag, Writer, element, entities};

impl Writer<'_> {
    /// What a reader sees within a link.
    pub(super) fn link_reads(&mut self, text: &str) {
        if let Some(link) = self.links.last_mut() {
            link.reads(text);
        }
    }

    /// Within a link, an element begins or ends.
    pub(super) fn link_passes(&mut self, tag: Tag) {
        if let Some(link) = self.links.last_mut() {
            link.passes(tag.breaks_line());
        }
    }

    /// A link ends: if it shows another address than it leads to, that is said behind it, for everybody to see.
    pub(super) fn end_link(&mut self) {
        let Some(words) = self.links.pop().and_then(|link| link.warning()) else {
            return;
        };
        self.tags += 1;
        self.out.push_str("<small class=\"");
        self.out.push_str(links::CLASS);
        self.out.push_str("\"> ");
        entities::escape(&words, &mut self.out);
        self.out.push_str("</small>");
    }

    /// What addresses are relative to: the first word on it counts.
    pub(super) fn base(&mut self, attributes: &[Attribute<'_>]) {
        if self.base.is_none() {
            self.base = links::base::read(&element::value(attributes, "href"));
        }
    }

    /// A place in a picture that leads somewhere: a link where it stands, in words.
    pub(super) fn area(&mut self, attributes: &[Attribute<'_>]) {
        let (before, depth) = (self.tags, self.dropped_depth);
        if element::is_hidden(attributes) {
            return;
        }
        let href = attributes.iter().find(|attribute| attribute.name == "href");
        self.start("a", href.map(std::slice::from_ref).unwrap_or_default());
        self.dropped_depth = depth;
        if self.tags == before {
            return;
        }
        let alt = element::value(attributes, "alt");
        let place = self.links.last().map(Link::place);
        let words = Some(alt.trim().to_owned()).filter(|alt| !alt.is_empty());
        self.words(&words.or(place).unwrap_or_default());
        self.pop_to(self.stack.len().saturating_sub(1));
        self.words(" ");
    }
}
