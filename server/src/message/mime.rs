//! The MIME tree read from a message's own bytes (RFC 2045, RFC 2046), for when the mail server does not
//! tell it, or tells a wrong one. Pure; never fails: what has no end ends where its parent does.

use std::{collections::BTreeMap, ops::Range};

use whimbrel_shared::PartId;

use super::{PartNode, header};

mod value;

use value::value_and_parameters;

/// Multiparts within multiparts beyond this are plain files.
const MAX_DEPTH: usize = 20;
/// Parts of one message; beyond it the rest is left out.
const MAX_PARTS: usize = 1_000;
/// Lines among which a boundary is looked for that is not named.
const MAX_PREAMBLE: usize = 1_000;
/// Lines behind one that is no field, among which the header may go on.
const MAX_STRAY: usize = 20;
/// Bytes of a part's header that are looked at.
const MAX_HEADER: usize = 64 * 1024;

/// A message read whole.
#[derive(Debug)]
pub struct Read<'a> {
    raw: &'a [u8],
    line_end: u8,
    /// Its tree, as BODYSTRUCTURE would have told it.
    pub tree: PartNode,
    bodies: BTreeMap<PartId, Range<usize>>,
    /// It has more parts than were read, or they lie deeper.
    pub is_cut: bool,
}

impl Read<'_> {
    /// The header, raw, with the empty line.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        let end = body_of(self.raw, 0..self.raw.len(), self.line_end).start;
        self.raw.get(..end).unwrap_or_default()
    }

    /// The body of a part, transfer-encoded as it is; empty if there is none.
    #[must_use]
    pub fn body(&self, part: &PartId) -> &[u8] {
        let range = self.bodies.get(part).cloned();
        range
            .and_then(|range| self.raw.get(range))
            .unwrap_or_default()
    }

    /// Where in the message the body of each part is.
    #[must_use]
    pub fn places(&self) -> BTreeMap<PartId, Range<u64>> {
        let parts = self.bodies.keys();
        let placed = parts.filter_map(|id| Some((id.clone(), self.place(id)?)));
        placed.collect()
    }

    /// Where in the message the body of a part is; `None` if there is none.
    #[must_use]
    pub fn place(&self, part: &PartId) -> Option<Range<u64>> {
        let range = self.bodies.get(part)?;
        Some(range.start as u64..range.end as u64)
    }

    /// The header of the message within the message that is this part; empty if there is none.
    #[must_use]
    pub fn header_of(&self, part: &PartId) -> &[u8] {
        let message = self.body(part);
        let end = body_of(message, 0..message.len(), self.line_end).start;
        message.get(..end).unwrap_or_default()
    }
}

/// Reads a message, or the beginning of one.
#[must_use]
pub fn read(raw: &[u8]) -> Read<'_> {
    let line_end = header::line_end(raw);
    let mut reader = Reader {
        raw,
        line_end,
        bodies: BTreeMap::new(),
        parts: 0,
        is_cut: false,
    };
    let place = Place {
        section: String::new(),
        is_message: true,
        is_in_digest: false,
    };
    let tree = reader.node(0..raw.len(), &place, 0);
    Read {
        raw,
        line_end,
        tree,
        is_cut: reader.is_cut || reader.parts >= MAX_PARTS,
        bodies: reader.bodies,
    }
}

/// Where an entity stands.
struct Place {
    /// The section number of the part, or of the part that this message is the body of; empty for the outermost.
    section: String,
    is_message: bool,
    is_in_digest: bool,
}

impl Place {
    fn below(&self, number: usize) -> String {
        if self.section.is_empty() {
            number.to_string()
        } else {
            format!("{}.{number}", self.section)
        }
    }
}

struct Reader<'a> {
    raw: &'a [u8],
    line_end: u8,
    bodies: BTreeMap<PartId, Range<usize>>,
    parts: usize,
    /// It is deeper than was read.
    is_cut: bool,
}

