//! A message within the message that its sender encoded, though RFC 2046 §5.2.1 forbids it, or wrapped into a
//! signature: mail servers do not look into it, so its parts are files that are packed into it. What is packed into those stays packed.

use std::{collections::BTreeMap, ops::Range};

use whimbrel_shared::PartId;

use super::{MAX_FILES, Unpacked};
use crate::message::{
    PartNode,
    body::{self, Letter, Wanted},
    mime,
};

/// One that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::message) struct Encoded {
    pub(in crate::message) letter: Letter,
    /// Its header, then what its plan wants.
    pub(in crate::message) texts: Vec<Vec<u8>>,
    /// Its parts.
    pub(in crate::message) parts: Vec<Unpacked>,
}

/// Reads one from the decoded bytes of the part that holds it, without their wrapping.
pub(in crate::message) fn read(holder: &PartId, wrapping: &'static str, bytes: &[u8]) -> Encoded {
    let mut read = mime::read(bytes);
    let mut packing = Packing {
        holder,
        wrapping,
        end: bytes.len() as u64,
        parts: Vec::new(),
        numbers: BTreeMap::new(),
    };
    let mut tree = std::mem::take(&mut read.tree);
    packing.pack(&mut tree, &read);
    read.tree = tree;
    let Packing { parts, numbers, .. } = packing;
    let plan = body::plan_of(&read);
    let wanted = plan.wanted();
    let texts = wanted.iter().map(|wanted| match *wanted {
        Wanted::Text(text) => numbers.get(&text.part).map(|own| read.body(own)),
        Wanted::Header(part) => numbers.get(part).map(|own| read.header_of(own)),
    });
    let texts = std::iter::once(Some(read.header())).chain(texts);
    Encoded {
        texts: texts
            .map(|text| text.unwrap_or_default().to_vec())
            .collect(),
        letter: Letter {
            part: holder.clone(),
            plan,
        },
        parts,
    }
}

struct Packing<'a> {
    holder: &'a PartId,
    wrapping: &'static str,
    /// Bytes of the holder that were fetched.
    end: u64,
    parts: Vec<Unpacked>,
    /// What each is called within its own message.
    numbers: BTreeMap<PartId, PartId>,
}

impl Packing<'_> {
    /// What ends with the bytes that were fetched goes on as long as there are more.
    fn whole(&self, place: Range<u64>) -> Range<u64> {
        let end = if place.end == self.end {
            u64::MAX
        } else {
            place.end
        };
        place.start..end
    }

    /// Numbers what can be fetched by its place in the holder.
    fn pack(&mut self, node: &mut PartNode, read: &mime::Read<'_>) {
        let own = node.id.take();
        let place = own.as_ref().and_then(|own| read.place(own));
        let place = place.map(|place| self.whole(place));
        if let (Some(own), Some(range)) = (own, place)
            && self.parts.len() < MAX_FILES
        {
            node.id = PartId::new(&format!("{}!{}", self.holder, self.parts.len() + 1));
            if let Some(file) = body::file(node) {
                self.numbers.insert(file.id.clone(), own);
                self.parts.push(Unpacked {
                    file,
                    holder: self.holder.clone(),
                    wrapping: self.wrapping,
                    range,
                    encoding: node.encoding.clone(),
                });
            }
        }
        for child in &mut node.children {
            self.pack(child, read);
        }
    }
}
