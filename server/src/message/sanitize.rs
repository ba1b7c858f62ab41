//! The only place that makes HTML of a stranger's HTML or text, and the only caller of
//! [`SanitizedHtml::vouched`] and [`SanitizedCss::vouched`]. Two layers: [`balance`] writes everything anew (linear, capped, listed
//! elements only), then ammonia parses the result as a browser would and applies the same lists again.
//! Style sheets are written anew by [`css`] and stay out of the HTML.
//! Nothing may touch the strings afterwards.

mod attributes;
mod balance;
mod css;
mod element;
pub(super) mod entities;
pub(super) mod lexer;
mod links;
pub mod scheme;
mod tags;
mod wanted;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};
use url::Url;
use whimbrel_shared::{SanitizedCss, SanitizedHtml};

use super::trackers::Trackers;

/// What came out of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sanitized {
    /// Harmless.
    pub html: SanitizedHtml,
    /// Harmless: its style sheets, for the frame alone.
    pub css: SanitizedCss,
    /// It wants pictures or styles from elsewhere.
    pub has_remote_content: bool,
    /// What in it tells the sender who reads it.
    pub trackers: Trackers,
    /// What was wrong, in plain words.
    pub defects: Vec<String>,
}

/// Where the pictures of a text come from. What is given is an address below this origin, beginning with `/`;
/// `None` leaves the picture out.
pub trait Pictures {
    /// A picture of the same message, by its `Content-ID`.
    fn within(&mut self, cid: &str) -> Option<String>;
    /// A picture from elsewhere.
    fn elsewhere(&mut self, url: &Url) -> Option<String>;
}

/// Pictures of the message alone.
impl<F: FnMut(&str) -> Option<String>> Pictures for F {
    fn within(&mut self, cid: &str) -> Option<String> {
        self(cid)
    }

    fn elsewhere(&mut self, _: &Url) -> Option<String> {
        None
    }
}

/// Bytes of one HTML text beyond this are not read; the largest newsletters have a tenth of it.
const MAX_HTML: usize = 8 * 1024 * 1024;
/// CSS of several texts together; newsletters have a third of it.
const MAX_JOINED_CSS: usize = 128 * 1024;

/// Makes a stranger's HTML harmless.
#[must_use]
pub fn html(hostile: &str, pictures: &mut dyn Pictures) -> Sanitized {
    let mut defects = Vec::new();
    let read = prefix(hostile, MAX_HTML);
    let balanced = in_both_schemes(read, pictures);
    if read.len() < hostile.len() || balanced.is_cut {
        defects.push("The text is too long; its end was left out.".to_owned());
    }
    if balanced.is_css_cut {
        defects.push("The text has too many styles; some were left out.".to_owned());
    }
    Sanitized {
        html: vouch(&balanced.html),
        css: SanitizedCss::vouched(balanced.css),
        has_remote_content: balanced.has_remote_content,
        trackers: balanced.trackers,
        defects,
    }
}

/// Writes the colours for the dark as well, unless there are rules of the sender's own for that.
fn in_both_schemes(read: &str, pictures: &mut dyn Pictures) -> balance::Balanced {
    // A guess, so that hardly any text is written twice.
    let is_turned = !scheme::is_spoken_of(read);
    let balanced = balance::balance(read, pictures, is_turned);
    if is_turned == scheme::is_for_dark(&balanced.css) {
        return balance::balance(read, pictures, !is_turned);
    }
    balanced
}

/// Vouches for markup that [`super::text`] made of plain text, after both layers saw it too.
pub(super) fn own(markup: &str) -> SanitizedHtml {
    html(markup, &mut |_: &str| None).html
}

/// The same for markup of a notice or of fields, in an element of this class: one of ours, which no sender's markup
/// has.
pub(super) fn own_within(class: &str, markup: &str) -> SanitizedHtml {
    let inner = own(markup);
    SanitizedHtml::vouched(format!("<div class=\"{class}\">{}</div>", inner.as_str()))
}

