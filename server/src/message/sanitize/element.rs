//! What is left of one start tag: the attributes that may stay, written; whether it wanted something
//! from elsewhere; whether it is hidden.

use super::{
    attributes, css, entities,
    lexer::Attribute,
    links::{self, Link},
    tags::Tag,
    wanted::Wanted,
};

/// What is kept of a start tag.
pub(super) struct Kept {
    /// Its attributes as they are written, with a space before each; `None` if the element is
    /// nothing without those it lost.
    pub(super) written: Option<String>,
    /// Where it leads, if it is a link.
    pub(super) link: Option<Link>,
    /// What it says in place of a picture; empty if it is none.
    pub(super) alt: String,
    /// Attributes that are colours or backgrounds.
    pub(super) colors: Vec<(&'static str, String)>,
}

/// Keeps of `attributes` what `tag` may have, and says of a link where it leads: nothing of the sender's, itself or
/// within it (`is_in_link`), may say something else.
pub(super) fn keep(
    tag: Tag,
    is_in_link: bool,
    attributes: &[Attribute<'_>],
    budget: &mut css::Budget,
    wanted: &mut Wanted<'_>,
) -> Kept {
    let (mut written, mut alt, mut link) = (String::new(), String::new(), None);
    let mut colors = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let mut has_source = false;
    let (mut width, mut height) = (String::new(), String::new());
    for attribute in attributes {
        let name = attribute.name.as_str();
        // The first of a name counts, also if it is not kept.
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let value = match (tag.name, name) {
            ("a", "href") => {
                link = links::read(&wanted.absolute(&attribute.value()));
                link.as_ref().map(|link| link.href.clone())
            }
            ("a", "title") => None,
            (_, "title") if is_in_link => None,
            ("img", "src") => wanted.address(&attribute.value()),
            (tag, "background") if attributes::is_table(tag) => wanted.address(&attribute.value()),
            (_, "style") => {
                let mut address = |value: &str| wanted.address(value);
                let css = css::declarations(&attribute.value(), budget, &mut address);
                Some(css).filter(|css| !css.is_empty())
            }
            _ => attributes::keep(tag.name, name, &attribute.value()),
        };
        if let Some(value) = value {
            write(name, &value, &mut written);
            match name {
                "src" => has_source = true,
                "alt" if tag.name == "img" => alt = value,
                "width" => width = value,
                "height" => height = value,
                "bgcolor" => colors.push(("bgcolor", value)),
                "color" => colors.push(("color", value)),
                "background" if value.starts_with('/') => colors.push(("background", value)),
                _ => {}
            }
        }
    }
    if let Some(link) = &link {
        write("title", &link.title(), &mut written);
    }
    let is_kept = match tag.name {
        "a" => link.is_some(),
        "img" => has_source || !alt.is_empty(),
        _ => true,
    };
    if tag.name == "img" && attributes::is_of_fixed_size(&width, &height) {
        write(FIXED_SIZE, "fixed", &mut written);
    }
    Kept {
        written: is_kept.then_some(written),
        link,
        alt,
        colors,
    }
}

/// The attribute that tells the frame to leave the size of a picture alone; only we write it.
pub(super) const FIXED_SIZE: &str = "data-size";

fn write(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    entities::escape(value, out);
    out.push('"');
}

/// What is kept of the sender's `body`, for an element that stands for it: its looks.
pub(super) fn body(
    attributes: &[Attribute<'_>],
    budget: &mut css::Budget,
    wanted: &mut Wanted<'_>,
) -> String {
    let value = |wanted: &str| {
        let mut own = attributes.iter().filter(|attribute| !is_ours(attribute));
        let found = own.find(|attribute| attribute.name == wanted);
        found.map(|attribute| attribute.value())
    };
    let mut style = String::new();
    for (attribute, property) in [("bgcolor", "background-color"), ("text", "color")] {
        if let Some(color) = value(attribute).and_then(|color| attributes::color(&color)) {
            style.push_str(&format!("{property}:{color};"));
        }
    }
    if let Some(color) = value("link").and_then(|color| attributes::color(&color)) {
        budget.links(&color);
    }
    style.push_str(&value("style").unwrap_or_default());
    let mut written = String::new();
    for name in ["class", "id", "dir", "lang"] {
        if let Some(kept) = value(name).and_then(|value| attributes::keep("body", name, &value)) {
            write(name, &kept, &mut written);
        }
    }
    let background = value("background").and_then(|address| wanted.address(&address));
    let background = background.and_then(|address| budget.background(&address));
    let style = css::declarations(&style, budget, &mut |value| wanted.address(value));
    let style = background.into_iter().chain(Some(style));
    let style: Vec<String> = style.filter(|css| !css.is_empty()).collect();
    if !style.is_empty() {
        write("style", &style.join(";"), &mut written);
    }
    written
}

/// What an attribute says; nothing if it is not there.
pub(super) fn value(attributes: &[Attribute<'_>], name: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.name == name);
    found.map(Attribute::value).unwrap_or_default()
}

/// Whether an element that is not kept, or an attribute of one that is, wants something from elsewhere.
pub(super) fn is_remote(name: &str, attributes: &[Attribute<'_>]) -> bool {
    attributes
        .iter()
        .any(|attribute| match attribute.name.as_str() {
            "style" => css::wants_remote(&attribute.value()),
            "background" | "srcset" | "poster" => attribute.value().contains("//"),
            "href" => name == "link" && attribute.value().contains("//"),
            _ => false,
        })
}

/// Whether the sender hid the element from everybody, or it pretends to be our words about a link. A `style` may be
/// another one on a small screen, so what it hides is kept.
pub(super) fn is_hidden(attributes: &[Attribute<'_>]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.name == "hidden" || is_ours(attribute))
}

/// Whether an attribute is the class of our words about links.
fn is_ours(attribute: &Attribute<'_>) -> bool {
    let is_class = |value: String| {
        value
            .split_ascii_whitespace()
            .any(|class| class == links::CLASS)
    };
    attribute.name == "class" && is_class(attribute.value())
}

/// Whether nobody would see a picture: one pixel, or hidden.
pub(super) fn is_unseen(attributes: &[Attribute<'_>]) -> bool {
    let value = |wanted: &str| {
        let found = attributes.iter().find(|attribute| attribute.name == wanted);
        found.map(|attribute| attribute.value().to_ascii_lowercase())
    };
    let style = value("style").unwrap_or_default();
    let declared = |name: &str| {
        let mut declarations = style.split(';').filter_map(|one| one.split_once(':'));
        declarations.find_map(|(known, value)| (known.trim() == name).then(|| value.trim()))
    };
    let says = |name, wanted| declared(name).is_some_and(|value| value.starts_with(wanted));
    let length = |name: &str| {
        let text = declared(name).map(str::to_owned).or_else(|| value(name))?;
        let number = text
            .trim_end_matches("!important")
            .trim()
            .trim_end_matches("px");
        number.parse::<f32>().ok()
    };
    let is_small = match (length("width"), length("height")) {
        (Some(width), Some(height)) => width.max(height) <= 2.0,
        (Some(length), None) | (None, Some(length)) => length <= 1.0,
        (None, None) => false,
    };
    is_small
        || says("display", "none")
        || says("visibility", "hidden")
        || declared("opacity").is_some_and(|value| value.parse() == Ok(0.0_f32))
}

/// The `media` of a `style` element; `None` if it holds no CSS.
pub(super) fn media(attributes: &[Attribute<'_>]) -> Option<String> {
    let kind = value(attributes, "type");
    let is_css = kind.trim().is_empty() || kind.trim().eq_ignore_ascii_case("text/css");
    is_css.then(|| value(attributes, "media"))
}
