//! Other views of a message than the usual one: its text as plain text, and as it came.

use whimbrel_shared::SanitizedHtml;

use super::{Rendered, decoded};
use crate::message::{body::TextPart, charset, sanitize, text};

/// The text as plain text with what stands below it, for the frame.
#[must_use]
pub fn plain(rendered: &Rendered) -> SanitizedHtml {
    let mut texts = vec![sanitize::own(&text::markup::of(&rendered.text))];
    if !rendered.below.is_empty() {
        texts.push(sanitize::own(&text::markup::of(&rendered.below)));
    }
    sanitize::join(texts)
}

/// The plain texts of a message as they came, for the frame. `texts` are the bytes of these parts, as the server
/// sent them; if there are none, what the HTML says is shown.
#[must_use]
pub fn original(parts: &[TextPart], texts: &[Vec<u8>], rendered: &Rendered) -> SanitizedHtml {
    let came = parts.iter().zip(texts);
    let came = came.filter(|(_, bytes)| !bytes.is_empty());
    let exact = |text: &str| sanitize::own(&text::markup::exact(text));
    let mut shown: Vec<SanitizedHtml> = came
        .map(|(part, bytes)| {
            let bytes = charset::transfer::decode_text(bytes, &part.encoding);
            exact(&decoded::text(part, &bytes, &mut Vec::new()))
        })
        .collect();
    if shown.is_empty() {
        shown.push(exact(&rendered.text));
    }
    sanitize::join(shown)
}
