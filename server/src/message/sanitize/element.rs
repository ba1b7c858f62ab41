//! What is left of one start tag: the attributes that may stay, written; whether it wanted something
//! from elsewhere; whether it is hidden.

use super::{
    Pictures,
    attributes::{self, Source},
    entities,
    lexer::Attribute,
    tags::Tag,
};

/// What is kept of a start tag.
pub(super) struct Kept {
    /// Its attributes as they are written, with a space before each; `None` if the element is
    /// nothing without those it lost.
    pub(super) written: Option<String>,
    /// It has a picture from elsewhere.
    pub(super) is_remote: bool,
}

/// Keeps of `attributes` what `tag` may have.
pub(super) fn keep(tag: Tag, attributes: &[Attribute<'_>], pictures: &mut dyn Pictures) -> Kept {
    let (mut written, mut is_remote) = (String::new(), false);
    let mut seen: Vec<&str> = Vec::new();
    let mut says_something = false;
    for attribute in attributes {
        let name = attribute.name.as_str();
        if seen.contains(&name) {
            continue;
        }
        let value = match (tag.name, name) {
            ("a", "href") => attributes::link(&attribute.value()),
            ("img", "src") => match attributes::source(&attribute.value()) {
                Source::Cid(cid) => pictures.within(&cid),
                Source::Data(data) => Some(data),
                Source::Remote(url) => {
                    is_remote = true;
                    url.and_then(|url| pictures.elsewhere(&url))
                }
                Source::None => None,
            },
            _ => attributes::keep(tag.name, name, &attribute.value()),
        };
        if let Some(value) = value {
            seen.push(name);
            says_something |=
                matches!(name, "href" | "src") || (name == "alt" && !value.is_empty());
            written.push(' ');
            written.push_str(name);
            written.push_str("=\"");
            entities::escape(&value, &mut written);
            written.push('"');
        }
    }
    let is_kept = says_something || !matches!(tag.name, "a" | "img");
    Kept {
        written: is_kept.then_some(written),
        is_remote,
    }
}

/// Whether an element that is not kept, or an attribute of one that is, wants something from elsewhere.
pub(super) fn is_remote(name: &str, attributes: &[Attribute<'_>]) -> bool {
    attributes
        .iter()
        .any(|attribute| match attribute.name.as_str() {
            "style" => attributes::style_is_remote(&attribute.value()),
            "background" | "srcset" | "poster" => attribute.value().contains("//"),
            "href" => name == "link" && attribute.value().contains("//"),
            _ => false,
        })
}

/// Whether the sender hid the element from everybody.
pub(super) fn is_hidden(attributes: &[Attribute<'_>]) -> bool {
    attributes
        .iter()
        .any(|attribute| match attribute.name.as_str() {
            "style" => attributes::hides(&attribute.value()),
            "hidden" => true,
            _ => false,
        })
}