impl Reader<'_> {
    /// The entity in these bytes, header and body.
    fn node(&mut self, entity: Range<usize>, place: &Place, depth: usize) -> PartNode {
        self.parts += 1;
        let body = body_of(self.raw, entity.clone(), self.line_end);
        let head_end = body.start.min(entity.start.saturating_add(MAX_HEADER));
        let head = self.raw.get(entity.start..head_end).unwrap_or_default();
        let mut node = described(head, place.is_in_digest);
        node.size = body.len() as u64;
        if node.media_type.starts_with("multipart/") {
            let parts = self.parts_of(&node, body.clone(), depth);
            if !parts.is_empty() {
                node.id = PartId::new(&place.section).filter(|_| !place.is_message);
                self.children(&mut node, parts, place, depth);
                return node;
            }
            self.is_cut |= depth >= MAX_DEPTH;
            // A text whose parts cannot be told apart, with everything between them.
            node.media_type = if depth < MAX_DEPTH {
                "text/plain".into()
            } else {
                "application/octet-stream".into()
            };
        }
        let section = if place.is_message {
            place.below(1)
        } else {
            place.section.clone()
        };
        node.id = PartId::new(&section);
        if let Some(id) = node.id.clone() {
            self.bodies.insert(id, body.clone());
        }
        let is_plain = matches!(node.encoding.as_str(), "7bit" | "8bit" | "binary");
        let is_message = matches!(
            node.media_type.as_str(),
            "message/rfc822" | "message/global"
        );
        if is_message && is_plain && depth < MAX_DEPTH && self.parts < MAX_PARTS {
            let place = Place {
                section,
                is_message: true,
                is_in_digest: false,
            };
            node.children.push(self.node(body, &place, depth + 1));
        }
        node
    }

    fn children(
        &mut self,
        node: &mut PartNode,
        parts: Vec<Range<usize>>,
        place: &Place,
        depth: usize,
    ) {
        for (number, part) in (1..).zip(parts) {
            if self.parts >= MAX_PARTS {
                break;
            }
            let place = Place {
                section: place.below(number),
                is_message: false,
                is_in_digest: node.media_type == "multipart/digest",
            };
            let child = self.node(part, &place, depth + 1);
            node.children.push(child);
        }
    }

    /// The parts of a multipart; where it names no boundary, or not the one it uses, the one it uses.
    fn parts_of(&self, node: &PartNode, body: Range<usize>, depth: usize) -> Vec<Range<usize>> {
        if depth >= MAX_DEPTH {
            return Vec::new();
        }
        let named = node.parameters.iter().find(|(name, _)| name == "boundary");
        let named = named.filter(|(_, value)| !value.is_empty());
        let parts = named.map(|(_, named)| self.between(body.clone(), named.as_bytes()));
        match parts.filter(|parts| !parts.is_empty()) {
            Some(parts) => parts,
            None => match self.used_boundary(body.clone()) {
                Some(used) => self.between(body, used),
                None => Vec::new(),
            },
        }
    }

    /// What stands behind two dashes right above a line of a part's header.
    fn used_boundary(&self, body: Range<usize>) -> Option<&[u8]> {
        let mut last = None;
        for line in lines(self.raw, body, self.line_end).take(MAX_PREAMBLE) {
            let text = self.raw.get(line).unwrap_or_default();
            let name = text.get(..8).unwrap_or_default();
            if let Some(boundary) = last.filter(|_| name.eq_ignore_ascii_case(b"content-")) {
                return Some(boundary);
            }
            let boundary = text.strip_prefix(b"--").map(<[u8]>::trim_ascii_end);
            last = boundary.filter(|boundary| !boundary.is_empty() && boundary.len() <= 200);
        }
        None
    }

    /// The parts between the boundary's lines.
    fn between(&self, body: Range<usize>, boundary: &[u8]) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut began = None;
        for line in lines(self.raw, body.clone(), self.line_end) {
            let text = self.raw.get(line.clone()).unwrap_or_default();
            let after = text.strip_prefix(b"--");
            let Some(after) = after.and_then(|text| text.strip_prefix(boundary)) else {
                continue;
            };
            let after = after.trim_ascii_end();
            if !after.is_empty() && after != b"--" {
                continue; // another boundary that begins the same
            }
            if let Some(start) = began.take() {
                parts.push(start..without_line_end(self.raw, start, line.start));
            }
            if after == b"--" || parts.len() >= MAX_PARTS {
                return parts;
            }
            began = Some(line.end);
        }
        parts.extend(began.map(|start| start..body.end));
        parts
    }
}

