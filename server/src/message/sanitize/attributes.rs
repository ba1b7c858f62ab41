//! Which attributes of which element may stay, and with which values. Everything is refused that is
//! not listed; names and handlers never pass. Styles are the matter of [`super::css`].

use std::borrow::Cow;

use url::Url;

/// The value to keep for `name` of the element `tag`; `None` drops the attribute.
/// Not for `href`, `src`, `background` and `style`, which have functions of their own.
pub(super) fn keep(tag: &str, name: &str, value: &str) -> Option<String> {
    let value = value.trim();
    if name == "class" {
        return classes(value);
    }
    if name == "bgcolor"
        && is_table(tag)
        && let Some(color) = of_function(value)
    {
        return Some(color);
    }
    let is_kept = match name {
        "alt" | "title" | "abbr" => value.len() <= 2_000,
        "id" => is_style_name(value),
        "dir" => one_of(value, &["ltr", "rtl", "auto"]),
        "lang" => value.len() <= 35 && all(value, |c| c.is_ascii_alphanumeric() || c == '-'),
        "align" => {
            takes_align(tag)
                && one_of(
                    value,
                    &[
                        "left", "right", "center", "justify", "middle", "top", "bottom",
                    ],
                )
        }
        "valign" => is_table(tag) && one_of(value, &["top", "middle", "bottom", "baseline"]),
        "width" | "height" => (is_table(tag) || matches!(tag, "img" | "hr")) && is_length(value),
        "bgcolor" => is_table(tag) && is_color(value),
        "color" => tag == "font" && is_color(value),
        "face" => tag == "font" && is_font_list(value),
        "size" => matches!(tag, "font" | "hr") && is_small_number(value),
        "border" => matches!(tag, "table" | "img") && is_small_number(value),
        // A table that only puts things in their places is not read out as one.
        "role" => is_table(tag) && one_of(value, &["presentation", "none"]),
        "cellpadding" | "cellspacing" => tag == "table" && is_small_number(value),
        "colspan" | "rowspan" => matches!(tag, "td" | "th") && is_span(value),
        "start" => tag == "ol" && is_number(value, 6),
        "type" => {
            matches!(tag, "ol" | "ul" | "li")
                && (one_of(value, &["disc", "circle", "square"]) || "1aAiI".contains(value))
                && !value.is_empty()
        }
        _ => false,
    };
    is_kept.then(|| value.to_owned())
}

/// Attributes that any element may have, as far as [`keep`] agrees, for the second sanitizer.
pub(super) const NAMES: [&str; 25] = [
    "class",
    "id",
    "style",
    "alt",
    "title",
    "abbr",
    "dir",
    "lang",
    "align",
    "valign",
    "width",
    "height",
    "bgcolor",
    "background",
    "color",
    "face",
    "size",
    "border",
    "role",
    "cellpadding",
    "cellspacing",
    "colspan",
    "rowspan",
    "start",
    "type",
];

/// Bytes of a link; longer ones are attacks on whoever shows them.
pub(super) const MAX_URL: usize = 8 * 1024;

/// Where a picture's `src` points.
pub(super) enum Source {
    /// A part of the same message, by its `Content-ID`.
    Cid(String),
    /// A picture that is written out within the link, of a harmless type.
    Data(String),
    /// Somewhere else; `None`: where nobody would look.
    Remote(Option<Url>),
    /// Nowhere.
    None,
}

/// Reads a picture's `src`, or the address of one in CSS.
pub(super) fn source(value: &str) -> Source {
    let value = squeeze(value);
    let scheme = value
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match scheme.as_str() {
        _ if value.is_empty() => Source::None,
        "cid" => {
            let id = value.get("cid:".len()..).unwrap_or_default();
            let id = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
            Source::Cid(id.trim_matches(['<', '>']).to_owned())
        }
        "data" if is_data_picture(&value) => Source::Data(lower_type(&value)),
        "http" | "https" if value.len() <= MAX_URL => Source::Remote(elsewhere(&value)),
        _ if value.starts_with("//") && value.len() <= MAX_URL => {
            Source::Remote(elsewhere(&format!("https:{value}")))
        }
        "http" | "https" | "ftp" => Source::Remote(None),
        _ => Source::None,
    }
}

