//! The texts of a message, decoded and made showable: one HTML fragment and one plain text.

use std::collections::{BTreeSet, HashMap};

use url::Url;
use whimbrel_shared::{Part, PartId, SanitizedCss, SanitizedHtml};

use super::{
    body::{Plan, Purpose, TextPart},
    charset,
    sanitize::{self, Pictures, Sanitized},
    text,
};

/// Pictures from elsewhere that a message may have; honest ones have a hundred.
const MAX_REMOTE: usize = 1_000;

/// The addresses of pictures, paths of this origin.
pub struct PictureUrls<'a> {
    /// Of one of the message, by its section number.
    pub within: &'a dyn Fn(&PartId) -> String,
    /// Of one from elsewhere, by its place among them; `None`: they are not to be shown.
    pub elsewhere: Option<&'a dyn Fn(usize) -> String>,
}

/// What a message's texts come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// For the frame, and for quoting.
    pub html: SanitizedHtml,
    /// The sheets of that HTML, for the frame alone.
    pub css: SanitizedCss,
    /// As plain text, quotes as `> `.
    pub text: String,
    /// The sender wrote HTML.
    pub is_html: bool,
    /// The text wants pictures or styles from elsewhere.
    pub has_remote_content: bool,
    /// Where its pictures from elsewhere are, each once.
    pub remote: Vec<Url>,
    /// Pictures that the HTML shows; the others of the plan are files.
    pub shown_pictures: BTreeSet<PartId>,
    /// What was wrong, in plain words.
    pub defects: Vec<String>,
}

/// Renders the texts of a plan. `texts` are the parts' bytes as the server sent them, in the order of
/// `plan.texts`.
#[must_use]
pub fn render(plan: &Plan, texts: &[Vec<u8>], urls: &PictureUrls<'_>) -> Rendered {
    let mut rendered = Rendered {
        is_html: plan
            .texts
            .iter()
            .any(|part| part.is_html && part.purpose == Purpose::Show),
        ..Rendered::default()
    };
    let (mut fragments, mut sheets) = (Vec::new(), Vec::new());
    let mut shown_texts = Vec::new();
    let mut quotable = Vec::new();
    for (part, bytes) in plan.texts.iter().zip(texts) {
        let decoded = decode(part, bytes, &mut rendered.defects);
        match (part.purpose, part.is_html) {
            (Purpose::Quote, _) => quotable.push(reflow(part, &decoded, &mut rendered.defects)),
            (Purpose::Show, true) => {
                let sanitized = sanitized(plan, &decoded, urls, &mut rendered);
                shown_texts.push(text::from_html::read(&sanitized.html));
                fragments.push(sanitized.html);
                sheets.push(sanitized.css);
            }
            (Purpose::Show, false) => {
                let plain = reflow(part, &decoded, &mut rendered.defects);
                let mut markup = text::markup::of(&plain);
                if rendered.is_html {
                    // The frame of HTML does not show line breaks of the text.
                    markup = markup.replace('\n', "<br>");
                }
                fragments.push(sanitize::own(&markup));
                shown_texts.push(plain);
            }
        }
    }
    rendered.html = sanitize::join(&fragments);
    rendered.css = sanitize::join_css(&sheets);
    rendered.text = choose_text(&shown_texts, &quotable);
    rendered
}

/// The text as plain text, for the frame.
#[must_use]
pub fn plain(rendered: &Rendered) -> SanitizedHtml {
    sanitize::own(&text::markup::of(&rendered.text))
}

/// The plain texts of a plan as they came, for the frame. `texts` are the bytes of those parts, as the server
/// sent them; if there are none, what the HTML says is shown.
#[must_use]
pub fn original(plan: &Plan, texts: &[Vec<u8>], rendered: &Rendered) -> SanitizedHtml {
    let parts = plan.texts.iter().filter(|part| !part.is_html);
    let came = parts.zip(texts).filter(|(_, bytes)| !bytes.is_empty());
    let exact = |text: &str| sanitize::own(&text::markup::exact(text));
    let mut shown: Vec<SanitizedHtml> = came
        .map(|(part, bytes)| exact(&decode(part, bytes, &mut Vec::new())))
        .collect();
    if shown.is_empty() {
        shown.push(exact(&rendered.text));
    }
    sanitize::join(&shown)
}

/// The files of a message: those of the plan, and pictures that its text does not show.
#[must_use]
pub fn files(plan: &Plan, rendered: &Rendered) -> Vec<Part> {
    let unshown = plan
        .pictures
        .iter()
        .filter(|picture| !rendered.shown_pictures.contains(&picture.part))
        .map(|picture| picture.file.clone());
    plan.attachments.iter().cloned().chain(unshown).collect()
}

/// The pictures that the text shows, as files.
#[must_use]
pub fn pictures(plan: &Plan, rendered: &Rendered) -> Vec<Part> {
    plan.pictures
        .iter()
        .filter(|picture| rendered.shown_pictures.contains(&picture.part))
        .map(|picture| picture.file.clone())
        .collect()
}

fn decode(part: &TextPart, bytes: &[u8], defects: &mut Vec<String>) -> String {
    if let Some(name) = part
        .charset
        .as_deref()
        .filter(|name| !charset::is_known(name))
    {
        let name: String = name.chars().take(40).collect();
        defects.push(format!(
            "Its character set “{name}” is unknown; it was guessed."
        ));
    }
    let bytes = charset::decode_transfer(bytes, &part.encoding);
    let declared = part.charset.as_deref().map(str::to_owned);
    let declared = declared.or_else(|| part.is_html.then(|| meta_charset(&bytes)).flatten());
    charset::decode_text(&bytes, declared.as_deref())
}

/// What an HTML text says of itself in its first kilobyte.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(1_024))?;
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, after) = head.split_once("charset=")?;
    let name: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    (!name.is_empty() && !name.starts_with("utf-16")).then_some(name)
}

fn reflow(part: &TextPart, decoded: &str, defects: &mut Vec<String>) -> String {
    let flow = text::Flow {
        is_flowed: part.is_flowed,
        deletes_space: part.deletes_space,
    };
    let (plain, is_cut) = text::reflow(decoded, flow);
    if is_cut {
        defects.push("The text is too long; its end was left out.".to_owned());
    }
    plain
}

fn sanitized(
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
        let mut pictures = self.plan.pictures.iter();
        let picture = pictures.find(|picture| picture.cid == cid)?;
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

/// The sender's own plain version, if there is one of all that is shown and it says about as much.
fn choose_text(shown: &[String], quotable: &[String]) -> String {
    let is_whole = !quotable.is_empty() && quotable.len() == shown.len();
    let shown = shown.join("\n\n");
    let quotable = quotable.join("\n\n");
    if is_whole && quotable.len() * 4 >= shown.len() {
        quotable
    } else {
        shown
    }
}

#[cfg(test)]
mod tests;
