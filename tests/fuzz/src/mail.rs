//! What must hold of everybody's mail once it has been made showable. The server's own sources of it.

use std::{collections::HashSet, sync::LazyLock};

use scraper::{ElementRef, Html};
use whimbrel_shared::PartId;

use crate::message::{
    body::{self, Wanted},
    file_name, mime,
    render::{self, PictureUrls, views},
    sanitize,
};

/// Nothing but these may stand in a message, whatever came.
static ELEMENTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "html head body a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code \
     dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins \
     kbd li main mark menu nav ol p pre q s samp section small span strike strong sub summary sup table tbody \
     td tfoot th thead time tr tt u ul var wbr"
        .split_whitespace()
        .collect()
});
static ATTRIBUTES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "abbr align alt background bgcolor border cellpadding cellspacing class color colspan data-size dir face height href id lang rel role \
     rowspan size src start style target title type valign width"
        .split_whitespace()
        .collect()
});

/// A message becomes something to show, and what is shown is clean.
pub fn message(data: &[u8]) {
    let read = mime::read(data);
    let plan = body::plan(&read.tree);
    let wanted = plan.wanted();
    let texts = wanted.iter().map(|wanted| match *wanted {
        Wanted::Text(text) => read.body(&text.part).to_vec(),
        Wanted::Header(part) => read.header_of(part).to_vec(),
    });
    let texts: Vec<Vec<u8>> = texts.collect();
    let within = |part: &PartId| format!("/api/pictures/{}", part.as_str());
    let file = |part: &PartId| format!("/api/parts/{}", part.as_str());
    let elsewhere = |place: usize| format!("/api/remote/{place}");
    for elsewhere in [None, Some(&elsewhere as &dyn Fn(usize) -> String)] {
        let urls = PictureUrls {
            within: &within,
            elsewhere,
            file: &file,
        };
        let rendered = render::render(&plan, &texts, &urls);
        check(rendered.html.as_str());
        check_css(rendered.css.as_str());
        check(views::plain(&rendered).as_str());
        check(views::original(&plan.texts, &texts, &rendered).as_str());
    }
}

/// HTML comes out clean, and sanitizing it once more changes nothing.
pub fn html(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let once = sanitize::html(&text, &mut |_: &str| Some("/api/pictures/1".to_owned()));
    check(once.html.as_str());
    check_css(once.css.as_str());
    // Pictures of its own are no pictures of a sender's, so without them.
    check_again(&text);
}

/// A style sheet comes out without addresses but of pictures written out, and reading it once more changes nothing.
pub fn css(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    check_again(&format!("<style>{text}</style>"));
    let quoted = text.replace('&', "&amp;").replace('"', "&quot;");
    let styled = format!("<p style=\"{quoted}\">x</p>");
    check(sanitize::html(&styled, &mut |_: &str| None).html.as_str());
}

/// Plain text comes out clean, and every word of it is there.
pub fn plain(data: &[u8]) {
    let header = b"Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n";
    message(&[header, data].concat());
}

/// A header for a download is one line of ASCII whatever the file is called, and names are clean for good.
pub fn disposition(data: &[u8]) {
    let name = String::from_utf8_lossy(data);
    let header = file_name::content_disposition(&name);
    assert!(header.starts_with("attachment; filename=\""), "{header}");
    assert!(
        header.bytes().all(|byte| matches!(byte, b' '..=b'~')),
        "{header}"
    );
    assert_eq!(header.matches('"').count(), 2, "{header}");
    let clean = file_name::clean(&name);
    assert!(!clean.is_empty() && clean.len() <= 200);
    assert!(!clean.contains(['/', '\\', '\0', '\n', '\r']) && !clean.starts_with('.'));
    assert_eq!(clean, file_name::clean(&clean));
}

/// What is written is read as it is, the sheet with its markup: whether that has rules for the dark decides on both.
fn check_again(text: &str) {
    let once = sanitize::html(text, &mut |_: &str| None);
    check_css(once.css.as_str());
    let written = format!("<style>{}</style>{}", once.css.as_str(), once.html.as_str());
    let twice = sanitize::html(&written, &mut |_: &str| None);
    assert_eq!((once.html, once.css), (twice.html, twice.css));
}

fn check(html: &str) {
    let document = Html::parse_fragment(html);
    for node in document.tree.nodes() {
        assert!(!node.value().is_comment(), "a comment in {html}");
        if let Some(element) = ElementRef::wrap(node) {
            check_element(element);
        }
    }
}

fn check_element(element: ElementRef<'_>) {
    let name = element.value().name();
    assert!(ELEMENTS.contains(name), "{}", element.html());
    for (attribute, value) in element.value().attrs() {
        let is_fine = match attribute {
            "href" => {
                // The last are files of a message within, at addresses of ours.
                let schemes = ["http://", "https://", "mailto:", "tel:", "/api/parts/"];
                name == "a" && schemes.iter().any(|scheme| value.starts_with(scheme))
            }
            "src" => {
                name == "img" && is_picture(value)
            }
            "background" => is_picture(value),
            "style" => is_fine_css(value),
            attribute => ATTRIBUTES.contains(attribute),
        };
        assert!(is_fine, "{}", element.html());
    }
}

fn check_css(css: &str) {
    assert!(is_fine_css(css), "{css}");
}

fn is_picture(address: &str) -> bool {
    let is_picture = address.starts_with("/api/") || address.starts_with("data:image/");
    is_picture && !address.to_ascii_lowercase().contains("svg")
}

/// Pictures aside, which are where pictures may be.
fn is_fine_css(css: &str) -> bool {
    let mut low = String::new();
    for (number, piece) in css.split("url('").enumerate() {
        let rest = match piece.split_once("')") {
            _ if number == 0 => piece,
            Some((address, rest)) if is_picture(address) => rest,
            _ => return false,
        };
        low.push_str(&rest.to_ascii_lowercase());
    }
    let forbidden = [
        "url(",
        "image(",
        "image-set(",
        "src(",
        "@import",
        "@font-face",
        "@namespace",
        "expression(",
        "{behavior:",
        ";behavior:",
        "binding:url",
        "element(",
        "paint(",
        "attr(",
        "//",
        "/*",
        "\\",
        "<",
        "\"",
    ];
    !forbidden.iter().any(|word| low.contains(word))
}