/// The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
fn without_line_end(raw: &[u8], start: usize, end: usize) -> usize {
    let bytes = raw.get(start..end).unwrap_or_default();
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    start + bytes.len()
}

/// What follows the first empty line; where a sender forgot that, what follows the last line of a header. One line
/// among fields that is none does not end them.
fn body_of(raw: &[u8], entity: Range<usize>, line_end: u8) -> Range<usize> {
    let mut stray = None;
    for line in lines(raw, entity.clone(), line_end) {
        let text = header::without_returns(raw.get(line.clone()).unwrap_or_default());
        if text.is_empty() {
            return stray.unwrap_or(line.end)..entity.end;
        }
        if header::is_field(text) {
            stray = None;
        } else if text.starts_with(b"--") {
            return stray.unwrap_or(line.start)..entity.end;
        } else if !text.starts_with(b" ") && !text.starts_with(b"\t") {
            stray = match stray {
                Some(_) if goes_on(raw, line.start..entity.end, line_end) => None,
                Some(start) => return start..entity.end,
                None => Some(line.start),
            };
        }
    }
    stray.unwrap_or(entity.end)..entity.end
}

/// Whether a header goes on behind lines that are no fields, such as those of a subject that its program broke:
/// nobody writes about these to a person.
fn goes_on(raw: &[u8], from: Range<usize>, line_end: u8) -> bool {
    lines(raw, from, line_end)
        .take(MAX_STRAY)
        .map(|line| header::without_returns(raw.get(line).unwrap_or_default()))
        .take_while(|text| !text.is_empty())
        .any(|text| {
            let begins = |name: &str| {
                text.get(..name.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
            };
            [
                "content-type:",
                "content-transfer-encoding:",
                "mime-version:",
            ]
            .into_iter()
            .any(begins)
        })
}

/// The lines, each with its end.
fn lines(
    raw: &[u8],
    within: Range<usize>,
    line_end: u8,
) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = within.start;
    raw.get(within)
        .unwrap_or_default()
        .split_inclusive(move |&byte| byte == line_end)
        .map(move |line| {
            let start = at;
            at += line.len();
            start..at
        })
}

/// A node without place and children.
fn described(head: &[u8], is_in_digest: bool) -> PartNode {
    let kind = header::first(head, "content-type").unwrap_or_default();
    let (media_type, parameters) = value_and_parameters(&kind);
    let disposition = header::first(head, "content-disposition").unwrap_or_default();
    let (disposition, disposition_parameters) = value_and_parameters(&disposition);
    let encoding = header::first(head, "content-transfer-encoding").unwrap_or_default();
    let content_id = header::first(head, "content-id");
    PartNode {
        // RFC 2045 §5.2, RFC 2046 §5.1.5: what it is unless it says otherwise.
        media_type: if media_type.contains('/') {
            media_type
        } else if media_type == "multipart" {
            "multipart/mixed".into()
        } else if is_in_digest {
            "message/rfc822".into()
        } else {
            "text/plain".into()
        },
        parameters,
        content_id: content_id.map(|id| id.trim_matches(['<', '>']).into()),
        encoding: if encoding.is_empty() {
            "7bit".into()
        } else {
            encoding.to_ascii_lowercase().into()
        },
        disposition: Some(disposition).filter(|word| !word.is_empty()),
        disposition_parameters,
        ..PartNode::default()
    }
}

#[cfg(test)]
mod tests;
