//! The texts of a message, decoded and made showable: one HTML fragment and one plain text.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    vec::IntoIter,
};

use url::Url;
use whimbrel_shared::{Part, PartId, SanitizedCss, SanitizedHtml};

use super::{
    body::{Plan, Purpose, TextPart, Told},
    charset,
    notice::{self, Notice},
    sanitize, text,
    trackers::Trackers,
    unpack::{self, Body, Packed, Unpacked, letter::Encoded},
};

mod decoded;
mod letters;
mod pictures;
pub mod views;

/// The addresses of pictures, paths of this origin.
pub struct PictureUrls<'a> {
    /// Of one of the message, by its section number.
    pub within: &'a dyn Fn(&PartId) -> String,
    /// Of one from elsewhere, by its place among them; `None`: they are not to be shown.
    pub elsewhere: Option<&'a dyn Fn(usize) -> String>,
    /// Of a file of a message within the message, by its section number.
    pub file: &'a dyn Fn(&PartId) -> String,
}

/// What a message's texts come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// For the frame.
    pub html: SanitizedHtml,
    /// The sheets of that HTML, for the frame alone.
    pub css: SanitizedCss,
    /// As plain text, quotes as `> `: what the sender wrote, for quoting.
    pub text: String,
    /// What stands below it, as plain text: what is told of its parts, and the messages within it.
    pub below: String,
    /// The sender wrote HTML.
    pub is_html: bool,
    /// The text wants pictures or styles from elsewhere.
    pub has_remote_content: bool,
    /// Where its pictures from elsewhere are, each once.
    pub remote: Vec<Url>,
    /// What in its HTML tells the sender who reads it.
    pub trackers: Trackers,
    /// Pictures that the HTML shows; the others of the plan are files.
    pub shown_pictures: BTreeSet<PartId>,
    /// Its files, in order.
    pub files: Vec<Part>,
    /// The files of the messages within it.
    pub inner_files: Vec<Part>,
    /// Where the files are that were packed into others or into a text.
    pub unpacked: Vec<Unpacked>,
    /// What was wrong, in plain words.
    pub defects: Vec<String>,
}

/// Renders a message. `texts` are bytes as the server sent them, in the order of [`Plan::wanted`].
#[must_use]
pub fn render(plan: &Plan, texts: &[Vec<u8>], urls: &PictureUrls<'_>) -> Rendered {
    let encoded = letters::encoded(plan, texts);
    let is_html = letters::writes_html(plan)
        || encoded
            .values()
            .any(|one| letters::writes_html(&one.letter.plan));
    let texts: Vec<_> = texts
        .iter()
        .map(|text| Cow::Borrowed(text.as_slice()))
        .collect();
    let mut renderer = Renderer {
        urls,
        bytes: texts.into_iter(),
        encoded,
        sheets: Vec::new(),
        letters: 0,
        rendered: Rendered {
            is_html,
            ..Rendered::default()
        },
    };
    let shown = renderer.message(plan);
    let mut rendered = renderer.rendered;
    rendered.html = sanitize::join(shown.fragments);
    rendered.css = sanitize::join_css(&renderer.sheets);
    rendered.text = shown.text;
    rendered.below = shown.below.join("\n\n");
    if rendered.text.is_empty() {
        rendered.text = std::mem::take(&mut rendered.below);
    }
    rendered.files = shown.files;
    rendered
}

struct Renderer<'a> {
    urls: &'a PictureUrls<'a>,
    bytes: IntoIter<Cow<'a, [u8]>>,
    /// The messages within it that their senders encoded, by their parts.
    encoded: BTreeMap<PartId, Encoded>,
    sheets: Vec<SanitizedCss>,
    /// Messages within it so far.
    letters: usize,
    rendered: Rendered,
}

/// What one message comes to, the outermost or one within.
#[derive(Default)]
struct Shown {
    fragments: Vec<SanitizedHtml>,
    text: String,
    below: Vec<String>,
    files: Vec<Part>,
}

/// What the parts of one message come to, one after the other.
#[derive(Default)]
struct Gathered {
    fragments: Vec<SanitizedHtml>,
    texts: Vec<String>,
    quotable: Vec<String>,
    notices: Vec<Notice>,
    /// Text that was packed, for when there is no other.
    packed: Option<Body>,
    unpacked: Vec<Part>,
    /// Parts of which everything was unpacked.
    emptied: BTreeSet<PartId>,
    encoded: Vec<Encoded>,
    signed: Vec<Encoded>,
}

