//! The MIME tree read from a message's own bytes (RFC 2045, RFC 2046), for when the mail server does not
//! tell it, or tells a wrong one. Pure; never fails: what has no end ends where its parent does.

use std::{collections::BTreeMap, ops::Range};

use compact_str::CompactString;
use whimbrel_shared::PartId;

use super::{PartNode, header};

/// Multiparts within multiparts beyond this are plain files.
const MAX_DEPTH: usize = 20;
/// Parts of one message; beyond it the rest is left out.
const MAX_PARTS: usize = 1_000;
/// Bytes of a part's header that are looked at.
const MAX_HEADER: usize = 64 * 1024;

/// A message read whole.
#[derive(Debug)]
pub struct Read<'a> {
    raw: &'a [u8],
    /// Its tree, as BODYSTRUCTURE would have told it.
    pub tree: PartNode,
    bodies: BTreeMap<PartId, Range<usize>>,
}

impl Read<'_> {
    /// The header, raw, with the empty line.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        let end = body_of(self.raw, 0..self.raw.len()).start;
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
}

/// Reads a message, or the beginning of one.
#[must_use]
pub fn read(raw: &[u8]) -> Read<'_> {
    let mut reader = Reader {
        raw,
        bodies: BTreeMap::new(),
        parts: 0,
    };
    let tree = reader.node(0..raw.len(), None, 0);
    Read {
        raw,
        tree,
        bodies: reader.bodies,
    }
}

struct Reader<'a> {
    raw: &'a [u8],
    bodies: BTreeMap<PartId, Range<usize>>,
    parts: usize,
}

impl Reader<'_> {
    /// The entity in these bytes, header and body; `section` is `None` for the message itself.
    fn node(&mut self, entity: Range<usize>, section: Option<&str>, depth: usize) -> PartNode {
        self.parts += 1;
        let body = body_of(self.raw, entity.clone());
        let head_end = body.start.min(entity.start.saturating_add(MAX_HEADER));
        let head = self.raw.get(entity.start..head_end).unwrap_or_default();
        let mut node = described(head);
        node.size = body.len() as u64;
        let boundary = node.parameters.iter().find(|(name, _)| name == "boundary");
        let boundary = boundary.map(|(_, value)| value.clone());
        match boundary.filter(|_| node.media_type.starts_with("multipart/")) {
            Some(boundary) if depth < MAX_DEPTH && !boundary.is_empty() => {
                node.id = section.and_then(PartId::new);
                for part in self.between(body, boundary.as_bytes()) {
                    if self.parts >= MAX_PARTS {
                        break;
                    }
                    let number = (node.children.len() + 1).to_string();
                    let number =
                        section.map_or(number.clone(), |above| format!("{above}.{number}"));
                    let child = self.node(part, Some(&number), depth + 1);
                    node.children.push(child);
                }
            }
            _ => {
                if node.media_type.starts_with("multipart/") {
                    node.media_type = "application/octet-stream".into();
                }
                node.id = PartId::new(section.unwrap_or("1"));
                if let Some(id) = node.id.clone() {
                    self.bodies.insert(id, body);
                }
            }
        }
        node
    }

    /// The parts between the boundary's lines.
    fn between(&self, body: Range<usize>, boundary: &[u8]) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut began = None;
        for line in lines(self.raw, body.clone()) {
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

/// What follows the first empty line; nothing if there is none.
fn body_of(raw: &[u8], entity: Range<usize>) -> Range<usize> {
    let is_empty = |line: &Range<usize>| {
        let text = raw.get(line.clone()).unwrap_or_default();
        matches!(text, b"\n" | b"\r\n")
    };
    let start = lines(raw, entity.clone()).find(is_empty);
    start.map_or(entity.end, |line| line.end)..entity.end
}

/// The lines, each with its end.
fn lines(raw: &[u8], within: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = within.start;
    raw.get(within)
        .unwrap_or_default()
        .split_inclusive(|&byte| byte == b'\n')
        .map(move |line| {
            let start = at;
            at += line.len();
            start..at
        })
}

/// A node without place and children.
fn described(head: &[u8]) -> PartNode {
    let kind = header::first(head, "content-type").unwrap_or_default();
    let (media_type, parameters) = value_and_parameters(&kind);
    let disposition = header::first(head, "content-disposition").unwrap_or_default();
    let (disposition, disposition_parameters) = value_and_parameters(&disposition);
    let encoding = header::first(head, "content-transfer-encoding").unwrap_or_default();
    let content_id = header::first(head, "content-id");
    PartNode {
        // RFC 2045 §5.2: text unless it says otherwise.
        media_type: if media_type.contains('/') {
            media_type
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

/// `multipart/mixed; boundary="x y"; …`, value and names lower-case.
fn value_and_parameters(field: &str) -> (CompactString, Vec<(CompactString, CompactString)>) {
    let mut pieces = split_outside_quotes(field).into_iter();
    let value = pieces.next().unwrap_or_default();
    let parameters = pieces.filter_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        let name = name.trim().to_ascii_lowercase();
        Some((name.into(), unquoted(value.trim()).into()))
    });
    (
        value.trim().to_ascii_lowercase().into(),
        parameters.collect(),
    )
}

fn split_outside_quotes(field: &str) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    field
        .split(|c: char| {
            let ends = c == ';' && !is_quoted;
            if c == '"' && !is_escaped {
                is_quoted = !is_quoted;
            }
            is_escaped = c == '\\' && is_quoted && !is_escaped;
            ends
        })
        .collect()
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut is_escaped = false;
    inner
        .chars()
        .filter(|&c| {
            is_escaped = c == '\\' && !is_escaped;
            !is_escaped
        })
        .collect()
}

#[cfg(test)]
mod tests;
