//! BODYSTRUCTURE (RFC 9051 §7.5.2) into [`PartNode`], for senders and servers of every kind: what is
//! missing gets the default, what nests too deep becomes a plain file. Does not judge what is shown.

use compact_str::{CompactString, ToCompactString as _, format_compact};
use whimbrel_shared::PartId;

use super::lexer::Lexer;
use crate::message::{charset, part_tree::PartNode};

/// Honest mail nests less than twenty deep; the tree is walked by recursion.
const MAX_DEPTH: usize = 100;
/// Nodes of one message; beyond it the rest is left out.
const MAX_NODES: usize = 10_000;
/// Parameters of one type or disposition; a file name in pieces has a few hundred.
const MAX_PARAMETERS: usize = 1_000;

/// The type of what has none.
const UNKNOWN: CompactString = CompactString::const_new("application/octet-stream");
/// The encoding of what has none.
const SEVEN_BIT: CompactString = CompactString::const_new("7bit");

/// Where a body stands, which decides its section number.
enum Place {
    /// The message at this section (empty: the whole): its body has a number only if it is a leaf.
    MessageBody(CompactString),
    /// The part with this number.
    Part(CompactString),
}

/// Takes the next value as a BODYSTRUCTURE; `None` if it is no list.
pub(crate) fn read(lexer: &mut Lexer<'_>) -> Option<PartNode> {
    if lexer.peek() != Some(b'(') {
        lexer.skip();
        return None;
    }
    let mut reader = Reader {
        lexer,
        nodes: MAX_NODES,
    };
    Some(reader.node(&Place::MessageBody(CompactString::default()), 0))
}

struct Reader<'l, 'a> {
    lexer: &'l mut Lexer<'a>,
    nodes: usize,
}

impl Reader<'_, '_> {
    /// Reads the list that comes next, up to and with its `)`.
    fn node(&mut self, place: &Place, depth: usize) -> PartNode {
        self.nodes = self.nodes.saturating_sub(1);
        if depth > MAX_DEPTH || !self.lexer.eat(b'(') {
            self.lexer.skip();
            return unknown(place);
        }
        let node = match self.lexer.peek() {
            Some(b'(') => self.multipart(place, depth),
            _ => self.leaf_or_empty_multipart(place, depth),
        };
        self.lexer.finish_list();
        node
    }

    fn multipart(&mut self, place: &Place, depth: usize) -> PartNode {
        let prefix = match place {
            Place::MessageBody(section) | Place::Part(section) => section.as_str(),
        };
        let mut node = PartNode::default();
        while self.lexer.peek() == Some(b'(') && self.nodes > 0 {
            let number = node.children.len() + 1;
            let place = Place::Part(below(prefix, number));
            node.children.push(self.node(&place, depth + 1));
        }
        while self.lexer.peek() == Some(b'(') {
            self.lexer.skip();
        }
        self.end_multipart(node, place)
    }

    /// After the children: subtype, then extension data.
    fn end_multipart(&mut self, mut node: PartNode, place: &Place) -> PartNode {
        node.id = match place {
            Place::MessageBody(_) => None,
            Place::Part(section) => PartId::new(section),
        };
        let subtype = self.lower();
        node.media_type = media_type("multipart", subtype.as_deref().unwrap_or("mixed"));
        node.encoding = SEVEN_BIT;
        node.parameters = self.parameters();
        self.disposition(&mut node);
        node
    }