/// Where a picture is; what stands behind `#` names no other picture.
fn elsewhere(value: &str) -> Option<Url> {
    let mut url = Url::parse(value).ok()?;
    url.set_fragment(None);
    Some(url)
}

/// The address with its type in small letters.
fn lower_type(data: &str) -> String {
    match data.split_once(',') {
        Some((kind, picture)) => format!("{},{picture}", kind.to_ascii_lowercase()),
        None => data.to_owned(),
    }
}

/// `data:` with a picture that is no SVG, in base64 and nothing else.
pub(super) fn is_data_picture(value: &str) -> bool {
    ["png", "gif", "jpeg", "jpg", "webp"].iter().any(|kind| {
        let prefix = format!("data:image/{kind};base64,");
        let Some((start, data)) = value.split_at_checked(prefix.len()) else {
            return false;
        };
        start.eq_ignore_ascii_case(&prefix)
            && all(data, |c| c.is_ascii_alphanumeric() || "+/=".contains(c))
    })
}

/// Without the white space and controls that browsers overlook.
pub(super) fn squeeze(value: &str) -> String {
    let is_blank = |c: char| c <= ' ' || c == '\u{7f}';
    let trimmed = value.trim_matches(is_blank);
    trimmed
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r' | '\0'))
        .collect()
}

/// The names of a `class` that style sheets may choose by.
fn classes(value: &str) -> Option<String> {
    let mut list = String::new();
    for name in value
        .split_ascii_whitespace()
        .map(class)
        .filter(|name| is_style_name(name))
    {
        if list.len() + name.len() >= MAX_CLASSES {
            break;
        }
        if !list.is_empty() {
            list.push(' ');
        }
        list.push_str(&name);
    }
    (!list.is_empty()).then_some(list)
}

/// A class of the sender's by the name it has here: those that begin as ours do get another, in attributes and in
/// sheets alike, so that what a sheet says of them still holds.
pub(super) fn class(name: &str) -> Cow<'_, str> {
    if name.starts_with(OUR_CLASSES) {
        Cow::Owned(format!("_{name}"))
    } else {
        Cow::Borrowed(name)
    }
}

/// How the classes of our own elements begin.
pub(super) const OUR_CLASSES: &str = "w-";

/// Bytes of a list of classes.
const MAX_CLASSES: usize = 400;

/// A class or id.
fn is_style_name(name: &str) -> bool {
    (1..=60).contains(&name.len()) && all(name, |c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

/// Whether an element is a table or of its frame, which may have a background.
pub(super) fn is_table(tag: &str) -> bool {
    matches!(
        tag,
        "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th"
    )
}

fn takes_align(tag: &str) -> bool {
    is_table(tag)
        || matches!(
            tag,
            "div" | "p" | "img" | "hr" | "caption" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
        )
}

fn one_of(value: &str, list: &[&str]) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(value))
}

fn all(value: &str, allowed: impl Fn(char) -> bool) -> bool {
    value.chars().all(allowed)
}

fn is_number(value: &str, digits: usize) -> bool {
    (1..=digits).contains(&value.len()) && all(value, |c| c.is_ascii_digit())
}

/// Pixels up to 9999, or per cent; a third of a table has many decimals.
fn is_length(value: &str) -> bool {
    let number = value.trim_end_matches("px").trim_end_matches('%');
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    is_number(whole, 4) && is_number(decimals, 20)
}

/// Whether a picture with these attributes has a size that is to be kept as it is: it fits every telephone, or it
/// is a line or a gap. Others keep their shape when they are made narrower.
pub(super) fn is_of_fixed_size(width: &str, height: &str) -> bool {
    let pixels = |value: &str| value.trim_end_matches("px").parse::<u32>().ok();
    let (Some(width), Some(height)) = (pixels(width), pixels(height)) else {
        return false;
    };
    width <= 280 || height <= 20
}

fn is_small_number(value: &str) -> bool {
    is_number(
        value.trim_start_matches(['+', '-']).trim_end_matches("px"),
        2,
    )
}

