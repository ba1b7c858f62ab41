//! Messages within the message, in their places below its text.

use std::{borrow::Cow, collections::BTreeMap};

use whimbrel_shared::PartId;

use super::{Gathered, Renderer, Shown};
use crate::message::{
    body::{Letter, Plan, Purpose, Room, TextPart, Told, Wanted},
    charset::transfer,
    notice::{self, Notice},
    sanitize,
    unpack::letter::{self, Encoded},
};

/// Whether a text of it, or of a message within it, is HTML.
pub(super) fn writes_html(plan: &Plan) -> bool {
    plan.shown().any(|part| part.is_html)
        || plan.letters.iter().any(|letter| writes_html(&letter.plan))
}

/// Those that mail servers do not look into. They are read before anything is rendered: one text of HTML decides on
/// the frame of all.
pub(super) fn encoded(plan: &Plan, texts: &[Vec<u8>]) -> BTreeMap<PartId, Encoded> {
    let mut room = Room::beside(plan);
    let mut read = |part: &TextPart, bytes: &[u8]| {
        let is_signed = part.purpose == Purpose::Tell(Told::Signed);
        let holder = letter::Holder {
            part: &part.part,
            encoding: transfer::of_message(bytes, &part.encoding),
            is_signed,
        };
        let bytes = transfer::decode(bytes, holder.encoding);
        let signed = is_signed.then(|| transfer::signed(&bytes));
        letter::read(holder, signed.as_deref().unwrap_or(&bytes), &mut room)
    };
    let mut found = BTreeMap::new();
    for (wanted, bytes) in plan.wanted().into_iter().zip(texts) {
        if let Wanted::Text(part) = wanted
            && let Purpose::Tell(Told::Letter | Told::Signed) = part.purpose
            && let Some(encoded) = read(part, bytes)
        {
            found.insert(part.part.clone(), encoded);
        }
    }
    found
}

impl Renderer<'_> {
    /// A message within the message, with its head.
    pub(super) fn letter(&mut self, letter: &Letter, shown: &mut Shown) {
        let header = self.bytes.next().unwrap_or_default();
        let head = notice::head(&header);
        let outside = self.sheets.len();
        self.letters += 1;
        let class = format!("w-text-{}", self.letters);
        let inner = self.message(&letter.plan);
        for sheet in self.sheets.iter_mut().skip(outside) {
            *sheet = sanitize::css_within(sheet, &class);
        }
        for defect in &letter.plan.defects {
            self.defect(defect);
        }
        let links: Vec<_> = inner
            .files
            .iter()
            .map(|file| ((self.urls.file)(&file.id), file.name.clone()))
            .collect();
        let letter = sanitize::letter(&head.html(), (&class, &inner.fragments), &links);
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
        self.within(encoded, |renderer, letter| renderer.letter(letter, shown));
    }

    /// What S/MIME signed, if it can be told from what it encrypted.
    pub(super) fn wrapped(&mut self, part: &TextPart, gathered: &mut Gathered) {
        let signed = self.encoded.remove(&part.part);
        let text = if signed.is_some() {
            "The sender signed this message with S/MIME. Whimbrel does not check signatures."
        } else {
            "This message is signed or encrypted with S/MIME; Whimbrel cannot open it. It is a file."
        };
        gathered.signed.extend(signed);
        gathered.notices.push(Notice {
            text: text.to_owned(),
            ..Notice::default()
        });
    }

    /// What S/MIME put into a signature: it is the message itself, and what follows comes behind it.
    pub(super) fn signed(&mut self, signed: Encoded, shown: &mut Shown) {
        let inner = self.within(signed, |renderer, letter| {
            renderer.bytes.next(); // its header says nothing of a person
            for defect in &letter.plan.defects {
                renderer.defect(defect);
            }
            renderer.message(&letter.plan)
        });
        shown.fragments.extend(inner.fragments);
        if shown.text.is_empty() {
            shown.text = inner.text;
        } else {
            shown.text.push_str("\n\n");
            shown.text.push_str(&inner.text);
        }
        shown.below.extend(inner.below);
        shown.files.extend(inner.files);
    }

    fn within<T>(&mut self, encoded: Encoded, show: impl FnOnce(&mut Self, &Letter) -> T) -> T {
        self.rendered.unpacked.extend(encoded.parts);
        let texts: Vec<_> = encoded.texts.into_iter().map(Cow::Owned).collect();
        let outside = std::mem::replace(&mut self.bytes, texts.into_iter());
        let shown = show(self, &encoded.letter);
        self.bytes = outside;
        shown
    }
}