/// Several texts as one, with a line between.
pub(super) fn join(mut texts: Vec<SanitizedHtml>) -> SanitizedHtml {
    match (texts.pop(), texts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            let texts: Vec<&str> = texts
                .iter()
                .chain(&last)
                .map(SanitizedHtml::as_str)
                .collect();
            SanitizedHtml::vouched(texts.join("<hr>"))
        }
    }
}

/// A message within the message: its head, its texts in elements of a class, and links to its files (address below
/// this origin, name).
pub(super) fn letter(
    head: &SanitizedHtml,
    (class, texts): (&str, &[SanitizedHtml]),
    files: &[(String, String)],
) -> SanitizedHtml {
    let mut markup = format!("<section class=\"w-letter\">{}", head.as_str());
    for text in texts {
        markup.push_str(&format!("<div class=\"{class}\">"));
        markup.push_str(text.as_str());
        markup.push_str("</div>");
    }
    for (address, name) in files.iter().filter(|(address, _)| is_own_path(address)) {
        markup.push_str("<p><a target=\"_blank\" rel=\"noopener noreferrer nofollow\" href=\"");
        entities::escape(address, &mut markup);
        markup.push_str("\"><bdi>");
        entities::escape(name, &mut markup);
        markup.push_str("</bdi></a></p>");
    }
    markup.push_str("</section>");
    SanitizedHtml::vouched(markup)
}

/// The sheets of several texts as one; what is too much for one document is left out.
pub(super) fn join_css(sheets: &[SanitizedCss]) -> SanitizedCss {
    let mut joined = String::new();
    for sheet in sheets.iter().map(SanitizedCss::as_str) {
        if joined.is_empty() || joined.len() + sheet.len() <= MAX_JOINED_CSS {
            joined.push_str(sheet);
        }
    }
    SanitizedCss::vouched(joined)
}

/// A sheet that holds only within elements of this class, and so not for what is said about its text.
pub(super) fn css_within(sheet: &SanitizedCss, class: &str) -> SanitizedCss {
    match sheet.as_str() {
        "" => SanitizedCss::default(),
        rules => SanitizedCss::vouched(format!(".{class}{{{rules}}}")),
    }
}

fn vouch(markup: &str) -> SanitizedHtml {
    // A parser leaves out a mark of the byte order, but only the first.
    let markup = markup.trim_start_matches('\u{feff}');
    SanitizedHtml::vouched(SECOND.clean(markup).to_string())
}

/// The longest beginning of at most `bytes` bytes.
pub(super) fn prefix(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Ammonia with our lists: it trusts nothing of the first layer.
static SECOND: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let names: HashSet<&str> = tags::ALL.iter().map(|tag| tag.name).collect();
    let mut builder = Builder::empty();
    builder
        .tags(names)
        .clean_content_tags(HashSet::from([
            "script", "style", "svg", "math", "template", "title", "textarea", "iframe", "noembed",
            "noframes", "xmp", "object", "select",
        ]))
        .generic_attributes(HashSet::from(attributes::NAMES))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", element::FIXED_SIZE])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "data"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(second_opinion);
    builder
});

fn second_opinion<'u>(tag: &str, name: &str, value: &'u str) -> Option<Cow<'u, str>> {
    let is_harmless = match (tag, name) {
        ("a", "href") => links::read(value).is_some_and(|link| link.href == value),
        ("a", "target" | "rel") => true,
        ("img", "src") => is_own_path(value) || attributes::is_data_picture(value),
        (tag, "background") => {
            attributes::is_table(tag) && (is_own_path(value) || attributes::is_data_picture(value))
        }
        ("img", element::FIXED_SIZE) => value == "fixed",
        (_, "style") => css::is_own(value),
        // Our words about links, which the first layer writes.
        ("small", "class") if value == links::CLASS => true,
        _ => attributes::keep(tag, name, value).as_deref() == Some(value),
    };
    is_harmless.then_some(Cow::Borrowed(value))
}

/// A path of this very origin.
fn is_own_path(value: &str) -> bool {
    value.starts_with('/')
        && !value.starts_with("//")
        && !value.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace())
}

#[cfg(test)]
pub(in crate::message) mod tests;