/// Wide spans cost the browser dearly.
fn is_span(value: &str) -> bool {
    value
        .parse::<u8>()
        .is_ok_and(|span| (1..=100).contains(&span))
}

fn is_color(value: &str) -> bool {
    match value.strip_prefix('#') {
        Some(hex) => (3..=8).contains(&hex.len()) && all(hex, |c| c.is_ascii_hexdigit()),
        None => (3..=24).contains(&value.len()) && all(value, |c| c.is_ascii_alphanumeric()),
    }
}

/// A colour of an old attribute as CSS has it.
pub(super) fn color(value: &str) -> Option<String> {
    let value = value.trim();
    let is_bare = value.len() == 6 && all(value, |c| c.is_ascii_hexdigit());
    if is_bare {
        return Some(format!("#{value}"));
    }
    is_color(value)
        .then(|| value.to_owned())
        .or_else(|| of_function(value))
}

/// A colour that is written as only CSS has it, `rgb(0, 0, 0)`, as attributes have it.
fn of_function(value: &str) -> Option<String> {
    let is_one = value.len() <= 40 && value.to_ascii_lowercase().starts_with("rgb");
    if !is_one {
        return None;
    }
    let color = csscolorparser::parse(value).ok()?;
    let [red, green, blue, alpha] = color.to_rgba8();
    (alpha == u8::MAX).then(|| format!("#{red:02x}{green:02x}{blue:02x}"))
}

fn is_font_list(value: &str) -> bool {
    (1..=200).contains(&value.len()) && all(value, |c| c.is_alphanumeric() || " ,-_'".contains(c))
}

#[cfg(test)]
mod tests {
    use super::{Source, keep, source};

    #[test]
    fn pictures_come_from_the_message_or_not_at_all() {
        assert!(matches!(source("CID:logo%40x"), Source::Cid(id) if id == "logo@x"));
        for elsewhere in [
            "http://t.example/p.gif",
            "//t.example/p.gif",
            "HTTPS:t.example/a",
        ] {
            let is_there = matches!(source(elsewhere), Source::Remote(Some(url)) if url.host_str() == Some("t.example"));
            assert!(is_there, "{elsewhere}");
        }
        assert!(matches!(
            source("ftp://t.example/p.gif"),
            Source::Remote(None)
        ));
        assert!(matches!(
            source("data:image/gif;base64,R0lGOD=="),
            Source::Data(_)
        ));
        for nowhere in [
            "data:image/svg+xml;base64,AAAA",
            "data:image/png,x\"",
            "javascript:x",
            "a",
        ] {
            assert!(matches!(source(nowhere), Source::None), "{nowhere}");
        }
    }

    #[test]
    fn looks_are_kept_when_they_are_only_looks() {
        assert_eq!(
            keep("td", "bgcolor", " #ffcc00 ").as_deref(),
            Some("#ffcc00")
        );
        for width in ["50%", "33.333333333333336%", "104px"] {
            assert_eq!(keep("td", "width", width).as_deref(), Some(width));
        }
        assert_eq!(
            keep("table", "role", "presentation").as_deref(),
            Some("presentation")
        );
        assert_eq!(
            keep("td", "bgcolor", "RGB(0, 10,255)").as_deref(),
            Some("#000aff")
        );
        for (tag, name, value) in [
            ("td", "bgcolor", "url(x)"),
            ("td", "bgcolor", "rgb(0,0,0,0)"),
            ("td", "background", "x"),
            ("td", "colspan", "60000"),
            ("td", "width", "1.5.5%"),
            ("td", "width", "1e9"),
            ("table", "role", "alert"),
            ("p", "role", "presentation"),
            ("p", "style", "color:red"),
            ("p", "class", " a:b \u{e9} <x> "),
            ("p", "id", "a b"),
            ("p", "onclick", "x"),
            ("a", "name", "x"),
        ] {
            assert_eq!(keep(tag, name, value), None, "{name}");
        }
        let classes = keep("p", "class", " hero  sm:wide\tleft_2 ");
        assert_eq!(classes.as_deref(), Some("hero left_2"));
        let many = keep("p", "class", &"wide ".repeat(200)).unwrap_or_default();
        assert!(many.len() <= 400 && many.ends_with("wide"));
    }
}
