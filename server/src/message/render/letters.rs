//! Messages within the message, in their places below its text.

use std::{borrow::Cow, collections::BTreeMap};

use whimbrel_shared::PartId;

use super::{Renderer, Shown};
use crate::message::{
    body::{Letter, Plan, Purpose, Told, Wanted},
    charset, notice, sanitize,
    unpack::letter::{self, Encoded},
};

/// Whether a text of it, or of a message within it, is HTML.
pub(super) fn writes_html(plan: &Plan) -> bool {
    plan.shown().any(|part| part.is_html)
        || plan.letters.iter().any(|letter| writes_html(&letter.plan))
}

/// Read before anything is rendered: one text of HTML decides on the frame of all.
pub(super) fn encoded(plan: &Plan, texts: &[Vec<u8>]) -> BTreeMap<PartId, Encoded> {
    let read = |(wanted, bytes): (Wanted<'_>, &Vec<u8>)| match wanted {
        Wanted::Text(part) if part.purpose == Purpose::Tell(Told::Letter) => {
            let bytes = charset::transfer::decode_text(bytes, &part.encoding);
            let encoded = letter::read(&part.part, &bytes);
            Some((part.part.clone(), encoded))
        }
        _ => None,
    };
    plan.wanted()
        .into_iter()
        .zip(texts)
        .filter_map(read)
        .collect()
}

impl Renderer<'_> {
    /// A message within the message, with its head.
    pub(super) fn letter(&mut self, letter: &Letter, shown: &mut Shown) {
        let header = self.bytes.next().unwrap_or_default();
        let head = notice::head(&header);
        let outside = self.sheets.len();
        let inner = self.message(&letter.plan);
        let class = format!("w-text-{outside}");
        for sheet in self.sheets.iter_mut().skip(outside) {
            *sheet = sanitize::css_within(sheet, &class);
        }
        self.rendered
            .defects
            .extend(letter.plan.defects.iter().cloned());
        let links: Vec<_> = inner
            .files
            .iter()
            .map(|file| ((self.urls.file)(&file.id), file.name.clone()))
            .collect();
        let head_markup = sanitize::own(&head.markup());
        let letter = sanitize::letter(&head_markup, (&class, &inner.fragments), &links);
        shown.fragments.push(letter);
        let mut below = vec![head.plain()];
        below.extend(Some(inner.text).filter(|text| !text.is_empty()));
        below.extend(inner.below);
        if !inner.files.is_empty() {
            let names: Vec<&str> = inner.files.iter().map(|file| &*file.name).collect();
            below.push(format!("Files: {}", names.join(", ")));
        }
        shown.below.push(below.join("\n\n"));
        self.rendered.inner_files.extend(inner.files);
    }

    /// The same of one that its sender encoded.
    pub(super) fn encoded(&mut self, encoded: Encoded, shown: &mut Shown) {
        self.rendered.unpacked.extend(encoded.parts);
        let texts: Vec<_> = encoded.texts.into_iter().map(Cow::Owned).collect();
        let outside = std::mem::replace(&mut self.bytes, texts.into_iter());
        self.letter(&encoded.letter, shown);
        self.bytes = outside;
    }
}