impl Gathered {
    /// Nothing to see but what was written for programs that show no HTML.
    fn is_blank(&self) -> bool {
        let mut quotable = self.quotable.iter();
        let mut pictures = self.fragments.iter();
        quotable.any(|text| !text.trim().is_empty())
            && self.texts.iter().all(|text| text.trim().is_empty())
            && !pictures.any(|fragment| fragment.as_str().contains("<img"))
    }

    fn show(&mut self, fragment: SanitizedHtml) {
        if !fragment.as_str().trim().is_empty() {
            self.fragments.push(fragment);
        }
    }
}

impl Renderer<'_> {
    fn message(&mut self, plan: &Plan) -> Shown {
        let mut gathered = Gathered::default();
        for part in &plan.texts {
            let bytes = self.bytes.next().unwrap_or_default();
            let bytes = match part.purpose {
                // It was read before.
                Purpose::Tell(Told::Letter | Told::Signed) => Vec::new(),
                _ => charset::transfer::decode_text(&bytes, &part.encoding),
            };
            self.part(plan, part, bytes, &mut gathered);
        }
        if let Some(packed) = gathered.packed.take()
            && gathered.texts.iter().all(|text| text.trim().is_empty())
        {
            self.packed(plan, packed, &mut gathered);
        }
        if gathered.is_blank() && !self.rendered.has_remote_content {
            // An HTML version that was left empty.
            gathered.fragments.clear();
            gathered.texts.clear();
            for plain in gathered.quotable.clone() {
                self.plain(plain, &mut gathered);
            }
        }
        let mut shown = Shown {
            files: self.files(plan, &mut gathered),
            text: choose_text(&gathered.texts, &gathered.quotable),
            fragments: gathered.fragments,
            ..Shown::default()
        };
        for signed in gathered.signed {
            self.signed(signed, &mut shown);
        }
        let remarks = plan.remarks.iter().map(|remark| Notice {
            text: remark.clone(),
            ..Notice::default()
        });
        for notice in gathered.notices.into_iter().chain(remarks) {
            shown.fragments.push(notice.html());
            shown.below.push(notice.plain());
        }
        for letter in &plan.letters {
            self.letter(letter, &mut shown);
        }
        for encoded in gathered.encoded {
            self.encoded(encoded, &mut shown);
        }
        shown
    }

    /// One part; `bytes` are transfer-decoded.
    fn part(&mut self, plan: &Plan, part: &TextPart, bytes: Vec<u8>, gathered: &mut Gathered) {
        match part.purpose {
            Purpose::Tell(Told::Winmail) => self.winmail(part, &bytes, gathered),
            Purpose::Tell(Told::Letter) => gathered.encoded.extend(self.encoded.remove(&part.part)),
            Purpose::Tell(Told::Signed) => self.wrapped(part, gathered),
            Purpose::Tell(told) => {
                let decoded = self.decode(part, &bytes);
                for notice in notice::read(told, &decoded) {
                    if !gathered.notices.contains(&notice) {
                        gathered.notices.push(notice);
                    }
                }
            }
            Purpose::Quote => {
                let decoded = self.decode(part, &bytes);
                let plain = self.reflow(part, &decoded);
                gathered.quotable.push(plain);
            }
            Purpose::Show if part.is_html => {
                let decoded = self.decode(part, &bytes);
                drop(bytes); // megabytes
                if text::enriched::is_html(&decoded) {
                    self.html(plan, &decoded, gathered);
                } else {
                    let plain = self.reflow(part, &decoded);
                    self.plain(plain, gathered);
                }
            }
            Purpose::Show => {
                let bytes = self.without_files(part, bytes, gathered);
                let decoded = self.decode(part, &bytes);
                let plain = self.reflow(part, &decoded);
                self.plain(plain, gathered);
            }
        }
    }

    fn html(&mut self, plan: &Plan, decoded: &str, gathered: &mut Gathered) {
        let sanitized = pictures::sanitized(plan, decoded, self.urls, &mut self.rendered);
        gathered.texts.push(text::from_html::read(&sanitized.html));
        gathered.show(sanitized.html);
        self.sheets.push(sanitized.css);
    }

    fn plain(&mut self, plain: String, gathered: &mut Gathered) {
        let mut markup = text::markup::of(&plain);
        if self.rendered.is_html {
            // The frame of HTML does not show line breaks of the text.
            markup = markup.replace('\n', "<br>");
        }
        gathered.show(sanitize::own(&markup));
        gathered.texts.push(plain);
    }

    /// The text of a `winmail.dat`.
    fn packed(&mut self, plan: &Plan, packed: Body, gathered: &mut Gathered) {
        gathered.fragments.clear();
        gathered.texts.clear();
        match packed {
            Body::Html(html) => {
                self.rendered.is_html = true;
                self.html(plan, &html, gathered);
            }
            Body::Plain(plain) => {
                let (plain, _) = text::reflow(&plain, text::Flow::default());
                self.plain(plain, gathered);
            }
        }
    }

    fn winmail(&mut self, part: &TextPart, bytes: &[u8], gathered: &mut Gathered) {
        if unpack::is_packed(&part.part) {
            return;
        }
        let winmail = unpack::winmail::read(bytes);
        if winmail.is_whole {
            gathered.emptied.insert(part.part.clone());
        } else {
            self.defect(
                "Its winmail.dat is damaged or too large; not all in it could be unpacked.",
            );
        }
        self.unpacked(part, winmail.files, gathered);
        if gathered.packed.is_none() {
            gathered.packed = winmail.body;
        }
    }

    /// A plain text without the files that are written into it.
    fn without_files(
        &mut self,
        part: &TextPart,
        bytes: Vec<u8>,
        gathered: &mut Gathered,
    ) -> Vec<u8> {
        let (files, rest) = unpack::uuencode::take(&bytes);
        if files.is_empty() || unpack::is_packed(&part.part) {
            return bytes;
        }
        if files.iter().any(|file| !file.is_whole) {
            self.defect("A file within its text has no end; a part of it may be missing.");
        }
        self.unpacked(part, files, gathered);
        rest
    }

    fn unpacked(&mut self, part: &TextPart, files: Vec<Packed>, gathered: &mut Gathered) {
        for (number, packed) in (1..).zip(files) {
            if let Some(unpacked) = Unpacked::new(part, number, packed) {
                gathered.unpacked.push(unpacked.file.clone());
                self.rendered.unpacked.push(unpacked);
            }
        }
    }

    /// The files of a message: those of the plan, pictures that its text does not show, what was unpacked.
    fn files(&self, plan: &Plan, gathered: &mut Gathered) -> Vec<Part> {
        let unshown = plan.pictures.iter().map(|picture| &picture.file);
        let unshown = unshown.filter(|file| !self.rendered.shown_pictures.contains(&file.id));
        let files = plan.attachments.iter();
        files
            .filter(|file| !gathered.emptied.contains(&file.id))
            .chain(unshown)
            .cloned()
            .chain(gathered.unpacked.drain(..))
            .collect()
    }

    fn defect(&mut self, defect: &str) {
        if !self.rendered.defects.iter().any(|known| known == defect) {
            self.rendered.defects.push(defect.to_owned());
        }
    }

    fn decode(&mut self, part: &TextPart, bytes: &[u8]) -> String {
        decoded::text(part, bytes, &mut self.rendered.defects)
    }

    fn reflow(&mut self, part: &TextPart, decoded: &str) -> String {
        let flow = text::Flow {
            is_flowed: part.is_flowed,
            deletes_space: part.deletes_space,
        };
        let enriched = match part.rich {
            Some(dialect) => text::enriched::plain(decoded, dialect),
            None => String::new(),
        };
        let decoded = if part.rich.is_some() {
            &enriched
        } else {
            decoded
        };
        let (plain, is_cut) = text::reflow(decoded, flow);
        if is_cut {
            self.defect("The text is too long; its end was left out.");
        }
        plain
    }
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

/// The sender's own plain version, if there is one of all that is shown and it says about as much.
fn choose_text(shown: &[String], quotable: &[String]) -> String {
    let is_whole = !quotable.is_empty() && quotable.len() == shown.len();
    let joined = |texts: &[String]| {
        let texts = texts.iter().map(String::as_str);
        let texts: Vec<&str> = texts.filter(|text| !text.trim().is_empty()).collect();
        texts.join("\n\n")
    };
    let (shown, quotable) = (joined(shown), joined(quotable));
    if is_whole && quotable.len() * 4 >= shown.len() {
        quotable
    } else {
        shown
    }
}

#[cfg(test)]
mod tests;
