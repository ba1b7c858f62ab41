//! A message within the message that its sender encoded, though RFC 2046 §5.2.1 forbids it, or wrapped into a
//! signature: mail servers do not look into it, so its parts are files that are packed into it. What is packed into those stays packed.

use std::collections::BTreeMap;

use whimbrel_shared::PartId;

use super::{MAX_FILES, Unpacked};
use crate::message::{
    PartNode,
    body::{self, Letter, Room, Wanted},
    header, mime,
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

/// Where one is.
#[derive(Debug, Clone, Copy)]
pub(in crate::message) struct Holder<'a> {
    pub(in crate::message) part: &'a PartId,
    pub(in crate::message) encoding: &'a str,
    pub(in crate::message) is_signed: bool,
}

/// Reads one from its bytes; `None` if they are no message, or no entity of MIME if it is signed.
pub(in crate::message) fn read(
    holder: Holder<'_>,
    bytes: &[u8],
    room: &mut Room,
) -> Option<Encoded> {
    let mut read = mime::read(bytes);
    let is_one = if holder.is_signed {
        header::first(read.header(), "content-type").is_some()
    } else {
        let line = read.header().split(|&byte| byte == b'\n').next();
        line.is_some_and(header::is_field)
    };
    if !is_one {
        return None;
    }
    let mut packing = Packing {
        holder,
        end: bytes.len() as u64,
        parts: Vec::new(),
        numbers: BTreeMap::new(),
    };
    let mut tree = std::mem::take(&mut read.tree);
    packing.pack(&mut tree, &read, true);
    read.tree = tree;
    let Packing { parts, numbers, .. } = packing;
    let plan = body::plan_packed(&read, room);
    let wanted = plan.wanted();
    let texts = wanted.iter().map(|wanted| match *wanted {
        Wanted::Text(text) => numbers.get(&text.part).map(|own| read.body(own)),
        Wanted::Header(part) => numbers.get(part).map(|own| read.header_of(own)),
    });
    let texts = std::iter::once(Some(read.header())).chain(texts);
    Some(Encoded {
        texts: texts
            .map(|text| text.unwrap_or_default().to_vec())
            .collect(),
        letter: Letter {
            part: holder.part.clone(),
            plan,
        },
        parts,
    })
}

struct Packing<'a> {
    holder: Holder<'a>,
    /// Bytes of the holder that were fetched.
    end: u64,
    parts: Vec<Unpacked>,
    /// What each is called within its own message.
    numbers: BTreeMap<PartId, PartId>,
}

impl Packing<'_> {
    /// Numbers what can be fetched by its place in the holder. What has no boundary behind it, but ends with the bytes
    /// that were fetched, goes on as long as there are more.
    fn pack(&mut self, node: &mut PartNode, read: &mime::Read<'_>, is_alone: bool) {
        let own = node.id.take();
        let place = own.as_ref().and_then(|own| read.place(own));
        if let (Some(own), Some(mut range)) = (own, place)
            && self.parts.len() < MAX_FILES
        {
            if is_alone && range.end == self.end {
                range.end = u64::MAX;
            }
            node.id = PartId::new(&format!("{}!{}", self.holder.part, self.parts.len() + 1));
            if let Some(file) = body::file(node) {
                self.numbers.insert(file.id.clone(), own);
                self.parts.push(Unpacked {
                    file,
                    holder: self.holder.part.clone(),
                    holder_encoding: self.holder.encoding.into(),
                    is_signed: self.holder.is_signed,
                    range,
                    encoding: node.encoding.clone(),
                });
            }
        }
        let is_alone = is_alone && !node.media_type.starts_with("multipart/");
        for child in &mut node.children {
            self.pack(child, read, is_alone);
        }
    }
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::PartId;

    use super::{Encoded, Holder, read};
    use crate::message::body::{Plan, Room};

    fn read_from(
        encoding: &str,
        is_signed: bool,
        bytes: &[u8],
        room: &mut Room,
    ) -> Option<Encoded> {
        let part = PartId::new("2").expect("a part");
        let holder = Holder {
            part: &part,
            encoding,
            is_signed,
        };
        read(holder, bytes, room)
    }

    const MANY: &[u8] = b"Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n\
        --b\n\none\n--b\n\ntwo\n--b\n\nthree\n--b--\n";

    #[test]
    fn what_is_no_message_stays_a_file() {
        let mut room = Room::beside(&Plan::default());
        assert_eq!(
            read_from("base64", false, b"%PDF-1.7\n\nx", &mut room),
            None
        );
        // Documents are signed too, and are no entities of MIME.
        assert_eq!(
            read_from("base64", true, b"<?xml version='1.0'?>\n", &mut room),
            None
        );
        assert_eq!(
            read_from("base64", true, b"Subject: s\n\nx", &mut room),
            None
        );
        assert!(read_from("base64", true, b"Content-Type: text/plain\n\nx", &mut room).is_some());
    }

    #[test]
    fn all_of_them_together_have_the_room_of_one_message() {
        let mut room = Room::beside(&Plan::default());
        let texts = |encoded: Option<Encoded>| encoded.expect("one").letter.plan.texts.len();
        let total: usize = (0..40)
            .map(|_| texts(read_from("base64", false, MANY, &mut room)))
            .sum();
        assert_eq!(total, 50);
    }

    #[test]
    fn only_what_has_no_boundary_behind_it_goes_on() {
        let mut room = Room::beside(&Plan::default());
        let cut = MANY.get(..MANY.len() - 8).expect("longer");
        let ends = |bytes: &[u8], room: &mut Room| {
            let encoded = read_from("8bit", false, bytes, room).expect("one");
            let parts = encoded.parts.iter();
            let ends = parts.map(|part| part.range.end).collect::<Vec<_>>();
            assert!(
                encoded
                    .parts
                    .iter()
                    .all(|part| part.holder_encoding == "8bit")
            );
            ends
        };
        assert!(
            ends(cut, &mut room)
                .iter()
                .all(|end| *end <= cut.len() as u64)
        );
        assert_eq!(ends(b"Subject: s\n\nx", &mut room), [u64::MAX]);
    }
}