    fn leaf_or_empty_multipart(&mut self, place: &Place, depth: usize) -> PartNode {
        let first = self.lower();
        if self.lexer.peek() == Some(b'(') {
            // `("mixed" ("boundary" "x") …)`: some servers write a multipart without parts so.
            let mut node = blank(place);
            node.encoding = SEVEN_BIT;
            node.media_type = media_type("multipart", &first.unwrap_or_default());
            node.parameters = self.parameters();
            self.disposition(&mut node);
            return node;
        }
        let subtype = self.lower();
        let mut node = blank(place);
        node.media_type = match (first, subtype) {
            (Some(kind), Some(subtype)) => media_type(&kind, &subtype),
            _ => UNKNOWN,
        };
        node.parameters = self.parameters();
        node.content_id = self.lexer.text().map(|id| {
            let id = readable(&id);
            let id = id.trim();
            let id = id.strip_prefix('<').unwrap_or(id);
            id.strip_suffix('>').unwrap_or(id).into()
        });
        self.lexer.skip(); // description
        node.encoding = self.lower().unwrap_or(SEVEN_BIT);
        node.size = self.lexer.number().unwrap_or(0);
        if matches!(&*node.media_type, "message/rfc822" | "message/global") {
            self.inner_message(&mut node, place, depth);
        }
        self.disposition(&mut node);
        node
    }

    /// Envelope and body of a message within the message.
    fn inner_message(&mut self, node: &mut PartNode, place: &Place, depth: usize) {
        self.lexer.skip(); // envelope, or NIL
        if self.lexer.peek() == Some(b'(') {
            let section = match place {
                Place::MessageBody(section) => below(section, 1),
                Place::Part(section) => section.clone(),
            };
            let body = self.node(&Place::MessageBody(section), depth + 1);
            node.children.push(body);
        }
    }

    /// Finds the disposition in what is left of the list: the first list of a word and then
    /// a list or NIL. Lines and MD5 before it are no lists, a language list holds only words.
    fn disposition(&mut self, node: &mut PartNode) {
        while let Some(next) = self.lexer.peek().filter(|&byte| byte != b')') {
            if next != b'(' {
                self.lexer.skip();
                continue;
            }
            self.lexer.eat(b'(');
            let word = self.lower();
            let found =
                word.is_some() && (self.lexer.peek() == Some(b'(') || self.lexer.eat_word("NIL"));
            if found {
                node.disposition = word;
                node.disposition_parameters = self.parameters();
            }
            self.lexer.finish_list();
            if found {
                return;
            }
        }
    }

    /// A list of names and values, or NIL.
    fn parameters(&mut self) -> Vec<(CompactString, CompactString)> {
        let mut parameters = Vec::new();
        if !self.lexer.eat(b'(') {
            if self.lexer.peek() != Some(b')') {
                self.lexer.skip();
            }
            return parameters;
        }
        while self.lexer.peek().is_some_and(|byte| byte != b')') {
            let name = self.lower();
            let value = self.lexer.text();
            if let (Some(name), Some(value)) = (name, value)
                && parameters.len() < MAX_PARAMETERS
            {
                parameters.push((name, readable(&value)));
            }
        }
        self.lexer.eat(b')');
        parameters
    }

    fn lower(&mut self) -> Option<CompactString> {
        let text = self.lexer.text()?;
        let mut text = readable(text.trim_ascii());
        if text.is_ascii() {
            text.make_ascii_lowercase(); // nearly always: without a second copy
            return Some(text);
        }
        Some(text.trim().to_lowercase().into())
    }
}

fn below(prefix: &str, number: usize) -> CompactString {
    if prefix.is_empty() {
        number.to_compact_string()
    } else {
        format_compact!("{prefix}.{number}")
    }
}

fn media_type(kind: &str, subtype: &str) -> CompactString {
    let mut media_type = CompactString::with_capacity(kind.len() + 1 + subtype.len());
    media_type.extend([kind, "/", subtype]);
    media_type
}

/// A leaf of which nothing is known.
fn unknown(place: &Place) -> PartNode {
    PartNode {
        media_type: UNKNOWN,
        encoding: SEVEN_BIT,
        ..blank(place)
    }
}

/// A leaf of which nothing has been read.
fn blank(place: &Place) -> PartNode {
    let id = match place {
        Place::MessageBody(section) => PartId::new(&below(section, 1)),
        Place::Part(section) => PartId::new(section),
    };
    PartNode {
        id,
        ..PartNode::default()
    }
}

/// UTF-8 if it is, else what it most likely is.
fn readable(bytes: &[u8]) -> CompactString {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => charset::decode_text(bytes, None).into(),
    }
}
